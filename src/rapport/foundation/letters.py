"""Letters that people can see. No database, no clock."""

from typing import Final
from unicodedata import category

from django.utils.translation import gettext as _

# Control, format (also what turns the direction of writing), half and private signs, line separators.
BARRED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters to Unicode, empty to the eye: joiners, fillers and the Braille blank.
EMPTY: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Free words have lines; and Persian, Hindi and some pictures are spelled with the two joiners.
IN_LINES: Final = frozenset("\n\r\t\u200c\u200d")


def unseen(words: str, *, in_lines: bool = False) -> str:
    """Return a sentence about the first sign that cannot be seen, and what to do; nothing where there is none.

    Letters of every script are seen, those written from right to left among them. `in_lines` is for
    several lines of free words.
    """
    for at, sign in enumerate(words):
        if sign not in EMPTY and category(sign) not in BARRED or in_lines and sign in IN_LINES:
            continue
        number = f"U+{ord(sign):04X}"
        if before := words[max(0, at - 20) : at].strip():
            return _(
                "A sign that cannot be seen ({sign}) stands after “{before}”. Delete it, or type the "
                "words anew instead of pasting them."
            ).format(sign=number, before=before)
        return _(
            "A sign that cannot be seen ({sign}) stands at the beginning. Delete it, or type the "
            "words anew instead of pasting them."
        ).format(sign=number)
    return ""
