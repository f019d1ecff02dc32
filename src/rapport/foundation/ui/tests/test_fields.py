import pytest
from django import forms

from rapport.foundation.ui.fields import AddressLine, Line, WordsField


class Sheet(forms.Form):
    """One of each."""

    name = Line(max_length=12)
    email = AddressLine(required=False)
    why = WordsField(max_length=20, required=False)


def problems(**said: str) -> dict[str, list[str]]:
    errors = Sheet({"name": "Dana", **said}).errors
    return {field: [*map(str, found)] for field, found in errors.items()}


@pytest.mark.parametrize(
    ("field", "words", "why"),
    [
        ("name", "Da\u200bna", "(U+200B) stands after “Da”"),
        ("name", "\u202eDana", "stands at the beginning"),
        ("name", "D" * 100_000, "at most 12"),
        ("email", "da\xadna@example.org", "(U+00AD) stands after “da”"),
        ("email", '"\x01"@example.org', "(U+0001)"),
        ("email", "dana at school", "Write the whole address"),
        ("email", "d" * 300 + "@example.org", "at most 254"),
        ("why", "from the \u202eright", "(U+202E)"),
        ("why", "w" * 5000, "at most 20"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(field: str, words: str, why: str) -> None:
    found = problems(**{field: words})

    assert list(found) == [field]
    assert why in found[field][0]


def test_a_line_keeps_one_space_between_words_and_free_words_keep_their_lines() -> None:
    sheet = Sheet({"name": " دنا\xa0\t רייס ", "why": "first\r\nsecond"})

    assert sheet.is_valid()
    assert sheet.cleaned_data["name"] == "دنا רייס"
    assert sheet.cleaned_data["why"] == "first\r\nsecond"
