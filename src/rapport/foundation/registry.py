"""What gathers from several apps. Each app fills it from its `apps.py`; a link that is off leaves no trace."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from rapport.foundation.access import Actor, Opened, Place, RecordClass, Right, RoleAt, Scope, Verb

if TYPE_CHECKING:
    from rapport.foundation.vault import Sealed

T = TypeVar("T")


class Gathered(Generic[T]):
    """Things of one kind by name, in the order of their names; a name is taken once."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> T:
        """Keep `thing` under `name` and return it. Raises `ValueError` where the name is taken by another."""
        if name in self._things and self._things[name] != thing:
            raise ValueError(f"{self._kind} {name!r} is there already.")
        self._things[name] = thing
        return thing

    def get(self, name: str) -> T | None:
        """Return what is kept under `name`, or None."""
        return self._things.get(name)

    def __getitem__(self, name: str) -> T:
        return self._things[name]

    def __iter__(self) -> Iterator[T]:
        return iter(self._things[name] for name in sorted(self._things))

    def names(self) -> list[str]:
        """Return the names, sorted."""
        return sorted(self._things)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `rapport`: its words, what it says of itself, its options, and what it does."""

    words: tuple[str, ...]  # ("import", "schools")
    help: str
    example: str
    run: Callable[[Namespace], int]  # returns the exit code
    options: Callable[[ArgumentParser], None] = lambda parser: None
    needs_database: bool = True
    needs_keys: bool = True  # False: tells of the keys itself
    needs_home: bool = True  # False: works on the program itself, not on anybody's data


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the menu: shown to those for whom `shown` is true."""

    order: int
    label: Any  # lazily translated
    url_name: str
    icon: str  # a lucide name
    shown: Callable[[Actor], bool]
    on_phone: bool = True  # among the few tabs of a phone


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found by the search."""

    kind: Any
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """A check for `/readyz` and `rapport check`: returns a sentence that says what is wrong, or None."""

    name: str
    look: Callable[[], str | None]
    serving: bool = False  # asked only of a running server


@dataclass(frozen=True, slots=True)
class DemoPart:
    """A builder of the demo town. Parts run in order; `build` gets the shared cast and fills it."""

    order: int
    name: str
    build: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Sight:
    """Something a person may see, for "what can this person see, and why": one kind of record."""

    name: Any
    record_class: RecordClass
    right: Right
    # (asker, other) → how many rows `other` may see, of those that the asker may know of.
    count: Callable[[Actor, Actor], int]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person, as foundation names one whom it does not know."""

    id: int
    uid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told on top of every page until it is done."""

    words: Any  # lazily translated
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that may be done next, as a page offers it."""

    words: Any  # lazily translated
    url: str
    icon: str  # a lucide name


@dataclass(frozen=True, slots=True)
class Directory:
    """How foundation asks about people and places without knowing their apps. Filled by people and places."""

    by_uid: Callable[[Actor, UUID], Someone | None]  # whom the actor may know of
    find: Callable[[Actor, str], list[Someone]]  # whom the actor may know of, by part of a name
    actor: Callable[[int, datetime], Actor]  # who a person is at a moment


@dataclass(frozen=True, slots=True)
class Atlas:
    """How foundation asks about places without knowing their app."""

    under: Callable[[Scope, int | None, date], list[Place]]  # a scope's own place, then those in it
    every: Callable[[Scope], list[Place]]  # every agency, or every district


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a disclosure names it: by a stable word and its key. The page of it is `url`."""

    word: str
    id: int
    record_class: RecordClass
    place: Place
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Disclosable:
    """A kind of record that can be disclosed to somebody outside the sharing rules."""

    find: Callable[[Actor, UUID, datetime], Record | None]  # one that the actor may know of
    seen: Callable[[Actor, Iterable[int], datetime], Mapping[int, Record]]  # those that may be read


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act would change: of whom or what, and how it reads before and after."""

    of: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of rule sets in an app, and how that app writes a version's rules as canonical JSON.

    `body_of` raises `ValueError` where the rules do not say what they must.
    """

    package: str
    body_of: Callable[[Mapping[str, Any]], str]


verbs: Gathered[Verb] = Gathered("verb")
commands: Gathered[Command] = Gathered("command")
menu: Gathered[MenuItem] = Gathered("menu item")
searches: Gathered[Callable[[Actor, str], Iterable[Hit]]] = Gathered("search")
health: Gathered[Health] = Gathered("health check")
# What the worker does when a deadline comes: (id of what it is about, now). In one transaction with its mark.
deeds: Gathered[Callable[[int, datetime], None]] = Gathered("deed")
# How a channel tells a recipient of an event: (event id, person id). Raises where it could not.
senders: Gathered[Callable[[int, int], None]] = Gathered("sender")
# What `rapport migrate` does after the tables are there, in the order of names. Each is idempotent.
setup: Gathered[Callable[..., Any]] = Gathered("set-up step")  # (actor, *, now)
rule_shelves: Gathered[Shelf] = Gathered("shelf of rule sets")
demo: Gathered[DemoPart] = Gathered("demo part")
sights: Gathered[Sight] = Gathered("sight")
# Functions (agency ids, day) → districts whose agreement calls those agencies' officers school officials.
officials: Gathered[Callable[[set[int], date], set[int]]] = Gathered("source of school officials")
# Functions (person id, day) → the places (agency, district, school) that this person serves as an officer.
served: Gathered[Callable[[int, date], Iterable[Place]]] = Gathered("source of schools served")
# By a stable word (person, agency, district, school, officer …): functions that give ids their names.
names: Gathered[Callable[[Iterable[int]], Mapping[int, str]]] = Gathered("source of names")
# By a stable word: functions (actor, ids) → name and page of those that the actor may know of.
namers: Gathered[Callable[[Actor, Iterable[int]], Mapping[int, tuple[str, str]]]] = Gathered(
    "source of names with pages"
)
# Functions (person ids, now) → those of them who were sent a link that still lets them in.
invited: Gathered[Callable[[Iterable[int], datetime], set[int]]] = Gathered("source of links sent")
# What an app keeps sealed.
sealed: "Gathered[Sealed]" = Gathered("source of what is sealed")
# Functions (person ids, roles held now, now) → what emergency access has opened for them.
opened: Gathered[Callable[[frozenset[int], frozenset[RoleAt], datetime], Iterable[Opened]]] = (
    Gathered("source of emergency access")
)
# Functions (actor, now) → what they are told on top of every page. Asked once a page: one query at most.
notices: Gathered[Callable[[Actor, datetime], Iterable[Notice]]] = Gathered("source of notices")
# Functions (actor, person, now) → what this actor may do with a person, in apps above people.
person_steps: Gathered[Callable[[Actor, Someone, datetime], Iterable[Step]]] = Gathered(
    "source of steps with a person"
)
directories: Gathered[Directory] = Gathered("directory of people")
atlases: Gathered[Atlas] = Gathered("atlas of places")
# Functions (vendor of the database) → further `guards.Guard`s that an app asks for.
guards: Gathered[Callable[[str], Iterable[Any]]] = Gathered("source of guards")
# By a stable word: kinds of records that can be disclosed.
disclosable: Gathered[Disclosable] = Gathered("kind of record that can be disclosed")
# Pages to record, correct and withdraw a kind of fact (`kinds.pages.FactPages`), by the kind's word.
fact_pages: Gathered[Any] = Gathered("pages of a kind of fact")
# Rows (with `officer_id` and `agency_id`) through which an actor knows of officers, beside employment.
officer_sights: Gathered[Callable[[Actor], Any]] = Gathered("way to know of officers")
# What follows when schools move to another district: (actor, ids of schools, *, now), in the same transaction.
school_moves: Gathered[Callable[..., Any]] = Gathered("follower of schools that move")
# What follows when a person's address is corrected, or two records are joined or parted: (actor, ids of
# persons, *, now), in the same transaction.
name_changes: Gathered[Callable[..., Any]] = Gathered("follower of changed names")
# Functions (actor, fact, now) → `Effect`s: what withdrawing a fact would change of a standing.
effects: Gathered[Callable[[Actor, Any, datetime], Iterable[Effect]]] = Gathered("effect")


def verb(
    name: str,
    object: str,
    record_class: RecordClass | None,
    right: Right | None,
    sentence: Any,
    *,
    shreds: str = "ids only",
) -> Verb:
    """Declare a verb and return it; its sentence and shredding rule cannot be forgotten."""
    return verbs.add(name, Verb(name, object, record_class, right, sentence, shreds))


def command(thing: Command) -> Command:
    """Add a command under its words."""
    return commands.add(" ".join(thing.words), thing)
