from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "rapport.foundation.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation.sharing import access  # noqa: F401
