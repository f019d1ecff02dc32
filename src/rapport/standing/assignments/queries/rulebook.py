"""Which rules hold where, for the page that shows them. Rules are public."""

from dataclasses import dataclass
from datetime import date, datetime

from rapport.foundation.access import Actor
from rapport.standing.assignments import case
from rapport.standing.assignments.rules import Requirement, Version
from rapport.standing.assignments.rules.requirements import Workload, stacked


@dataclass(frozen=True, slots=True)
class StateRules:
    """The rules that hold in a state on a day: those in force, by which versions, and the first days."""

    state: str
    versions: tuple[Version, ...]
    rules: tuple[Requirement, ...]
    first_days: int
    has_state: bool
    workload: Workload | None


def rulebook(actor: Actor, *, day: date, known: datetime | None = None) -> list[StateRules]:
    """Return, for each state in which the program has schools, the rules that hold on a day."""
    books = case.load_books(known=known)
    found = []
    for state, book in sorted(books.items()):
        here = [v for v in book.versions if v.since <= day and (v.until is None or day < v.until)]
        stack = stacked(here)
        load = next((v.workload for v in here if v.workload), None)
        rules = tuple(r for rules in stack.rules.values() for r in rules)
        found.append(
            StateRules(
                state,
                stack.versions,
                rules,
                stack.first_days,
                stack.has_state,
                load,
            )
        )
    return found
