"""The one doorway to the SQL functions: `call("reserve_v1", performance_id, actor=..., ...)`.

Under it: SQL. Above it: services, which translate the outcome. Arguments go by name
(`actor` is the function's `p_actor`), values as psycopg adapts them; `as_json` marks JSON.

In autocommit the verbs in EARLY go through their procedure, which frees the hot row before
the commit is flushed and answers after it; inside a caller's transaction the plain function
is called, and it is the caller's commit that counts.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import Error, connections
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema

# Verbs with an early-release procedure beside them (`reserve_v1`: `reserve_early_v1`).
EARLY = frozenset(
    {"reserve_v1", "reserve_many_v1", "best_available_v1", "confirm_v1", "release_v1"}
)

as_json = Jsonb


def call(
    name: str, performance_id: UUID, *, using: str = "default", **arguments: object
) -> dict[str, Any]:
    """Run one engine function and return its outcome; `outcome` says which.

    Raises InvalidRequest, Conflict or EngineFault (see failures.py), never a database error.
    A refusal is returned, not raised: translating it is the service's part.
    """
    return run(Statement(name, performance_id, arguments), using=using)


@dataclass(frozen=True, slots=True)
class Statement:
    """One call of an engine function, to be sent by whoever has a connection."""

    name: str
    performance_id: UUID
    arguments: Mapping[str, object]

    def sql(self, *, early: bool) -> tuple[str, list[Any]]:
        """Return the SQL and its values; it answers one row of one JSON value.

        `early`: through the verb's early-release procedure, if it has one; in autocommit only.
        """
        named = {"performance": self.performance_id, **self.arguments}
        bindings = ", ".join(f"p_{argument} => %s" for argument in named)
        values: list[Any] = list(named.values())
        if early and self.name in EARLY:
            procedure = f"{self.name.removesuffix('_v1')}_early_v1"
            return f"CALL {schema()}.{procedure}({bindings}, p_outcome => NULL)", values
        return f"SELECT {schema()}.{self.name}({bindings})", values


def run(statement: Statement, *, using: str = "default") -> dict[str, Any]:
    """Run a statement on Django's connection; otherwise as `call`."""
    connection = connections[using]
    try:
        # Asking may connect, and so may fail as the call itself may.
        early = (
            statement.name in EARLY
            and connection.get_autocommit()
            and not connection.in_atomic_block
        )
        with connection.cursor() as cursor:
            cursor.execute(*statement.sql(early=early))
            return _answer(cursor)
    except Error as error:
        raise failure(error) from error


def request_digest(operation: str, body: dict[str, object]) -> bytes:
    """Return the SHA-256 of a request, for the idempotency key's comparison of bodies.

    Only what the caller asked for goes in, nothing that is made anew for each attempt.
    """
    text = msgspec.json.encode([operation, body], enc_hook=str, order="sorted")
    return hashlib.sha256(text).digest()


def _answer(cursor: CursorWrapper) -> dict[str, Any]:
    row = cursor.fetchone()
    if row is None:
        raise AssertionError("an engine function returned no row")
    # Django asks psycopg for jsonb as text.
    value = json.loads(row[0]) if isinstance(row[0], str | bytes) else row[0]
    return dict(value)
