import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rapport.config.tests.build import rapport


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home made by `rapport migrate`, on SQLite. Do not change it: take `home`."""
    home = tmp_path_factory.mktemp("made") / "home"
    done = rapport("migrate", home=home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """A copy of a new home, to be spoiled."""
    copy = tmp_path / "home"
    shutil.copytree(made_home, copy)
    return copy


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB in memory. Only root may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if (
        not shutil.which("mount")
        or subprocess.run(made, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk cannot be made here: that needs root and mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
