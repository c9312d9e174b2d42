"""SHA-256 of tables, whatever the physical order of their rows; computed by the server.

A row's digest is the SHA-256 of its text; a table's is the SHA-256 of the number of its rows and
the sums of the first two 64-bit parts of their digests. Equal sums mean equal multisets of rows,
but for one chance in 2^128: enough against accidents, not against a forger with write access.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from fullhouse.migration.progress import Progress, ignore

Connection = psycopg.Connection[Any]

#: A row's text depends on the first of these; row_security off makes a hidden row an error.
_SETTINGS: Final = {
    "search_path": "pg_catalog",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "row_security": "off",
    "max_parallel_workers_per_gather": "2",
    # The planner does not know that the text of a row is most of the work.
    "parallel_setup_cost": "0",
    "parallel_tuple_cost": "0",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}

_TABLES: Final = """
    SELECT relname FROM pg_catalog.pg_class
    WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY relname COLLATE "C"
"""

#: Addition knows no order, so the workers of a parallel scan need not sort; OFFSET 0 keeps the
#: planner from computing a row's digest once for each half.
_TABLE: Final = """
    SELECT count(*), encode(sha256(convert_to(concat_ws(' ', count(*),
        sum(('x' || left(digest, 16))::bit(64)::bigint),
        sum(('x' || substr(digest, 17, 16))::bit(64)::bigint)), 'UTF8')), 'hex')
    FROM (
        SELECT encode(sha256(convert_to(whole::text, 'UTF8')), 'hex') AS digest
        FROM {} AS whole OFFSET 0
    ) AS lines
"""

_STRUCTURE: Final = """
    WITH relations AS (
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    ), lines (line) AS (
        SELECT concat_ws(' ', 'column', relname, attnum, attname,
                         format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
                         pg_get_expr(adbin, adrelid))
        FROM relations JOIN pg_attribute ON attrelid = relations.oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT concat_ws(' ', 'constraint', relname, conname, pg_get_constraintdef(c.oid))
        FROM relations JOIN pg_constraint AS c ON conrelid = relations.oid
        UNION ALL
        SELECT concat_ws(' ', 'index', relname, pg_get_indexdef(indexrelid), indisvalid)
        FROM relations JOIN pg_index ON indrelid = relations.oid
        UNION ALL
        SELECT concat_ws(' ', 'trigger', relname, pg_get_triggerdef(t.oid), tgenabled)
        FROM relations JOIN pg_trigger AS t ON tgrelid = relations.oid AND NOT tgisinternal
        UNION ALL
        SELECT concat_ws(' ', 'routine', proname, pg_get_function_identity_arguments(oid),
                         md5(prosrc))
        FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'sequence', sequencename, last_value)
        FROM pg_sequences WHERE schemaname = %(name)s
    )
    SELECT encode(sha256(convert_to(coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE "C"),
                                             ''), 'UTF8')), 'hex')
    FROM lines
"""


@dataclass(frozen=True, slots=True)
class TableSum:
    """Rows and SHA-256 (hex) of one table."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Checksums:
    """The sums of a schema: its tables, and its structure (columns, rules, triggers, sequences)."""

    tables: dict[str, TableSum]
    structure: str

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> dict[str, Any]:
        """Return JSON values that `from_json` reads."""
        tables = {
            name: {"rows": table.rows, "sha256": table.sha256}
            for name, table in self.tables.items()
        }
        return {"tables": tables, "structure": self.structure}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Checksums:
        """Read what `to_json` wrote. Raises KeyError or TypeError if it is something else."""
        tables = {
            str(name): TableSum(int(table["rows"]), str(table["sha256"]))
            for name, table in said["tables"].items()
        }
        return cls(tables, str(said["structure"]))


@dataclass(frozen=True, slots=True)
class Difference:
    """One table (or the structure) that is not as it was; None: the table is not there."""

    table: str
    before: int | None
    after: int | None

    def __str__(self) -> str:
        if self.table == STRUCTURE:
            return STRUCTURE
        rows = ["missing" if one is None else f"{one:,}" for one in (self.before, self.after)]
        return f"{self.table} ({rows[0]} → {rows[1]} rows)"


STRUCTURE: Final = "(structure)"


def settle(connection: Connection) -> None:
    """Pin the settings of this transaction that the text of a row depends on."""
    for name, value in _SETTINGS.items():
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])


def table_names(connection: Connection, schema: str) -> list[str]:
    """Return the ordinary tables of a schema (partitions included), by name."""
    rows = connection.execute(_TABLES, [quoted(schema)]).fetchall()
    return [str(name) for (name,) in rows]


def compute(
    connection: Connection,
    schema: str,
    *,
    tables: Iterable[str] | None = None,
    progress: Progress = ignore,
) -> Checksums:
    """Return the sums of `tables` (all of the schema, if None) and of the structure.

    Call it in a transaction; `settle` is done here. Reads every row once, on the server.
    """
    settle(connection)
    names = table_names(connection, schema) if tables is None else sorted(tables)
    sums: dict[str, TableSum] = {}
    rows = 0
    for done, name in enumerate(names):
        progress(done, len(names), rows)
        query = sql.SQL(_TABLE).format(sql.Identifier(schema, name))
        found = connection.execute(query).fetchone() or (0, "")
        sums[name] = TableSum(int(found[0]), str(found[1]))
        rows += sums[name].rows
    progress(len(names), len(names), rows)
    return Checksums(sums, structure(connection, schema))


def structure(connection: Connection, schema: str) -> str:
    """Return the SHA-256 of what a schema is made of, its rows aside."""
    values = {"schema": quoted(schema), "name": schema}
    row = connection.execute(_STRUCTURE, values).fetchone()
    return str(row[0]) if row else ""


def differences(
    before: Checksums, after: Checksums, *, tables: Iterable[str] | None = None
) -> list[Difference]:
    """Return what differs, by name; `tables` limits it to those, without the structure."""
    wanted = set(before.tables) | set(after.tables) if tables is None else set(tables)
    found = [
        Difference(name, _rows(before, name), _rows(after, name))
        for name in sorted(wanted)
        if before.tables.get(name) != after.tables.get(name)
    ]
    if tables is None and before.structure != after.structure:
        found.append(Difference(STRUCTURE, None, None))
    return found


def _rows(sums: Checksums, name: str) -> int | None:
    return sums.tables[name].rows if name in sums.tables else None


def quoted(name: str) -> str:
    """Return a name as `regnamespace` reads it."""
    return '"' + name.replace('"', '""') + '"'
