"""One town for a whole module, gone when the module is done."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.wall import town as towns


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[towns.Town]:
    """Make the town in a transaction that rolls back after the module's last test."""
    from django.db import transaction

    files = settings.RAPPORT_FILES
    settings.RAPPORT_FILES = str(tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield towns.build()
                transaction.set_rollback(True)
        finally:
            settings.RAPPORT_FILES = files
