from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.foundation import facts
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.places.models import District, School, SchoolInDistrict

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)
pytestmark = pytest.mark.django_db


def schools(count: int) -> tuple[District, list[School]]:
    district = District.objects.create(name="Elm County", state="VA")
    made = [School(name=f"School {n}", state="VA") for n in range(count)]
    return district, School.objects.bulk_create(made)


def belongs(school: School, district: District, **more: Any) -> dict[str, Any]:
    return {"school_id": school.pk, "district_id": district.pk, "valid_from": DAY, **more}


def test_many_facts_are_recorded_like_one() -> None:
    district, (a, b) = schools(2)

    found = facts.record_many(
        SchoolInDistrict, [belongs(a, district), belongs(b, district)], now=NOON
    )

    assert {f.recorded_at for f in found} == {NOON}
    assert set(SchoolInDistrict.objects.as_of(DAY).values_list("pk", flat=True)) == {
        f.pk for f in found
    }


def test_a_fact_that_overlaps_one_in_the_database_is_refused_and_nothing_is_recorded() -> None:
    district, (a, b) = schools(2)
    facts.record(SchoolInDistrict, now=NOON, **belongs(a, district))

    with pytest.raises(Refused, match="overlaps"):
        facts.record_many(
            SchoolInDistrict,
            [belongs(b, district), belongs(a, district, valid_from=DAY + timedelta(1))],
            now=NOON,
        )
    assert SchoolInDistrict.objects.count() == 1


def test_facts_that_overlap_each_other_are_refused() -> None:
    district, (a,) = schools(1)

    with pytest.raises(Refused, match="overlaps"):
        facts.record_many(SchoolInDistrict, [belongs(a, district), belongs(a, district)], now=NOON)


def test_facts_that_touch_and_facts_over_withdrawn_ones_are_recorded() -> None:
    district, (a,) = schools(1)
    wrong = facts.record(SchoolInDistrict, now=NOON, **belongs(a, district))
    facts.withdraw(wrong, now=NOON)

    until = DAY + timedelta(10)
    found = facts.record_many(
        SchoolInDistrict,
        [belongs(a, district, valid_from=until), belongs(a, district, valid_until=until)],
        now=NOON,
    )

    assert len(found) == 2


def test_a_reversed_span_is_refused() -> None:
    district, (a,) = schools(1)

    with pytest.raises(Refused, match="The end must lie after the start"):
        facts.record_many(SchoolInDistrict, [belongs(a, district, valid_until=DAY)], now=NOON)


def test_recording_many_asks_by_the_batch_not_by_the_row() -> None:
    district, made = schools(60)

    with CaptureQueriesContext(connection) as queries:
        facts.record_many(SchoolInDistrict, [belongs(s, district) for s in made], now=NOON)

    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) <= 3


def test_many_facts_are_withdrawn_at_once_and_never_twice() -> None:
    district, made = schools(3)
    found = facts.record_many(SchoolInDistrict, [belongs(s, district) for s in made], now=NOON)

    facts.withdraw_many(SchoolInDistrict, [f.pk for f in found[:2]], now=NOON)

    assert list(SchoolInDistrict.objects.known()) == found[2:]
    with pytest.raises(Overtaken):
        facts.withdraw_many(SchoolInDistrict, [f.pk for f in found], now=NOON)
