"""Questions about assignments and standings. Each names its asker first."""

from .effects import effects
from .judging import AHEAD, Board, Lapse, OfficerRow, Serving, board, opening_day, serving
from .labels import OfficerLabel, SchoolLabel, officer_labels, school_labels
from .naming import CannotAnswer, Names, beside, officer_named, program_zone, school_named
from .offers import begin_url, count, exceptions, names, offers
from .pages import (
    Service,
    contacts,
    covering,
    districts_of,
    employed,
    enrollment,
    moments,
    new_urls,
    records,
    services,
)
from .rulebook import StateRules, rulebook
from .standings import (
    Found,
    Piece,
    all_standings,
    load_facts,
    place_of,
    served,
    standing_of,
    timeline_of,
)

__all__ = [
    "AHEAD",
    "Board",
    "CannotAnswer",
    "Found",
    "Lapse",
    "Names",
    "OfficerLabel",
    "OfficerRow",
    "Piece",
    "SchoolLabel",
    "Service",
    "Serving",
    "all_standings",
    "begin_url",
    "beside",
    "board",
    "contacts",
    "count",
    "covering",
    "districts_of",
    "effects",
    "rulebook",
    "StateRules",
    "employed",
    "enrollment",
    "exceptions",
    "load_facts",
    "moments",
    "names",
    "new_urls",
    "offers",
    "officer_labels",
    "officer_named",
    "opening_day",
    "place_of",
    "program_zone",
    "records",
    "school_labels",
    "school_named",
    "served",
    "services",
    "serving",
    "standing_of",
    "timeline_of",
]
