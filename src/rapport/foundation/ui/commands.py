"""Commands of the pages: messages."""

from argparse import ArgumentParser, Namespace
from typing import Final

from rapport.foundation.registry import Command


def _bring_up_to_date(args: Namespace) -> int:
    from . import messages  # needs the extractor's library, which no other command does

    return messages.bring_up_to_date(args)


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where something is behind"
    )


MESSAGES: Final = Command(
    ("messages",),
    "Gather what people read and compile its translations (for those who work on the program).",
    "rapport messages --check",
    _bring_up_to_date,
    _options,
    needs_database=False,
    needs_home=False,
)
