"""The school lists that are known, column by column, and how their cells are read."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.foundation.tables.imports import Column, Layout
from rapport.foundation.tables.imports_cells import Unfit, Unwanted, count, digits, number, words
from rapport.organizations.places.rules.states import STATES

# As NCES writes them; N (not applicable) and M (missing) say that there is none.
GRADES: Final = ("PK", "KG", *(f"{n:02}" for n in range(1, 14)), "UG", "AE")
GROUPS: Final = ("m", "f", "bl_m", "bl_f", "wh_m", "wh_f", "hi_m", "hi_f")
NOT_RUNNING: Final = ("closed", "inactive", "future")


def grade(said: str) -> str:
    """Read a grade."""
    found = said.upper().rjust(2, "0")
    if said.upper() in ("N", "M"):
        return ""
    if found not in GRADES:
        raise Unfit(_("“{said}” is no grade: PK, KG, 01 to 13, UG or AE.").format(said=said[:30]))
    return found


def state(said: str) -> str:
    """Read a state's postal code."""
    if said.upper() not in STATES:
        raise Unfit(_("“{said}” is no state: write one like VA.").format(said=said[:30]))
    return said.upper()


def running(said: str) -> str:
    """Read a school's status; a school that is not running is not loaded."""
    if said.casefold() in NOT_RUNNING:
        raise Unwanted(_("The file says that this school is {said}.").format(said=said.lower()))
    return said


SCHOOL_LIST: Final = Layout(
    "nces",
    gettext_lazy("NCES school list"),
    (
        Column("NCES School ID", "nces_id", digits(12), is_needed=True),
        Column("State School ID", "state_id", words(30)),
        Column("NCES District ID", "district_nces_id", digits(7), is_needed=True),
        Column("State District ID", "district_state_id", words(30)),
        Column("Low Grade*", "low_grade", grade),
        Column("High Grade*", "high_grade", grade),
        Column("School Name", "name", words(120), is_needed=True, must_be_filled=True),
        Column("District", "district", words(120), is_needed=True, must_be_filled=True),
        Column("Street Address", "street", words(120)),
        Column("City", "city", words(60)),
        Column("State", "state", state, is_needed=True, must_be_filled=True),
        Column("ZIP", "zip", digits(5)),
        Column("ZIP 4-digit", "zip_more", digits(4)),
        Column("Phone", "phone", words(20)),
        Column("Students*", "all", count),
        Column("Status", "status", running),
    ),
)

STATE_LIST: Final = Layout(
    "state",
    gettext_lazy("state list with coordinates and enrollment"),
    (
        Column("division", "district", words(120), is_needed=True, must_be_filled=True),
        Column("school", "name", words(120), is_needed=True, must_be_filled=True),
        Column("latitude", "latitude", number(-90, 90), is_needed=True),
        Column("longitude", "longitude", number(-180, 180), is_needed=True),
        Column("ncessch_combokey", "nces_id", digits(12), is_needed=True),
        Column("enr_m", "m", count),
        Column("enr_f", "f", count),
        *(Column(group, group, count) for group in GROUPS if "_" in group),
    ),
)

LAYOUTS: Final = (SCHOOL_LIST, STATE_LIST)
