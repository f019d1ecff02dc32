"""Questions about emergency access: what is open, who took it, and who has looked at it."""

from .opened import in_words, named, names, notices, opened
from .pages import (
    OPEN,
    REVIEWED,
    WAITS,
    Looked,
    Read,
    Taken,
    emergencies,
    emergency_at,
    in_state,
    looked,
    read,
    taken,
)
from .places import open_now, openable, place_named, places_offered

__all__ = [
    "OPEN",
    "REVIEWED",
    "WAITS",
    "Looked",
    "Read",
    "Taken",
    "emergencies",
    "emergency_at",
    "in_state",
    "in_words",
    "looked",
    "named",
    "names",
    "notices",
    "open_now",
    "openable",
    "opened",
    "place_named",
    "places_offered",
    "read",
    "taken",
]
