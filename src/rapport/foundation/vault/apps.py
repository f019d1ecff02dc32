from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "rapport.foundation.vault"
    label = "vault"

    def ready(self) -> None:
        from rapport.foundation.vault import commands  # noqa: F401  adds it
