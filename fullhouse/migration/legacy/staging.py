"""The life of a staging schema: made under a passing name, published by a rename, never mixed.

A schema that a load made carries a mark in its comment; a schema without one is never replaced.
Locks: a session advisory lock a target schema; the rename takes the catalogue locks of DDL.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

import psycopg
from psycopg import sql

from fullhouse.migration.legacy.refusals import SchemaBusyError, SchemaNameError, SchemaRefusedError

Connection = psycopg.Connection[Any]

#: PostgreSQL cuts names at 63 bytes and `_loading_` with its token takes 25.
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,37}", re.ASCII)
_RESERVED: Final = frozenset({"public", "information_schema"})
_MARK: Final = "fullhouse legacy load"
_LOADING: Final = "fullhouse legacy load in progress"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a loaded schema says of itself: where from, the source's SHA-256, rows a table."""

    source: str
    sha256: str
    tables: dict[str, int]
    layout: int = 0
    rejects: int = 0
    skipped_models: dict[str, int] = field(default_factory=dict)
    ignored_fields: dict[str, int] = field(default_factory=dict)


def check_name(schema: str, own_schema: str) -> None:
    """Raise `SchemaNameError` unless `schema` is a plain identifier that loads may use."""
    if not _NAME.fullmatch(schema):
        raise SchemaNameError(
            f"{schema!r} is not a schema name: use 1 to 38 of a-z, 0-9 and _, no digit first.",
            f"{schema!r} نام شِما نیست: ۱ تا ۳۸ نویسه از a-z و 0-9 و _ که با رقم آغاز نشود.",
        )
    if schema in _RESERVED or schema == own_schema or schema.startswith("pg_"):
        raise SchemaNameError(
            f"Schema {schema!r} is not for legacy data. Choose another, such as 'legacy'.",
            f"شِمای {schema!r} جای داده‌های قدیمی نیست. نام دیگری مانند 'legacy' بدهید.",
        )


@contextmanager
def exclusive(connection: Connection, schema: str) -> Iterator[None]:
    """Hold the load lock of a target schema; raise `SchemaBusyError` at once if it is taken."""
    key = f"{_MARK} {schema}"
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key]
    ).fetchone()
    if row is None or not row[0]:
        raise SchemaBusyError(
            f"Another load into schema {schema!r} is running. Wait for it to end.",
            f"بارگذاری دیگری در شِمای {schema!r} در جریان است. تا پایان آن صبر کنید.",
        )
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def schema_comment(connection: Connection, schema: str) -> tuple[bool, str]:
    """Return whether the schema exists, and its comment."""
    row = connection.execute(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '')"
        " FROM pg_catalog.pg_namespace WHERE nspname = %s",
        [schema],
    ).fetchone()
    return (False, "") if row is None else (True, str(row[0]))


def read_mark(comment: str) -> Mark | None:
    """Return the mark in a schema's comment, or None if no load of ours wrote it."""
    head, _, body = comment.partition(": ")
    if head != _MARK:
        return None
    try:
        said = json.loads(body)
        return Mark(**{each.name: said[each.name] for each in fields(Mark) if each.name in said})
    except (TypeError, ValueError):
        return None


def has_tables(connection: Connection, schema: str, mark: Mark) -> bool:
    """Tell whether every table that the load made is still in the schema."""
    row = connection.execute(
        "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = %s AND tablename = ANY (%s)",
        [schema, list(mark.tables)],
    ).fetchone()
    return row is not None and int(row[0]) == len(mark.tables)


def check_replaceable(connection: Connection, schema: str, *, replace: bool) -> None:
    """Raise `SchemaRefusedError` if the target exists and may not give way."""
    exists, comment = schema_comment(connection, schema)
    if not exists:
        return
    if read_mark(comment) is None:
        raise SchemaRefusedError(
            f"Schema {schema!r} exists and was not made by a load: it is never replaced."
            " Choose another with --schema.",
            f"شِمای {schema!r} هست و ساختهٔ بارگذاری نیست؛ هرگز جایگزین نمی‌شود."
            " با --schema نام دیگری بدهید.",
        )
    if not replace:
        raise SchemaRefusedError(
            f"Schema {schema!r} holds another load. Use --replace to load it anew,"
            " or --schema for another name.",
            f"شِمای {schema!r} بارگذاری دیگری دارد. برای جایگزینی --replace"
            " یا برای نام دیگر --schema را به کار ببرید.",
        )


def sweep(connection: Connection, schema: str) -> None:
    """Drop what loads that died left behind for this target. Needs the load lock."""
    rows = connection.execute(
        "SELECT nspname FROM pg_catalog.pg_namespace"
        " WHERE nspname ~ %s AND obj_description(oid, 'pg_namespace') = %s",
        [f"^{schema}_loading_[0-9a-f]{{16}}$", _LOADING],
    ).fetchall()
    for (name,) in rows:
        drop(connection, str(name))


def create(connection: Connection, schema: str) -> str:
    """Create the passing schema of a load; return its name."""
    name = f"{schema}_loading_{secrets.token_hex(8)}"
    with connection.transaction():
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
                sql.Identifier(name), sql.Literal(_LOADING)
            )
        )
    return name


def drop(connection: Connection, schema: str) -> None:
    """Drop a passing schema and all in it."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def publish(
    connection: Connection, loading: str, schema: str, mark: Mark, *, replace: bool
) -> None:
    """Give a passing schema its final name in one durable transaction.

    A replaced schema is dropped without CASCADE beyond its own tables: what others built on it
    (views, foreign keys) makes this a `SchemaRefusedError`.
    """
    body = json.dumps(asdict(mark), ensure_ascii=False)
    with connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = on")
        check_replaceable(connection, schema, replace=replace)
        _drop_replaced(connection, schema)
        connection.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                sql.Identifier(loading), sql.Identifier(schema)
            )
        )
        connection.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
                sql.Identifier(schema), sql.Literal(f"{_MARK}: {body}")
            )
        )


def _drop_replaced(connection: Connection, schema: str) -> None:
    tables = connection.execute(
        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = %s", [schema]
    ).fetchall()
    try:
        if tables:
            names = sql.SQL(", ").join(sql.Identifier(schema, str(name)) for (name,) in tables)
            connection.execute(sql.SQL("DROP TABLE {} RESTRICT").format(names))
        connection.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} RESTRICT").format(sql.Identifier(schema))
        )
    except psycopg.errors.DependentObjectsStillExist as error:
        detail = (error.diag.message_detail or str(error)).strip()
        raise SchemaRefusedError(
            f"Schema {schema!r} cannot be replaced: something else depends on it. {detail}",
            f"شِمای {schema!r} جایگزین نمی‌شود، چون چیز دیگری به آن وابسته است. {detail}",
        ) from error
