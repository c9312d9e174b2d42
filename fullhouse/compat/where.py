"""Where the two sides are: a database alias, the legacy schema, Fullhouse's schema."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg import sql

from fullhouse.compat.words import say
from fullhouse.events.engine.sql_files import schema

# As `capacity_migration` takes them; no %, which would be read as a placeholder.
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f%]{1,63}")
_LEGACY_TABLES: Final = ("event", "eventperformance", "seat", "tickettype", "venue")


@dataclass(frozen=True, slots=True)
class Where:
    """A database alias and the schema of the legacy tables in it."""

    using: str
    legacy_schema: str

    @classmethod
    def of(cls, using: str | None = None, legacy_schema: str | None = None) -> "Where":
        """Return the place given, else that of FULLHOUSE_COMPAT, else `default` and `public`.

        Raises ImproperlyConfigured for a schema that cannot hold the legacy tables.
        """
        given: Mapping[str, str] = getattr(settings, "FULLHOUSE_COMPAT", {})
        name = legacy_schema or given.get("legacy_schema", "public")
        if not _NAME.fullmatch(name) or name == schema():
            raise ImproperlyConfigured(say("legacy_schema", schema=repr(name)))
        return cls(using or given.get("using", "default"), name)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows, none if it gives none.

        `{fh}` is Fullhouse's schema; `{seat}`, `{eventperformance}` and so on are legacy tables.
        Everything is named with its schema: the alias' search_path is the host's.
        """
        names: dict[str, sql.Composable] = {"fh": sql.Identifier(schema())}
        for table in _LEGACY_TABLES:
            names[table] = sql.Identifier(self.legacy_schema, f"events_{table}")
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql.SQL(query).format(**names), values)
            return list(cursor.fetchall()) if cursor.description else []
