import logging
from datetime import datetime

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "rapport.organizations.sign_in"
    label = "sign_in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry, vault
        from rapport.foundation.access import SYSTEM
        from rapport.organizations.sign_in import access, actions, commands, queries  # noqa: F401  verbs
        from rapport.organizations.sign_in.models import Held, Totp

        def clear(_id: int, now: datetime) -> None:
            actions.clear_ended(SYSTEM, now=now)

        logging.getLogger("fido2").setLevel(logging.WARNING)  # it would log which passkey was used
        registry.sealed.add("authenticator apps", vault.sealed_rows(Totp.objects.all))
        registry.sealed.add("words held", vault.sealed_rows(Held.objects.all))
        registry.invited.add("sign_in", queries.waiting)
        registry.setup.add("30 clearing", actions.plan_clearing)
        registry.deeds.add(actions.CLEAR, clear)
        registry.person_steps.add("sign_in", queries.steps)
        registry.notices.add("sign_in", queries.notices)
        registry.name_changes.add("sign_in", actions.end_links)
        registry.command(commands.INVITE)
