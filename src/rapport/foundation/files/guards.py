"""Guards in the database: a file changes its class by an approved reclassification and in no other way."""

from collections.abc import Iterator

from rapport.foundation.guards import Guard, refusing

_LATEST = (
    "SELECT 1 FROM files_reclassification r WHERE r.file_id = NEW.id AND r.from_class = OLD.record_class "
    "AND r.to_class = NEW.record_class AND r.decision = 'approved' AND r.id = "
    "(SELECT max(x.id) FROM files_reclassification x WHERE x.file_id = NEW.id AND x.decision = 'approved')"
)


def guards(vendor: str) -> Iterator[Guard]:
    """Yield the guards of kept files."""
    yield refusing(
        vendor,
        "files_class_kept",
        "files_storedfile",
        update=f"NEW.record_class <> OLD.record_class AND NOT EXISTS ({_LATEST})",
        text="A class changes by reclassification only.",
    )
    yield refusing(
        vendor,
        "files_decision_kept",
        "files_reclassification",
        update="OLD.decision <> 'proposed' OR NEW.file_id <> OLD.file_id "
        "OR NEW.from_class <> OLD.from_class OR NEW.to_class <> OLD.to_class",
        text="What was decided about a class is never edited.",
    )
