"""Static files into the home: collected once, and again only when a file has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from rapport import __version__

STAMP = "collected"


def collect() -> bool:
    """Bring the home's static files up to date; tell whether there was anything to do."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    wanted = _state()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _state() -> str:
    """Return a word for the files as they are: names, sizes, times of change."""
    state = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = Path(storage.path(path)).stat()
            state.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return state.hexdigest()
