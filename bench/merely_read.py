"""Read, through the driver and nothing else, the rows and columns that a standing of all is made from.

The columns are read as they are; the loader asks SQLite for its days as text, which spares the
driver a conversion and would flatter nobody here. Prints seconds, rows and queries as JSON.
"""

import json
import re
import sys
import time
from datetime import date, datetime
from typing import Any

import django
from django.db import connection


def main() -> None:
    """Print what merely reading takes."""
    django.setup()
    asked = statements()
    connection.ensure_connection()
    raw = connection.connection
    began, busy, rows = time.perf_counter(), time.process_time(), 0
    for sql, params in asked:
        cursor = raw.cursor()
        cursor.execute(sql, params)
        rows += len(cursor.fetchall())
    took = {"seconds": time.perf_counter() - began, "busy": time.process_time() - busy}
    sys.stdout.write(json.dumps({**took, "rows": rows, "queries": len(asked)}) + "\n")


def statements() -> list[tuple[str, tuple[Any, ...]]]:
    """Return the statements that the loader sends, with their parameters, as the driver wants them."""
    from rapport.foundation import clock
    from rapport.standing.assignments import case

    sent: list[tuple[str, tuple[Any, ...]]] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> object:
        if connection.vendor == "postgresql":
            sent.append((sql, tuple(params or ())))
        else:
            plain = re.sub(r"CAST\((\S+) AS text\)", r"\1", sql).replace("%s", "?")
            sent.append((plain, tuple(_as_text(p) for p in params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        case.load(known=clock.end_of(date(2025, 6, 30), "America/New_York"))
    return sent


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, datetime) else value


if __name__ == "__main__":
    main()
