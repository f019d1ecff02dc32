"""Settings, read in this one typed place. Every default is safe for a laptop, none for the world."""

import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from rapport.config import env

RAPPORT_HOME: str = env.text("RAPPORT_HOME")
_home = Path(RAPPORT_HOME) if RAPPORT_HOME else Path("/nonexistent")
RAPPORT_KEYS: str = env.text("RAPPORT_KEYS", str(_home / "keys"))
RAPPORT_WITNESS: str = env.text("RAPPORT_WITNESS", str(_home / "witness"))
RAPPORT_FILES: str = env.text("RAPPORT_FILES", str(_home / "files"))
RAPPORT_LOG: str = env.text("RAPPORT_LOG", str(_home / "log"))
RAPPORT_IS_DEMO: bool = bool(RAPPORT_HOME) and (_home / "demo").exists()
RAPPORT_MAX_BODY: int = env.number("RAPPORT_MAX_BODY", 20 * 1024 * 1024)
# For a machine whose clock once ran ahead: lines dated in the future no longer stop the program.
RAPPORT_CLOCK_WAS_AHEAD: bool = env.flag("RAPPORT_CLOCK_WAS_AHEAD")
DATABASE_URL: str = env.text("DATABASE_URL")
# The zone in which the program as a whole reckons its days: from when to when a role is held.
RAPPORT_ZONE: str = env.text("RAPPORT_ZONE", "America/New_York")
POOL: int = env.number(
    "RAPPORT_POOL", 0
)  # set by `rapport serve` for the processes that serve pages


def secret_key() -> str:
    """Return the key that signs sessions: the home's own, or one for this process alone where there is no home."""
    given: str = env.text("RAPPORT_SECRET_KEY")
    kept = Path(RAPPORT_KEYS) / "session.key"
    if given:
        return given
    if not kept.is_file():
        return secrets.token_hex(32)
    try:
        return bytes.fromhex(kept.read_text(encoding="ascii").strip()).hex()
    except (ValueError, OSError) as problem:
        raise env.OddSetting(
            f"The session key {kept} cannot be read. Put back the one that was made with this home, "
            "or delete it: a new one is made by rapport migrate, and everybody signs in again."
        ) from problem


SECRET_KEY: str = secret_key()
DEBUG = False
_loopback = ["localhost", "127.0.0.1", "[::1]"]
# A demo lets anybody be anyone, so it answers to this computer's own names, whatever is set.
ALLOWED_HOSTS: list[str] = _loopback if RAPPORT_IS_DEMO else env.several("RAPPORT_HOSTS", _loopback)
CSRF_TRUSTED_ORIGINS: list[str] = env.several("RAPPORT_ORIGINS", [])
SECURE: bool = env.flag("RAPPORT_HTTPS")

INSTALLED_APPS = [
    "rapport.foundation.ui",
    "rapport.foundation.audit",
    "rapport.foundation.vault",
    "rapport.foundation.rulesets",
    "rapport.foundation.files",
    "rapport.foundation.disclosure",
    "rapport.foundation.sharing",
    "rapport.foundation.outbox",
    "rapport.foundation.kinds",
    "rapport.organizations.places",
    "rapport.organizations.calendars",
    "rapport.organizations.people",
    "rapport.organizations.sign_in",
    "rapport.organizations.emergency_access",
    "rapport.standing.officers",
    "rapport.standing.selection",
    "rapport.standing.training",
    "rapport.standing.agreements",
    "rapport.standing.assignments",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "lucide",
    "template_partials",
]
MIDDLEWARE = [
    "rapport.config.middleware.is_alive",
    "rapport.config.middleware.log_requests",
    "rapport.config.middleware.without_a_session",
    "rapport.config.middleware.set_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A stream of events sets its own Content-Encoding, else this would hold it back.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rapport.config.middleware.seat_the_actor",
    "rapport.config.middleware.KeepTheDoor",
    "rapport.config.middleware.note_readings",
    "rapport.foundation.audit.middleware.LogRefusals",
]
ROOT_URLCONF = "rapport.config.urls"
ASGI_APPLICATION = "rapport.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "rapport.config.middleware.page_frame",
            ],
        },
    }
]


def sqlite(path: Path) -> dict[str, Any]:
    """Return the settings of an SQLite database: WAL, IMMEDIATE, full synchronous, foreign keys."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        # mode=rw: a database that has gone is an error, never a new and empty one. `migrate` makes the file.
        "NAME": f"{path.absolute().as_uri()}?mode=rw",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": env.number("RAPPORT_DATABASE_WAIT", 20),  # seconds for a lock
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;",
        },
    }


def postgres(url: str) -> dict[str, Any]:
    """Return the settings of a PostgreSQL database named by its URL.

    Raises `OddSetting` where it is none, or where the driver is not installed.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:  # brackets that do not close, a port that is no number
        parts, port = urlsplit(""), ""
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise env.OddSetting(
            "DATABASE_URL is no address of a PostgreSQL database. It looks like this: "
            "postgresql://user:password@host/name"
        )
    if find_spec("psycopg") is None:
        raise env.OddSetting(
            "DATABASE_URL names a PostgreSQL database, but its driver is not installed. Install it "
            "with: pip install 'psycopg[binary,pool]'"
        )
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": {
            "connect_timeout": 5,
            # Under ASGI each request has a thread of its own, so connections are shared by a pool.
            **({"pool": {"min_size": 1, "max_size": POOL, "timeout": 10}} if POOL else {}),
        },
    }


DATABASES = {
    "default": postgres(DATABASE_URL) if DATABASE_URL else sqlite(_home / "rapport.sqlite3")
}
# As it is named to people: never with its password.
RAPPORT_DATABASE: str = (
    f"{DATABASES['default']['NAME']} at {DATABASES['default']['HOST'] or 'the local socket'}"
    if DATABASE_URL
    else str(_home / "rapport.sqlite3")
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
LOGIN_URL = "sign_in:sign_in"
RAPPORT_SECOND_FACTOR = (
    True  # roles that read personnel or children's records prove more than a password
)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_ENGINE = "rapport.config.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A session is locked after 30 idle minutes (sign_in.rules.sessions) and lives on locked, so that a form
# sent the next morning is kept; after 12 hours it opens only by the whole sign-in.
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# What is uploaded waits in memory: a temporary file would hold in plain what is kept sealed. How much
# of it there is at once is bounded by config/guard.py.
FILE_UPLOAD_MAX_MEMORY_SIZE = RAPPORT_MAX_BODY
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

FORM_RENDERER = "rapport.foundation.ui.rendering.Renderer"
FORMAT_MODULE_PATH = "rapport.foundation.ui.formats"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [str(Path(__file__).resolve().parents[1] / "foundation" / "ui" / "locale")]
STATIC_URL = "/static/"
STATIC_ROOT = str(_home / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "rapport.foundation.ui.storage.Storage"},
}
WHITENOISE_USE_FINDERS = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
LOGGING_CONFIG = None
