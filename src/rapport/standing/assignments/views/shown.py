"""Standings as templates want them: words, states, bars. No decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.foundation.kinds.queries import FactRow
from rapport.foundation.tables.cells import Cell
from rapport.foundation.ui.timebar import Bar, Stretch
from rapport.foundation.ui.words import standing_words
from rapport.standing.assignments.models import Ground
from rapport.standing.assignments.queries import Piece, Service
from rapport.standing.assignments.rules import (
    Lapse,
    Reason,
    Standing,
    Why,
    Word,
    ends,
    is_by_exception,
    sentences,
)
from rapport.standing.assignments.views.asked import Asked

STATE = {Word.CLEARED: "ok", Word.PROVISIONAL: "warn", Word.NOT_CLEARED: "bad"}


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A reason in words."""

    text: str
    mend: str
    state: str
    source: str
    force: str
    consequence: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class GroundShown:
    """A ground in words."""

    name: Any
    state: str
    word: str
    reasons: list[ReasonShown]
    rests_on: list[FactRow]

    @property
    def only_reminders(self) -> bool:
        """Tell whether nothing but reminders stands here: they change no standing."""
        return all(reason.state == "info" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """An assignment on the officer's page."""

    school: Any
    agency: Any
    since: date
    until: date | None
    hours: Any
    standing: Standing
    state: str
    ends: date | None
    is_by_exception: bool
    headline: str
    notes: list[str]
    grounds: list[GroundShown]
    is_if_assigned: bool
    begins: date | None  # the assignment's first day, where it lies ahead
    ended: date | None  # the first day without it, where it is over
    bar: Bar | None
    rules: list[str]
    uid: Any


def cell(found: Standing, coming: Sequence[Lapse]) -> Cell:
    """Return a standing as a cell of a list."""
    until = ends(found, coming)
    state = "warn" if until is not None else STATE[found.word]
    return Cell(standing_words(found.word, until, by_exception=is_by_exception(found)), state=state)


def answer(found: Standing, coming: Sequence[Lapse]) -> dict[str, Any]:
    """Return a standing as the cards of pages show it."""
    return {
        "standing": found,
        "ends": ends(found, coming),
        "is_by_exception": is_by_exception(found),
        "headline": sentences.headline(found, coming),
        "grounds": grounds(found),
    }


def service(one: Service, when: Asked, rests_on: Mapping[str, FactRow]) -> ServiceShown:
    """Return an assignment as the page shows it, with the facts it rests on as far as they are read."""
    found, coming = one.found.standing, one.found.coming
    return ServiceShown(
        one.assignment.school,
        one.assignment.agency,
        one.since,
        one.until,
        one.hours,
        found,
        STATE[found.word],
        ends(found, coming),
        is_by_exception(found),
        sentences.headline(found, coming),
        sentences.notes(found, one.assignment.school.state),
        grounds(found, rests_on),
        one.found.is_if_assigned,
        one.since if one.since > when.day else None,
        one.until if one.until and one.until <= when.day else None,
        bar(one, when),
        rules_used(found),
        one.assignment.uid,
    )


def rules_used(found: Standing) -> list[str]:
    """Return the rule sets and versions that were used."""
    return [f"{v.jurisdiction} {v.topic} {v.version}" for v in found.rules]


def grounds(found: Standing, rests_on: Mapping[str, FactRow] | None = None) -> list[GroundShown]:
    """Return the four grounds in words, each with those facts of `rests_on` that it rests on."""
    there = rests_on or {}
    out = []
    for name, ground in found.grounds.items():
        if not ground.holds:
            state, word = "bad", _("does not hold") if ground.reasons else _("not available")
        elif ground.until is not None:
            state, word = (
                "warn",
                _("holds through {day}").format(day=sentences.through(ground.until)),
            )
        else:
            state, word = "ok", _("holds")
        out.append(
            GroundShown(
                Ground(name).label,
                state,
                word,
                [_reason(r) for r in ground.reasons],
                sorted(
                    (there[uid] for uid in ground.facts if uid in there),
                    key=lambda row: (str(row.title), row.valid_from, row.words),
                ),
            )
        )
    return out


def _reason(reason: Reason) -> ReasonShown:
    state = {Why.STOPS: "bad", Why.ALARM: "info"}.get(reason.why, "warn")
    rule = reason.rule
    return ReasonShown(
        sentences.text(reason),
        sentences.mend(reason),
        state,
        rule.source,
        rule.force,
        rule.consequence,
        rule.verified and not reason.is_assumed,
    )


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with those joined that read alike: a bar shows the word and what is needed."""
    out: list[Piece] = []
    for piece in pieces:
        if out and sentences.headline(out[-1].standing) == sentences.headline(piece.standing):
            out[-1] = out[-1]._replace(until=piece.until)
        else:
            out.append(piece)
    return out


def bar(one: Service, when: Asked) -> Bar | None:
    """Return the standing over time, the asked day marked; each stretch leads to its first day.

    Where the bar begins or ends in the midst of the assignment, its edge is said to be none of its dates.
    """
    if not one.pieces:
        return None
    pieces = _joined(one.pieces)
    first, last = pieces[0].since, pieces[-1].until
    known = f"&known={when.known_day}" if when.known_day else ""
    return Bar(
        _("The standing over time; the list below says the same in words"),
        first,
        last,
        [
            Stretch(
                p.since,
                None if p.until == last and one.goes_on else p.until,
                STATE[p.standing.word],
                sentences.headline(p.standing),
                url=f"?on={p.since}{known}",
                is_cut=p.since == first and one.since < first,
            )
            for p in pieces
        ],
        at=when.day,
        at_word=date_format(when.day),
    )
