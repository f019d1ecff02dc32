"""What withdrawing a fact would change of today's standings, asked before it is done."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact
from rapport.foundation.kinds import deeds
from rapport.foundation.registry import Effect
from rapport.standing.assignments import access, case
from rapport.standing.assignments.models import Assigned
from rapport.standing.assignments.queries.labels import school_labels
from rapport.standing.assignments.queries.standings import place_of
from rapport.standing.assignments.rules import Day, sentences, standing
from rapport.standing.assignments.rules.shown import shown_standing


def effects(actor: Actor, fact: Fact, now: datetime) -> Iterator[Effect]:
    """Yield, for each assignment of the fact's officer whose standing would change today, how it reads."""
    officer = getattr(fact, "officer_id", None)
    there = registry.fact_pages.get(fact.kind)
    if officer is None or there is None or isinstance(fact, Assigned) or fact.withdrawn_at:
        return
    day = clock.today(now, settings.RAPPORT_ZONE)
    as_is = case.load(officers=[officer])
    if len(as_is.pairs_on(day)) == 0:
        return
    with deeds.as_if_withdrawn(there.kind, fact, now=now):
        without = case.load(officers=[officer])
    for pair in as_is.pairs_on(day):
        reader = access.reader(actor, place_of(as_is, pair, day))
        before, after = (
            shown_standing(standing(facts.case(pair, asked=day), Day(day)), reader)
            for facts in (as_is, without)
        )
        if before is not None and after is not None and before.word != after.word:
            name = school_labels(actor, [pair.school], day=day)[pair.school].name
            yield Effect(name, sentences.headline(before), sentences.headline(after))
