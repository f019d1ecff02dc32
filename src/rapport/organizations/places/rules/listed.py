"""A school as a file lists it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rapport.organizations.places.rules.layouts import GROUPS

KEPT: Final = (
    "state_id",
    "low_grade",
    "high_grade",
    "latitude",
    "longitude",
    "street",
    "city",
    "phone",
)
COUNTED: Final = ("all", *GROUPS)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a school list, read. What the file leaves blank is not there."""

    line: int
    state: str
    name: str
    district: str
    nces_id: str | None
    district_nces_id: str | None
    district_state_id: str | None
    kept: Mapping[str, Any]  # columns of the school's row
    counts: Mapping[str, int]  # by group


def listed(line: int, values: Mapping[str, Any], state: str) -> Listed:
    """Return a line's values as a school."""
    kept = {name: values[name] for name in KEPT if values.get(name) not in (None, "")}
    if "latitude" not in values or "longitude" not in values:  # a place needs both
        kept = {k: v for k, v in kept.items() if k not in ("latitude", "longitude")}
    if "zip" in values:
        kept["zip_code"] = "-".join(v for v in (values["zip"], values.get("zip_more")) if v)
    return Listed(
        line,
        values.get("state", state),
        values["name"],
        values["district"],
        values.get("nces_id"),
        values.get("district_nces_id"),
        values.get("district_state_id"),
        kept,
        {group: values[group] for group in COUNTED if group in values},
    )


def same_name(name: str) -> str:
    """Return a name as it is compared: without case and runs of spaces."""
    return " ".join(name.casefold().split())
