"""What a standing is, whoever asks. No database, no clock, no request."""

from .ahead import AHEAD, Lapse, ends, is_by_exception, lapses, soon, timeline
from .case import Case, Chosen, Covered, Pact, Side, Span, Taken, Work
from .day import Day, after_days, after_months
from .found import Answer
from .requirements import (
    BASELINE,
    GROUNDS,
    PROGRAM,
    Book,
    Requirement,
    RulesUnreadable,
    Version,
    body_of,
    version,
)
from .standing import GroundStanding, Reason, Standing, Why, Word, standing

__all__ = [
    "AHEAD",
    "BASELINE",
    "GROUNDS",
    "PROGRAM",
    "Answer",
    "Book",
    "Case",
    "Chosen",
    "Covered",
    "Day",
    "GroundStanding",
    "Lapse",
    "Pact",
    "Reason",
    "Requirement",
    "RulesUnreadable",
    "Side",
    "Span",
    "Standing",
    "Taken",
    "Version",
    "Why",
    "Word",
    "Work",
    "after_days",
    "after_months",
    "body_of",
    "ends",
    "is_by_exception",
    "lapses",
    "soon",
    "standing",
    "timeline",
    "version",
]
