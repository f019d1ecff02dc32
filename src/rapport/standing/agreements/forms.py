"""Forms of an agreement and of its parts. A part's form speaks of what this agreement has."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.forms import SPOKEN, DatedForm, FactDay, FactForm, HowKnown
from rapport.foundation.kinds.kind import first_day_after
from rapport.foundation.ui.fields import Line
from rapport.organizations.places.models import Agency, District, School
from rapport.standing.agreements import access, queries, rules
from rapport.standing.agreements.actions import Draft
from rapport.standing.agreements.models import (
    Affirmation,
    Affirmed,
    Clause,
    Coverage,
    Party,
    Settled,
    Signature,
    Signed,
)

MANY = 12  # more than so many choices are a list to scroll, not boxes to tick
NOTHING = ("", _lazy("nothing recorded"))


def clause_choices() -> list[tuple[int, str]]:
    """Return the library as choices, in the reader's language."""
    language = get_language() or "en"
    return [(n, f"{n}. {c.title(language)}") for n, c in rules.clauses().items()]


class ClausesForm(forms.Form):
    """The whole library, to tick what the text holds."""

    day = FactDay(label=_lazy("From which day on?"))
    clauses = forms.MultipleChoiceField(
        label=_lazy("Which clauses does the text hold?"),
        widget=forms.CheckboxSelectMultiple,
        choices=clause_choices,
        required=False,
    )


class DraftForm(DatedForm):
    """An agreement in one form. `draft()` gives what the action takes."""

    title = Line(
        label=_lazy("What do you call it?"),
        max_length=120,
        help_text=_lazy("Such as “SRO agreement of 2026”."),
    )
    agencies = forms.MultipleChoiceField(label=_lazy("Agencies that are parties"))
    districts = forms.MultipleChoiceField(label=_lazy("Districts that are parties"))
    coverage = forms.ChoiceField(
        label=_lazy("Which schools does it cover?"),
        widget=forms.RadioSelect,
        choices=[
            ("whole", _lazy("all schools of these districts")),
            ("named", _lazy("only some; I name them on the next page")),
        ],
    )
    valid_from = FactDay(label=_lazy("First day"))
    last_day = FactDay(
        label=_lazy("Last day"),
        required=False,
        help_text=_lazy("Leave it empty where the agreement names none."),
    )
    clauses = forms.MultipleChoiceField(
        label=_lazy("Which clauses does the text hold?"),
        widget=forms.CheckboxSelectMultiple,
        choices=clause_choices,
        required=False,
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        self._sides: dict[str, dict[str, Any]] = {
            "agencies": {str(a.uid): a for a in queries.agencies(actor)},
            "districts": {str(d.uid): d for d in queries.districts(actor)},
        }
        for name, there in self._sides.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            few = len(there) <= MANY
            field.widget = forms.CheckboxSelectMultiple() if few else forms.SelectMultiple()
            field.choices = [(uid, str(side)) for uid, side in there.items()]
            field.initial = [uid for uid, side in there.items() if access.speaks_for(actor, side)]
        for key in rules.Key:
            self.fields[key.value] = forms.ChoiceField(
                label=access.QUESTIONS[key],
                choices=[NOTHING, *((v, access.word(v)) for v in rules.VALUES[key])],
                required=False,
            )
        dates = ("valid_from", "last_day")
        first = [n for n in DraftForm.base_fields if n not in (*dates, "clauses")]
        self.order_fields([*first, *dates, *(key.value for key in rules.Key)])

    def doubts(self) -> list[str]:
        """Ask where an agreement of this name is recorded between two of these parties."""
        said = self.cleaned_data
        parties = [self._sides[name][uid] for name in self._sides for uid in said[name]]
        if not queries.is_recorded(self._actor, said["title"], parties):
            return super().doubts()
        return [
            *super().doubts(),
            _("An agreement of this name with one of these parties is recorded already."),
        ]

    def draft(self) -> Draft:
        """Return what was typed."""
        said = self.cleaned_data
        return Draft(
            title=said["title"],
            agencies=tuple(self._sides["agencies"][uid] for uid in said["agencies"]),
            districts=tuple(self._sides["districts"][uid] for uid in said["districts"]),
            is_whole=said["coverage"] == "whole",
            valid_from=said["valid_from"],
            valid_until=first_day_after(said["last_day"]),
            clauses=frozenset(int(n) for n in said["clauses"]),
            settled={key.value: said[key.value] for key in rules.Key if said[key.value]},
        )


# The parts, one by one


class PartForm(FactForm):
    """What is asked about every part of an agreement."""

    source = HowKnown(SPOKEN)


class TermForm(PartForm):
    """From when until when an agreement runs."""


class SideForm(PartForm):
    """A form that names one agency or one district."""

    party = forms.ChoiceField(label=_lazy("Who?"))

    def __init__(self, actor: Actor, owner: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        self._there = {str(side.uid): side for side in self.choose(actor)}
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((uid, str(side)) for uid, side in self._there.items())]

    def choose(self, actor: Actor) -> Iterable[Agency | District]:
        """Return who can be named: here, the parties."""
        return queries.sides(actor, self.owner)

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a party or a signature is corrected."""
        assert isinstance(fact, Party | Signature)
        side = fact.agency or fact.district
        return super().initial_of(fact) | {"party": str(side.uid) if side else ""}

    def values(self) -> dict[str, Any]:
        """Return the side as agency and district."""
        values = super().values()
        side = self._there[values.pop("party")]
        agency = side if isinstance(side, Agency) else None
        return values | {"agency": agency, "district": None if agency else side}


class PartyForm(SideForm):
    """An agency or a district that joins."""

    def choose(self, actor: Actor) -> Iterable[Agency | District]:
        """Return every agency and district."""
        return [*queries.agencies(actor), *queries.districts(actor)]


class SignatureForm(SideForm):
    """That a party signed."""

    how = forms.ChoiceField(
        label=_lazy("How was it signed?"),
        widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in (Signed.PAPER, Signed.LINK, Signed.SIGNED_IN)],
        help_text=_lazy("“Signed in” is for the party's own head, who signs by saving this."),
    )
    valid_from = FactDay(label=_lazy("Signed on"))
    last_day = None


class AffirmationForm(PartForm):
    """That the parties reviewed the agreement."""

    outcome = forms.ChoiceField(
        label=_lazy("What came of the review?"),
        widget=forms.RadioSelect,
        choices=[(o.value, o.label) for o in Affirmed],
    )
    valid_from = FactDay(label=_lazy("Day of the review"))
    last_day = None

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a review is corrected."""
        assert isinstance(fact, Affirmation)
        return super().initial_of(fact) | {"outcome": fact.outcome}


class CoverageForm(PartForm):
    """A district as a whole, or one of its schools."""

    covers = forms.ChoiceField(label=_lazy("What is covered?"))

    def __init__(self, actor: Actor, owner: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        there = queries.coverable(actor, owner)
        self._there: dict[str, tuple[District, School | None]] = {}
        choices: list[Any] = [("", "—")]
        for district, schools in there:
            self._there[str(district.uid)] = (district, None)
            self._there |= {str(s.uid): (district, s) for s in schools}
            whole = (str(district.uid), _("%(district)s as a whole") % {"district": district})
            choices.append((str(district), [whole, *((str(s.uid), str(s)) for s in schools)]))
        field = self.fields["covers"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a coverage is corrected."""
        assert isinstance(fact, Coverage)
        return super().initial_of(fact) | {"covers": str((fact.school or fact.district).uid)}

    def values(self) -> dict[str, Any]:
        """Return the district, and the school where one is named."""
        values = super().values()
        district, school = self._there[values.pop("covers")]
        return values | {"district": district, "school": school}


class ClauseForm(PartForm):
    """A clause of the library, and the page where it stands."""

    number = forms.TypedChoiceField(
        label=_lazy("Which clause?"), choices=clause_choices, coerce=int
    )
    page = forms.IntegerField(
        label=_lazy("On which page?"), min_value=1, max_value=999, required=False
    )

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a clause is corrected."""
        assert isinstance(fact, Clause)
        return super().initial_of(fact) | {"number": fact.number, "page": fact.page}


def settled_choices() -> list[Any]:
    """Return every term with its words, grouped by the term."""
    return [
        (
            access.QUESTIONS[key],
            [
                (f"{key.value}={v}", f"{access.KEYS[key]}: {access.word(v)}")
                for v in rules.VALUES[key]
            ],
        )
        for key in rules.Key
    ]


class SettledForm(PartForm):
    """A term the program acts on."""

    says = forms.ChoiceField(label=_lazy("What does it say?"), choices=settled_choices)

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a settled term is corrected."""
        assert isinstance(fact, Settled)
        return super().initial_of(fact) | {"says": f"{fact.key}={fact.value}"}

    def values(self) -> dict[str, Any]:
        """Return the term and its word."""
        values = super().values()
        key, value = values.pop("says").split("=")
        return values | {"key": key, "value": value}
