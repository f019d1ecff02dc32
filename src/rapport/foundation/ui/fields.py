"""Form fields and widgets as the pages show them."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rapport.foundation.letters import unseen
from rapport.foundation.tables.narrowing import is_day


class DayInput(forms.DateInput):
    """The browser's own date field; without one, a text field that takes 2026-12-01."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the widget's context; what is no date is shown as text, since a date field would hide it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if (shown := context["widget"]["value"]) and not is_day(shown):
            context["widget"]["type"] = "text"
        return context


FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2199, 12, 31)
_FAR: Final = _("Write a date between 1900 and 2199.")


class DayField(forms.DateField):
    """A date. What was typed stays in the field when it is not one."""

    widget = DayInput
    default_validators = [MinValueValidator(FIRST, _FAR), MaxValueValidator(LAST, _FAR)]
    default_error_messages = {
        "invalid": _("Write the date as year-month-day, such as 2026-12-01."),
        "required": _("Give a date."),
    }


class SuggestInput(forms.TextInput):
    """A line of text that offers words to choose from; others can be typed as well."""

    template_name = "ui/parts/suggest.html"

    def __init__(self, suggestions: Iterable[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.suggestions = tuple(suggestions)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the widget's context, with what it offers."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"suggest_{name}"
        context["widget"]["suggestions"] = self.suggestions
        return context


class Line(forms.CharField):
    """One line of words: without signs that cannot be seen, and with one space between words."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the line. Raises `ValidationError` where it holds what cannot be seen."""
        words = str(super().to_python(value) or "").replace("\t", " ")
        _refuse_unseen(self, words, in_lines=False)
        return " ".join(words.split())


class AddressLine(Line, forms.EmailField):
    """An e-mail address."""

    default_error_messages = {"invalid": _("Write the whole address, such as dana@example.org.")}

    def __init__(self, *, max_length: int = 254, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class WordsField(forms.CharField):
    """Several lines of free words."""

    def __init__(self, *, rows: int = 4, max_length: int = 4000, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the words. Raises `ValidationError` where they hold what cannot be seen."""
        words = str(super().to_python(value) or "")
        _refuse_unseen(self, words, in_lines=True)
        return words


def _refuse_unseen(field: forms.CharField, words: str, *, in_lines: bool) -> None:
    # What is too long is refused as that; only what may be kept is looked at letter by letter.
    if problem := unseen(words[: field.max_length], in_lines=in_lines):
        raise forms.ValidationError(problem)


RECORDED: Final = _("Recorded here meanwhile: “{saved}”. Yours is in the field.")
OVERTAKEN: Final = _(
    "Somebody else has just changed this. What you typed is still here; compare it with what is recorded now."
)


class SeenForm(forms.Form):
    """A form that changes what it shows; `initial` is what is recorded now.

    It carries a digest of what it showed. Where that has changed meanwhile, whoever comes second is
    told once, with all they typed; sent again, it is taken.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = sorted((name, str(value)) for name, value in self.initial.items())
        self.initial["seen"] = sha256(repr(shown).encode()).hexdigest()[:16]

    def clean(self) -> dict[str, Any]:
        """Say where somebody else was quicker."""
        cleaned = super().clean() or {}
        if cleaned.pop("seen", "") not in ("", self.initial["seen"]):
            self.add_error(None, OVERTAKEN)
            self._show_both(cleaned)
            typed = QueryDict(mutable=True)
            typed.update(self.data)
            typed["seen"] = self.initial["seen"]
            self.data = typed
        return cleaned

    def _show_both(self, cleaned: dict[str, Any]) -> None:
        for name, saved in self.initial.items():
            if name != "seen" and name in cleaned and str(cleaned[name]) != str(saved):
                words = str(RECORDED).format(saved=_("nothing") if saved in ("", None) else saved)
                self.add_error(name, words)
