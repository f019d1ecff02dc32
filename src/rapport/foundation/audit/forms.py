"""What part of the history is asked for, in the address."""

import unicodedata
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor
from rapport.foundation.audit import rules
from rapport.foundation.audit.queries import Asked
from rapport.foundation.ui.fields import DayField

THINGS: Final[dict[str, Any]] = {
    "account": _("sign-in"),
    "agency": _("agency"),
    "agreement": _("agreement"),
    "assignment": _("assignment"),
    "completion": _("completion"),
    "course": _("course"),
    "demo": _("demo"),
    "disclosure": _("disclosure"),
    "district": _("district"),
    "emergency": _("emergency access"),
    "file": _("file"),
    "list": _("list"),
    "loss": _("what the history lacks"),
    "officer": _("officer"),
    "page": _("page"),
    "person": _("person"),
    "rules": _("sharing rules"),
    "ruleset": _("rule set"),
    "school": _("school"),
    "school_list": _("list of schools"),
    "standing": _("standing"),
    "trail": _("history"),
    "vault": _("vault"),
}


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
        self._choose("what", [(verb.name, str(verb.sentence)) for verb in registry.verbs])
        self._choose("of", [(word, thing_word(word)) for word in things()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer these, in the order of their words."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *sorted(choices, key=lambda c: _in_order(c[1]))]

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


def _in_order(words: str) -> str:
    """Return words so that they sort as people look for them: without regard to case, an accent last."""
    return unicodedata.normalize("NFKD", words.casefold())


def things() -> set[str]:
    """Return the words for what lines are about."""
    return {verb.object for verb in registry.verbs}


def thing_word(word: str) -> str:
    """Return what people call a kind of thing that lines are about."""
    return str(THINGS.get(word, word.replace("_", " ")))


def _start(day: date) -> Any:
    return clock.end_of(day - timedelta(days=1), settings.RAPPORT_ZONE) + timedelta(microseconds=1)


def _persons(actor: Actor, words: str) -> frozenset[int] | None:
    if not words:
        return None
    return frozenset(p.id for d in registry.directories for p in d.find(actor, words))
