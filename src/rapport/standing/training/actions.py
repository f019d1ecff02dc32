"""What people do with courses and completions. One verb, one transaction, one line in the trail."""

import tomllib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction

from rapport.foundation import facts
from rapport.foundation.access import Actor, NotAllowed
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken
from rapport.foundation.kinds import deeds
from rapport.foundation.kinds.kind import Span, SpanChanges
from rapport.organizations.places.models import Agency
from rapport.standing.officers.models import Officer
from rapport.standing.training import access, rules
from rapport.standing.training.access import COMPLETION, VERIFICATION
from rapport.standing.training.models import (
    Completed,
    Completion,
    CompletionWords,
    Course,
    Result,
    Verified,
)

WORDS = ("provider", "certificate_number")  # of a completion: typed by people, kept apart


class CompletionTerms(Span):
    """What a completion says; `agency` keeps the record. Provider and number are words, kept apart."""

    agency: Agency
    course: Course
    result: NotRequired[str]
    hours: NotRequired[Decimal | None]
    provider: NotRequired[str]
    certificate_number: NotRequired[str]


class CompletionChanges(SpanChanges, total=False):
    """What a correction of a completion may change. Another course is another completion."""

    agency: Agency
    result: str
    hours: Decimal | None
    provider: str
    certificate_number: str


class Checked(TypedDict):
    """On which day, and how, a completion was checked."""

    valid_from: date
    source: str


@transaction.atomic
def record_completion(
    actor: Actor, officer: Officer, *, now: datetime, **terms: Unpack[CompletionTerms]
) -> Completed:
    """Record that an officer took a course, from its issue until it expires. Raises `NotAllowed`, `Refused`."""
    values: dict[str, Any] = dict(terms)
    words = {name: values.pop(name, "") for name in WORDS}
    completion = Completion.objects.create(officer=officer, course=terms["course"])
    CompletionWords.objects.create(completion=completion, **words)
    return deeds.record_fact(
        actor,
        COMPLETION,
        now=now,
        completion=completion,
        officer=officer,
        about_person_id=officer.person_id,
        entered_by_id=actor.person_id,
        **({"result": Result.COMPLETED} | values),
    )


@transaction.atomic
def correct_completion(
    actor: Actor, fact: Completed, *, now: datetime, **changes: Unpack[CompletionChanges]
) -> Completed:
    """Put what should have been recorded in a completion's place; its verification falls.

    Where only words change (provider, number), the fact and its verification stay. Raises
    `NotAllowed`, `Refused`, or `Overtaken` when somebody corrected or withdrew it first.
    """
    deeds.require(actor, COMPLETION, COMPLETION.correct, fact)
    values: dict[str, Any] = dict(changes)
    words: dict[str, str] = {n: values.pop(n) for n in WORDS if n in values}
    reworded = _reword(fact, words)
    if reworded and not deeds.differs(fact, values):
        if not Completed.objects.known().filter(pk=fact.pk).exists():
            raise Overtaken()
        deeds.line(actor, COMPLETION.correct, fact, now=now, changed=reworded)
        return fact
    _fell(fact, now=now)
    entered = {"entered_by_id": actor.person_id} if deeds.differs(fact, values) else {}
    return deeds.correct_fact(actor, COMPLETION, fact, now=now, **values, **entered)


@transaction.atomic
def withdraw_completion(actor: Actor, fact: Completed, *, now: datetime) -> Completed:
    """Withdraw a completion that never was, and its verification. Raises `NotAllowed`, `Overtaken`."""
    deeds.require(actor, COMPLETION, COMPLETION.withdraw, fact)
    _fell(fact, now=now)
    return deeds.withdraw_fact(actor, COMPLETION, fact, now=now)


@transaction.atomic
def verify_completion(
    actor: Actor, completion: Completion, *, now: datetime, **checked: Unpack[Checked]
) -> Verified:
    """Record that somebody else than who entered it checked a completion, on a day and in a way.

    Raises `NotAllowed` (also for the officer), `Refused` for who entered it, where it is verified
    already, or where nothing is recorded to verify.
    """
    entered = Completed.objects.known().filter(completion=completion).first()
    if entered is None:
        raise NotAllowed(access.VERIFY.name)
    deeds.require(actor, COMPLETION, access.VERIFY, entered)
    rules.ensure_another(actor.persons, entered.entered_by_id, entered.about_person_id)
    rules.ensure_not_before_issue(checked["valid_from"], entered.valid_from)
    if Verified.objects.known().filter(completion=completion).exists():
        raise rules.is_verified_already()
    return deeds.record_fact(
        actor,
        VERIFICATION,
        now=now,
        completion=completion,
        officer_id=entered.officer_id,
        about_person_id=entered.about_person_id,
        agency_id=entered.agency_id,
        verified_by_id=actor.person_id,
        **checked,
    )


def withdraw_verification(actor: Actor, fact: Verified, *, now: datetime) -> Verified:
    """Withdraw the verification of a completion. Raises `NotAllowed`, `Overtaken`."""
    return deeds.withdraw_fact(actor, VERIFICATION, fact, now=now)


def _reword(fact: Completed, words: dict[str, str]) -> list[str]:
    """Write the words of a completion anew where they differ; return which did."""
    row, _made = CompletionWords.objects.get_or_create(completion_id=fact.completion_id)
    changed = [name for name, said in words.items() if getattr(row, name) != said]
    for name in changed:
        setattr(row, name, words[name])
    if changed:
        row.save(update_fields=changed)
    return sorted(changed)


def _fell(fact: Completed, *, now: datetime) -> None:
    """Withdraw the verification of what is about to change: something else was verified."""
    for proof in Verified.objects.known().filter(completion_id=fact.completion_id):
        facts.withdraw(proof, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTerms:
    """What the program says of a course."""

    name: str
    hours: int | None = None
    jurisdiction: str = "program"
    source: str = ""
    is_verified: bool = False


@transaction.atomic
def add_course(actor: Actor, code: str, terms: CourseTerms, *, now: datetime) -> Course:
    """Add a course of the program's own, which its rules can name by its code. Raises `NotAllowed`, `Refused`."""
    access.require(actor, access.ADD_COURSE, access.where_courses_are_kept(actor))
    rules.ensure_course(code, terms.name, terms.hours)
    if Course.objects.filter(code=code).exists():
        raise rules.code_is_taken(code)
    course = Course.objects.create(code=code, edited_at=now, **asdict(terms))
    trail.record(actor, access.ADD_COURSE, course, at=now)
    return course


@transaction.atomic
def edit_course(actor: Actor, course: Course, terms: CourseTerms, *, now: datetime) -> Course:
    """Change what the program says of a course; no release overwrites it later. Raises `NotAllowed`, `Refused`."""
    access.require(actor, access.EDIT_COURSE, access.where_courses_are_kept(actor))
    rules.ensure_course(course.code, terms.name, terms.hours)
    changed = [name for name, v in asdict(terms).items() if getattr(course, name) != v]
    if not changed:
        raise rules.nothing_changed()
    before = course.edited_at
    moved = Course.objects.filter(pk=course.pk, edited_at=before).update(
        edited_at=now, **asdict(terms)
    )
    if not moved:
        raise Overtaken()
    trail.record(actor, access.EDIT_COURSE, course, at=now, changed=sorted(changed))
    course.refresh_from_db()
    return course


@transaction.atomic
def load_courses(actor: Actor, *, now: datetime) -> int:
    """Load the courses that this release ships; return how many are new or changed.

    What the program has edited, or added itself, stays as it is. Only the system may.
    """
    if not actor.is_system:
        raise NotAllowed(access.LOAD_COURSES.name)
    rows = {course.code: course for course in Course.objects.all()}
    changed = []
    for code, terms in _shipped().items():
        row = rows.get(code)
        if row is None:
            Course.objects.create(code=code, **asdict(terms))
        elif row.edited_at is None and any(getattr(row, n) != v for n, v in asdict(terms).items()):
            Course.objects.filter(pk=row.pk, edited_at=None).update(**asdict(terms))
        else:
            continue
        changed.append(code)
    if changed:
        trail.record(actor, access.LOAD_COURSES, 0, at=now, codes=changed)
    return len(changed)


def _shipped() -> dict[str, CourseTerms]:
    text = files("rapport.standing.training").joinpath("courses.toml").read_text(encoding="utf-8")
    return {
        row["code"]: CourseTerms(
            name=row["name"],
            hours=row.get("hours"),
            jurisdiction=row["jurisdiction"],
            source=row["source"],
            is_verified=row["verified"],
        )
        for row in tomllib.loads(text)["course"]
    }
