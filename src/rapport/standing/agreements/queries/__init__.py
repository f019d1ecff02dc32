"""Questions about agreements. Each names its asker first; what comes out is what they may see."""

from .found import Found, agreement_on, agreements, official_districts, public_agreements
from .naming import count, find, names
from .offers import agencies, coverable, districts, is_recorded
from .parts import clauses_on, parts, sides

__all__ = [
    "Found",
    "agencies",
    "agreement_on",
    "agreements",
    "clauses_on",
    "count",
    "coverable",
    "districts",
    "find",
    "is_recorded",
    "names",
    "official_districts",
    "parts",
    "public_agreements",
    "sides",
]
