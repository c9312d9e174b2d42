"""What changed since a position, in facts that anybody may know: for streams and for polling.

Under it: `changes_v1`. `CHANGES`, `SETTLE` and `told` are for who asks without Django's connection.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import Error, connections

from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.services.outcomes import check_ids, check_quantity

# Rows looked at in one call: some milliseconds. Who is further behind reads everything again.
LIMIT: Final = 10_000
MAX_LIMIT: Final = 100_000
# A snapshot names the transactions under way, 20 characters each.
MAX_POSITION: Final = 4000
#: Arguments: position (or NULL), performance (or NULL: all), limit. One row, one column of JSON.
CHANGES: Final = "SELECT {schema}.changes_v1(%s, %s, %s)"
#: In autocommit: returns once everything that was seen before it is on disk and on the standbys.
SETTLE: Final = "SELECT pg_logical_emit_message(true, 'fullhouse', '')"


@dataclass(frozen=True, slots=True)
class Change:
    """What of a performance is to be read again; `sections` None: all of them.

    `parts`, sorted: availability (places moved, or prices), seats (numbered ones moved), status
    (also times), plan.
    """

    performance_id: UUID
    parts: tuple[str, ...]
    sections: tuple[UUID, ...] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """`position` is where to ask from next. `everything`: too much happened to be told apart."""

    position: str
    everything: bool
    changes: tuple[Change, ...]


def changes_since(
    *,
    performance_id: UUID | None = None,
    cursor: str | None,
    limit: int = LIMIT,
    using: str = "default",
) -> Changes:
    """Return what was committed since `cursor`, the `position` of an answer before; settled.

    `cursor` None: only where we are now. `performance_id` None: of all performances. An unreadable
    cursor, or one of another server, is `everything`. Not inside a transaction: what is returned
    has reached the disk, so that it may leave the house. Raises InvalidRequest, Conflict,
    EngineFault. Locks nothing.
    """
    if performance_id is not None:
        check_ids(performance_id=performance_id)
    check_quantity("limit", limit, MAX_LIMIT)
    try:
        with connections[using].cursor() as database:
            database.execute(query(), [readable(cursor), performance_id, limit])
            row = database.fetchone()
            found = told(row[0] if row else None)
            if found.everything or found.changes:
                database.execute(SETTLE)
    except Error as error:
        raise failure(error) from error
    return found


def query() -> str:
    """Return CHANGES with the schema's name."""
    return CHANGES.format(schema=schema())


def readable(cursor: str | None) -> str | None:
    """Return a cursor as the database may read it: what cannot be one becomes an unreadable one."""
    if cursor is None or (len(cursor) <= MAX_POSITION and cursor.isascii() and "\0" not in cursor):
        return cursor
    return "unreadable"


def told(value: Any) -> Changes:
    """Return the answer of CHANGES, given as JSON text or already decoded."""
    facts = json.loads(value) if isinstance(value, str | bytes) else value
    return Changes(
        position=facts["position"],
        everything=facts["everything"],
        changes=tuple(map(_change, facts["changes"])),
    )


def _change(facts: dict[str, Any]) -> Change:
    parts = set(facts["parts"])
    if facts["places"] or "prices" in parts:
        parts.add("availability")
    if facts["seats"] or "plan" in parts or "prices" in parts:
        parts.add("seats")
    sections = facts["sections"]
    whole = sections is None or bool(facts["parts"])
    return Change(
        performance_id=UUID(facts["performance_id"]),
        parts=tuple(sorted(parts - {"prices"})),
        sections=None if whole else tuple(map(UUID, sections)),
    )
