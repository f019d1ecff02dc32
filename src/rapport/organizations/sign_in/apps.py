import logging

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "rapport.organizations.sign_in"
    label = "sign_in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.organizations.sign_in import access, commands, queries  # noqa: F401  verbs

        logging.getLogger("fido2").setLevel(logging.WARNING)  # it would log which passkey was used
        registry.invited.add("sign_in", queries.waiting)
        registry.command(commands.INVITE)
