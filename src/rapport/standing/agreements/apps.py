from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "rapport.standing.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.standing.agreements import access, queries  # noqa: F401  declares the verbs

        registry.officials.add("agreements", queries.official_districts)
