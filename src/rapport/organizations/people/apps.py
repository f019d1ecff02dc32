from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "rapport.organizations.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.organizations.people import demo, queries

        registry.names.add("person", queries.names)
        registry.directories.add(
            "people", registry.Directory(queries.someone, queries.find, queries.actor_of)
        )
        registry.demo.add("people", registry.DemoPart(20, "people", demo.build))
