"""Two at the same time: what each sees of the other."""

from rapport.foundation.access import SYSTEM, Role
from rapport.organizations.people import actions
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.people.tests.at_once import at_once
from rapport.organizations.people.tests.build import NOON, TODAY, a_person, a_role, an_account


def test_two_administrators_who_end_each_other_at_once_leave_one(committed: str) -> None:
    held = []
    for name in ("one", "two"):
        person = a_person(name)
        an_account(person, f"{name}@maple.example")
        held.append(a_role(person, Role.ADMINISTRATOR))

    refused = at_once(
        lambda: actions.end_role(SYSTEM, held[0], TODAY, now=NOON),
        lambda: actions.end_role(SYSTEM, held[1], TODAY, now=NOON),
    )

    assert len(refused) == 1
    assert "last administrator" in refused[0]
    assert RoleHeld.objects.known().filter(valid_until=None).count() == 1


def test_two_merges_that_cross_at_once_make_no_circle(committed: str) -> None:
    one, two = a_person("one"), a_person("two")

    refused = at_once(
        lambda: actions.merge_persons(SYSTEM, one, two, reason="twice", now=NOON),
        lambda: actions.merge_persons(SYSTEM, two, one, reason="twice", now=NOON),
    )

    assert len(refused) == 1


def test_one_person_added_twice_at_once_is_asked_about_once(committed: str) -> None:
    a_person("whoever adds")  # whoever asks on a page is there already; their row is what is locked

    refused = at_once(
        *[
            lambda: actions.add_person(SYSTEM, name="Ana Ruiz", is_another=False, now=NOON)
            for _browser in range(3)
        ]
    )

    assert len(refused) == 2
    assert "known already" in refused[0]
    assert Person.objects.filter(name="Ana Ruiz").count() == 1
