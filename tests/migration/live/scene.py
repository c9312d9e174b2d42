"""A legacy system that sells, a run that captures it, and what both sides say in the end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from fullhouse.migration import decisions, remove
from fullhouse.migration import source as sources
from fullhouse.migration.live import capture, indexes
from fullhouse.migration.live.backfill import LiveBackfill, backfill
from fullhouse.migration.live.sync import SyncResult, sync_once
from fullhouse.migration.models import MigrationRun, MigrationUnit, Outbox
from fullhouse.migration.plan import make_plan
from fullhouse.migration.validate import validate

from ..builders import House
from ..takeover import running

USING = "default"


@dataclass(frozen=True, slots=True)
class Scene:
    """A house in a legacy schema of its own, and the run that takes it over."""

    house: House
    schema: str
    run: MigrationRun

    def do(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement in which `{}` stands for the legacy schema."""
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(self.schema)), values)
            return list(cursor.fetchall()) if cursor.description else []

    def install(self) -> list[str]:
        """Put capture on."""
        return capture.install(self.run, sources.load("events"), using=USING)

    def backfill(self, **options: Any) -> LiveBackfill:
        """Make everything that is not made yet."""
        return backfill(self.run, using=USING, **options)

    def sync(self, **options: Any) -> SyncResult:
        """Do one pass."""
        return sync_once(self.run, using=USING, **options)

    def outbox(self) -> list[tuple[UUID | None, UUID | None]]:
        """What waits, as (performance, event), in order."""
        rows = Outbox.objects.filter(run_id=self.run.pk).order_by("id")
        return list(rows.values_list("performance_id", "event_id"))

    def differences(self) -> list[str]:
        """What the row-level comparison of both sides finds."""
        return [str(one) for one in validate(self.run, workers=1).mismatches]

    def units(self) -> dict[UUID, str]:
        """Every unit that is made, with its error."""
        made = MigrationUnit.objects.filter(run=self.run, done_at__isnull=False)
        return dict(made.values_list("performance_id", "error"))


@contextmanager
def staged_house(house: House) -> Iterator[Scene]:
    """Write the house into a strict legacy schema and plan; all is taken away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = house.write(Path(folder) / "house.json")
        with running(path) as schema:
            run = MigrationRun.objects.create(source="events", legacy_schema=schema)
            try:
                make_plan(run)
                decisions.accept_proposals(run, "test")
                yield Scene(house, schema, run)
            finally:
                capture.remove(run, using=USING)
                indexes.remove(run, using=USING)
                run.refresh_from_db()
                remove.remove(run, using=USING)
                run.delete()


def small_house(performances: int = 4, seats: int = 20) -> tuple[House, list[UUID]]:
    """A house with seats in two sections of each performance; return it and its performances."""
    house = House()
    made = []
    for _ in range(performances):
        key = house.performance(seats)
        house.seats(key, "A", seats // 2, kind="VIP")
        house.seats(key, "B", seats - seats // 2)
        made.append(key)
    return house, made
