"""What must be true of an officer's records, whoever keeps them. No database, no clock, no request."""

import re
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused
from rapport.organizations.places.rules import STATES

BADGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,11}")


def ensure_badge(badge: str) -> None:
    """Raise `Refused` unless a badge is 1 to 12 letters, digits and hyphens."""
    if not BADGE.fullmatch(badge):
        raise Refused(
            _("A badge is up to 12 letters, digits and hyphens, such as 142 or S-7."), field="badge"
        )


def ensure_certification(state: str, first: date, today: date) -> None:
    """Raise `Refused` unless the state is one of the United States and the date not ahead of today."""
    if state not in STATES:
        raise Refused(_("Give the state by its two letters, such as VA or TX."), field="state")
    ensure_not_ahead(first, today)


def ensure_not_ahead(day: date, today: date) -> None:
    """Raise `Refused` where a paper, a decision or a course is dated after today."""
    if day > today:
        raise Refused(
            _("{day} is still to come (today is {today}). Record it when it has happened.").format(
                day=day.isoformat(), today=today.isoformat()
            ),
            field="valid_from",
        )


def badge_is_taken(badge: str, holder: str) -> Refused:
    """Return the refusal where another officer of the agency bears this badge on those days."""
    return Refused(
        _(
            "Badge {badge} is borne by {holder} on those days. Choose another, or end that first."
        ).format(badge=badge, holder=holder),
        field="badge",
    )


def ensure_named(name: str) -> None:
    """Raise `Refused` where no name was given."""
    if not name.strip():
        raise Refused(_("Give the officer's name."), field="name")


def is_on_the_roster(name: str) -> Refused:
    """Return the refusal where a person would be put on the roster twice."""
    return Refused(
        _(
            "{name} is on the roster already. Open that officer and record the employment there."
        ).format(name=name),
        field="person",
    )
