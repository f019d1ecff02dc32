import logging

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "rapport.organizations.sign_in"
    label = "sign_in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry, vault
        from rapport.organizations.sign_in import access, commands, queries  # noqa: F401  verbs
        from rapport.organizations.sign_in.models import Held, Totp

        logging.getLogger("fido2").setLevel(logging.WARNING)  # it would log which passkey was used
        registry.sealed.add("authenticator apps", lambda: vault.seal_anew(Totp.objects.all()))
        registry.sealed.add("words held", lambda: vault.seal_anew(Held.objects.all()))
        registry.invited.add("sign_in", queries.waiting)
        registry.command(commands.INVITE)
