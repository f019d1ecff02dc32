"""What is asked about assignments and exceptions. A form offers only what its actor may use."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.forms import SPOKEN, DatedForm, FactDay, FactForm, HowKnown
from rapport.foundation.kinds.kind import first_day_after
from rapport.organizations.places.models import Agency, School
from rapport.standing.assignments import access
from rapport.standing.assignments.models import Assigned, Excepted, Ground
from rapport.standing.officers.models import Officer

LONG_WEEK: Final = 50  # hours a week beyond which one asks again
HOURS_HELP = _("As the agreement or the schedule says. Leave it empty where nobody knows.")


class HoursField(forms.DecimalField):
    """Hours a week; empty where they are not known."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Hours a week"),
            min_value=0,
            max_value=80,
            max_digits=4,
            decimal_places=1,
            required=False,
            help_text=HOURS_HELP,
        )


class BeginForm(DatedForm):
    """Who serves which school, for whom, from when. `values()` gives what the action takes."""

    field_order = ("officer", "school", "agency")

    officer = forms.ChoiceField(label=_("Officer"))
    school = forms.ChoiceField(label=_("School"))
    agency = forms.ChoiceField(
        label=_("For which agency?"),
        required=False,
        help_text=_("Needed only for an officer with two employers."),
    )
    valid_from = FactDay(label=_("First day"))
    last_day = FactDay(
        label=_("Last day"), required=False, help_text=_("Leave it empty while no end is planned.")
    )
    hours_per_week = HoursField()
    source = HowKnown(SPOKEN)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers: dict[str, Officer] = _by_uid(access.officers_to_assign(actor))
        self.schools: dict[str, School] = _by_uid(access.schools_to_assign(actor))
        self.agencies: dict[str, Agency] = _by_uid(access.agencies_to_assign(actor))
        self._offer("officer", {uid: str(o.person) for uid, o in self.officers.items()})
        self._offer("school", {uid: str(s) for uid, s in self.schools.items()})
        if len(self.agencies) > 1:
            self._offer("agency", {uid: str(a) for uid, a in self.agencies.items()})
        else:
            del self.fields["agency"]

    def _offer(self, name: str, words: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *words.items()]

    def doubts(self) -> list[str]:
        """Ask where the week is longer than anybody's."""
        return [*super().doubts(), *_long_week(self.cleaned_data["hours_per_week"])]

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the action takes."""
        said = self.cleaned_data
        return {
            "officer": self.officers[said["officer"]],
            "school": self.schools[said["school"]],
            "agency": self.agencies.get(said.get("agency", "")),
            "valid_from": said["valid_from"],
            "valid_until": first_day_after(said["last_day"]),
            "hours_per_week": said["hours_per_week"],
            "source": said["source"],
        }


def _long_week(hours: Decimal | None) -> list[str]:
    if hours is None or hours <= LONG_WEEK:
        return []
    said = str(_("{hours} hours a week at one school are more than a full week's work."))
    return [said.format(hours=f"{hours.normalize():f}")]


def _by_uid(rows: Any) -> dict[str, Any]:
    return {str(row.uid): row for row in rows}


class ServiceForm(FactForm):
    """What is asked about every fact of an assignment."""

    source = HowKnown(SPOKEN)


class AssignedForm(ServiceForm):
    """The dates and hours of an assignment, to be corrected."""

    hours_per_week = HoursField()

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when an assignment is corrected."""
        assert isinstance(fact, Assigned)
        return super().initial_of(fact) | {"hours_per_week": fact.hours_per_week}

    def doubts(self) -> list[str]:
        """Ask where the week is longer than anybody's."""
        return [*super().doubts(), *_long_week(self.cleaned_data["hours_per_week"])]


class ExceptedForm(ServiceForm):
    """Which ground of an assignment is set aside, and until when."""

    ground = forms.ChoiceField(
        label=_("Which ground?"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        help_text=_("Its reasons stay in sight; the ground holds until the last day."),
    )
    last_day = FactDay(
        label=_("Last day"),
        help_text=_("An exception always has one: the day by which it is mended."),
    )

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when an exception is corrected."""
        assert isinstance(fact, Excepted)
        return super().initial_of(fact) | {"ground": fact.ground}
