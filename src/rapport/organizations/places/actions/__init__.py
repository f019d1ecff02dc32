"""What people do with agencies, districts and schools."""

from rapport.organizations.places.actions.agencies import (
    NewAgency,
    add_agency,
    correct_start,
    start_agency,
    withdraw_start,
)
from rapport.organizations.places.actions.claims import settle_claim
from rapport.organizations.places.actions.school_list import Imported, Wanted, import_schools
from rapport.organizations.places.actions.schools import (
    NewDistrict,
    NewSchool,
    add_district,
    add_school,
    move_school,
)

__all__ = [
    "Imported",
    "NewAgency",
    "NewDistrict",
    "NewSchool",
    "Wanted",
    "add_agency",
    "add_district",
    "add_school",
    "correct_start",
    "import_schools",
    "move_school",
    "settle_claim",
    "start_agency",
    "withdraw_start",
]
