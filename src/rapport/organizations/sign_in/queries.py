"""Questions of sign-in: which account, which link, which passkeys, and what is still missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation import clock, vault
from rapport.foundation.access import Actor, Channel
from rapport.foundation.registry import Notice, Someone, Step
from rapport.organizations.people import queries as people
from rapport.organizations.people.access import may_let_in
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.rules import roles
from rapport.organizations.sign_in.models import (
    Held,
    Invitation,
    Passkey,
    RecoveryCode,
    Totp,
)
from rapport.organizations.sign_in.rules import codes

DEMO_ADDRESS: Final = "@demo.invalid"


class Invited(NamedTuple):
    """An open single-use link: the row, who acts by it, and who sent it (empty: the program)."""

    invitation: Invitation
    actor: Actor
    by: str
    returns: bool  # the person has a sign-in already, which the link replaces
    needs_proof: bool  # the link alone does not suffice for that: see `needs_backing`


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account can prove itself with."""

    has_password: bool
    app: Totp | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def has_second(self) -> bool:
        """Tell whether a second factor is there: then the password alone no longer opens."""
        return self.app is not None or bool(self.passkeys)


def invited(token: str, *, now: datetime) -> Invited | None:
    """Return the open link with this token; None where there is none. Raises `Refused` where it has ended."""
    rows = Invitation.objects.select_related("person")
    found = rows.filter(token_hash=codes.fingerprint(token)).first()
    if found is None:
        return None
    codes.ensure_open(
        used=found.used_at is not None,
        withdrawn=found.withdrawn_at is not None,
        ends_at=found.ends_at,
        now=now,
    )
    sender = people.names([found.by_person_id]) if found.by_person_id else {}
    account = account_of(found.person)
    actor = Actor(person_id=found.person_id, channel=Channel.LINK, name=str(found.person))
    return Invited(
        found,
        actor,
        sender.get(found.by_person_id or 0, ""),
        returns=account is not None,
        needs_proof=needs_backing(found, account),
    )


def needs_backing(invitation: Invitation, account: Account | None) -> bool:
    """Tell whether the link alone must not replace this sign-in: it was made on a page by one person alone.

    Else whoever may invite could make a link, use it, and read as that person. A closed sign-in counts.
    """
    if invitation.by_person_id is None or invitation.approved_by_id is not None:
        return False
    return account is not None and opens_by_itself(account)


def is_proven(invitation: Invitation, account: Account, shown: str, *, now: datetime) -> bool:
    """Tell whether `shown` is what an old proof beside this link gave; a change of the sign-in voids it."""
    bound_to = account.get_session_auth_hash()
    return codes.is_proof(shown, bound_to, invitation.proof_hash, now=now)


def opens_by_itself(account: Account) -> bool:
    """Tell whether the account has a password or a passkey: its person was let in once."""
    return account.has_usable_password() or Passkey.objects.filter(account=account).exists()


def person_at(address: str) -> Person | None:
    """Return whoever is known by this address: signs in with it, was invited by it, or works at it."""
    address = address.strip().lower()
    found = Account.objects.filter(email=address).first()
    asked = (
        Invitation.objects.select_related("person").filter(email=address).order_by("-pk").first()
    )
    if found or asked:
        return people.kept_person((found or asked).person)  # type: ignore[union-attr]
    at_work = list(Person.objects.filter(work_email__iexact=address, emptied_at=None)[:2])
    return people.kept_person(at_work[0]) if len(at_work) == 1 else None


def waiting(ids: Iterable[int], now: datetime) -> set[int]:
    """Return those of these persons who were sent a link that still opens. For `registry.invited`."""
    return set(open_links(ids, now).values_list("person_id", flat=True))


def account_of(person: Person) -> Account | None:
    """Return the account of a person, under whatever id: the one that a join of records leaves."""
    return people.account_of(person.pk)


def account_at(address: str) -> Account | None:
    """Return the open account with this address, in any case of letters."""
    return Account.objects.filter(email=address.strip().lower(), closed_at=None).first()


def open_account(key: int) -> Account | None:
    """Return the account with this key unless it is closed."""
    return Account.objects.filter(pk=key, closed_at=None).first()


def factors(account: Account) -> Factors:
    """Return what an account can prove itself with: three queries."""
    left = RecoveryCode.objects.filter(account=account, used_at=None).count()
    return Factors(
        account.has_usable_password(),
        Totp.objects.filter(account=account).exclude(confirmed_at=None).first(),
        tuple(Passkey.objects.filter(account=account).order_by("pk")),
        left,
    )


def lacks_second_factor(actor: Actor, account: Account) -> bool:
    """Tell whether the actor's roles ask for a second factor that the account does not have."""
    if not any(roles.needs_second_factor(held.role) for held in actor.roles):
        return False
    rows: QuerySet[Passkey] | QuerySet[Totp] = Passkey.objects.filter(account=account)
    if rows.exists():
        return False
    return not Totp.objects.filter(account=account).exclude(confirmed_at=None).exists()


def unused_code(address: str, typed: str) -> RecoveryCode | None:
    """Return the recovery code that was typed, where it is an open account's at this address and not used yet."""
    rows = RecoveryCode.objects.filter(code_hash=codes.fingerprint(codes.as_kept(typed)))
    mine = rows.filter(account__email=address, account__closed_at=None, used_at=None)
    return mine.select_related("account__person").first()


def app_to_confirm(account: Account) -> Totp | None:
    """Return the authenticator that was set up last and waits for its first code."""
    return Totp.objects.filter(account=account, confirmed_at=None).order_by("-pk").first()


def own_passkeys(actor: Actor) -> QuerySet[Passkey]:
    """Return the passkeys of the actor's own accounts."""
    return Passkey.objects.filter(account__person_id__in=actor.persons)


def passkey(credential_id: str) -> Passkey | None:
    """Return the passkey of an open account with this id."""
    rows = Passkey.objects.select_related("account__person")
    return rows.filter(credential_id=credential_id, account__closed_at=None).first()


def held(account: Account) -> QuerySet[Held]:
    """Return what an account sent while its session was locked and has not sent again, newest first."""
    return Held.objects.filter(account=account).order_by("-held_at", "-pk")


def words_held(row: Held) -> bytes:
    """Return what was sent while locked. Raises `VaultTrouble` where it does not open."""
    return vault.open(bytes(row.sealed), row.row)


def secret_of(app: Totp) -> str:
    """Return the secret of an authenticator app. Raises `VaultTrouble` where it does not open."""
    return vault.open(bytes(app.sealed), app.row).decode()


@dataclass(frozen=True, slots=True)
class Invitable:
    """How a person signs in so far, for whoever may invite them."""

    address: str  # that of the sign-in, of the last link, or of work: the first that there is
    has_sign_in: bool
    waits: Invitation | None  # the link that was not used yet
    needs_second: bool  # and it waits for a second person
    sent_by: str
    may_approve: bool

    @property
    def until(self) -> datetime | None:
        """Return when the link that waits ends."""
        return self.waits.ends_at if self.waits else None


def may_invite(actor: Actor, person: Person, *, now: datetime) -> bool:
    """Tell whether `actor` may make a link for this person: somebody else, whom he may let in."""
    if person.pk in actor.persons:
        return False
    day = clock.today(now, settings.RAPPORT_ZONE)
    return may_let_in(actor, person, people.roles_to_come(person, day))


def invitable(actor: Actor, person: Person, *, now: datetime) -> Invitable | None:
    """Return how a person, under whatever id, signs in so far; None where `actor` makes no link for them."""
    if not may_invite(actor, person, now=now):
        return None
    account = account_of(person)
    sent = Invitation.objects.filter(person_id__in=people.same_as(person.pk)).order_by("-pk")
    last, waits = sent.first(), open_links(people.same_as(person.pk), now).first()
    needs = waits is not None and needs_backing(waits, account)
    by = waits.by_person_id if waits else None
    return Invitable(
        address=account.email if account else last.email if last else person.work_email,
        has_sign_in=account is not None and opens_by_itself(account),
        waits=waits,
        needs_second=needs,
        sent_by=people.names([by]).get(by, "") if by else "",
        may_approve=needs and by not in actor.persons,
    )


def open_links(ids: Iterable[int], now: datetime) -> QuerySet[Invitation]:
    """Return the links of these persons that can still be used, newest first."""
    rows = Invitation.objects.filter(person_id__in=ids, used_at=None, withdrawn_at=None)
    return rows.filter(ends_at__gt=now).order_by("-pk")


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A link to one's own sign-in, as its owner reads of it."""

    invitation: Invitation
    by: str
    approved_by: str


def own_links(actor: Actor, now: datetime) -> tuple[LinkSeen | None, LinkSeen | None]:
    """Return the link that waits to replace the actor's sign-in, and the one that made it last."""
    used = Invitation.objects.filter(person_id__in=actor.persons).exclude(used_at=None)
    rows = (open_links(actor.persons, now).first(), used.order_by("-used_at").first())
    ids = {one for row in rows if row for one in (row.by_person_id, row.approved_by_id) if one}
    known = people.names(ids) if ids else {}

    def seen(row: Invitation | None) -> LinkSeen | None:
        if row is None:
            return None
        by, second = known.get(row.by_person_id or 0, ""), known.get(row.approved_by_id or 0, "")
        return LinkSeen(row, by, second)

    return seen(rows[0]), seen(rows[1])


def notices(actor: Actor, now: datetime) -> Iterator[Notice]:
    """Yield that a link waits which replaces the actor's sign-in. For `registry.notices`; one query."""
    if actor.person_id is not None and open_links(actor.persons, now).exists():
        yield Notice(
            _("Somebody made a link that replaces your sign-in. Look who it was."),
            reverse("sign_in:account"),
        )


def demo_rows(actor: Actor) -> QuerySet[Person]:
    """Return the demo's people who can be chosen: nobody who was ever sent a link, or has an own sign-in."""
    asked = Invitation.objects.values("person_id")
    own = Account.objects.exclude(email__endswith=DEMO_ADDRESS).values("person_id")
    return people.cast_rows(actor).exclude(pk__in=asked).exclude(pk__in=own)


def demo_cast(actor: Actor) -> list[people.Member]:
    """Return the demo's people who can be chosen, each with what they do here."""
    there = set(demo_rows(actor).values_list("uid", flat=True))
    return [one for one in people.cast(actor) if one.uid in there]


def steps(actor: Actor, someone: Someone, now: datetime) -> Iterator[Step]:
    """Yield the way to a link, where `actor` may make one. For `registry.person_steps`."""
    person = Person.objects.get(pk=someone.id)
    if may_invite(actor, person, now=now):
        words = _("Make or approve a new link") if account_of(person) else _("Invite to sign in")
        yield Step(words, reverse("sign_in:invite", args=[someone.uid]), "mail")
