"""The bytes of kept files, under the home's files: one file each, in folders named after it.

Bytes are written to another name first and renamed, so that no half file is ever found under it.
They are there before their row is: a row without bytes is damage, bytes without a row are left over
from a transaction that did not commit.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

PART = ".part"


def folder() -> Path:
    """Return the folder of files of this home."""
    return Path(settings.RAPPORT_FILES)


def path_of(uid: UUID) -> Path:
    """Return where the bytes of a file lie."""
    return folder() / uid.hex[:2] / uid.hex[2:4] / uid.hex


def put(uid: UUID, data: bytes) -> None:
    """Write the bytes of a file, whole and on the disk, or not at all. Raises `OSError`."""
    place = path_of(uid)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def get(uid: UUID) -> bytes:
    """Return the bytes of a file. Raises `OSError`."""
    return path_of(uid).read_bytes()


def remove(uid: UUID) -> None:
    """Take the bytes of a file away, if they are there."""
    path_of(uid).unlink(missing_ok=True)


def there() -> Iterator[tuple[Path, UUID | None]]:
    """Yield every file below the folder with the uid that it is named by; None where it is not one of ours."""
    for path in sorted(folder().glob("??/??/*")):
        if path.is_file():
            yield path, _uid(path.name)


def is_older(path: Path, moment: datetime) -> bool:
    """Tell whether a file was last written before `moment`."""
    return path.stat().st_mtime < moment.timestamp()


def _uid(name: str) -> UUID | None:
    try:
        return UUID(hex=name)
    except ValueError:
        return None
