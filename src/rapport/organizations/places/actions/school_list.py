"""Import a list of schools: read, match, write in bulk, one line in the trail."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor, Place
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken
from rapport.foundation.tables import imports
from rapport.foundation.tables.imports import Answer, Table
from rapport.foundation.tables.imports_csv import Text, Unusable
from rapport.organizations.places import access, rules
from rapport.organizations.places.actions import school_facts, school_rows
from rapport.organizations.places.actions.school_facts import Loading
from rapport.organizations.places.rules import Listed

Said = Callable[[str], object]


class Wanted(NamedTuple):
    """What the one who imports says about a file."""

    state: str = ""  # where the file does not say it
    school_year: str = ""  # of the counts; empty: as the layout says, else the year of the import
    is_trial: bool = False  # tell what would happen, and write nothing


class Imported(NamedTuple):
    """What became of a file, and what whoever imports it should know."""

    answer: Answer
    notes: list[str]


def import_schools(
    actor: Actor,
    text: Text,
    wanted: Wanted = Wanted(),  # noqa: B008  a value, never changed
    *,
    now: datetime,
    said: Said = str,
) -> Imported:
    """Load a list of schools in a layout that is known (`rules.LAYOUTS`), all or nothing.

    `said` is told how far it has come. Raises `NotAllowed`; `Unusable` where the file cannot be
    used at all; `Refused` on a school year that is none; `Overtaken` when somebody else changed the
    same schools meanwhile.
    """
    access.require_add(actor, access.IMPORT)
    table = imports.recognize(text, rules.LAYOUTS)
    answer = Answer()
    loading = Loading(table, _read(table, wanted, answer), answer, now)
    said(_("{count} lines read").format(count=len(loading.rows)))
    year = _year(table, wanted, loading.rows, now)
    try:
        with transaction.atomic():
            moved = _write(loading, year, said)
            counts: dict[str, Any] = answer.counts()
            layout = table.layout.name
            trail.record(actor, access.IMPORT, 0, at=now, place=Place(), layout=layout, **counts)
            for follow in registry.school_moves if moved else ():
                follow(actor, moved, now=now)
            transaction.set_rollback(wanted.is_trial)
    except IntegrityError as problem:
        raise Overtaken(
            _("Somebody else changed these schools meanwhile. Nothing was loaded; run it again.")
        ) from problem
    return Imported(answer, table.notes)


def _write(loading: Loading, year: tuple[date, date], said: Said) -> list[int]:
    """Write every line, count what became of each, and return the schools that went to another district."""
    school_rows.put_districts(loading)
    schools = school_rows.Schools(loading)
    found = schools.match(loading)
    schools.put(loading, found)
    said(_("{count} schools matched").format(count=len(loading.rows)))
    moved = school_facts.put_into_districts(loading, schools.belongs)
    school_facts.count_students(loading, year)
    schools.claim(loading, found)
    lines = {row.line for row in loading.rows}
    answer = loading.answer
    answer.new = len(loading.created)
    answer.changed = len((loading.changed & lines) - loading.created)
    answer.same = len(lines) - answer.new - answer.changed
    answer.in_order()
    return moved


def _read(table: Table, wanted: Wanted, answer: Answer) -> list[Listed]:
    state = wanted.state.upper()
    if state and state not in rules.STATES:
        raise Unusable(_("“{state}” is no state. Write one like VA.").format(state=state))
    has_state = any(column.name == "state" for column in table.at.values())
    if not has_state and not state:
        raise Unusable(_("This file does not say its state. Add it, such as: --state VA"))
    rows = []
    for line, values in table.rows(answer):
        if state and values.get("state", state) != state:
            answer.refuse(
                line,
                table.heading("state"),
                _("This line is of {other}, not of {state}.").format(
                    other=values["state"], state=state
                ),
            )
            continue
        if ("latitude" in values) != ("longitude" in values):
            there = "latitude" if "latitude" in values else "longitude"
            why = _("A place needs both latitude and longitude.")
            answer.put_aside(line, table.heading(there), why)
        rows.append(rules.listed(line, values, state))
    return rows


def _year(table: Table, wanted: Wanted, rows: list[Listed], now: datetime) -> tuple[date, date]:
    """Return the school year that the file's counts are of; say so where the file does not."""
    named = wanted.school_year or rules.COUNTS_OF.get(table.layout.name, "")
    if named:
        return rules.school_year_named(named)
    zone = rules.zone_of(rows[0].state) if rows else "UTC"
    year = rules.school_year_of(clock.today(now, zone))
    if any(row.counts for row in rows):
        table.notes.append(
            _(
                "The file does not say of which school year its counts are: they are recorded for "
                "{year}. Name another one with --school-year."
            ).format(year=rules.name_of(year))
        )
    return year
