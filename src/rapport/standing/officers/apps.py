from django.apps import AppConfig


class OfficersConfig(AppConfig):
    name = "rapport.standing.officers"
    label = "officers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart, MenuItem
        from rapport.standing.officers import access, demo, queries, views

        registry.demo.add("officers", DemoPart(30, "officers", demo.build))
        registry.names.add("officer", queries.names)
        registry.searches.add("officers", queries.find)
        registry.menu.add(
            "officers",
            MenuItem(20, _("Officers"), "officers:roster", "shield", access.knows_of_officers),
        )

        for there in views.FACTS:
            pages.add(there)
