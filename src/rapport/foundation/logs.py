"""Structured logs without personal data: JSON lines in the home's log folder, words on the terminal.

What may stand in a line is a list of keys; everything else is dropped and only its key is named.
Messages of libraries are never kept, since they quote what someone typed: a line says which library
spoke, from where, how gravely, and for an exception its kind and the places it came through.
"""

import logging
import re
import sys
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor

KEYS: Final = """event level at logger where error frames method route status ms line problem guard guards job task
 verb lane count number attempt channel topic kind part version port wait seconds dropped"""
ALLOWED: Final = frozenset(KEYS.split())
EVENT: Final = re.compile(r"[a-z0-9_.]{1,60}")
ADDRESS: Final = re.compile(r"\S+@\S+")
LARGEST: Final = 5 * 1024 * 1024
KEPT: Final = 5
FRAMES: Final = 12


def only_allowed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keep the allowed keys with plain values; name the keys that were dropped."""
    kept = {key: plain(value) for key, value in event.items() if key in ALLOWED}
    dropped = sorted(key for key in event if key not in ALLOWED and not key.startswith("_"))
    if dropped:
        kept["dropped"] = dropped
    if not EVENT.fullmatch(str(event.get("event", ""))):
        kept["event"] = "withheld"  # a sentence may quote anybody; an event is a word of the code
    return kept


def plain(value: Any) -> Any:
    """Return a number, a flag or a short text as it is, without anything like a mail address."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return ADDRESS.sub("…", str(value))[:200]


def foreign(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Turn a library's record into a line that says who spoke, not what was said."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or event.get("_from_structlog"):
        return event
    event["event"] = "library"
    event["logger"] = record.name
    event["where"] = f"{short(record.pathname)}:{record.lineno}"
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        event["status"] = status
    return event


def short(path: str) -> str:
    """Return a file's name with its folder's: enough to find it, without this machine's layout."""
    return "/".join(Path(path).parts[-2:])


def without_words(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and the places it came through: its message quotes input."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    trouble = found[1] if isinstance(found, tuple) else found
    if isinstance(trouble, BaseException):
        frames = traceback.extract_tb(trouble.__traceback__)[-FRAMES:]
        event["error"] = type(trouble).__name__
        event["frames"] = [f"{short(f.filename)}:{f.lineno} {f.name}" for f in frames]
    return event


def in_words(_logger: Any, _method: str, event: EventDict) -> str:
    """Return a line for the terminal: the event as words, then the rest."""
    level, name = event.pop("level", "info"), str(event.pop("event")).replace("_", " ")
    event.pop("at", None)
    frames = event.pop("frames", [])
    rest = ", ".join(f"{key} {value}" for key, value in event.items())
    last = f" at {frames[-1]}" if frames else ""
    return f"{level}: {name}" + (f" ({rest}{last})" if rest else "")


class Terminal(logging.Handler):
    """Writes to stderr as it is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a terminal that has gone is nobody's loss."""
        with suppress(OSError, ValueError):
            sys.stderr.write(self.format(record) + "\n")


CHAIN: Final[list[Processor]] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def configure(part: str, folder: Path | None, *, loudness: int = logging.WARNING) -> None:
    """Send lines of `part` (web, worker, command) to `folder` and, from `loudness` on, to stderr.

    Without a folder that can be written, the terminal alone is used.
    """
    logging.raiseExceptions = False  # a full disk must not print a traceback for each line
    structlog.configure(
        processors=[*CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    terminal = Terminal()
    terminal.setLevel(loudness)
    terminal.setFormatter(formatter(in_words))
    handlers: list[logging.Handler] = [terminal]
    if folder is not None and folder.is_dir():
        handlers.append(_file(folder / f"{part}.log"))
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for quiet in ("asyncio", "django_tasks", "django_tasks_db", "uvicorn"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    logging.getLogger("django.request").setLevel(
        logging.ERROR
    )  # a 404 has its request line already


def formatter(last: Processor) -> logging.Formatter:
    """Return a formatter that ends in `last`, after everything that may not be said was taken out."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=CHAIN,
        processors=[foreign, without_words, only_allowed, last],
        keep_exc_info=False,  # else its text, with the message, is appended after all
        keep_stack_info=False,
        use_get_message=False,
    )


def _file(path: Path) -> logging.Handler:
    handler = RotatingFileHandler(
        path, maxBytes=LARGEST, backupCount=KEPT, delay=True, encoding="utf-8"
    )
    handler.setFormatter(formatter(structlog.processors.JSONRenderer()))
    return handler
