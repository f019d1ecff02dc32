from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "rapport.foundation.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import addresses, health, registry

        from . import commands

        addresses.register()
        health.fill_registry()
        registry.command(commands.MESSAGES)
