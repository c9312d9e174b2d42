"""Settings of the runnable project around the `events` app.

Everything a deployment may want to change comes from the environment:

- `DATABASE_URL`, `FULLHOUSE_DATA`, `FULLHOUSE_SCHEMA`: see `fullhouse.database.config`.
- `FULLHOUSE_SECRET_KEY`: required outside a demo; without it a private key file is made.
- `FULLHOUSE_ALLOWED_HOSTS`: comma-separated; default localhost only.
- `FULLHOUSE_HTTPS`: `1` behind a proxy that speaks HTTPS and sets X-Forwarded-Proto itself.
- `FULLHOUSE_DEBUG`: `1` for Django's debug pages.
- `FULLHOUSE_ON_EVENT`: the command that hears of a takeover's events; see its reference.
- `FULLHOUSE_STATIC_ROOT`: where `collectstatic` puts the static files, for another web server.
- `FULLHOUSE_BUYERS_MAY`: what a buyer's token alone may do through the API; default
  `confirm,extend,release,refund,exchange`. A shop that takes money leaves out `confirm` and
  `refund` and does them with a key of its own.
- `FULLHOUSE_PUBLIC_READS_PER_MINUTE`, `FULLHOUSE_PUBLIC_WRITES_PER_MINUTE`: of one address.
- `FULLHOUSE_PUBLIC_HOLD_PLACES`, `FULLHOUSE_PUBLIC_HOLD_SECONDS`: the most that one hold without a
  key may ask for through the API.
- `FULLHOUSE_SEATS_MAX_AGE_MS`: how old the states of a seat map may be that a process tells again.
- `FULLHOUSE_PAYMENT`: how buyers pay, a dotted path; see `fullhouse.web.box_office.payment`. The
  default asks for nothing and confirms at once.
- `FULLHOUSE_HOLD_SECONDS`: how long a buyer at the box office may take.
- `FULLHOUSE_TOMAN`: `1` shows rials as Toman.
- `FULLHOUSE_STREAMS`: how many streams of changes one process keeps open; each takes a thread.
- `FULLHOUSE_WEBHOOKS_PRIVATE`: `1` lets webhooks go to private addresses, and over plain HTTP.
- `FULLHOUSE_LOW_PERCENT`: at how many percent of its places left a performance is told to run low.
- `FULLHOUSE_PROXIES`: how many proxies of yours stand in front and add to X-Forwarded-For.
- `FULLHOUSE_CORS_ORIGINS`: comma-separated origins whose pages may call the API.
- `FULLHOUSE_LEGACY_SCHEMA`: where the old system's tables are, for `/api/legacy/`; default: where
  the latest takeover found them. `FULLHOUSE_LEGACY_SUNSET`: the day (YYYY-MM-DD) from which
  those addresses may be gone, as they tell their callers; empty: not said.
- `FULLHOUSE_LOG`: `text` or `json`; `FULLHOUSE_ACCESS_LOG`: `1` logs every request (the default
  with `json`). `FULLHOUSE_METRICS_PERFORMANCES`: how many performances `/metrics` tells of.
  `FULLHOUSE_OTEL_ENDPOINT`: where traces go; see docs/reference/observability.md.
- `FULLHOUSE_PUBLIC_REPORTS`: `1` where taken-over data are made up: reports without a login.
"""

import datetime
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from fullhouse.database.config import database_settings, schema_name
from fullhouse.site.secret_key import secret_key
from fullhouse.telemetry.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _count(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _day(name: str, default: str) -> datetime.date | None:
    text = os.environ.get(name, default)
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day, YYYY-MM-DD, not {text!r}.") from None


DEBUG = os.environ.get("FULLHOUSE_DEBUG") == "1"
SECRET_KEY = secret_key()
ALLOWED_HOSTS = _words("FULLHOUSE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

INSTALLED_APPS = [
    # Before the admin: its templates stand in for those of the same name.
    "fullhouse.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "django_htmx",
    "ninja",
    "fullhouse.database",
    "fullhouse.events",
    "fullhouse.migration",
    "fullhouse.announce",
    "fullhouse.api",
    "fullhouse.telemetry",
]

MIDDLEWARE = [
    "fullhouse.telemetry.requests.Observed",
    "django.middleware.security.SecurityMiddleware",
    "fullhouse.site.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "fullhouse.api.edge.ApiEdge",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "fullhouse.site.urls"
WSGI_APPLICATION = "fullhouse.site.wsgi.application"
ASGI_APPLICATION = "fullhouse.site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_settings()}
FULLHOUSE_SCHEMA = schema_name()
FULLHOUSE_ON_EVENT = os.environ.get("FULLHOUSE_ON_EVENT", "")
FULLHOUSE_PUBLIC_REPORTS = os.environ.get("FULLHOUSE_PUBLIC_REPORTS") == "1"
FULLHOUSE_BUYERS_MAY = _words("FULLHOUSE_BUYERS_MAY", "confirm,extend,release,refund,exchange")
FULLHOUSE_PUBLIC_READS_PER_MINUTE = _count("FULLHOUSE_PUBLIC_READS_PER_MINUTE", 1200)
FULLHOUSE_PUBLIC_WRITES_PER_MINUTE = _count("FULLHOUSE_PUBLIC_WRITES_PER_MINUTE", 120)
FULLHOUSE_PUBLIC_HOLD_PLACES = _count("FULLHOUSE_PUBLIC_HOLD_PLACES", 100)
FULLHOUSE_PUBLIC_HOLD_SECONDS = _count("FULLHOUSE_PUBLIC_HOLD_SECONDS", 3600)
FULLHOUSE_SEATS_MAX_AGE_MS = _count("FULLHOUSE_SEATS_MAX_AGE_MS", 500)
FULLHOUSE_STREAMS = _count("FULLHOUSE_STREAMS", 2)
FULLHOUSE_WEBHOOKS_PRIVATE = os.environ.get("FULLHOUSE_WEBHOOKS_PRIVATE") == "1"
FULLHOUSE_LOW_PERCENT = _count("FULLHOUSE_LOW_PERCENT", 10)
FULLHOUSE_PROXIES = _count("FULLHOUSE_PROXIES", 0)
FULLHOUSE_METRICS_PERFORMANCES = _count("FULLHOUSE_METRICS_PERFORMANCES", 50)
FULLHOUSE_PAYMENT = os.environ.get("FULLHOUSE_PAYMENT", "fullhouse.web.box_office.payment.AtOnce")
FULLHOUSE_HOLD_SECONDS = _count("FULLHOUSE_HOLD_SECONDS", 600)
FULLHOUSE_TOMAN = os.environ.get("FULLHOUSE_TOMAN") == "1"
FULLHOUSE_LEGACY_SUNSET = _day("FULLHOUSE_LEGACY_SUNSET", "2027-12-31")
if "FULLHOUSE_LEGACY_SCHEMA" in os.environ:
    FULLHOUSE_COMPAT = {"legacy_schema": os.environ["FULLHOUSE_LEGACY_SCHEMA"]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

_LOG = os.environ.get("FULLHOUSE_LOG", "text")
if _LOG not in ("text", "json"):
    raise ImproperlyConfigured(f"FULLHOUSE_LOG must be text or json, not {_LOG!r}.")
LOGGING = logging_settings(
    "json" if _LOG == "json" else "text",
    access=os.environ.get("FULLHOUSE_ACCESS_LOG", "1" if _LOG == "json" else "0") == "1",
)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fa", "فارسی")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
# Served straight from the installed packages; a folder is needed only to serve them elsewhere.
STATIC_ROOT = os.environ.get("FULLHOUSE_STATIC_ROOT") or None
WHITENOISE_USE_FINDERS = True

CORS_ALLOWED_ORIGINS = _words("FULLHOUSE_CORS_ORIGINS", "")
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = (
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "reservation-token",
    "x-request-id",
)
CORS_EXPOSE_HEADERS = (
    "deprecation",
    "etag",
    "link",
    "retry-after",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "sunset",
    "x-request-id",
)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

if os.environ.get("FULLHOUSE_HTTPS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
