"""`rapport facts --all`: every fact and rule that the standings rest on."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import trail
from rapport.foundation.facts import Fact, fact_models
from rapport.foundation.registry import Command
from rapport.foundation.rulesets.models import RuleSetVersion
from rapport.organizations.places.models import AgencyStart, SchoolInDistrict
from rapport.standing.assignments import access
from rapport.standing.assignments.commands.lines import as_iso, as_json
from rapport.standing.assignments.models import Assigned
from rapport.standing.officers.models import DutyStatus, Employment
from rapport.standing.training.models import Course


def run_facts(args: Namespace) -> int:
    """Answer `rapport facts --all`: every fact and rule-set version, withdrawn ones too."""
    now, count = clock.now(), 0
    for model in fact_models():
        if model.kind in RESTS_ON:
            for said in _facts(model):
                sys.stdout.write(as_json(said) + "\n")
                count += 1
    with transaction.atomic():
        trail.record(SYSTEM, access.PRINT_FACTS, 0, at=now, count=count)
    return 0


RESTS_ON = frozenset(
    {
        "affirmation",
        "agency_start",
        "agreement",
        "assignment",
        "certification",
        "clause",
        "completion",
        "coverage",
        "duty_status",
        "employment",
        "evaluation",
        "exception",
        "party",
        "ruleset",
        "school_in_district",
        "school_year",
        "selection",
        "signature",
        "verification",
    }
)


def _facts(model: type[Fact]) -> Iterator[dict[str, Any]]:
    related = [t for t in model.terms if model._meta.get_field(_field(model, t)).is_relation]
    rows = model.objects.select_related(*related).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        entity = getattr(row, model.owner.removesuffix("_id"))
        yield {
            "uid": row.uid.hex,
            "kind": model.kind,
            "entity": entity.uid.hex,
            **{t: _term(getattr(row, _field(model, t))) for t in model.terms},
            **_beside(row),
            "valid_from": as_iso(row.valid_from),
            "valid_until": as_iso(row.valid_until),
            "recorded_at": row.recorded_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "source": row.source,
        }


def _beside(row: Fact) -> dict[str, Any]:
    """Return what a checker needs beside a fact's own terms: states, districts that employ."""
    if isinstance(row, Assigned | SchoolInDistrict):
        return {"state": row.school.state}
    if isinstance(row, Employment | DutyStatus | AgencyStart):
        own = row.agency.own_district
        return {"state": row.agency.state, "own_district": own.uid.hex if own else None}
    if isinstance(row, RuleSetVersion):
        return {"jurisdiction": row.ruleset.jurisdiction, "topic": row.ruleset.topic}
    return {}


def _field(model: type[Fact], term: str) -> str:
    names = {f.name for f in model._meta.concrete_fields}
    return term if term in names else f"{term}_id"


def _uid(row: Any) -> str:
    uid: UUID = row.uid
    return uid.hex


def _term(value: Any) -> Any:
    if isinstance(value, Model):
        return value.code if isinstance(value, Course) else _uid(value)
    return float(value) if hasattr(value, "as_tuple") else value


def options_facts(parser: ArgumentParser) -> None:
    """Add the options of `rapport facts`."""
    parser.add_argument(
        "--all", action="store_true", help="every fact, withdrawn ones too (always so)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line (always so)"
    )


registry.command(
    Command(
        ("facts",),
        "Print every fact and rule that the standings rest on.",
        "rapport facts --all --json",
        run_facts,
        options_facts,
    )
)
