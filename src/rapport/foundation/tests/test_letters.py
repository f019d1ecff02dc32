import pytest

from rapport.foundation.letters import unseen

SEEN = (
    "Dana Reyes",
    "Søren Ó Broin",
    "王芳",
    "דנה רייס",
    "محمد علي",
    "Ngũgĩ",
    "अनिता",
    "O’Neil-Smith 3",
)
UNSEEN = (
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\xad",
    "\u034f",
    "\u061c",
    "\u115f",
    "\u180e",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u2029",
    "\u202a",
    "\u202e",
    "\u2060",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u2800",
    "\u3164",
    "\ue000",
    "\ufeff",
    "\uffa0",
    "\U000e0041",
)


@pytest.mark.parametrize("words", SEEN)
def test_letters_of_every_script_are_seen(words: str) -> None:
    assert unseen(words) == unseen(words, in_lines=True) == ""


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_sign_that_cannot_be_seen_is_named_with_where_it_stands(sign: str) -> None:
    number = f"U+{ord(sign):04X}"

    assert f"({number}) stands after “Dana”" in unseen(f"Dana{sign} Reyes")
    assert f"({number}) stands at the beginning" in unseen(f"{sign}Dana")


def test_free_words_have_lines_and_joined_letters_and_nothing_else_unseen() -> None:
    words = "می\u200cخواهم\r\n\tand below"

    assert unseen(words)
    assert unseen(words, in_lines=True) == ""
    assert unseen("from the \u202eright", in_lines=True)
