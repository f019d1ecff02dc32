"""Can the trail be written and proven? Asked by `/readyz` and `rapport check`."""

import time
from collections.abc import Callable
from functools import partial

from rapport.foundation import registry
from rapport.foundation.audit import keys, verify, witness
from rapport.foundation.registry import Health


def own_keys() -> str | None:
    """Look whether the keys are there, are those of this database, and are open to nobody else."""
    verify.ensure_own_keys()
    exposed = [keys.exposed(path) for path in keys.open_to_others()]
    return " ".join(exposed) or None


def witness_file() -> str | None:
    """Look whether the witness can be written, and is this home's."""
    seen = witness.current()
    if not seen.is_writable():
        return f"The witness {seen.path} cannot be written. Put right its folder, its rights or its disk."
    home = seen.home()
    if home == keys.ring().home:
        return None
    return (
        f"The witness {seen.path} is of another home than the keys ({home or 'it names none'}). Put back "
        "the witness of this home, or name its folder with RAPPORT_WITNESS; then: rapport audit verify"
    )


def witness_saw_the_last() -> str | None:
    """Look whether the witness knows the newest line: else it was cut, put back or begun anew."""
    for _ in range(5):
        if verify.is_last_line_noted():
            return None
        time.sleep(0.05)  # a line committed a moment ago may be noted only now
    return (
        f"The witness {witness.current().path} does not know the newest line of the trail. "
        "Find out why, with: rapport audit verify"
    )


def _asked(look: Callable[[], str | None]) -> str | None:
    """Return what a check says, or what keeps it from looking: without its keys no check of the trail can."""
    try:
        return look()
    except keys.KeyTrouble as trouble:
        return str(trouble)


def fill_registry() -> None:
    """Add the checks of the trail."""
    for check in (
        Health("keys", partial(_asked, own_keys)),
        Health("witness", partial(_asked, witness_file)),
        Health("witness_end", partial(_asked, witness_saw_the_last), serving=True),
    ):
        registry.health.add(check.name, check)
