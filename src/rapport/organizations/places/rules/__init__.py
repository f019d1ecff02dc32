"""What is true of agencies, districts and schools, whoever asks. No database, no clock, no request."""

from rapport.organizations.places.rules.layouts import LAYOUTS, SCHOOL_LIST, STATE_LIST
from rapport.organizations.places.rules.listed import Listed, listed
from rapport.organizations.places.rules.matching import (
    Known,
    KnownDistrict,
    KnownSchool,
    match_districts,
    match_schools,
)
from rapport.organizations.places.rules.names import nces_id, near, ori
from rapport.organizations.places.rules.states import STATES, zone_of
from rapport.organizations.places.rules.years import (
    BEFORE_RECORDS,
    COUNTS_OF,
    ensure_begun,
    name_of,
    school_year_named,
    school_year_of,
)

__all__ = [
    "BEFORE_RECORDS",
    "COUNTS_OF",
    "LAYOUTS",
    "SCHOOL_LIST",
    "STATES",
    "STATE_LIST",
    "Known",
    "KnownDistrict",
    "KnownSchool",
    "Listed",
    "ensure_begun",
    "listed",
    "match_districts",
    "match_schools",
    "name_of",
    "nces_id",
    "near",
    "ori",
    "school_year_named",
    "school_year_of",
    "zone_of",
]
