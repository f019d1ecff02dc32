"""The form that every kind of fact begins with: from when, until when, and how it is known."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact, Source
from rapport.foundation.kinds.kind import FactKind, first_day_after, last_day
from rapport.foundation.kinds.queries import is_recorded
from rapport.foundation.ui.fields import DayField

TYPED = (Source.RECORD, Source.CERTIFICATE, Source.STATE, Source.STATEMENT, Source.UNKNOWN)
SPOKEN = (Source.RECORD, Source.STATEMENT, Source.UNKNOWN)  # no paper and no system says it
OF_PLACES = (Source.RECORD, Source.STATE, Source.STATEMENT, Source.UNKNOWN)
TOO_OLD = _("A day before 1950 is probably a slip of the keyboard. Look at the year again.")
LAST_DAY = _("The end must not lie before the start.")
TWICE = _("The same is recorded for this day already. Is this another?")


class FactDay(DayField):
    """A day of a fact: none before 1950, which is a year typed wrong."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[MinValueValidator(date(1950, 1, 1), TOO_OLD)], **kwargs)


class HowKnown(forms.ChoiceField):
    """How a fact came to be known: one of `sources`."""

    def __init__(self, sources: Sequence[Source] = TYPED, **kwargs: Any) -> None:
        super().__init__(
            label=_("How do you know?"),
            choices=[(s.value, s.label) for s in sources],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose how you know; “not known” is an answer too.")},
            **kwargs,
        )


class SureForm(forms.Form):
    """A form that asks once more where what was typed can be right, but is odd.

    `doubts()` says what is odd; with the box ticked that then appears it is taken as typed. What
    breaks a rule is refused by the action, box or no box.
    """

    def doubts(self) -> list[str]:
        """Return what is odd about what was typed, a sentence each. Asked only where all is well else."""
        return []

    def clean(self) -> dict[str, Any]:
        """Ask whether what is odd is right."""
        cleaned = super().clean() or {}
        self.check(cleaned)
        doubts = [] if self.errors else self.doubts()
        if doubts:
            self.fields["sure"] = forms.BooleanField(
                label=_("It is right as typed"), required=False
            )
            if not self.data.get("sure"):
                self.add_error("sure", doubts)
        return cleaned

    def check(self, cleaned: dict[str, Any]) -> None:
        """Add an error for each thing typed that does not fit another."""


class DatedForm(SureForm):
    """From when until when. The last day is typed as people say it."""

    valid_from = FactDay(label=_("First day"))
    last_day: forms.Field | None = FactDay(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty while it still holds."),
    )

    def check(self, cleaned: dict[str, Any]) -> None:
        """Refuse a last day before the first."""
        super().check(cleaned)
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", LAST_DAY)


class FactForm(DatedForm):
    """What is asked about every fact. A kind adds its own fields before these.

    `values()` gives what the kind's action takes. The last day is kept as the first day on which
    the fact no longer holds. `fact` is what is corrected; None where one is recorded.
    """

    source = HowKnown()
    fact: Fact | None = None

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

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the action takes."""
        values = {n: v for n, v in self.cleaned_data.items() if n not in ("last_day", "sure")}
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

    def doubts(self) -> list[str]:
        """Ask where the same kind is recorded of the same owner on the same day already."""
        day = self.cleaned_data["valid_from"]
        if self.kind.model.alone_by or (self.fact is not None and self.fact.valid_from == day):
            return super().doubts()
        said = {self.kind.model.owner: self.owner.pk, "agency": self.cleaned_data["agency"]}
        twin = is_recorded(self.actor, self.kind, day, **said)
        return [*super().doubts(), *([str(TWICE)] if twin else [])]


class EndForm(forms.Form):
    """The last day on which something holds."""

    last_day = FactDay(label=_("Last day"), help_text=_("It still holds on this day."))
