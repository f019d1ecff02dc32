import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from rapport.foundation.access import SYSTEM, NotAllowed
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.places.models import Agency, District
from rapport.standing.agreements import actions, queries
from rapport.standing.agreements.models import (
    Affirmed,
    Agreement,
    Clause,
    Coverage,
    Party,
    Settled,
    Signature,
    Signed,
    Term,
)
from rapport.standing.agreements.rules import State
from rapport.standing.agreements.tests.build import (
    CHIEF,
    FIRST,
    NOON,
    TODAY,
    a_district,
    a_draft,
    a_school,
    an_agency,
    an_agreement,
    chief_of,
    named,
    signed,
    superintendent_of,
)

db = pytest.mark.django_db


@db
def test_one_act_enters_an_agreement_with_all_its_parts_and_leaves_one_line() -> None:
    agency, district = an_agency(), a_district()
    draft = a_draft(
        agency,
        district,
        valid_until=date(2028, 7, 1),
        clauses=frozenset({8, 28}),
        settled={"school_official": "yes"},
    )

    agreement = actions.draft_agreement(chief_of(agency), draft, now=NOON)

    assert Term.objects.get().valid_until == date(2028, 7, 1)
    assert [(p.agency, p.district) for p in Party.objects.order_by("pk")] == [
        (agency, None),
        (None, district),
    ]
    assert Coverage.objects.get().school is None
    assert sorted(Clause.objects.values_list("number", flat=True)) == [8, 28]
    assert Settled.objects.get().value == "yes"
    line = Line.objects.get()
    assert (line.verb, line.object, line.object_id) == (
        "agreements.draft",
        "agreement",
        agreement.pk,
    )
    assert line.actor_id == CHIEF
    assert json.loads(line.detail)["clauses"] == [8, 28]
    assert "SRO agreement" not in line.detail  # what somebody typed is not in the trail


@db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"agencies": ()}, "agencies"),
        ({"districts": ()}, "districts"),
        ({"valid_until": FIRST}, "valid_until"),
        ({"clauses": frozenset({41})}, "clauses"),
        ({"settled": {"school_official": "perhaps"}}, "value"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_and_leaves_nothing(
    wrong: dict[str, object], field: str
) -> None:
    draft = a_draft(an_agency(), a_district(), **wrong)

    with pytest.raises(Refused) as refused:
        actions.draft_agreement(SYSTEM, draft, now=NOON)

    assert refused.value.field == field
    assert not Agreement.objects.exists()
    assert not Line.objects.exists()


@db
def test_a_school_of_another_district_cannot_be_covered() -> None:
    agency, district = an_agency(), a_district()
    elsewhere = a_school(a_district("Albemarle County"), "Western Albemarle High")

    with pytest.raises(Refused, match="does not belong to Charlottesville City"):
        an_agreement(agency, district, is_whole=False, schools=((district, elsewhere),))


@db
def test_an_agency_cannot_draft_an_agreement_between_others() -> None:
    stranger = an_agency("Albemarle", "VA0020000")

    with pytest.raises(NotAllowed):
        actions.draft_agreement(chief_of(stranger), a_draft(an_agency(), a_district()), now=NOON)


@db
def test_either_side_may_record_that_the_other_signed_on_paper() -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)

    for side in (agency, district):
        actions.record_signature(
            superintendent_of(district),
            agreement,
            now=NOON,
            how=Signed.PAPER,
            valid_from=FIRST,
            **named(side),
        )

    found = queries.agreement_on(SYSTEM, agreement, day=TODAY)
    assert found is not None
    assert found.state is State.IN_FORCE


@db
def test_who_signs_signed_in_is_named_and_signs_for_their_own_side_and_today() -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)
    chief = chief_of(agency)

    def sign(side: Agency | District, day: date) -> Signature:
        return actions.record_signature(
            chief,
            agreement,
            now=NOON,
            how=Signed.SIGNED_IN,
            valid_from=day,
            **named(side),
        )

    with pytest.raises(Refused, match="Only the head of this party"):
        sign(district, TODAY)
    with pytest.raises(Refused, match="signs today"):
        sign(agency, FIRST)
    given = sign(agency, TODAY)
    assert given.signer_id == CHIEF
    with pytest.raises(Refused, match="cannot be corrected"):
        actions.correct(superintendent_of(district), given, now=NOON, how=Signed.PAPER)


@db
@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2027, 1, 1)])
def test_a_signature_or_review_of_a_day_to_come_is_refused(day: date) -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)

    with pytest.raises(Refused, match="has not come yet"):
        signed(agreement, agency, on=day)
    with pytest.raises(Refused, match="has not come yet"):
        actions.record_affirmation(
            SYSTEM, agreement, now=NOON, outcome=Affirmed.UNCHANGED, valid_from=day
        )


@db
def test_who_is_no_party_cannot_sign() -> None:
    agreement = an_agreement(an_agency(), a_district())

    with pytest.raises(Refused, match="Albemarle is not a party"):
        signed(agreement, an_agency("Albemarle", "VA0020000"))


@db
def test_a_party_signs_once() -> None:
    agency, district = an_agency(), a_district()
    agreement = signed(an_agreement(agency, district), agency)

    with pytest.raises(Refused, match="overlaps"):
        signed(agreement, agency)


@db
def test_a_corrected_term_leaves_what_was_known_before() -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)
    before = Term.objects.get()

    after = actions.correct(chief_of(agency), before, now=NOON, valid_until=date(2027, 7, 1))

    before.refresh_from_db()
    assert before.withdrawn_at == NOON
    assert after.replaces_id == before.pk
    assert Line.objects.last().verb == "agreements.correct"  # type: ignore[union-attr]
    with pytest.raises(Overtaken):
        actions.correct(chief_of(agency), before, now=NOON, valid_until=date(2029, 7, 1))
    assert list(Term.objects.known().values_list("agreement", "valid_until")) == [
        (agreement.pk, date(2027, 7, 1))
    ]


@db
def test_the_only_party_left_cannot_be_withdrawn() -> None:
    agency, district = an_agency(), a_district()
    an_agreement(agency, district)
    one, other = Party.objects.order_by("pk")

    actions.withdraw(chief_of(agency), other, now=NOON)
    with pytest.raises(Refused, match="only party that is left"):
        actions.withdraw(chief_of(agency), one, now=NOON)


@db
def test_a_principal_may_neither_record_nor_withdraw_a_part() -> None:
    agency, district = an_agency(), a_district()
    a_school(district)
    agreement = an_agreement(agency, district)
    other = superintendent_of(a_district("Albemarle County"))

    with pytest.raises(NotAllowed):
        actions.record_clause(other, agreement, now=NOON, number=8, valid_from=FIRST)
    with pytest.raises(NotAllowed):
        actions.withdraw(other, Term.objects.get(), now=NOON)


@db
def test_ticking_clauses_adds_those_that_came_and_ends_those_that_went() -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district, clauses=frozenset({8, 11}))
    lines = Line.objects.count()

    came, went = actions.record_clauses(
        chief_of(agency), agreement, {8, 23, 28}, day=TODAY, now=NOON
    )

    assert (came, went) == ([23, 28], [11])
    assert set(Clause.objects.as_of(TODAY).values_list("number", flat=True)) == {8, 23, 28}
    assert set(Clause.objects.as_of(FIRST).values_list("number", flat=True)) == {8, 11}
    assert Line.objects.count() == lines + 1
    with pytest.raises(Refused, match="Nothing was changed"):
        actions.record_clauses(chief_of(agency), agreement, {8, 23, 28}, day=TODAY, now=NOON)


def test_of_two_who_correct_a_term_at_once_one_is_told_to_look_again(committed: str) -> None:
    agency, district = an_agency(), a_district()
    an_agreement(agency, district)
    term = Term.objects.get()

    def correct(year: int) -> str:
        try:
            actions.correct(SYSTEM, term, now=NOON, valid_until=date(year, 7, 1))
        except Overtaken:
            return "overtaken"
        finally:
            connection.close()
        return "corrected"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(correct, (2027, 2028)))

    assert answers == ["corrected", "overtaken"]
    assert Term.objects.known().count() == 1
