"""Who may know of, read and write an agreement.

An agreement has several parties, so its rows carry no single scope: who may know of it is whoever
the sharing rules let read the program's records at a party, or at a school it covers. Who may write
is narrowed to those who speak for a party. Either side may keep the agreement alone.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import (
    Actor,
    NotAllowed,
    Place,
    RecordClass,
    Right,
    Role,
    Scope,
    Verb,
)
from rapport.organizations.places.models import Agency, District, SchoolInDistrict
from rapport.standing.agreements.models import Agreement, Coverage, Party

WRITERS: Final = frozenset(
    {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}
)
SIGNERS: Final = frozenset({Role.AGENCY_HEAD, Role.SUPERINTENDENT})


def _verb(name: str, sentence: Any) -> Verb:
    return registry.verb(
        f"agreements.{name}", "agreement", RecordClass.PROGRAM, Right.WRITE, sentence
    )


DRAFT = _verb("draft", _("drafted an agreement"))
RECORD = _verb("record", _("recorded a part of an agreement"))
CORRECT = _verb("correct", _("corrected a part of an agreement"))
WITHDRAW = _verb("withdraw", _("withdrew a part of an agreement that was recorded wrongly"))
END = _verb("end", _("ended a part of an agreement"))
SIGN = _verb("sign", _("recorded a signature on an agreement"))
AFFIRM = _verb("affirm", _("recorded a review of an agreement"))


def visible_agreements(actor: Actor) -> QuerySet[Agreement]:
    """Return the agreements this actor may know of and read: of a party, or covering a school, of theirs."""
    if actor.is_system:
        return Agreement.objects.all()
    here = access.within(actor, Right.READ, RecordClass.PROGRAM)
    districts = SchoolInDistrict.objects.known().filter(here).values("district_id")
    covered = Coverage.objects.known().filter(here | Q(school=None, district_id__in=districts))
    return Agreement.objects.filter(
        Q(pk__in=Party.objects.known().filter(here).values("agreement_id"))
        | Q(pk__in=covered.values("agreement_id"))
    )


def speaks_for(actor: Actor, side: Agency | District) -> bool:
    """Tell whether `actor` writes for this agency or district: their own side, in a form."""
    scope = Scope.AGENCY if isinstance(side, Agency) else Scope.DISTRICT
    return any(
        (held.scope, held.scope_id) == (scope, side.pk) and held.role in WRITERS
        for held in actor.roles
    )


def may_know_of_any(actor: Actor) -> bool:
    """Tell whether the sharing rules let this actor read program records anywhere."""
    return access.reads_somewhere(actor, RecordClass.PROGRAM)


def places(agreement: Agreement) -> list[Place]:
    """Return where an agreement is kept: at each of its parties."""
    if agreement.kept_places is not None:
        return agreement.kept_places
    rows = Party.objects.known().filter(agreement=agreement)
    return [Place(agency, district) for agency, district in rows.values_list("agency", "district")]


def may_at(actor: Actor, verb: Verb, at: Iterable[Place]) -> bool:
    """Tell whether `actor` speaks for one of these parties, and the sharing rules give the verb there."""
    if actor.is_system:
        return True
    speaker = actor.only(*WRITERS)
    return any(access.may(speaker, verb, place) for place in at)


def may(actor: Actor, verb: Verb, agreement: Agreement) -> bool:
    """Tell whether `actor` may do this to an agreement."""
    return may_at(actor, verb, places(agreement))


def require(actor: Actor, verb: Verb, at: Iterable[Place]) -> None:
    """Raise `NotAllowed` unless `may_at`."""
    if not may_at(actor, verb, at):
        raise NotAllowed(verb.name)


def may_draft(actor: Actor) -> bool:
    """Tell whether `actor` speaks for any agency or district, and so may draft with it as a party."""
    return actor.is_system or any(
        held.role in WRITERS and held.scope is not Scope.SCHOOL for held in actor.roles
    )


def may_sign_for(actor: Actor, place: Place) -> bool:
    """Tell whether `actor` can sign, signed in, for this party: its agency's or district's head."""
    return not actor.is_system and access.may(actor.only(*SIGNERS), SIGN, place)
