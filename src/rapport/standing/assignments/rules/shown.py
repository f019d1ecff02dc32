"""Who reads what of a standing: each ground in full, as a word, or not at all. Pure.

DESIGN, "Who reads what of it": sworn and selected rest on personnel records; what is met, due and by
when of the training is shared; the agreement is shared by both sides in full. What a colleague still
needs is that colleague's and the supervisors' matter: another officer is told the word alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from .ahead import Lapse
from .standing import GroundStanding, Standing


class View(StrEnum):
    """How much of a ground is shown."""

    FULL = "full"  # reasons and facts
    STATUS = "status"  # what is met, due and by when; no certificates, no facts
    WORD = "word"  # whether it holds, never why


class Reader(NamedTuple):
    """What the sharing rules give an actor at the place of an assignment."""

    may_read_program: bool
    may_read_personnel: bool
    is_peer: bool = False  # an officer who reads of another officer


NOBODY: Final[Mapping[str, View]] = {}
EVERYTHING: Final[Mapping[str, View]] = dict.fromkeys(
    ("sworn", "selected", "trained", "agreed"), View.FULL
)
PROGRAM_ALONE: Final[Mapping[str, View]] = {
    "sworn": View.WORD,
    "selected": View.STATUS,
    "trained": View.STATUS,
    "agreed": View.FULL,
}


PEER: Final[Mapping[str, View]] = {
    "sworn": View.WORD,
    "selected": View.WORD,
    "trained": View.WORD,
    "agreed": View.FULL,
}


def views(reader: Reader) -> Mapping[str, View]:
    """Return how much of each ground a reader is shown; nothing where the program class is not read."""
    if not reader.may_read_program:
        return NOBODY
    if reader.may_read_personnel:
        return EVERYTHING
    return PEER if reader.is_peer else PROGRAM_ALONE


def shown(ground: GroundStanding, view: View) -> GroundStanding:
    """Return the ground as far as `view` allows."""
    if view is View.FULL:
        return ground
    if view is View.STATUS:
        return ground._replace(facts=())
    return ground._replace(reasons=(), facts=(), until=None, is_excepted=False)


def shown_standing(found: Standing, reader: Reader) -> Standing | None:
    """Return the standing as a reader may see it; None where it does not exist for them.

    The word and its `until` are the same for all, and shared with whoever may read the program's records.
    """
    how = views(reader)
    if not how:
        return None
    if how is EVERYTHING:
        return found
    return found._replace(grounds={n: shown(g, how[n]) for n, g in found.grounds.items()})


def shown_lapses(coming: tuple[Lapse, ...], reader: Reader) -> tuple[Lapse, ...]:
    """Return what lapses as a reader may see it: each day, the reasons where the ground's are shown."""
    how = views(reader)
    if not how or not coming:
        return ()
    return tuple(x._replace(reasons=()) if how[x.ground] is View.WORD else x for x in coming)
