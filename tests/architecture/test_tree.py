"""What must not lie in the repository: places of one machine, hosts that packages come from."""

import re
import subprocess

import pytest

from tests.architecture.code import TOP

# Written in halves, so that this file may lie there itself.
MACHINE = re.compile("/(wo" + "rk|fa" + "rm|ro" + "ot|tm" + "p|ho" + r"me/[a-z]+)/[A-Za-z.]")
HOSTS = re.compile("py" + r"pi\.org|python" + r"hosted|registry\." + r"npm|deb\." + "debian")
BINARY = (".png", ".jpg", ".ico", ".mo", ".woff2", ".pdf", ".zip")


def files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        name
        for name in listed.stdout.splitlines()
        if not name.endswith(BINARY) and (TOP / name).is_file()
    ]


FILES = files()


@pytest.mark.skipif(not FILES, reason="not a checkout: there is no list of files")
@pytest.mark.parametrize(
    ("what", "pattern"), [("a path of one machine", MACHINE), ("a registry's host", HOSTS)]
)
def test_no_file_names(what: str, pattern: re.Pattern[str]) -> None:
    found = []
    for name in FILES:
        for number, line in enumerate(
            (TOP / name).read_text(encoding="utf-8", errors="replace").splitlines(), 1
        ):
            if pattern.search(line):
                found.append(f"{name}:{number}")

    assert found == [], f"{what}: {found}"


def test_no_file_is_large_but_for_its_reason() -> None:
    reasons = {"requirements/dev.lock.txt": "every tool by hash"}

    large = {name for name in FILES if (TOP / name).stat().st_size > 400_000}

    assert large <= set(reasons)
