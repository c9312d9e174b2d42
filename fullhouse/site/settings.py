"""Settings of the runnable project around the `events` app.

Everything a deployment may want to change comes from the environment:

- `DATABASE_URL`, `FULLHOUSE_DATA`, `FULLHOUSE_SCHEMA`: see `fullhouse.database.config`.
- `FULLHOUSE_SECRET_KEY`: required outside a demo; without it a private key file is made.
- `FULLHOUSE_ALLOWED_HOSTS`: comma-separated; default localhost only.
- `FULLHOUSE_DEBUG`: `1` for Django's debug pages.
- `FULLHOUSE_STATIC_ROOT`: where `collectstatic` puts the static files, for another web server.
- `FULLHOUSE_PUBLIC_REPORTS`: `1` where taken-over data are made up: reports without a login.
"""

import os
from pathlib import Path

from fullhouse.database.config import database_settings, schema_name
from fullhouse.site.secret_key import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("FULLHOUSE_DEBUG") == "1"
SECRET_KEY = secret_key()
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("FULLHOUSE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "fullhouse.database",
    "fullhouse.events",
    "fullhouse.migration",
    "fullhouse.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fullhouse.site.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
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
FULLHOUSE_PUBLIC_REPORTS = os.environ.get("FULLHOUSE_PUBLIC_REPORTS") == "1"
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

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
