"""What is done to agreements. Each act asks leave, checks the rule, writes, and leaves one line."""

from .drafting import Draft, draft_agreement, record_clauses
from .parts import (
    correct,
    end,
    record_affirmation,
    record_clause,
    record_coverage,
    record_party,
    record_settled,
    record_signature,
    record_term,
    withdraw,
)

__all__ = [
    "Draft",
    "correct",
    "draft_agreement",
    "end",
    "record_affirmation",
    "record_clause",
    "record_clauses",
    "record_coverage",
    "record_party",
    "record_settled",
    "record_signature",
    "record_term",
    "withdraw",
]
