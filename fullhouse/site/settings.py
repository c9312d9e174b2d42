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
- `FULLHOUSE_SEATS_MAX_AGE_MS`: how old the states of a seat map may be that a process tells again.
- `FULLHOUSE_PROXIES`: how many proxies of yours stand in front and add to X-Forwarded-For.
- `FULLHOUSE_CORS_ORIGINS`: comma-separated origins whose pages may call the API.
- `FULLHOUSE_PUBLIC_REPORTS`: `1` where taken-over data are made up: reports without a login.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from fullhouse.database.config import database_settings, schema_name
from fullhouse.site.secret_key import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _count(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text)


DEBUG = os.environ.get("FULLHOUSE_DEBUG") == "1"
SECRET_KEY = secret_key()
ALLOWED_HOSTS = _words("FULLHOUSE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "ninja",
    "fullhouse.database",
    "fullhouse.events",
    "fullhouse.migration",
    "fullhouse.api",
    "fullhouse.web",
]

MIDDLEWARE = [
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
FULLHOUSE_SEATS_MAX_AGE_MS = _count("FULLHOUSE_SEATS_MAX_AGE_MS", 500)
FULLHOUSE_PROXIES = _count("FULLHOUSE_PROXIES", 0)
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING"},
        # Pages that do not exist are the visitor's business; errors of ours are not.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

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
    "if-none-match",
    "reservation-token",
    "x-request-id",
)
CORS_EXPOSE_HEADERS = (
    "etag",
    "retry-after",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
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
