"""Who took emergency access and why, what was read meanwhile, and who has looked at it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from rapport.foundation import registry
from rapport.foundation.access import Actor, Role, Scope
from rapport.foundation.audit.models import Line, Side
from rapport.foundation.ui.words import ROLES, class_word
from rapport.organizations.emergency_access import access
from rapport.organizations.emergency_access.models import Emergency, Review
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import RoleHeld

from .opened import in_words

OPEN, WAITS, REVIEWED = "open", "waits", "reviewed"
MOST_LINES: Final = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """One emergency access as the list shows it."""

    row: Emergency
    who: str
    what: str
    where: str
    state: str  # OPEN, WAITS or REVIEWED

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return reverse("emergency_access:show", args=[self.row.uid])


def emergencies(actor: Actor) -> QuerySet[Emergency]:
    """Return the emergency access that `actor` may know of, newest first."""
    rows = access.visible_emergencies(actor)
    rows = rows.select_related("person", "agency", "district", "school")
    return rows.order_by("-taken_at", "-pk")


def in_state(
    actor: Actor, rows: QuerySet[Emergency], state: str, *, now: datetime
) -> QuerySet[Emergency]:
    """Return those that are `OPEN`; over and waiting for the actor (`WAITS`); or looked at by somebody."""
    if state == OPEN:
        return rows.exclude(access.over(now))
    if state == WAITS:
        return rows.filter(pk__in=access.to_review(actor, now=now).values("pk"))
    return rows.filter(pk__in=Review.objects.values("emergency_id"))


def taken(actor: Actor, found: Sequence[Emergency], *, day: date, now: datetime) -> list[Taken]:
    """Return these as the list shows them: three queries."""
    known = people.names(e.person_id for e in found)
    asked = _asked(found, day)
    said: dict[int, set[str]] = {}
    for row, side in Review.objects.filter(emergency__in=found).values_list("emergency_id", "side"):
        said.setdefault(row, set()).add(side)

    def state(e: Emergency) -> str:
        if not e.is_over(now):
            return OPEN
        return WAITS if asked[e.pk] - said.get(e.pk, set()) else REVIEWED

    return [
        Taken(e, known.get(e.person_id, ""), class_word(e.record_class), str(e.at), state(e))
        for e in found
    ]


def _asked(found: Sequence[Emergency], day: date) -> dict[int, set[str]]:
    """Return for each the sides on which there is somebody, beside its person, to look at it."""
    roles = [role for several in access.REVIEWERS.values() for role in several]
    held = list(RoleHeld.objects.as_of(day).filter(role__in=roles))
    gone = people.merged()

    def same(person: int, other: int) -> bool:
        return gone.get(person, person) == gone.get(other, other)

    def sides(e: Emergency) -> set[str]:
        others = [r for r in held if not same(r.person_id, e.person_id)]
        agencies = {e.agency_id, e.for_agency_id} - {None}
        districts = {e.district_id, e.in_district_id, e.for_district_id} - {None}
        found = set()
        if any(r.agency_id in agencies and r.role == Role.AGENCY_HEAD for r in others):
            found.add(str(Side.AGENCY))
        if any(
            r.district_id in districts or (r.scope == Scope.PROGRAM)
            for r in others
            if not r.agency_id
        ):
            found.add(str(Side.DISTRICT))
        return found

    return {e.pk: sides(e) for e in found}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side has said, or that it waits, or that nobody is there to say it."""

    side: Side
    review: Review | None
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was opened meanwhile. `title` and `url` where the one who asks may know of the record."""

    at: datetime
    path: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One emergency access as its page shows it."""

    row: Emergency
    what: str
    who: str
    role: str
    is_open: bool
    answers: tuple[Answer, ...]
    free: tuple[Side, ...]  # for which the one who asks may say something now
    may_end: bool
    is_own: bool


def emergency_at(actor: Actor, uid: UUID) -> Emergency | None:
    """Return the emergency access with this uid, if `actor` may know of it."""
    return emergencies(actor).filter(uid=uid).first()


def looked(actor: Actor, emergency: Emergency, *, day: date, now: datetime) -> Looked:
    """Return what the page of one shows, but for its reason: reading that is an action."""
    reviews = {r.side: r for r in emergency.reviews.select_related("by")}
    asked = _asked([emergency], day)[emergency.pk]
    return Looked(
        row=emergency,
        what=in_words(emergency),
        who=people.names([emergency.person_id]).get(emergency.person_id, ""),
        role=str(ROLES[Role(emergency.role)]),
        is_open=not emergency.is_over(now),
        answers=tuple(Answer(side, reviews.get(side), side in asked) for side in Side),
        free=tuple(access.free_sides(actor, emergency, now=now)),
        may_end=not emergency.is_over(now) and access.may_end(actor, emergency),
        is_own=emergency.person_id in actor.persons,
    )


def read(actor: Actor, emergency: Emergency, *, now: datetime) -> list[Read]:
    """Return the pages opened while it was open, in their order, as far as `actor` may be told what they show."""
    rows = access.visible_emergencies(actor).filter(pk=emergency.pk)
    lines = Line.objects.filter(object=access.WORD, verb=access.READ.name)
    lines = lines.filter(object_id__in=rows.values("pk")).order_by("at", "id")[:MOST_LINES]
    titles: dict[str, tuple[str, str]] = {}
    return [_read(actor, line, titles, now) for line in lines]


def _read(actor: Actor, line: Line, titles: dict[str, tuple[str, str]], now: datetime) -> Read:
    said = json.loads(line.detail)
    thing = said.get("thing") or ""
    if thing and thing not in titles:
        kinds = (kind.find(actor, UUID(thing), now) for kind in registry.disclosable)
        record = next((r for r in kinds if r is not None), None)
        titles[thing] = (record.title, record.url) if record else ("", "")
    title, url = titles.get(thing, ("", ""))
    return Read(line.at, _path(said.get("page", ""), thing), title, url)


def _path(page: str, thing: str) -> str:
    for args in ([], [thing] if thing else []):
        try:
            return reverse(page, args=args)
        except NoReverseMatch:
            continue
    return page
