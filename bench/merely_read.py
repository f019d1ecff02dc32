"""Read, through the driver and nothing else, the rows and columns that a standing of all is made from."""

import json
import sys
import time
from datetime import date, datetime
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from rapport.foundation import clock  # noqa: E402
from rapport.standing.assignments import case  # noqa: E402

KNOWN = clock.end_of(date(2025, 6, 30), "America/New_York")


def main() -> None:
    """Print the seconds, rows and queries."""
    with CaptureQueriesContext(connection) as captured:
        asked = statements()
    connection.ensure_connection()
    raw = connection.connection
    began, rows = time.perf_counter(), 0
    for sql, params in asked:
        cursor = raw.cursor()
        cursor.execute(sql, params)
        rows += len(cursor.fetchall())
    seconds = time.perf_counter() - began
    sys.stdout.write(
        json.dumps({"seconds": seconds, "rows": rows, "queries": len(asked), "seen": len(captured)})
        + "\n"
    )


def statements() -> list[tuple[str, object]]:
    """Return the statements that the loader sends, with their parameters."""
    sent: list[tuple[str, object]] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> object:
        sent.append((sql if connection.vendor == "postgresql" else sql.replace("%s", "?"), params))
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(note):
        case.load(known=KNOWN)
    return [
        (
            sql,
            tuple(
                str(p) if isinstance(p, datetime) and connection.vendor != "postgresql" else p
                for p in params or ()
            ),
        )
        for sql, params in sent
    ]  # type: ignore[union-attr]


main()
