"""`make check`: what can be judged without running the suite. Prints a line a check, and what failed in full."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DJANGO = [sys.executable, "-W", "error", "-m", "django"]
RAPPORT = [sys.executable, "-m", "rapport"]
TOP = Path(__file__).resolve().parents[1]


def checks() -> dict[str, list[str]]:
    """Return what is run, by what it is called."""
    programs = Path(sys.executable).parent
    templates = sorted(str(p.relative_to(TOP)) for p in (TOP / "src").rglob("*.html"))
    return {
        "types": [str(programs / "mypy")],
        "style": [str(programs / "ruff"), "check", "."],
        "format": [str(programs / "ruff"), "format", "--check", "."],
        "layers": [str(programs / "lint-imports")],
        "templates": [str(programs / "djade"), "--target-version", "5.2", "--check", *templates],
        "migrations": [*DJANGO, "makemigrations", "--check", "--dry-run"],
        "guards, keys and settings": [*RAPPORT, "check"],
        "words in both languages": [*RAPPORT, "messages", "--check"],
    }


def run(name: str, words: list[str], env: dict[str, str]) -> bool:
    """Run one check and say how it went."""
    began = time.monotonic()
    done = subprocess.run(words, cwd=TOP, env=env, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    verdict = "holds" if done.returncode == 0 else "FAILS"
    text = f"{verdict}  {name} ({took:.0f} s)"
    if done.returncode:
        text += "\n" + (done.stdout + done.stderr).rstrip()
    print(text, flush=True)
    return done.returncode == 0


def main() -> int:
    """Make a home, then run every check, two at a time; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="rapport-check-") as folder:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("RAPPORT", "DATABASE_URL"))}
        env |= {
            "RAPPORT_HOME": str(Path(folder) / "home"),
            "DJANGO_SETTINGS_MODULE": "rapport.config.settings",
            "PYTHONPATH": str(TOP / "src"),
        }
        held = [run("a new home", [*RAPPORT, "migrate"], env)]
        with ThreadPoolExecutor(2) as pool:
            held += pool.map(lambda one: run(one[0], one[1], env), checks().items())
    print("make check: " + ("all hold" if all(held) else "something fails, see above"))
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
