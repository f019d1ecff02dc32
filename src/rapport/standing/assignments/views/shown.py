"""Standings as templates want them: words, states, bars. No decisions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.foundation.ui.timebar import Bar, Stretch
from rapport.standing.assignments.models import Ground
from rapport.standing.assignments.queries import Piece, Service
from rapport.standing.assignments.rules import Reason, Standing, Why, Word, sentences
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
    facts: int

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
    headline: str
    notes: list[str]
    grounds: list[GroundShown]
    is_if_assigned: bool
    bar: Bar | None
    rules: list[str]
    uid: Any


def service(one: Service, when: Asked) -> ServiceShown:
    """Return an assignment as the page shows it."""
    found = one.found.standing
    return ServiceShown(
        one.assignment.school,
        one.assignment.agency,
        one.since,
        one.until,
        one.hours,
        found,
        STATE[found.word],
        sentences.headline(found),
        sentences.notes(found, one.assignment.school.state),
        grounds(found),
        one.found.is_if_assigned,
        bar(one.pieces, when),
        rules_used(found),
        one.assignment.uid,
    )


def rules_used(found: Standing) -> list[str]:
    """Return the rule sets and versions that were used."""
    return [f"{v.jurisdiction} {v.topic} {v.version}" for v in found.rules]


def grounds(found: Standing) -> list[GroundShown]:
    """Return the four grounds in words."""
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
                len(ground.facts),
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


def bar(pieces: list[Piece], when: Asked) -> Bar | None:
    """Return the standing over time, the asked day marked; each stretch leads to its first day."""
    if not pieces:
        return None
    known = f"&known={when.known_day}" if when.known_day else ""
    return Bar(
        _("The standing over time; the list below says the same in words"),
        pieces[0].since,
        pieces[-1].until,
        [
            Stretch(
                p.since,
                p.until,
                STATE[p.standing.word],
                sentences.headline(p.standing),
                url=f"?on={p.since}{known}",
            )
            for p in _joined(pieces)
        ],
        at=when.day,
        at_word=date_format(when.day),
    )
