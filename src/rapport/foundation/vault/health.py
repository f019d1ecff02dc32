"""Does the vault open what is sealed? Asked by `/readyz` and `rapport check`."""

from rapport.foundation import registry, vault


def vault_opens() -> str | None:
    """Look whether the vault's keys are there and open what is sealed here."""
    wrong = vault.trouble()
    if wrong:
        return wrong
    try:
        for name in registry.sealed.names():
            vault.ensure_opens(registry.sealed[name].some())
    except vault.VaultTrouble as trouble:
        return str(trouble)
    return None
