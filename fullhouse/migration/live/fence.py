"""Fences: after the cut-over on the legacy tables, after a way back on Fullhouse's own ledger.

Put up by DDL inside the lock on the tables: whoever waited for the lock finds the fence, however
old his snapshot is. A fence refuses with SQLSTATE FHF01 and says where to go.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.events.models import Movement
from fullhouse.migration import sql_files
from fullhouse.migration.live import own_triggers, places
from fullhouse.migration.live.places import Table
from fullhouse.migration.models import MigrationRun, MigrationUnit

SQLSTATE: Final = "FHF01"
PREFIX: Final = "fullhouse_fence_"


def prefix(run: MigrationRun) -> str:
    """Return what the names of this run's fences begin with."""
    return f"{PREFIX}{places.suffix(run)}_"


def put_up(cursor: Any, run: MigrationRun, tables: list[Table]) -> None:
    """Fence the legacy tables, which the caller has locked against writers."""
    name = f"{prefix(run)}legacy"
    hint = (
        "Sell through Fullhouse: `fullhouse.compat` offers the old calls over whichever side sells "
        "(docs/reference/compat.md). Back: fullhouse capacity_migration rollback --source "
        f"{run.source} --schema {run.legacy_schema} / از راه فول‌هاوس بفروشید: `fullhouse.compat`."
    )
    _function(cursor, "live/over/fence.sql", name, run, hint, runs=MigrationRun._meta.db_table)
    for schema, table in tables:
        cursor.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}"
                " FOR EACH STATEMENT EXECUTE FUNCTION {}()"
            ).format(
                sql.Identifier(name),
                sql.Identifier(schema, table),
                sql.Identifier(own_schema(), name),
            )
        )


def put_up_own(cursor: Any, run: MigrationRun) -> None:
    """Fence the run's performances in Fullhouse; the caller has locked the ledger."""
    name = f"{prefix(run)}fullhouse"
    hint = (
        f"Sell through the legacy system ({run.legacy_schema}); `fullhouse.compat` does. / از راه"
        " سامانهٔ قدیمی بفروشید."
    )
    units = MigrationUnit._meta.db_table
    _function(cursor, "live/over/fence_fullhouse.sql", name, run, hint, units=units)
    cursor.execute(
        sql.SQL(
            "CREATE OR REPLACE TRIGGER {} AFTER INSERT ON {} REFERENCING NEW TABLE AS new_rows"
            " FOR EACH STATEMENT EXECUTE FUNCTION {}()"
        ).format(
            sql.Identifier(name),
            sql.Identifier(own_schema(), Movement._meta.db_table),
            sql.Identifier(own_schema(), name),
        )
    )


def open_legacy(cursor: Any, run: MigrationRun) -> None:
    """Let writers of the legacy tables pass again; the caller has locked them."""
    places.switch_triggers(cursor, f"{prefix(run)}legacy", on=False)


def remove(run: MigrationRun, *, using: str) -> None:
    """Take every fence of the run away, on both sides. Again is safe. Raises RetryError."""
    own_triggers.remove(prefix(run), using=using)


def let_reverse_writer_pass(cursor: Any, run: MigrationRun) -> None:
    """Let this transaction write to the fenced tables, as long as its runner holds the lease."""
    cursor.execute(
        "SELECT set_config('fullhouse.reverse_epoch', %s, true)", [f"{run.pk}:{run.epoch}"]
    )


def _function(
    cursor: Any, file: str, name: str, run: MigrationRun, hint: str, **tables: str
) -> None:
    cursor.execute(
        sql.SQL(sql_files.text(file)).format(
            function=sql.Identifier(own_schema(), name),
            run=sql.Literal(str(run.pk)),
            hint=sql.Literal(hint),
            **{key: sql.Identifier(own_schema(), table) for key, table in tables.items()},
        )
    )
    own_triggers.close_to_public(cursor, name)
