"""What part of the history is asked for, in the address."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor
from rapport.foundation.audit import rules
from rapport.foundation.audit.queries import Asked
from rapport.foundation.ui.fields import DayField


class HistoryForm(forms.Form):
    """Filters of the history. What cannot be read is said, and left out."""

    who = forms.CharField(label=_("Who"), required=False, max_length=100)
    about = forms.CharField(label=_("About whom"), required=False, max_length=100)
    what = forms.ChoiceField(label=_("Did what"), required=False)
    of = forms.ChoiceField(label=_("To what"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Through"), required=False)
    before = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = sorted((str(verb.sentence), verb.name) for verb in registry.verbs)
        words = sorted({verb.object for verb in registry.verbs})
        every = ("", _("All"))
        self._choose("what", [every, *((name, sentence) for sentence, name in verbs)])
        self._choose("of", [every, *((word, word.replace("_", " ")) for word in words)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_before(self) -> int:
        """Return the id of the line from which older ones are asked for; 0 where it is none."""
        try:
            return rules.read(self.cleaned_data["before"])
        except ValueError:
            return 0

    def asked(self, actor: Actor) -> Asked:
        """Return what is asked for, as far as it could be read."""
        self.is_valid()
        said = self.cleaned_data
        since, until = said.get("since"), said.get("until")
        return Asked(
            persons=_persons(actor, said.get("who", "").strip()),
            about=_persons(actor, said.get("about", "").strip()),
            verb=said.get("what", ""),
            word=said.get("of", ""),
            since=_start(since) if since else None,
            until=clock.end_of(until, settings.RAPPORT_ZONE) if until else None,
            before=said.get("before") or 0,
        )


def _start(day: date) -> Any:
    return clock.end_of(day - timedelta(days=1), settings.RAPPORT_ZONE) + timedelta(microseconds=1)


def _persons(actor: Actor, words: str) -> frozenset[int] | None:
    if not words:
        return None
    return frozenset(p.id for d in registry.directories for p in d.find(actor, words))
