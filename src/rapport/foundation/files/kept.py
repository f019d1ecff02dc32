"""What was kept of a file: its name and its bytes, opened where they are sealed. Who asks here has asked the wall."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from rapport.foundation import vault
from rapport.foundation.access import RecordClass
from rapport.foundation.facts import Refused
from rapport.foundation.files import store
from rapport.foundation.files.models import FileWords, StoredFile
from rapport.foundation.vault import Row, VaultTrouble


class Damaged(RuntimeError):
    """The bytes of a file are missing, or are not those that were kept."""


def names(files: Iterable[StoredFile]) -> dict[int, str]:
    """Return the names of files by key. One query. Raises `VaultTrouble` where one does not open."""
    by_key = {f.pk: f for f in files}
    found = {}
    for words in FileWords.objects.filter(file_id__in=by_key):
        file = by_key[words.file_id]
        found[file.pk] = words.name
        if words.sealed_name is not None:
            found[file.pk] = vault.open(bytes(words.sealed_name), _row(file, "name")).decode()
    return found


def give_name(file: StoredFile, name: str) -> None:
    """Keep the name of a file, sealed where its class asks it."""
    if file.is_sealed:
        blob = vault.seal(name.encode(), _row(file, "name"))
        words: dict[str, Any] = {"name": "", "sealed_name": blob}
    else:
        words = {"name": name, "sealed_name": None}
    FileWords.objects.update_or_create(file=file, defaults=words)


def content(file: StoredFile) -> bytes:
    """Return the bytes that were kept. Raises `Damaged` where they are not there or not the same."""
    try:
        data = store.get(file.stored_as)
        if file.is_sealed:
            data = vault.open(data, _row(file, "bytes"))
    except (OSError, VaultTrouble) as problem:
        raise Damaged(f"The bytes of {file} cannot be read.") from problem
    if sha256(data).hexdigest() != file.sha256:
        raise Damaged(f"The bytes of {file} are not those that were kept.")
    return data


def put_content(file: StoredFile, data: bytes) -> None:
    """Write the bytes of a file, sealed where its class asks it. Raises `Refused` where the disk will not."""
    if file.is_sealed:
        data = vault.seal(data, _row(file, "bytes"))
    try:
        store.put(file.stored_as, data)
    except OSError as problem:
        raise Refused(
            _("The file could not be written (%(why)s). Nothing was kept; try again later.")
            % {"why": problem.strerror},
            field="file",
        ) from problem


def seal_anew() -> int:
    """Seal names and bytes under the newest vault key; return how many were not yet."""
    count = 0
    for words in FileWords.objects.exclude(sealed_name=None).select_related("file"):
        was = bytes(words.sealed_name or b"")
        blob = vault.rotate(was, _row(words.file, "name"))
        if blob != was:
            same = FileWords.objects.filter(pk=words.pk, sealed_name=was)
            count += same.update(sealed_name=blob)
    for file in StoredFile.objects.filter(is_sealed=True, shredded_at=None):
        try:
            data = store.get(file.stored_as)
        except FileNotFoundError:  # taken away just now; where it is damage, `files check` names it
            continue
        blob = vault.rotate(data, _row(file, "bytes"))
        if blob != data:
            store.put(file.stored_as, blob)
            count += 1
    return count


def some_sealed() -> list[tuple[bytes, Row]]:
    """Return the newest few sealed names, each with its row."""
    found = FileWords.objects.exclude(sealed_name=None).select_related("file").order_by("-pk")
    return [(bytes(one.sealed_name or b""), _row(one.file, "name")) for one in found[: vault.FEW]]


def is_whole(file: StoredFile) -> bool:
    """Tell whether the bytes of a file are there, and are those that were kept."""
    try:
        content(file)
    except Damaged:
        return False
    return True


def _row(file: StoredFile, what: str) -> Row:
    """Return the row to which something sealed of this file is bound."""
    return Row(RecordClass(file.record_class), f"file {what}", file.uid)
