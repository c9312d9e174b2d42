"""The one doorway to the SQL functions: `call("reserve_v1", performance_id, actor=..., ...)`.

Under it: SQL. Above it: services, which translate the outcome. Arguments go by name
(`actor` is the function's `p_actor`), values as psycopg adapts them; `as_json` marks JSON.

In autocommit the verbs in EARLY go through their procedure, which frees the hot row before
the commit is flushed and answers after it; inside a caller's transaction the plain function
is called, and it is the caller's commit that counts.
"""

import hashlib
import json
from typing import Any
from uuid import UUID

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
    connection = connections[using]
    named = {"performance": performance_id, **arguments}
    bindings = ", ".join(f"p_{argument} => %s" for argument in named)
    values: list[Any] = list(named.values())
    try:
        # Asking may connect, and so may fail as the call itself may.
        early = name in EARLY and connection.get_autocommit() and not connection.in_atomic_block
        with connection.cursor() as cursor:
            if early:
                procedure = f"{name.removesuffix('_v1')}_early_v1"
                cursor.execute(
                    f"CALL {schema()}.{procedure}({bindings}, p_outcome => NULL)", values
                )
            else:
                cursor.execute(f"SELECT {schema()}.{name}({bindings})", values)
            return _answer(cursor)
    except Error as error:
        raise failure(error) from error


def request_digest(operation: str, body: dict[str, object]) -> bytes:
    """Return the SHA-256 of a request, for the idempotency key's comparison of bodies.

    Only what the caller asked for goes in, nothing that is made anew for each attempt.
    """
    text = json.dumps([operation, body], sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _answer(cursor: CursorWrapper) -> dict[str, Any]:
    row = cursor.fetchone()
    if row is None:
        raise AssertionError("an engine function returned no row")
    # Django asks psycopg for jsonb as text.
    value = json.loads(row[0]) if isinstance(row[0], str | bytes) else row[0]
    return dict(value)
