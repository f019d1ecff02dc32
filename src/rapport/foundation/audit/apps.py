from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "rapport.foundation.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry, tracked
        from rapport.foundation.audit import access, changes, commands, health
        from rapport.foundation.registry import MenuItem

        commands.fill_registry()
        tracked.written[:], tracked.ended[:] = [changes.wrote], [changes.ended]
        health.fill_registry()
        registry.menu.add(
            "history",
            MenuItem(
                90, _("History"), "audit:history", "history", access.has_lines, on_phone=False
            ),
        )
