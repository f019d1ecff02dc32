"""The program's settings on a home of the suite's own, made before they are read."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="rapport-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for _folder in ("keys", "witness", "files", "log", "static"):
    (HOME / _folder).mkdir()
for _name in ("DATABASE_URL", "RAPPORT_KEYS", "RAPPORT_WITNESS", "RAPPORT_FILES", "RAPPORT_LOG"):
    os.environ.pop(_name, None)
os.environ["RAPPORT_HOME"] = str(HOME)
os.environ["DATABASE_URL"] = os.environ.get("RAPPORT_TEST_DATABASE_URL", "")

from rapport.config.settings import *  # noqa: E402, F403

del os.environ["DATABASE_URL"]  # programs that tests start have databases of their own

# Tests of other parts sign people in by hand; those of the second factor switch it on.
RAPPORT_SECOND_FACTOR = False
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2", *PASSWORD_HASHERS[1:]]  # noqa: F405
# Pages name files as they lie in the checkout: nothing is collected before a test.
STORAGES |= {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
