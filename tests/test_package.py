"""The program as a wheel: what it holds, and that it runs where no checkout is."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from rapport.config.tests.test_serving import free_port, group, wait_for

TOP = Path(__file__).resolve().parents[1]
QUIET = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
# The build and its dependencies are those of this environment: no network is asked.
ALONE = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"]


def test_the_wheel_holds_everything_that_is_not_code(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pip", "wheel", *ALONE, "-w", str(tmp_path), str(TOP)]
    subprocess.run(words, env=QUIET, check=True, capture_output=True)

    [wheel] = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    source = TOP / "src"
    wanted = {
        str(path.relative_to(source))
        for pattern in (
            "*.html",
            "*.css",
            "*.js",
            "*.svg",
            "*.toml",
            "*.csv",
            "*.po",
            "*.mo",
            "*.txt",
            "*.md",
        )
        for path in source.rglob(pattern)
    }
    assert wanted - held == set()
    assert {"rapport/foundation/wall.csv", "rapport/foundation/ui/templates/ui/base.html"} <= held


@pytest.mark.slow
def test_installed_without_a_checkout_it_makes_the_demo_and_serves_it(tmp_path: Path) -> None:
    venv, home = tmp_path / "venv", tmp_path / "town"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    [packages] = venv.glob("lib/python*/site-packages")
    (packages / "others.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    python = str(venv / "bin" / "python")
    env = {
        k: v
        for k, v in QUIET.items()
        if not k.startswith(("RAPPORT", "DATABASE_URL", "PYTHONPATH", "DJANGO"))
    }

    subprocess.run(
        [python, "-m", "pip", "install", *ALONE, str(TOP)], env=env, check=True, capture_output=True
    )
    where = [python, "-c", "import rapport; print(rapport.__file__)"]
    installed = subprocess.run(
        where, env=env, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    rapport = str(venv / "bin" / "rapport")
    made = subprocess.run(
        [rapport, "demo", "--home", str(home)],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    port = free_port()
    serving = [rapport, "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(serving, env=env, cwd=tmp_path, start_new_session=True)
    try:
        ready = json.loads(wait_for(port, "/readyz", 200))
        page = wait_for(port, "/", 200)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)

    assert str(venv) in installed.stdout
    assert ready["ready"]
    assert "</html>" in page
    assert group(process.pid) == []
