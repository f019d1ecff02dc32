from dataclasses import replace
from datetime import datetime

from django.apps import AppConfig


class EmergencyAccessConfig(AppConfig):
    name = "rapport.organizations.emergency_access"
    label = "emergency_access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry, vault
        from rapport.foundation.access import SYSTEM, Channel
        from rapport.organizations.emergency_access import access, actions, queries
        from rapport.organizations.emergency_access.models import Emergency

        job = replace(SYSTEM, channel=Channel.JOB)

        def finish(number: int, now: datetime) -> None:
            actions.finish(job, number, now=now)

        registry.opened.add("emergency_access", queries.opened)
        registry.notices.add("emergency_access", queries.notices)
        registry.names.add(access.WORD, queries.names)
        registry.namers.add(access.WORD, queries.named)
        registry.deeds.add(actions.FINISH, finish)
        registry.sealed.add(
            "reasons of emergency access",
            vault.sealed_rows(lambda: Emergency.objects.exclude(sealed=None)),
        )
        registry.menu.add(
            "emergency_access",
            registry.MenuItem(
                85,
                _("Emergency access"),
                "emergency_access:index",
                "siren",
                access.is_here,
                on_phone=False,
            ),
        )
