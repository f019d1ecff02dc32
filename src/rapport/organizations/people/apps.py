from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "rapport.organizations.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry, vault
        from rapport.foundation.kinds import pages
        from rapport.organizations.people import access, demo, queries
        from rapport.organizations.people.views import roles

        registry.names.add("person", queries.names)
        registry.directories.add(
            "people", registry.Directory(queries.someone, queries.find, queries.actor_of)
        )
        registry.namers.add("person", queries.people_named)
        registry.searches.add("people", queries.find_people)
        registry.menu.add(
            "people",
            registry.MenuItem(55, _("People"), "people:people", "users", access.sees_people),
        )
        pages.add(roles.ROLES)
        registry.demo.add("people", registry.DemoPart(20, "people", demo.build))
        registry.health.add("vault keys", registry.Health("vault keys", vault.trouble))
