"""How a kind of fact is reached on pages; each app adds its kinds to `registry.fact_pages`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic

from django.db.models import QuerySet
from django.urls import reverse

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.kind import F_, FactKind

if TYPE_CHECKING:  # a form asks questions, and those look at these pages
    from rapport.foundation.kinds.forms import FactForm

Deed = Callable[..., Any]  # an action: (actor, owner or fact, *, now, **values)


def nothing_else(actor: Actor, fact: Fact) -> list[tuple[str, str]]:
    """Offer no step beside correcting, ending and withdrawing."""
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPages(Generic[F_]):
    """The pages of one kind: its form, what a new fact may be about, the app's actions, the way back.

    Addresses: `/facts/<kind>/new/<uid of the owner>/`, and for a fact `/facts/<kind>/<uid>/correct/`,
    `…/end/` and `…/withdraw/`. `hint` is a sentence above the form.
    """

    kind: FactKind[F_]
    form: "type[FactForm]"
    correct_form: "type[FactForm] | None" = None  # where a correction asks something else
    owners: Callable[[Actor], QuerySet[Any]]
    may_record: Callable[[Actor, Any], bool]
    owner_of: Callable[[F_], Any]
    back: Callable[[Any], str]  # the owner → the address of its page
    called: Callable[[Any], str] = str  # the owner → its name on the page
    record: Deed | None = None  # None: recorded elsewhere, as part of something else
    correct: Deed | None = None  # None: it is withdrawn and recorded anew
    end: Deed | None = None
    withdraw: Deed
    more: Callable[[Actor, F_], list[tuple[str, str]]] = (
        nothing_else  # further steps: words, address
    )
    ask: Any = field(default="")  # lazily translated: the title of the page for a new one
    hint: Any = field(default="")


def add(pages: FactPages[Any]) -> None:
    """Make the pages of a kind reachable."""
    registry.fact_pages.add(pages.kind.name, pages)


def new_url(kind: str, owner: Any) -> str:
    """Return the address of the form for a new fact of `kind` about `owner` (anything with a uid)."""
    return reverse("kinds:new", args=[kind, owner.uid])


def url(step: str, fact: Fact) -> str:
    """Return the address at which a fact is corrected, ended or withdrawn (`step`)."""
    return reverse(f"kinds:{step}", args=[fact.kind, fact.uid])
