from datetime import UTC, date, datetime
from typing import Any

import pytest

from rapport.foundation import registry
from rapport.foundation.access import STRANGER, SYSTEM, Actor
from rapport.standing.agreements import access, actions, queries, rules
from rapport.standing.agreements.models import Affirmed, Settled
from rapport.standing.agreements.rules import State
from rapport.standing.agreements.tests.build import (
    FIRST,
    NOON,
    TODAY,
    a_district,
    an_agency,
    an_agreement,
    chief_of,
    signed,
)

pytestmark = pytest.mark.django_db


def test_the_list_says_who_has_signed_what_is_missing_and_when_a_review_is_due() -> None:
    agency, district = an_agency(), a_district()
    agreement = signed(an_agreement(agency, district, clauses=frozenset({8, 11, 23})), agency)

    (found,) = queries.agreements(chief_of(agency), day=TODAY)

    assert found.agreement == agreement
    assert found.state is State.DRAFT
    assert found.parties == ["Charlottesville Police", "Charlottesville City"]
    assert found.unsigned == ["Charlottesville City"]
    assert found.covers == ["Charlottesville City as a whole"]
    assert [c.number for c in found.missing] == [28]
    assert found.review_due == date(2027, 7, 1)
    assert not found.is_complete


def test_an_agreement_with_every_signature_and_essential_clause_is_complete() -> None:
    agency, district = an_agency(), a_district()
    signed(an_agreement(agency, district, clauses=frozenset({8, 11, 23, 28})), agency, district)

    (found,) = queries.agreements(SYSTEM, day=TODAY)

    assert found.is_complete


def test_a_review_is_due_after_as_many_months_as_the_agreement_says() -> None:
    agency, district = an_agency(), a_district()
    agreement = signed(
        an_agreement(agency, district, settled={"review_months": "6"}), agency, district
    )

    (before,) = queries.agreements(SYSTEM, day=TODAY)
    actions.record_affirmation(
        SYSTEM, agreement, now=NOON, outcome=Affirmed.UNCHANGED, valid_from=date(2025, 12, 1)
    )
    (after,) = queries.agreements(SYSTEM, day=TODAY)

    assert (before.review_due, before.is_review_overdue) == (date(2026, 1, 1), True)
    assert (after.review_due, after.is_review_overdue) == (date(2026, 6, 1), False)


def test_the_search_finds_an_agreement_by_name_and_party_and_only_ones_own() -> None:
    agency, district = an_agency(), a_district()
    an_agreement(agency, district)
    an_agreement(
        an_agency("Albemarle Police", "VA0020000"), a_district("Albemarle County"), title="Other"
    )

    def titles(actor: Actor, words: str) -> list[str]:
        return [hit.title for hit in queries.find(actor, words)]

    assert titles(SYSTEM, "ALBEMARLE") == ["Other"]
    assert titles(SYSTEM, "2025") == ["SRO agreement of 2025"]
    assert titles(chief_of(agency), "albemarle") == []
    assert queries.count(SYSTEM, chief_of(agency)) == 1
    assert queries.count(chief_of(agency), SYSTEM) == 1  # the other is not the chief's to know of


def test_a_list_takes_as_many_queries_for_twenty_agreements_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    agency, district = an_agency(), a_district()
    for number in range(20):
        signed(an_agreement(agency, district, title=f"No. {number}"), agency)

    with django_assert_num_queries(9):
        assert len(queries.agreements(chief_of(agency), day=TODAY)) == 20


def test_as_known_before_a_signature_was_recorded_the_agreement_was_a_draft() -> None:
    agency, district = an_agency(), a_district()
    agreement = signed(an_agreement(agency, district), agency)
    later = datetime(2026, 3, 9, 17, tzinfo=UTC)
    actions.record_signature(
        SYSTEM, agreement, now=later, how="paper", district=district, valid_from=FIRST
    )

    now = queries.agreement_on(SYSTEM, agreement, day=TODAY)
    then = queries.agreement_on(SYSTEM, agreement, day=TODAY, known=NOON)

    assert now is not None
    assert then is not None
    assert (now.state, then.state) == (State.IN_FORCE, State.DRAFT)
    assert queries.agreement_on(STRANGER, agreement, day=TODAY) is None


def test_the_parts_show_also_what_was_withdrawn() -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district, settled={"school_official": "yes"})
    actions.withdraw(SYSTEM, Settled.objects.get(), now=NOON)

    parts = queries.parts(chief_of(agency), agreement)

    (row,) = parts["term"]
    assert row.words == "officers are school officials under FERPA: yes"
    assert row.withdrawn_at == NOON
    assert [r.words for r in parts["party"]] != []
    assert not any(queries.parts(STRANGER, agreement).values())


# Who are school officials (FERPA) is a dated term of each agreement.


def test_officers_are_school_officials_where_the_agreement_in_force_says_yes() -> None:
    agency, district = an_agency(), a_district()
    signed(an_agreement(agency, district, settled={"school_official": "yes"}), agency, district)

    assert queries.official_districts({agency.pk}, TODAY) == {district.pk}
    assert queries.official_districts({agency.pk}, date(2025, 6, 30)) == set()
    assert queries.official_districts(set(), TODAY) == set()
    assert registry.officials["agreements"] is queries.official_districts


@pytest.mark.parametrize("said", [{}, {"school_official": "no"}, {"school_official": "not_said"}])
def test_where_the_agreement_does_not_say_yes_they_are_not(said: dict[str, str]) -> None:
    agency, district = an_agency(), a_district()
    signed(an_agreement(agency, district, settled=said), agency, district)

    assert queries.official_districts({agency.pk}, TODAY) == set()


def test_an_agreement_that_is_not_signed_makes_nobody_a_school_official() -> None:
    agency, district = an_agency(), a_district()
    signed(an_agreement(agency, district, settled={"school_official": "yes"}), agency)

    assert queries.official_districts({agency.pk}, TODAY) == set()


def test_a_no_beside_a_yes_unmakes_it() -> None:
    agency, district = an_agency(), a_district()
    for word in ("yes", "no"):
        signed(an_agreement(agency, district, settled={"school_official": word}), agency, district)

    assert queries.official_districts({agency.pk}, TODAY) == set()


def test_another_agencys_agreement_says_nothing_of_ours() -> None:
    agency, other, district = an_agency(), an_agency("Albemarle", "VA0020000"), a_district()
    signed(an_agreement(other, district, settled={"school_official": "yes"}), other, district)

    assert queries.official_districts({agency.pk}, TODAY) == set()


def test_clauses_stand_by_number_and_what_is_settled_stands_as_it_is_asked() -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)
    for number in (12, 9, 10):
        actions.record_clause(SYSTEM, agreement, number=number, valid_from=TODAY, now=NOON)
    for key in reversed(rules.Key):
        value = rules.VALUES[key][0]
        actions.record_settled(SYSTEM, agreement, key=key, value=value, valid_from=TODAY, now=NOON)

    parts = queries.parts(SYSTEM, agreement)

    numbers = [int(row.words.partition(".")[0]) for row in parts["clause"]]
    assert numbers == sorted(numbers)
    asked = [str(words) for words in access.KEYS.values()]
    assert [row.words.partition(":")[0] for row in parts["term"]] == asked
