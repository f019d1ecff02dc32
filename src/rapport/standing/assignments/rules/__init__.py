"""What a standing is, whoever asks. No database, no clock, no request."""

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
from .standing import GroundStanding, Reason, Standing, Why, Word, standing, timeline

__all__ = [
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
    "standing",
    "timeline",
    "version",
]
