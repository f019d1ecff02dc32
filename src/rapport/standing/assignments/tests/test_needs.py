"""What a rule may need is known wherever it is judged, said, mended and printed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.foundation import registry
from rapport.foundation.facts import fact_models
from rapport.standing.assignments import case
from rapport.standing.assignments.commands.facts import RESTS_ON
from rapport.standing.assignments.rules import requirements, sentences
from rapport.standing.assignments.rules.agreed import FIND
from rapport.standing.assignments.tests.town import a_town
from rapport.standing.assignments.views.records import (
    OF_AGREEMENTS,
    OF_COMPLETIONS,
    RECORDED_AS,
)
from rapport.standing.officers import access as roster

NEEDS = set(requirements.KINDS)


def test_whatever_a_rule_may_need_is_judged_and_has_words_that_mend_it() -> None:
    assert set(FIND) == NEEDS
    assert set(sentences.MEND) == NEEDS | {"rules"}  # none is in force: not a rule's need


def test_whatever_a_rule_may_need_has_one_page_that_mends_it() -> None:
    places = [*RECORDED_AS, *OF_AGREEMENTS, *OF_COMPLETIONS]

    assert sorted(places) == sorted(NEEDS)
    for kind in RECORDED_AS.values():
        there = registry.fact_pages.get(kind)
        assert there is not None, kind
        assert there.owners is roster.visible_officers, kind
        assert there.record is not None, kind


@pytest.mark.django_db
def test_every_kind_of_fact_that_is_judged_is_printed_by_the_facts_command() -> None:
    a_town(1)
    with CaptureQueriesContext(connection) as captured:
        case.load()

    asked = " ".join(q["sql"] for q in captured)
    judged = {m.kind for m in fact_models() if f'FROM "{m._meta.db_table}"' in asked}
    assert judged == RESTS_ON
