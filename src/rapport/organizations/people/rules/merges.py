"""Which records of a person are one. A merge is a row; nothing else is rewritten, so that it can be undone."""

from collections.abc import Mapping


def kept(merged: Mapping[int, int], person_id: int) -> int:
    """Return who `person_id` is in the end, where `merged` maps each absorbed person to the one kept."""
    seen = {person_id}
    while (further := merged.get(person_id)) is not None and further not in seen:
        seen.add(further)
        person_id = further
    return person_id


def all_of(merged: Mapping[int, int], person_id: int) -> frozenset[int]:
    """Return every id under which the same person is known, the kept one among them."""
    root = kept(merged, person_id)
    return frozenset({root} | {one for one in merged if kept(merged, one) == root})
