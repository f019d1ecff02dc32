"""The demo town's certificates: one with a date typed wrong, one that lapses soon, one still to be verified.

The first officer took the basic course before the program began; the certificate has to be renewed
in ten weeks. The second has until a year after the assignment.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from rapport.foundation.demo import Town, months_before, working_day
from rapport.foundation.facts import Source
from rapport.standing.training import actions
from rapport.standing.training.models import Course

LAPSES_IN: Final = timedelta(days=70)
ACADEMY, REGIONAL = "Blue Ridge Criminal Justice Academy", "Rivanna Regional Training Center"


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate of the town, of the first or the second officer."""

    of: int
    code: str
    issued: date
    provider: str
    hours: int | None = None
    until: date | None = None


def build(town: Town) -> None:
    """Enter completions, a correction and verifications in the diary."""
    if "agency" not in town.cast:  # a town without places is empty
        return
    _basic_course(town)
    served = months_before(town.ago(months=18), 12 * 6)
    _take(town, Paper(1, "le-academy", served, ACADEMY), after=16)
    _take(town, Paper(2, "le-academy", town.ago(months=12, days=30), ACADEMY), after=36)
    for months in (15, 4):
        _take(town, Paper(1, "in-service", town.ago(months=months), REGIONAL, 8), after=5)
    last = Paper(2, "in-service", town.ago(days=25), REGIONAL, 8)
    _take(town, last, after=4, is_verified=False)


def _basic_course(town: Town) -> None:
    """The certificate is typed in with another year's date; who verifies it sees that, a month later."""
    lapses = town.today + LAPSES_IN
    issued = months_before(lapses, 36)
    slip = Paper(1, "nasro-basic", months_before(issued, 12), REGIONAL, 40, lapses)
    first = working_day(town.ago(months=18) + timedelta(days=16))
    seen = working_day(first + timedelta(days=30))

    def correct(now: datetime) -> None:
        sergeant, fact = town.actor("sergeant", now), town.cast["nasro-basic_1"]
        town.cast["nasro-basic_1"] = actions.correct_completion(
            sergeant, fact, valid_from=issued, now=now
        )

    town.on(first, 11, lambda now: _record(town, slip, now))
    town.on(seen, 11, correct)
    town.on(seen, 15, lambda now: _verify(town, slip, seen, now))


def _take(town: Town, paper: Paper, *, after: int, is_verified: bool = True) -> None:
    """Enter a paper so many days after its issue (or the town's start), verified two days later."""
    day = working_day(max(paper.issued, town.ago(months=18)) + timedelta(days=after))
    town.on(day, 13, lambda now: _record(town, paper, now))
    if is_verified:
        proven = working_day(day + timedelta(days=2))
        town.on(proven, 15, lambda now: _verify(town, paper, proven, now))


def _record(town: Town, paper: Paper, now: datetime) -> None:
    """The sergeant types what the paper says."""
    town.cast[f"{paper.code}_{paper.of}"] = actions.record_completion(
        town.actor("sergeant", now),
        town.cast[f"roster_{paper.of}"],
        now=now,
        agency=town.cast["agency"],
        course=Course.objects.get(code=paper.code),
        hours=None if paper.hours is None else Decimal(paper.hours),
        provider=paper.provider,
        certificate_number=f"{paper.code[:2].upper()}-{paper.issued.year}-{100 + 7 * paper.of}",
        valid_from=paper.issued,
        valid_until=paper.until,
        source=Source.CERTIFICATE,
    )


def _verify(town: Town, paper: Paper, day: date, now: datetime) -> None:
    """The chief compares the entry with the certificate."""
    chief = town.actor("chief", now)
    if chief.person_id is None:  # a town without people has nobody to verify
        return
    completion = town.cast[f"{paper.code}_{paper.of}"].completion
    actions.verify_completion(chief, completion, now=now, valid_from=day, source=Source.CERTIFICATE)
