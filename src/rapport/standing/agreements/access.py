"""Who may see and do what with agreements, and the kinds of facts they are made of.

An agreement has several parties, so its rows carry no single scope: who may know of it is whoever
the sharing rules let read the program's records at a party or at a school it covers. Who may write
is narrowed further, to those who speak for a party.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.foundation import access, clock, registry
from rapport.foundation.access import Actor, NotAllowed, Place, RecordClass, Right, Role, Scoped, Verb
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.kind import ZONE, FactKind
from rapport.organizations.places.models import SchoolInDistrict
from rapport.standing.agreements import checks, rules
from rapport.standing.agreements.models import (
    Affirmation,
    Agreement,
    AgreementFact,
    Clause,
    Coverage,
    Party,
    Settled,
    Signature,
    Term,
)
