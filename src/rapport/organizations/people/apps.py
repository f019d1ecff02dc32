from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "rapport.organizations.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry, vault
        from rapport.organizations.people import access, demo, queries  # noqa: F401  verbs

        registry.names.add("person", queries.names)
        registry.directories.add(
            "people", registry.Directory(queries.someone, queries.find, queries.actor_of)
        )
        registry.demo.add("people", registry.DemoPart(20, "people", demo.build))
        registry.health.add("vault keys", registry.Health("vault keys", vault.trouble))
