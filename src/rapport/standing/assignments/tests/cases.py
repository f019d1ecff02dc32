"""Reads the reviewed cases beside each rule set: a sentence, facts, a day, and the standing that comes out.

The columns are for people: `facts` is a list of short phrases parted by semicolons. What no phrase
mentions is recorded and good, except courses, of which there are none.

    course CODE HOURS DATE [until DATE] [not completed]     hours may be ?
    no sworn|certification|employment|duty|selection|agreement
    duty leave DATE [until DATE]     certification suspended DATE     not selected DATE
    agreement DATE [until DATE] [signed DATE DATE|signed DATE] [only school|other school]
    exception GROUND DATE until DATE      hours N DATE [until DATE]    (an assignment with N hours a week)
    school year DATE      day one DATE     own district
"""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from typing import Any, Final, NamedTuple

from rapport.standing.assignments.rules import Case, Chosen, Span, Work
from rapport.standing.assignments.tests import build

DATE: Final = r"\d{4}-\d\d-\d\d"


class Row(NamedTuple):
    """A reviewed case."""

    file: str
    case: str
    state: str
    began: date
    day: date
    facts: str
    standing: str
    until: date | None
    stops: str


def rows() -> Iterator[Row]:
    """Yield every reviewed case of every rule set."""
    folder = files("rapport.standing.assignments").joinpath("rulesets")
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".cases.csv"):
            for said in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
                yield Row(
                    path.name,
                    said["case"],
                    path.name[:2].upper(),
                    _date(said["began"]),
                    _date(said["day"]),
                    said["facts"],
                    said["standing"],
                    _date(said["until"]) if said["until"] else None,
                    said["stops"],
                )


def case_of(row: Row) -> Case:
    """Return the case that a row describes. Raises `ValueError` on a phrase that means nothing."""
    said: dict[str, Any] = {}
    for phrase in filter(None, (p.strip() for p in row.facts.split(";"))):
        for pattern, put in PHRASES:
            found = re.fullmatch(pattern, phrase)
            if found:
                put(said, found.groupdict())
                break
        else:
            raise ValueError(f"{row.file}: {phrase!r} means nothing here.")
    if "work" in said:
        said["first_began"] = min(w.since for w in said["work"])
    state = () if row.state == "US" else (row.state,)
    return build.a_case(build.shipped(*state), row.began, **said)


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _end(group: dict[str, str | None]) -> date | None:
    until = group.get("until")
    return _date(until) if until else None


def _course(said: dict[str, Any], g: dict[str, Any]) -> None:
    hours = None if g["hours"] == "?" else float(g["hours"])
    word = "not_completed" if g["word"] else "completed"
    said.setdefault("taken", []).append(
        build.a_course(g["code"], hours, _date(g["since"]), _end(g), word=word)
    )


def _none(said: dict[str, Any], g: dict[str, Any]) -> None:
    fields = {
        "certification": ("certified",),
        "employment": ("employed",),
        "duty": ("duty",),
        "selection": ("selected",),
        "agreement": ("pacts",),
        "sworn": ("certified", "employed", "duty"),
    }
    said.update(dict.fromkeys(fields[g["what"]], []))


def _duty(said: dict[str, Any], g: dict[str, Any]) -> None:
    since, until = _date(g["since"]), _end(g)
    said["duty"] = [
        Span("before", "on_duty", build.LONG_AGO, since),
        Span("leave", g["word"], since, until),
    ]
    if until:
        said["duty"].append(Span("after", "on_duty", until, None))


def _certification(said: dict[str, Any], g: dict[str, Any]) -> None:
    since = _date(g["since"])
    said["certified"] = [
        Span("before", "certified", build.LONG_AGO, since),
        Span("now", g["word"], since, None),
    ]


def _ended(said: dict[str, Any], g: dict[str, Any]) -> None:
    field = {"certification": "certified", "employment": "employed"}[g["what"]]
    said[field] = [Span("was", "certified", build.LONG_AGO, _date(g["since"]))]


def _selection(said: dict[str, Any], g: dict[str, Any]) -> None:
    word = "not_selected" if g["not"] else "selected"
    said["selected"] = [Chosen("chosen", word, "on_panel", _date(g["since"]), _end(g))]


def _agreement(said: dict[str, Any], g: dict[str, Any]) -> None:
    signed = [_date(d) for d in (g["signed"] or f"{build.LONG_AGO} {build.LONG_AGO}").split()]
    school = {None: None, "only": build.SCHOOL, "other": build.SCHOOL + 1}[g["named"]]
    pact = build.a_pact(_date(g["since"]), _end(g), signed=signed, school=school)
    said.setdefault("pacts", []).append(pact)


def _exception(said: dict[str, Any], g: dict[str, Any]) -> None:
    span = Span("exception", g["ground"], _date(g["since"]), _end(g))
    said.setdefault("exceptions", []).append(span)


def _hours(said: dict[str, Any], g: dict[str, Any]) -> None:
    hours = None if g["hours"] == "?" else float(g["hours"])
    said.setdefault("work", []).append(
        Work(f"work-{g['since']}", hours, _date(g["since"]), _end(g))
    )


def _year(said: dict[str, Any], g: dict[str, Any]) -> None:
    said.setdefault("school_years", []).append(Span("year", "", _date(g["since"]), None))


def _day_one(said: dict[str, Any], g: dict[str, Any]) -> None:
    said["start"] = Span("start", "", _date(g["since"]), None)


def _own(said: dict[str, Any], g: dict[str, Any]) -> None:
    said["own_district"] = build.DISTRICT


SINCE = rf"(?P<since>{DATE})(?: until (?P<until>{DATE}))?"
Put = Callable[[dict[str, Any], dict[str, Any]], None]
PHRASES: Final[tuple[tuple[str, Put], ...]] = (
    (rf"course (?P<code>[a-z-]+) (?P<hours>[\d.]+|\?) {SINCE}(?P<word> not completed)?", _course),
    (r"no (?P<what>certification|employment|duty|selection|agreement|sworn)", _none),
    (rf"duty (?P<word>leave|suspended|restricted) {SINCE}", _duty),
    (rf"certification (?P<word>suspended|revoked) {SINCE}", _certification),
    (rf"(?P<what>certification|employment) ended (?P<since>{DATE})", _ended),
    (rf"(?P<not>not )?selected {SINCE}", _selection),
    (
        rf"agreement {SINCE}(?: signed (?P<signed>{DATE}(?: {DATE})?))?(?: (?P<named>only|other) school)?",
        _agreement,
    ),
    (rf"exception (?P<ground>[a-z]+) {SINCE}", _exception),
    (rf"hours (?P<hours>[\d.]+|\?) {SINCE}", _hours),
    (rf"school year {SINCE}", _year),
    (rf"day one {SINCE}", _day_one),
    (r"own district", _own),
)
