"""The search of the whole program: what each app finds, by kind, exact numbers first."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.registry import Hit

MOST: Final = 20  # of a kind


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind. `more` where the app knew of more than is shown."""

    kind: str
    hits: tuple[Hit, ...]
    more: bool


def gather(actor: Actor, words: str) -> list[Found]:
    """Return what every app finds for `words` that the actor may know of.

    Kinds keep the order of their apps' names; a kind with a hit whose title or note begins with exactly
    these words (a badge, an NCES id, an ORI) comes first, and such hits lead their kind.
    """
    if not words:
        return []
    kinds: dict[str, list[Hit]] = {}
    for look in registry.searches:
        for hit in islice(look(actor, words), MOST + 1):
            kinds.setdefault(str(hit.kind), []).append(hit)
    found = [
        Found(kind, tuple(_exact_first(hits, words)[:MOST]), len(hits) > MOST)
        for kind, hits in kinds.items()
    ]
    return sorted(found, key=lambda f: not any(is_exact(hit, words) for hit in f.hits))


def is_exact(hit: Hit, words: str) -> bool:
    """Tell whether one of the words shown for a hit is exactly what was asked."""
    asked = words.casefold()
    shown = f"{hit.title} {hit.note}".casefold()
    return asked == hit.title.casefold() or asked in (
        word.strip(".,;:()#") for word in shown.split()
    )


def _exact_first(hits: Iterable[Hit], words: str) -> list[Hit]:
    return sorted(hits, key=lambda hit: not is_exact(hit, words))
