"""Find or open the run of a source and a schema; what an operator asked for."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from fullhouse.events.models import Movement
from fullhouse.migration import guards
from fullhouse.migration.backup.take import Form
from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.models import MigrationRun, MigrationUnit
from fullhouse.migration.source import Source, SourceError, load
from fullhouse.migration.source.canonical import MAY_BE_ABSENT

State = MigrationRun.State
Split = Literal["pool", "equal"]

CLOSED: Final = (State.ROLLED_BACK, State.CONTRACTED)
#: From here on places of Fullhouse may have been sold, and from here on they are the truth.
OVER: Final = (State.CUT_OVER, State.CONTRACTED)


#: Sessions at a time where nothing is said: as many as the smallest machine has processors.
WORKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Order:
    """What the operator asked for; empty means not asked."""

    source: str
    schema: str
    using: str = DEFAULT_DB_ALIAS
    plan_sha: str = ""
    yes: bool = False
    again: bool = False
    decisions: Path | None = None
    split: Split | None = None
    backup_dir: Path | None = None
    backup_form: Form = "auto"
    workers: int = WORKERS


#: Names the person for whom another program of the same account gives the orders (jobs.py).
ACTOR_VARIABLE: Final = "FULLHOUSE_ACTOR"


def actor() -> str:
    """Return who gives the orders, for the record: a person, or account and machine."""
    named = os.environ.get(ACTOR_VARIABLE, "").strip()
    return (named or f"{getpass.getuser()}@{socket.gethostname()}")[:100]


def load_source(order: Order) -> Source:
    """Return the order's source; raises UsageError if there is none of that name or file."""
    try:
        return load(order.source)
    except SourceError as error:
        raise UsageError(
            f"--source {order.source}: {error.english}",
            f"--source {order.source}: {error.persian}",
        ) from error


def required_tables(source: Source) -> list[str]:
    """Return the legacy tables without which the source cannot be read."""
    return sorted({view.table for name, view in source.views.items() if name not in MAY_BE_ABSENT})


def latest(order: Order, source: Source) -> MigrationRun | None:
    """Return the open run of this source and schema, else the last closed one, else None."""
    runs = MigrationRun.objects.using(order.using).filter(
        source=source.name, legacy_schema=order.schema
    )
    return runs.exclude(state__in=CLOSED).first() or runs.order_by("-created_at").first()


def known(order: Order) -> MigrationRun | None:
    """Return the run to show, or None; for looking only, so nothing is checked but the name."""
    source = load_source(order)
    guards.check_name(order.schema)
    guards.check_installed(order.using)
    return latest(order, source)


def existing(order: Order) -> MigrationRun:
    """Return the run of this source and schema; raises RefusedError if there is none."""
    run = known(order)
    if run is None:
        raise RefusedError(
            f"No takeover of {order.schema!r} was ever begun. Begin one: fullhouse "
            f"capacity_migration run --source {order.source} --schema {order.schema}",
            f"جابه‌جایی {order.schema!r} هرگز آغاز نشده است. آغاز: fullhouse capacity_migration"
            f" run --source {order.source} --schema {order.schema}",
        )
    return run


def open_run(order: Order, source: Source) -> MigrationRun:
    """Return the open run of this source and schema, made if there is none; guards first.

    Two that open it at once get the same row. Raises UsageError and RefusedError.
    """
    guards.check_all(order.schema, required_tables(source), using=order.using)
    run = latest(order, source)
    if run is not None and run.state not in CLOSED:
        return run
    if run is not None and run.state == State.CONTRACTED:
        raise RefusedError(
            f"The takeover of {order.schema!r} is contracted: its tables are in the archive.",
            f"جابه‌جایی {order.schema!r} به پایان رسیده و جدول‌هایش در بایگانی است.",
        )
    try:
        with transaction.atomic(using=order.using):
            return MigrationRun.objects.using(order.using).create(
                source=source.name, legacy_schema=order.schema, split=order.split or "pool"
            )
    except IntegrityError:
        run = latest(order, source)
        if run is None or run.state in CLOSED:
            raise
        return run


def own_movements(run: MigrationRun, *, using: str) -> int:
    """Return how many movements the taken-over performances have had since, by Fullhouse itself."""
    units = MigrationUnit.objects.using(using).filter(run=run).values("performance_id")
    return (
        Movement.objects.using(using)
        .filter(performance_id__in=units, migration_run_id__isnull=True)
        .count()
    )
