"""Questions about assignments and standings. Each names its asker first."""

from .beginning import Todo, beginning, notices
from .effects import effects
from .finding import find_schools
from .judging import (
    Board,
    OfficerRow,
    Serving,
    board,
    serving,
    serving_at,
)
from .labels import OfficerLabel, SchoolLabel, officer_labels, school_labels
from .naming import CannotAnswer, Names, officer_named
from .offers import begin_url, count, exceptions, names, offers
from .opening import opening_day
from .pages import (
    Service,
    contacts,
    covering,
    districts,
    employed,
    evidence,
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
    served,
    standing_of,
    timeline_of,
)

__all__ = [
    "Board",
    "CannotAnswer",
    "Found",
    "Names",
    "OfficerLabel",
    "OfficerRow",
    "Piece",
    "SchoolLabel",
    "Service",
    "Serving",
    "Todo",
    "all_standings",
    "beginning",
    "begin_url",
    "board",
    "contacts",
    "count",
    "covering",
    "districts",
    "effects",
    "rulebook",
    "StateRules",
    "employed",
    "evidence",
    "exceptions",
    "find_schools",
    "load_facts",
    "names",
    "new_urls",
    "notices",
    "offers",
    "officer_labels",
    "officer_named",
    "opening_day",
    "records",
    "school_labels",
    "served",
    "services",
    "serving",
    "serving_at",
    "standing_of",
    "timeline_of",
]
