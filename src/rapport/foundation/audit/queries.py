"""The history: the trail in sentences, as far as the one who asks may read it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.foundation import registry
from rapport.foundation.access import Actor, Channel, Verb
from rapport.foundation.audit import access, rows, rules
from rapport.foundation.audit.losses import findings as found_in
from rapport.foundation.audit.models import Consent, Line, Loss, Side
from rapport.foundation.audit.rules import Finding

A_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What part of the history is asked for; empty is everything."""

    persons: frozenset[int] | None = None  # who acted
    about: frozenset[int] | None = None  # about whom
    verb: str = ""
    word: str = ""  # what kind of thing it was done to
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0  # lines older than the one with this id


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the trail as people read it: who did what, to what, when, and by which way."""

    number: str
    at: datetime
    who: str
    did: Any  # lazily translated
    what: str  # the name of the thing, where it has one that may be known
    url: str
    way: str
    detail: str  # what the line holds beside: ids and chosen words
    verb: Verb


def history(actor: Actor, asked: Asked) -> QuerySet[Line]:
    """Return the lines that are asked for and that this actor may read, newest first."""
    rows = access.visible_lines(actor).filter(_asked(asked)).order_by("-at", "-id")
    if not asked.before:
        return rows
    last = rows.filter(pk=asked.before).values_list("at", flat=True).first()
    if last is None:
        return rows
    return rows.filter(Q(at__lt=last) | Q(at=last, id__lt=asked.before))


def was_refused(actor: Actor, uid: UUID, *, since: datetime) -> bool:
    """Tell whether a line says already that this actor was refused what bears this uid, since then."""
    lines = Line.objects.filter(at__gte=since, verb=access.REFUSED.name)
    return lines.filter(actor_id__in=actor.persons, detail__contains=f'"uid":"{uid}"').exists()


def refusals(actor: Actor, *, since: datetime) -> int:
    """Return how many lines say that this actor, or somebody not signed in, was refused something."""
    lines = Line.objects.filter(at__gte=since, verb=access.REFUSED.name)
    whose = Q(actor_id=None) if actor.person_id is None else Q(actor_id__in=actor.persons)
    return lines.filter(whose).count()


def page(actor: Actor, asked: Asked) -> tuple[list[Sentence], str]:
    """Return a page of sentences, and the number of the line from which older ones follow, if any do."""
    lines = list(history(actor, asked)[: A_PAGE + 1])
    shown = lines[:A_PAGE]
    older = rules.shown(shown[-1].pk) if len(lines) > A_PAGE else ""
    return sentences(actor, shown), older


def _asked(asked: Asked) -> Q:
    given: dict[str, Any] = {
        "actor_id__in": asked.persons,
        "subject_id__in": asked.about,
        "verb": asked.verb,
        "object": asked.word,
        "at__gte": asked.since,
        "at__lte": asked.until,
    }
    return Q(**{key: value for key, value in given.items() if value not in ("", None)})


def sentences(actor: Actor, lines: Sequence[Line]) -> list[Sentence]:
    """Return lines as sentences; names are asked for once a kind of thing."""
    hidden = _unknown_by_now(actor, lines)
    about = {line.pk: line.subject_id for line in lines if line.pk not in hidden}
    people = _names(actor, "person", [*(line.actor_id for line in lines), *about.values()])
    refused = {n for line in lines if line.verb == access.REFUSED.name and (n := line.actor_id)}
    known = _linked(actor, "person", refused)  # a refusal names nobody to whom he is not known
    askers = {n: known.get(n, (_("Somebody of elsewhere"), "")) for n in refused}
    wanted: dict[str, set[int]] = defaultdict(set)
    asked: dict[str, set[int]] = defaultdict(
        set
    )  # named only where the thing's app says it is known
    for line in lines:
        (asked if line.pk in hidden else wanted)[line.object].add(line.object_id)
    things = {
        word: {**_linked(actor, word, asked[word]), **_names(actor, word, wanted[word])}
        for word in sorted(wanted.keys() | asked.keys())
    }
    return [
        _sentence(
            line,
            askers if line.verb == access.REFUSED.name else people,
            things.get(line.object, {}),
            about.get(line.pk),
        )
        for line in lines
    ]


Named = Mapping[int, tuple[str, str]]  # id → name, address of its page


def _sentence(line: Line, people: Named, things: Named, about: int | None) -> Sentence:
    """Put a line into words. A thing without a name of its own is named by whom it is about."""
    verb = registry.verbs[line.verb]
    named = things.get(line.object_id)
    if named is None and about is not None and about != line.actor_id:
        named = people.get(about)
    what, url = named or ("", "")
    if verb == access.REFUSED:
        refused = registry.verbs.get(json.loads(line.detail).get("verb", ""))
        what = str(refused.sentence) if refused else ""
    detail = rows.without(line.detail)
    return Sentence(
        rules.shown(line.pk), line.at, _who(line, people), verb.sentence, what, url,
        _way(line.channel), "" if detail == "{}" else detail, verb,
    )  # fmt: skip


def _who(line: Line, people: Named) -> str:
    if line.actor_id is not None:
        return people.get(line.actor_id, (_("Somebody whose name is gone"), ""))[0]
    return _("Somebody not signed in") if line.channel == Channel.PUBLIC else _("The program")


def _way(channel: str) -> str:
    ways = {
        Channel.API: _("by another system"),
        Channel.COMMAND: _("by a command on the machine"),
        Channel.JOB: _("by itself"),
        Channel.OFFLINE: _("without a connection"),
        Channel.LINK: _("by a link"),
        Channel.PUBLIC: _("on a public page"),
    }
    return ways.get(Channel(channel), "") if channel in set(Channel) else ""


def _unknown_by_now(actor: Actor, lines: Sequence[Line]) -> set[int]:
    """Return the actor's own acts on what he may no longer know of: they are told without a name."""
    own = {line.pk for line in lines if line.actor_id in actor.persons}
    if not own:
        return set()
    known = access.visible_lines(actor).filter(access.known(actor), pk__in=own)
    return own - set(known.values_list("pk", flat=True))


def _names(actor: Actor, word: str, numbers: Iterable[int | None]) -> Named:
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    found = _linked(actor, word, wanted)
    plain = registry.names.get(word)
    rest = wanted - found.keys()
    if plain is not None and rest:
        found |= {number: (name, "") for number, name in plain(rest).items()}
    return found


def _linked(actor: Actor, word: str, numbers: set[int]) -> dict[int, tuple[str, str]]:
    linked = registry.namers.get(word) if numbers else None
    return dict(linked(actor, numbers)) if linked else {}


@dataclass(frozen=True, slots=True)
class Missing:
    """What the history lacks, in words: what was found, why, and who accepted it."""

    loss: Loss
    found: list[Finding]
    before: datetime | None  # when the last line before the gap was written
    after: datetime | None  # and the first after it
    consents: list[tuple[Side, str, datetime]]
    free: list[Side]  # for which the one who asks can accept it


def losses(actor: Actor) -> list[Missing]:
    """Return what was put before both sides, newest first, for those who read the history by office."""
    rows = access.visible_losses(actor).order_by("-proposed_at", "-pk")
    return [_missing(actor, row) for row in rows.prefetch_related("consents")]


def loss(actor: Actor, row: Loss) -> Missing:
    """Return one loss in words."""
    return _missing(actor, row)


def _missing(actor: Actor, row: Loss) -> Missing:
    found = found_in(row.found)
    lines = [f for f in found if f.first]
    first, last = (lines[0].first, max(f.last for f in lines)) if lines else (0, 0)
    return Missing(
        row,
        found,
        _at(Line.objects.filter(id__lt=first).order_by("-id")),
        _at(Line.objects.filter(id__gt=last).order_by("id")) if last else None,
        _consents(actor, row.consents.all()),
        access.free_sides(actor, row),
    )


def _at(rows: QuerySet[Line]) -> datetime | None:
    return rows.values_list("at", flat=True).first()


def _consents(actor: Actor, rows: Iterable[Consent]) -> list[tuple[Side, str, datetime]]:
    given = sorted(rows, key=lambda c: c.at)
    names = _names(actor, "person", (c.person_id for c in given))
    return [(Side(c.side), names.get(c.person_id, ("", ""))[0], c.at) for c in given]
