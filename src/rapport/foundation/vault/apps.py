from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "rapport.foundation.vault"
    label = "vault"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.foundation.vault import commands, health  # noqa: F401  adds its own

        registry.health.add("vault", registry.Health("vault", health.vault_opens))
