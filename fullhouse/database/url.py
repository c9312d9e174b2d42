"""Read DATABASE_URL the way PostgreSQL's own client library reads it."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

_EXAMPLE = "postgresql://user:password@host:5432/name"
_PASSWORD = re.compile(r"://[^:@/?]*:([^@]*)@")


def parse_url(url: str) -> dict[str, Any]:
    """Return NAME, USER, PASSWORD, HOST, PORT and OPTIONS of a postgres:// or postgresql:// URL.

    Unix sockets (`?host=/run/postgresql`), percent-encoding, several hosts and every libpq
    parameter work. Raises ImproperlyConfigured, without the password in its message.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"DATABASE_URL does not start with postgresql://, and PostgreSQL is the only "
            f"database that Fullhouse knows. Example: {_EXAMPLE}"
        )
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read: {_without_password(str(error).strip(), url)}. "
            f"Example: {_EXAMPLE}; characters with a meaning in URLs are percent-encoded."
        ) from None
    for port in filter(None, str(parts.get("port", "")).split(",")):
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ImproperlyConfigured(
                f"DATABASE_URL cannot be read: {port!r} is no port. Example: {_EXAMPLE}"
            )
    if not parts.get("dbname"):
        raise ImproperlyConfigured(f"DATABASE_URL names no database. Example: {_EXAMPLE}")
    settings = {
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
    }
    return settings | {"OPTIONS": parts}


def _without_password(message: str, url: str) -> str:
    found = _PASSWORD.search(url)
    return message.replace(found[1], "***") if found and found[1] else message
