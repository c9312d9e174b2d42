"""How long sellers wait at a cut-over and at a way back: printed, not judged (pytest -s)."""

import os
from pathlib import Path

from django.db import connection
from psycopg import sql

from fullhouse.migration.models import RunEvent
from fullhouse.migration.runs import Order, State

from ..builders import House
from ..shell import legacy_schema
from .over_scene import Stage, cleared
from .over_sellers import sellers, wait_for

SEATS = int(os.environ.get("FULLHOUSE_HOLD_SEATS", "3000"))
TIMES = int(os.environ.get("FULLHOUSE_HOLD_TIMES", "1"))


def test_sellers_wait_briefly(db_committed: None, conninfo: str, tmp_path: Path) -> None:
    held: dict[str, list[float]] = {"cutover": [], "rollback": []}
    with legacy_schema(seats=SEATS, dirty=0.05, seed=44) as schema:
        for table in ("events_seat", "events_eventbooking"):
            index = sql.SQL("CREATE INDEX ON {} (performance_id)")
            with connection.cursor() as cursor:
                cursor.execute(index.format(sql.Identifier(schema, table)))
        order = Order("events", schema, yes=True, backup_dir=tmp_path, backup_form="copy")
        with cleared(Stage(order, House())) as one:
            for _ in range(TIMES):
                one.take_over()
                with sellers(conninfo, schema, both=True, count=4) as every:
                    one.cut_over(budget_ms=5000)
                    wait_for(lambda: all("fullhouse" in x.sides or not x.is_alive() for x in every))
                    run = one.roll_back(budget_ms=5000)
                assert run.state == State.ROLLED_BACK
                for phase, found in held.items():
                    events = RunEvent.objects.filter(
                        run=run, phase=phase, detail__has_key="held_ms"
                    )
                    told = events.latest("id").detail
                    found.append(told["held_ms"])
                    print(f"{SEATS} seats, {phase}: {told['held_ms']} ms, {told['steps']}")
    print({phase: sorted(found) for phase, found in held.items()})
