"""Django's DATABASES["default"], from the environment alone; nothing is started or imported.

DATABASE_URL set: that server. Otherwise the embedded one. FULLHOUSE_SCHEMA: the PostgreSQL schema
that holds Fullhouse's tables, in either.
"""

from __future__ import annotations

import os
import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .account import account_for
from .errors import ServerError
from .paths import Layout, uses_sockets
from .url import parse_url

ENGINE = "fullhouse.database.backend"
# Seconds for a connection to open, and the name that the server shows for it.
DEFAULTS = {"connect_timeout": "10", "application_name": "fullhouse"}
# Long enough to serve bursts from open connections, short enough to give idle ones back.
CONNECTION_AGE_SECONDS = 60
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,40}")


def schema_name() -> str:
    """Return FULLHOUSE_SCHEMA, default `fullhouse`.

    Raises ImproperlyConfigured unless it is a plain lower-case identifier: it is written into
    SQL and into connection options, where nothing can quote it everywhere.
    """
    name = os.environ.get("FULLHOUSE_SCHEMA") or "fullhouse"
    if not _SCHEMA.fullmatch(name) or name.startswith("pg_"):
        raise ImproperlyConfigured(
            f"FULLHOUSE_SCHEMA={name!r} cannot be a schema. Use lower-case letters, digits and _, "
            "not starting with a digit or pg_, at most 41 characters."
        )
    return name


def database_settings() -> dict[str, Any]:
    """Return the settings of the one database. `search_path` is exactly `schema_name()`.

    Raises ImproperlyConfigured when DATABASE_URL or FULLHOUSE_SCHEMA cannot be read or the
    embedded server's directory belongs to somebody else.
    """
    url = os.environ.get("DATABASE_URL")
    settings = parse_url(url) if url else _embedded()
    given = settings["OPTIONS"].get("options", "")
    search_path = f"-c search_path={schema_name()}"
    settings["OPTIONS"]["options"] = f"{given} {search_path}".strip()
    settings["OPTIONS"] = DEFAULTS | settings["OPTIONS"]
    return settings | {
        "ENGINE": ENGINE,
        "EMBEDDED": not url,
        "CONN_MAX_AGE": CONNECTION_AGE_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }


def _embedded() -> dict[str, Any]:
    try:
        layout = Layout.of()
        account = account_for(layout)
    except ServerError as error:
        raise ImproperlyConfigured(str(error)) from error
    options: dict[str, Any] = {}
    if not uses_sockets():
        options["passfile"] = str(layout.passfile)
    elif layout.sockets_are_elsewhere:
        # Anyone can make a directory of that name first; libpq then refuses their server.
        options["requirepeer"] = account.name
    return {
        "NAME": "fullhouse",
        "USER": "fullhouse",
        "PASSWORD": "",
        "HOST": layout.host,
        "PORT": str(layout.port),
        "OPTIONS": options,
    }
