"""The form that every kind of fact begins with: from when, until when, and how it is known."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact, Source
from rapport.foundation.kinds.kind import FactKind
from rapport.foundation.ui.fields import DayField

TYPED = (Source.RECORD, Source.CERTIFICATE, Source.STATE, Source.STATEMENT, Source.UNKNOWN)
TOO_OLD = _("A day before 1950 is probably a slip of the keyboard. Look at the year again.")
LAST_DAY = _("The end must not lie before the start.")


class FactDay(DayField):
    """A day of a fact: none before 1950, which is a year typed wrong."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[MinValueValidator(date(1950, 1, 1), TOO_OLD)], **kwargs)


class FactForm(forms.Form):
    """What is asked about every fact. A kind adds its own fields before these.

    `values()` gives what the kind's action takes. The last day is typed as people say it, and kept
    as the first day on which the fact no longer holds.
    """

    valid_from = FactDay(label=_("First day"))
    last_day: forms.Field | None = FactDay(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty while it still holds."),
    )
    source = forms.ChoiceField(
        label=_("How do you know?"),
        choices=[(s.value, s.label) for s in TYPED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you know; “not known” is an answer too.")},
    )

    def __init__(self, actor: Actor, owner: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.owner = actor, owner
        own = [n for n in self.fields if n not in FactForm.base_fields]
        self.order_fields([*(self.field_order or ()), *own])

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when `fact` is corrected."""
        shown = {n: getattr(fact, n) for n in cls.base_fields if hasattr(fact, n)}
        return shown | {"last_day": last_day(fact.valid_until), "source": fact.source}

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", LAST_DAY)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the action takes."""
        values = {n: v for n, v in self.cleaned_data.items() if n != "last_day"}
        if "last_day" in self.fields:
            values["valid_until"] = first_day_after(self.cleaned_data["last_day"])
        return values


class KeeperField(forms.ChoiceField):
    """One of the agencies at which this actor may do this. The form turns the uid into the agency."""

    def prepare_value(self, value: Any) -> Any:
        """Return the uid under which an agency is offered."""
        return str(getattr(value, "uid", value) or "")


class KeeperForm(forms.Form):
    """A form that asks which agency keeps the record."""

    agency = KeeperField(label=_("Agency"))

    def offer(self, keepers: Sequence[Any], preset: Any = None) -> None:
        """Offer these (anything with a uid); `preset`, or the first, is chosen already."""
        self.keepers = {str(k.uid): k for k in keepers}
        field = self.fields["agency"]
        assert isinstance(field, KeeperField)
        field.choices = [(uid, str(k)) for uid, k in self.keepers.items()]
        field.initial = preset or next(iter(keepers), None)

    def clean_agency(self) -> Any:
        """Return the agency whose uid was chosen."""
        return self.keepers[self.cleaned_data["agency"]]


class KeptFactForm(KeeperForm, FactForm):
    """A fact that an agency keeps: one of those that `keepers_for` finds."""

    kind: ClassVar[FactKind[Any]]
    # (actor, kind, owner) → the agencies at which the actor may record this, and the one preset.
    keepers_for: ClassVar[Callable[[Actor, FactKind[Any], Any], tuple[Sequence[Any], Any]]]

    def __init__(self, actor: Actor, owner: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        self.offer(*type(self).keepers_for(actor, self.kind, owner))


class EndForm(forms.Form):
    """The last day on which something holds."""

    last_day = FactDay(label=_("Last day"), help_text=_("It still holds on this day."))


def last_day(valid_until: date | None) -> date | None:
    """Return the last day on which something holds that no longer holds from `valid_until`."""
    return valid_until - timedelta(days=1) if valid_until else None


def first_day_after(last: date | None) -> date | None:
    """Return the first day on which something no longer holds whose last day is `last`."""
    return last + timedelta(days=1) if last else None
