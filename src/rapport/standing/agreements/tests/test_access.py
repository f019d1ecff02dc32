from itertools import product

import pytest

from rapport.foundation.access import STRANGER, SYSTEM, Actor, Place, Role, RoleAt, Scope
from rapport.standing.agreements import access
from rapport.standing.agreements.models import Signature, Signed
from rapport.standing.agreements.tests.build import (
    FIRST,
    a_district,
    a_school,
    an_agency,
    an_agreement,
    chief_of,
    superintendent_of,
)

pytestmark = pytest.mark.django_db

# Who may read an agreement of a party or school of theirs, and who may write it.
READERS = set(Role) - {Role.ADMINISTRATOR, Role.LINK_HOLDER, Role.PUBLIC}
WRITERS = {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}


@pytest.mark.parametrize(
    ("role", "scope"), list(product(Role, (Scope.AGENCY, Scope.DISTRICT, Scope.SCHOOL)))
)
def test_who_may_know_of_and_write_an_agreement(role: Role, scope: Scope) -> None:
    agency, district = an_agency(), a_district()
    school = a_school(district)
    elsewhere = an_agreement(an_agency("Albemarle", "VA0020000"), a_district("Albemarle County"))
    agreement = an_agreement(agency, district)
    here = {Scope.AGENCY: agency.pk, Scope.DISTRICT: district.pk, Scope.SCHOOL: school.pk}[scope]
    actor = Actor(7, frozenset({RoleAt(role, scope, here)}))

    assert set(access.visible_agreements(actor)) == ({agreement} if role in READERS else set())
    can_write = role in WRITERS and scope is not Scope.SCHOOL
    assert access.may(actor, access.RECORD, agreement) is can_write
    assert not access.may(actor, access.RECORD, elsewhere)


def test_a_stranger_knows_of_no_agreement_and_the_system_of_every() -> None:
    agreement = an_agreement(an_agency(), a_district())

    assert not access.visible_agreements(STRANGER).exists()
    assert list(access.visible_agreements(SYSTEM)) == [agreement]


def test_a_school_covered_by_name_sees_the_agreement_and_its_neighbor_does_not() -> None:
    district = a_district()
    covered, other = a_school(district), a_school(district, "Walker Upper")
    agreement = an_agreement(an_agency(), district, is_whole=False, schools=((district, covered),))

    def principal(at: int) -> Actor:
        return Actor(9, frozenset({RoleAt(Role.PRINCIPAL, Scope.SCHOOL, at)}))

    assert list(access.visible_agreements(principal(covered.pk))) == [agreement]
    assert not access.visible_agreements(principal(other.pk)).exists()


def test_only_the_head_of_a_party_signs_signed_in_and_only_for_their_own_side() -> None:
    agency, district = an_agency(), a_district()
    for_agency, for_district = Place(agency_id=agency.pk), Place(district_id=district.pk)
    sergeant = Actor(5, frozenset({RoleAt(Role.SUPERVISOR, Scope.AGENCY, agency.pk)}))

    assert access.may_sign_for(chief_of(agency), for_agency)
    assert not access.may_sign_for(chief_of(agency), for_district)
    assert access.may_sign_for(superintendent_of(district), for_district)
    assert not access.may_sign_for(sergeant, for_agency)
    assert not access.may_sign_for(SYSTEM, for_agency)


@pytest.mark.parametrize(
    ("how", "is_correctable"),
    [(Signed.PAPER, True), (Signed.LINK, True), (Signed.SIGNED_IN, False)],
)
def test_a_signature_given_here_is_withdrawn_and_never_corrected(
    how: Signed, *, is_correctable: bool
) -> None:
    agency = an_agency()
    agreement = an_agreement(agency, a_district())
    given = Signature(agreement=agreement, agency=agency, how=how, valid_from=FIRST)

    for actor in (chief_of(agency), SYSTEM):
        assert access.SIGNATURE.may(actor, access.CORRECT, given) is is_correctable
        assert access.SIGNATURE.may(actor, access.WITHDRAW, given)
