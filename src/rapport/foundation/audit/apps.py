from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "rapport.foundation.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation.audit import commands

        commands.fill_registry()
