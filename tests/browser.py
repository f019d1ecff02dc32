"""The browser of the journeys: a Chromium that is there, or Debian's."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """Return the path of a Chromium: RAPPORT_TEST_BROWSER, one on the path, or Playwright's own."""
    given = os.environ.get("RAPPORT_TEST_BROWSER")
    if given:
        return given
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next((str(p) for p in sorted(kept.glob("chromium-*/chrome-linux*/chrome"))), None)


def install() -> str | None:
    """Install Debian's Chromium where that can be done without asking; return its path or None."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
    ):
        if subprocess.run(words, env=quiet, capture_output=True, check=False).returncode:
            return None
    return find()


def version(path: str) -> str:
    """Return what the browser at `path` says it is."""
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return " ".join(done.stdout.split()[:2]) or path
