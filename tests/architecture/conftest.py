"""What is not yet as it should be: each is to be mended, and then its line goes."""

import re

import pytest

PENDING = re.compile(r"names_who_asks_first")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "architecture" in item.nodeid and PENDING.search(item.nodeid):
            item.add_marker(pytest.mark.xfail(strict=False, reason="pending"))
