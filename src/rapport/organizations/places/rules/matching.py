"""Which school known here a line of a file means, and whether the line's id may be given to it.

An id is never taken from a school that has it, and is given to nobody while two claim it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from rapport.organizations.places.rules.listed import Listed, same_name

Claims = Mapping[tuple[int, str], bool | None]  # (school, id): given, not given, not chosen yet
Sharing = Mapping[str | None, Sequence[int]]  # the lines that have an id


class KnownSchool(NamedTuple):
    """A school as it is known here."""

    key: int
    state: str
    name: str
    nces_id: str | None
    district: int | None  # on the day of the import


class KnownDistrict(NamedTuple):
    """A district as it is known here."""

    key: int
    state: str
    name: str
    nces_id: str | None


@dataclass(slots=True)
class Found:
    """What a line means here: which school (None: a new one), and what becomes of its id."""

    school: int | None = None
    nces_id: str | None = None  # to be given; None: leave it as it is
    is_claim: bool = False  # the id is set aside until a person chooses
    aside: str = ""
    refused: str = ""


@dataclass(slots=True)
class FoundDistrict:
    """A district that lines name: which one known here (None: a new one), and what is new about it."""

    first: Listed  # the line that speaks for it
    key: int | None = None
    nces_id: str | None = None
    lines: list[int] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)  # by line, of the id


def match_districts(rows: Iterable[Listed], known: Iterable[KnownDistrict]) -> list[FoundDistrict]:
    """Return each district that `rows` name once; the first line that names it speaks for it."""
    by_id: dict[str, KnownDistrict] = {}
    by_name: dict[tuple[str, str], KnownDistrict] = {}
    for district in known:
        by_name.setdefault((district.state, same_name(district.name)), district)
        if district.nces_id:
            by_id[district.nces_id] = district
    found: dict[str | tuple[str, str], FoundDistrict] = {}
    for row in rows:
        names = (row.state, same_name(row.district))
        there = found.get(row.district_nces_id or names) or found.get(names)
        if there is None:
            there = _district(row, by_id, by_name.get(names))
            found[names] = there
            if row.district_nces_id and not there.aside:
                found[row.district_nces_id] = there
        elif same_name(there.first.district) != names[1]:
            there.aside[row.line] = _("Line {line} names this district differently.").format(
                line=there.first.line
            )
        elif row.district_nces_id and row.district_nces_id != there.first.district_nces_id:
            there.aside[row.line] = _("Line {line} gives this district another id.").format(
                line=there.first.line
            )
        there.lines.append(row.line)
    return list({id(d): d for d in found.values()}.values())


def _district(
    row: Listed, by_id: Mapping[str, KnownDistrict], namesake: KnownDistrict | None
) -> FoundDistrict:
    owner = by_id.get(row.district_nces_id or "")
    if owner is not None and (owner.state != row.state or namesake not in (None, owner)):
        other = _("The district {name} has this id.").format(name=owner.name)
        return FoundDistrict(row, namesake.key if namesake else None, aside={row.line: other})
    if owner is not None:
        return FoundDistrict(row, owner.key)
    if namesake is None:
        return FoundDistrict(row, None, row.district_nces_id)
    if namesake.nces_id and row.district_nces_id:
        other = _("This district is known here with the id {id}.").format(id=namesake.nces_id)
        return FoundDistrict(row, namesake.key, aside={row.line: other})
    return FoundDistrict(row, namesake.key, row.district_nces_id)


@dataclass(slots=True)
class Known:
    """The schools known here, as lines look them up, and the claims on ids."""

    by_id: Mapping[str, KnownSchool]
    by_name: Mapping[tuple[int, str], Sequence[KnownSchool]]
    claims: Claims
    claimed: frozenset[str]  # ids on which somebody has yet to choose
    taken: set[int] = field(default_factory=set)  # schools that a line has been found to mean

    @classmethod
    def of(cls, schools: Iterable[KnownSchool], claims: Claims) -> "Known":
        """Return the same, ready to be asked."""
        by_id: dict[str, KnownSchool] = {}
        by_name: dict[tuple[int, str], list[KnownSchool]] = defaultdict(list)
        for school in schools:
            if school.nces_id:
                by_id[school.nces_id] = school
            if school.district is not None:
                by_name[school.district, same_name(school.name)].append(school)
        waiting = frozenset(number for (_key, number), given in claims.items() if given is None)
        return cls(by_id, by_name, claims, waiting)


NEW: Final = None


def match_schools(
    rows: Sequence[Listed], districts: Mapping[int, int], known: Known
) -> dict[int, Found]:
    """Return what each line means, by line. `districts` gives the key of each line's district."""
    found: dict[int, Found] = {}
    left = _without_repeats(rows, districts, found)
    sharing = _sharing(left)
    for row in left:  # who has an id is settled before anybody is looked up by name
        owner = known.by_id.get(row.nces_id or "")
        if owner and len(sharing[row.nces_id]) == 1 and _is_plainly(owner, row, districts, known):
            found[row.line] = Found(owner.key)
            known.taken.add(owner.key)
    in_file = frozenset(sharing)
    for row in left:
        if row.line not in found:
            named = _of_this_name(row, districts[row.line], known, in_file)
            found[row.line] = _by_name(row, named, known, sharing)
    for row in left:
        if len(sharing.get(row.nces_id, ())) > 1 and found[row.line].school is NEW:
            _renamed(row, found, left, known)
    return found


def _sharing(rows: Iterable[Listed]) -> Sharing:
    lines: dict[str | None, list[int]] = defaultdict(list)
    for row in rows:
        if row.nces_id:
            lines[row.nces_id].append(row.line)
    return dict(lines)


def _without_repeats(
    rows: Sequence[Listed], districts: Mapping[int, int], found: dict[int, Found]
) -> list[Listed]:
    """Return the rows but those that name a school which another row names already; refuse those."""
    named: dict[tuple[int, str], dict[str | None, int]] = defaultdict(dict)
    kept = []
    for row in rows:
        ids = named[districts[row.line], same_name(row.name)]
        if row.nces_id not in ids:
            ids[row.nces_id] = row.line
    for row in rows:
        ids = named[districts[row.line], same_name(row.name)]
        others = [line for number, line in ids.items() if number is not None]
        first = ids[row.nces_id] if row.nces_id or not others else others[0]
        if first != row.line:
            found[row.line] = Found(
                refused=_("Line {line} names the same school.").format(line=first)
            )
        else:
            kept.append(row)
    return kept


def _is_plainly(
    owner: KnownSchool, row: Listed, districts: Mapping[int, int], known: Known
) -> bool:
    """Tell whether a line with an owner's id means the owner: renamed or moved perhaps, never both."""
    same = same_name(owner.name) == same_name(row.name)
    here = owner.district == districts[row.line]
    if owner.state != row.state or not (same or here):
        return False
    others = known.by_name.get((districts[row.line], same_name(row.name)), ())
    return same or not [s for s in others if s.key != owner.key]


def _of_this_name(
    row: Listed, district: int, known: Known, in_file: frozenset[str | None]
) -> list[KnownSchool]:
    """Return the schools of this name in this district that no other line means by its id, likeliest first."""
    free = [
        s
        for s in known.by_name.get((district, same_name(row.name)), ())
        if s.key not in known.taken
        and (s.nces_id in (None, row.nces_id) or s.nces_id not in in_file)
    ]
    return sorted(free, key=lambda s: (s.nces_id != row.nces_id, s.nces_id is not None, s.key))


def _by_name(row: Listed, named: Sequence[KnownSchool], known: Known, sharing: Sharing) -> Found:
    number = row.nces_id
    if number is None and len(named) > 1:
        return Found(refused=_("Two schools here have this name. Give the id of the one meant."))
    namesake = named[0] if named else None
    found = Found(namesake.key if namesake else NEW)
    if namesake:
        known.taken.add(namesake.key)
    if number is None or (namesake and namesake.nces_id == number):
        return found
    if namesake and known.claims.get((namesake.key, number)) is False:
        return found  # a person has chosen
    found.aside = _why_not(row, namesake, known, sharing[number])
    found.is_claim = bool(found.aside)
    found.nces_id = None if found.aside else number
    return found


def _why_not(row: Listed, namesake: KnownSchool | None, known: Known, lines: Sequence[int]) -> str:
    """Return why a line's id cannot be given, in words; nothing where it can."""
    owner = known.by_id.get(row.nces_id or "")
    if len(lines) > 1:
        why = _("The same id, {id}, stands on line {other}. Nobody gets it until a person chooses.")
    elif owner is not None:
        why = _("The id {id} is that of {owner} here. A person has to choose.")
    elif row.nces_id in known.claimed:
        why = _("The id {id} is claimed by more than one school. A person has to choose.")
    elif namesake and namesake.nces_id:
        why = _("This school is known here with another id than {id}. A person has to choose.")
    else:
        return ""
    other = ", ".join(str(line) for line in lines if line != row.line)
    return why.format(id=row.nces_id, owner=owner.name if owner else "", other=other)


def _renamed(row: Listed, found: dict[int, Found], rows: Sequence[Listed], known: Known) -> None:
    """Where one line alone of those that share an id is nobody's by name, it means the id's owner, renamed."""
    owner = known.by_id.get(row.nces_id or "")
    alone = [r for r in rows if r.nces_id == row.nces_id and found[r.line].school is NEW]
    if owner and owner.key not in known.taken and owner.state == row.state and alone == [row]:
        known.taken.add(owner.key)
        found[row.line] = Found(owner.key)
