import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from rapport.foundation import logs

MARKER = "Wilhelmina Quackenbush"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    logs.configure("web", tmp_path)
    yield tmp_path
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "web.log").read_text().splitlines()]


def test_a_line_keeps_what_is_allowed_and_names_what_was_dropped(folder: Path) -> None:
    structlog.get_logger("t").warning("import_refused", count=3, person=MARKER)

    [line] = lines(folder)
    assert (line["event"], line["level"], line["count"]) == ("import_refused", "warning", 3)
    assert line["dropped"] == ["person"]
    assert MARKER not in (folder / "web.log").read_text()


def test_a_sentence_as_event_is_withheld_since_it_may_quote_anybody(folder: Path) -> None:
    structlog.get_logger("t").error(f"could not save {MARKER}")

    assert lines(folder)[0]["event"] == "withheld"


def test_a_mail_address_never_stays_in_an_allowed_value(folder: Path) -> None:
    structlog.get_logger("t").error("not_sent", problem="550 no such user wilma@example.org")

    assert lines(folder)[0]["problem"] == "550 no such user …"


def test_a_librarys_message_is_never_kept_only_who_spoke_and_how_gravely(folder: Path) -> None:
    logging.getLogger("django.request").error(
        "Not Found: %s", f"/{MARKER}", extra={"status_code": 500}
    )

    [line] = lines(folder)
    assert line["event"] == "library"
    assert (line["logger"], line["status"]) == ("django.request", 500)
    assert "Not Found" not in (folder / "web.log").read_text()


def test_an_exception_is_told_by_its_kind_and_places_not_by_its_message(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        int(MARKER)
    except ValueError:
        structlog.get_logger("t").exception("job_failed", job="digest")
        logging.getLogger("somewhere").exception("it said %s", MARKER)

    ours, theirs = lines(folder)
    assert ours["error"] == theirs["error"] == "ValueError"
    assert "tests/test_logs.py" in str(ours["frames"])
    assert MARKER not in (folder / "web.log").read_text() + capsys.readouterr().err


def test_the_terminal_gets_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("t").error("witness_not_written", line=7)
    structlog.get_logger("t").info("request", status=200)

    assert capsys.readouterr().err == "error: witness not written (line 7)\n"


def test_a_folder_that_is_not_there_leaves_the_terminal(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("web", tmp_path / "nowhere")

    structlog.get_logger("t").error("witness_not_written")

    assert "witness not written" in capsys.readouterr().err
