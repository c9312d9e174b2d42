"""What the SQL files declare against what the database has: installed, missing, modified, stray.

How: each declared object is made once more, in the session's temporary schema and a transaction
that is rolled back, and PostgreSQL prints both definitions. Body, arguments, defaults, settings,
volatility and conditions are compared as the server understands them, not as they are spelt.
Nothing of this is seen by others and nothing stays. Needs the TEMPORARY right on the database.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper

from fullhouse.events.engine.sql_files import SQL_ROOT, render, schema

FOLDERS = tuple(SQL_ROOT / name for name in ("functions", "triggers", "views"))

_DECLARATION = re.compile(
    r"^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?(FUNCTION|PROCEDURE|VIEW|TRIGGER) "
    r"(?:([a-z_]\w*)\.)?(\w+)",
    re.MULTILINE,
)
_TABLE = re.compile(r"\bON (\w+)\.(\w+)")
_SOURCES = {
    "routine": (
        "SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc AS p"
        " WHERE p.pronamespace = %s::regnamespace AND p.prokind IN ('f', 'p')"
        " AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass"
        " AND d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid"
    ),
    "view": (
        "SELECT c.relname, pg_get_viewdef(c.oid) FROM pg_class AS c"
        " WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('v', 'm')"
    ),
    "trigger": (
        "SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || CASE t.tgenabled"
        " WHEN 'O' THEN '' ELSE ' (enabled: ' || t.tgenabled::text || ')' END"
        " FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal"
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """A database object: `kind` routine, view or trigger; a trigger's name is `table.trigger`."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every declared object is installed, missing or modified; stray ones nobody declares."""

    installed: tuple[Item, ...]
    missing: tuple[Item, ...]
    modified: tuple[Item, ...]
    stray: tuple[Item, ...]

    @property
    def clean(self) -> bool:
        """True when the database has exactly what the files say."""
        return not (self.missing or self.modified or self.stray)


@dataclass(frozen=True, slots=True)
class _Declared:
    item: Item
    statement: str


def inspect(
    *,
    using: str = "default",
    folders: Sequence[Path] = FOLDERS,
    neighbours: Sequence[Path] | None = None,
) -> Inventory:
    """Compare the SQL files of `folders` with the database.

    `neighbours` are folders of other apps with objects in the same schema (None:
    `other_apps()`): theirs are looked at neither here nor as strays. Raises the database's
    errors; locks no row and no table against anybody's work.
    """
    declared = {each.item: each for each in _declarations(folders)}
    beside = other_apps() if neighbours is None else neighbours
    others = {each.item for each in _declarations(beside)}
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            # Names of the schema are printed in full, and temporary tables shadow nothing.
            cursor.execute("SET LOCAL search_path TO pg_catalog, pg_temp")
            found = _definitions(cursor, schema())
            present = [each for item, each in declared.items() if item in found]
            expected = _as_declared(cursor, present, using)
        transaction.set_rollback(True, using=using)
    same = {item for item in declared if item in found and found[item] == expected.get(item)}
    return Inventory(
        installed=tuple(sorted(same)),
        missing=tuple(sorted(item for item in declared if item not in found)),
        modified=tuple(sorted(item for item in declared if item in found and item not in same)),
        stray=tuple(sorted(item for item in found if item not in declared and item not in others)),
    )


def other_apps() -> list[Path]:
    """Return the `sql` folders of our other installed apps."""
    others = (app for app in apps.get_app_configs() if app.label != "events")
    return [Path(app.path) / "sql" for app in others if app.name.startswith("fullhouse.")]


def _declarations(folders: Iterable[Path]) -> Iterable[_Declared]:
    for path in (path for folder in folders for path in sorted(folder.rglob("*.sql"))):
        text = render(path)
        starts = [*_DECLARATION.finditer(text)]
        ends = [*(match.start() for match in starts[1:]), len(text)][: len(starts)]
        for match, end in zip(starts, ends, strict=True):
            kind, _, name = match.groups()
            statement = text[match.start() : end]
            if kind == "TRIGGER":
                table = _TABLE.search(statement)
                if table is None:
                    continue  # on a temporary table of a neighbour: no object of the schema
                name = f"{table.group(2)}.{name}"
            known = {"TRIGGER": "trigger", "VIEW": "view"}.get(kind, "routine")
            yield _Declared(Item(known, name), statement)


def _as_declared(
    cursor: CursorWrapper, declared: list[_Declared], using: str
) -> dict[Item, list[str]]:
    """Make the objects in the temporary schema and return how the server defines them there."""
    tables = {each.item.name.partition(".")[0] for each in declared if each.item.kind == "trigger"}
    for table in sorted(tables):
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {schema()}.{table})")
    for each in declared:
        if each.item.kind == "trigger":
            statement = _TABLE.sub(r"ON pg_temp.\2", each.statement, count=1)
        else:
            statement = each.statement.replace(f" {schema()}.", " pg_temp.", 1)
        # One that cannot be made stands on something that is missing, or is not as it should be.
        with suppress(DatabaseError), transaction.atomic(using=using):
            cursor.execute(statement)
    cursor.execute("SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()")
    row = cursor.fetchone()
    return _definitions(cursor, row[0]) if row else {}


def _definitions(cursor: CursorWrapper, where: str) -> dict[Item, list[str]]:
    """Return the definitions in one schema, its own name written as `{schema}` where it is the
    object's or its table's; an overloaded routine has several.
    """
    found: dict[Item, list[str]] = {}
    own = re.compile(rf" (?:{where}|pg_temp)\.")
    for kind, query in _SOURCES.items():
        cursor.execute(query, [where])
        for name, definition in cursor.fetchall():
            text = own.sub(" {schema}.", definition, count=1)
            found.setdefault(Item(kind, name), []).append(text)
    return found
