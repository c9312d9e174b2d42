"""An old ticketing project: an `events` app of its own, nothing of Fullhouse installed."""

import json
import os

_DATABASE = json.loads(os.environ["HOST_DATABASE"])
_LEGACY = os.environ["HOST_LEGACY_SCHEMA"]

SECRET_KEY = "only for tests"
INSTALLED_APPS = ["events"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DATABASE["dbname"],
        "OPTIONS": {
            **{key: value for key, value in _DATABASE.items() if key != "dbname"},
            "options": f"-c search_path={_LEGACY}",
        },
    },
}
FULLHOUSE_COMPAT = {"using": "default", "legacy_schema": _LEGACY}
if os.environ["HOST_FULLHOUSE_SCHEMA"] != "fullhouse":
    FULLHOUSE_SCHEMA = os.environ["HOST_FULLHOUSE_SCHEMA"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
