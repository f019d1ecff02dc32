from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "rapport.foundation.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation.outbox import health

        health.fill_registry()
