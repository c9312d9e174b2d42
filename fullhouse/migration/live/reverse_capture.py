"""Reverse capture: after the cut-over every change in Fullhouse marks its performance.

On the ledger, because every place that moves makes a movement, and on the performances. Made in the
transaction of the cut-over, so that no sale is before it.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.events.models import EventPerformance, Movement
from fullhouse.migration import sql_files
from fullhouse.migration.live import own_triggers, places
from fullhouse.migration.models import MigrationRun, MigrationUnit, Outbox

PREFIX: Final = "fullhouse_reverse_"
#: What of a trigger's name follows the prefix: its table and when it fires.
_ON: Final = {
    "performances": (EventPerformance._meta.db_table, "UPDATE"),
    "movements": (Movement._meta.db_table, "INSERT"),
}


def prefix(run: MigrationRun) -> str:
    """Return what the names of this run's reverse capture begin with."""
    return f"{PREFIX}{places.suffix(run)}_"


def install(cursor: Any, run: MigrationRun) -> None:
    """Put reverse capture on Fullhouse's tables, in the caller's transaction.

    Locks: SHARE ROW EXCLUSIVE on the ledger and the performances.
    """
    for what, (table, event) in _ON.items():
        name = f"{prefix(run)}{what}"
        cursor.execute(
            sql.SQL(sql_files.text(f"live/over/reverse_{what}.sql")).format(
                function=sql.Identifier(own_schema(), name),
                outbox=sql.Identifier(own_schema(), Outbox._meta.db_table),
                units=sql.Identifier(own_schema(), MigrationUnit._meta.db_table),
                run=sql.Literal(str(run.pk)),
            )
        )
        own_triggers.close_to_public(cursor, name)
        cursor.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER {} AFTER {} ON {} REFERENCING NEW TABLE AS new_rows"
                " FOR EACH STATEMENT EXECUTE FUNCTION {}()"
            ).format(
                sql.Identifier(name),
                sql.SQL(event),
                sql.Identifier(own_schema(), table),
                sql.Identifier(own_schema(), name),
            )
        )


def lock_sellers(cursor: Any) -> None:
    """Wait until no engine call is half done, and let none move a place until the commit.

    Every place that moves makes a movement, so the ledger is the one door: a call that waits there
    is not committed, and finds the fence. No row is locked, so nobody waits in a circle.
    Locks: SHARE ROW EXCLUSIVE on the ledger.
    """
    places.lock_against_writers(cursor, [(own_schema(), Movement._meta.db_table)])


def remove(run: MigrationRun, *, using: str) -> None:
    """Take reverse capture and what waits in its outbox away. Again is safe. Raises RetryError."""
    own_triggers.remove(prefix(run), using=using)
    rows = Outbox.objects.using(using).filter(run_id=run.pk)
    rows.filter(direction=Outbox.Direction.REVERSE).delete()
