"""The one place where time is read. Everything else is handed `now` as an argument."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TOLERANCE = timedelta(seconds=2)
_lock = threading.Lock()
_latest: datetime | None = None


class ClockWentBack(RuntimeError):
    """The machine's clock stepped back further than the tolerance."""


def now() -> datetime:
    """Return the time in UTC; never earlier than a moment returned before in this process.

    Raises `ClockWentBack` when the machine's clock lies more than two seconds behind a moment
    already handed out: what was recorded after that moment would be dated before it.
    """
    global _latest
    with _lock:
        read = datetime.now(UTC)
        if _latest is not None and read < _latest:
            if _latest - read > TOLERANCE:
                raise ClockWentBack(
                    f"This machine's clock stepped back from {_latest:%Y-%m-%d %H:%M:%S} "
                    f"to {read:%Y-%m-%d %H:%M:%S} UTC. Set the clock right, then start again."
                )
            return _latest
        _latest = read
        return read


def not_before(moment: datetime) -> None:
    """Tell the clock of a moment that is known to have passed, such as the newest trail line's."""
    global _latest
    with _lock:
        if _latest is None or moment > _latest:
            _latest = moment


def today(now: datetime, zone: str) -> date:
    """Return the date at `now` in the time zone named `zone`, such as America/New_York."""
    return now.astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """Return the last microsecond of `day` in the time zone `zone`, in UTC."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return after.astimezone(UTC) - timedelta(microseconds=1)
