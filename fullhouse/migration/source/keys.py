"""Legacy keys that are no UUIDs: the UUID that stands for one, always the same.

A whole number below 10^12 can be read in it: key 1042 ends in 000000001042. Any other key, a
text or a larger number, is hashed. Schema and kind of row are hashed into the front, so that two
legacy systems with the same numbers do not meet.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final
from uuid import UUID

from psycopg import sql

_READABLE: Final = "^(0|[1-9][0-9]{0,11})$"


def key_kind(view: str, column: str) -> str:
    """Return which rows a key column names: its own view's, or those that it points at."""
    return view if column == "id" else column.removesuffix("_id")


def key_uuid(schema: str, kind: str, key: str) -> UUID:
    """Return the UUID of a legacy key; `kind` is a canonical view, such as `performance`."""
    if re.fullmatch(_READABLE, key, re.ASCII):
        return UUID(_front(schema, kind) + key.zfill(12))
    return UUID(hashlib.md5(f"{schema}.{kind}:{key}".encode(), usedforsecurity=False).hexdigest())


def key_sql(schema: str, kind: str, key: sql.Composable) -> sql.Composed:
    """Return the same as an SQL expression over a column; null stays null."""
    return sql.SQL(
        "CASE WHEN {key}::text ~ {readable} THEN ({front} || lpad({key}::text, 12, '0'))::uuid"
        " ELSE md5({name} || {key}::text)::uuid END"
    ).format(
        key=key,
        readable=sql.Literal(_READABLE),
        front=sql.Literal(_front(schema, kind)),
        name=sql.Literal(f"{schema}.{kind}:"),
    )


def _front(schema: str, kind: str) -> str:
    hashed = hashlib.md5(f"{schema}.{kind}".encode(), usedforsecurity=False).hexdigest()
    return f"{hashed[:8]}-{hashed[8:12]}-8{hashed[12:15]}-8{hashed[15:18]}-"
