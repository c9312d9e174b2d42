"""A takeover that is proved and stands before its cut-over, and both sides at work around it."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.migration import runs
from fullhouse.migration.live import commands, commands_over, places, reverse, steps
from fullhouse.migration.live.commands_over import Over
from fullhouse.migration.models import ArchivedRow, MigrationRun, Outbox
from fullhouse.migration.progress import Silence
from fullhouse.migration.remove import remove
from fullhouse.migration.runs import OVER, Order, State
from fullhouse.migration.validate import validate

from ..builders import House
from ..takeover import running

USING = "default"


class Heard(Silence):
    """A watcher that keeps what is said, and sees that it is said in both languages."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, english: str, persian: str) -> None:
        assert persian
        self.said.append(english)


@dataclass(slots=True)
class Stage:
    """A legacy schema with a validated live run; what an operator and sellers do to it."""

    order: Order
    house: House
    heard: Heard = field(default_factory=Heard)

    @property
    def schema(self) -> str:
        return self.order.schema

    @property
    def run(self) -> MigrationRun:
        return runs.existing(self.order)

    def do(self, statement: str, *values: Any, at: str = "") -> list[tuple[Any, ...]]:
        """Run a statement in which `{}` stands for the legacy schema."""
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(at or self.schema)), values)
            return list(cursor.fetchall()) if cursor.description else []

    def take_over(self) -> MigrationRun:
        """Everything up to `validated`."""
        run = commands.run_live(self.order, self.heard)
        assert run.state == State.VALIDATED
        return run

    def cut_over(self, **given: Any) -> MigrationRun:
        return commands_over.cut_over(self.order, self.heard, Over(**given))

    def roll_back(self, **given: Any) -> MigrationRun:
        return commands_over.roll_back(self.order, self.heard, Over(**given))

    def contract(self) -> MigrationRun:
        order = replace(self.order, plan_sha=self.run.plan_sha)
        return commands_over.contract_run(order, self.heard, Over())

    def purge(self) -> MigrationRun:
        over = Over(confirm=f"purge {self.schema}")
        return commands_over.purge_run(self.order, self.heard, over)

    def follow(self) -> reverse.ReverseResult:
        """One pass of the reverse projection, outside of any runner."""
        return reverse.sync_once(self.run, runs.load_source(self.order), using=USING)

    def differences(self) -> list[str]:
        return [str(one) for one in validate(self.run, workers=1).mismatches]

    def outbox(self) -> int:
        """How many marks wait, in either direction."""
        return Outbox.objects.filter(run_id=self.run.pk).count()

    def seats(self, performance: UUID, section: str = "A") -> list[UUID]:
        query = (
            "SELECT id FROM {}.events_seat WHERE performance_id = %s AND section = %s"
            " AND row_number = '1' ORDER BY seat_number"
        )
        return [key for (key,) in self.do(query, performance, section)]

    def seat_status(self, seat: UUID) -> str:
        ((status,),) = self.do("SELECT status FROM {}.events_seat WHERE id = %s", seat)
        return str(status)

    def booking(self, key: UUID) -> dict[str, Any]:
        """The legacy booking as JSON values."""
        rows = self.do(
            "SELECT to_json(b)::text FROM {}.events_eventbooking AS b WHERE id = %s", key
        )
        return dict(json.loads(rows[0][0])) if rows else {}

    def bytes(self) -> dict[str, str]:
        """A digest of every row of every legacy table."""
        tables = self.do("SELECT tablename::text FROM pg_tables WHERE schemaname = %s", self.schema)
        return {name: self._digest(name) for (name,) in tables}

    def _digest(self, table: str) -> str:
        query = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t")
        with connection.cursor() as cursor:
            cursor.execute(query.format(sql.Identifier(self.schema, table)))
            return str(cursor.fetchone()[0])


def standing(evenings: list[UUID]) -> dict[str, list[tuple[Any, ...]]]:
    """What Fullhouse says of the performances: seats, counters, who has which places for how much.

    The ledger is left out, because another takeover tells the same state in fewer movements.
    """
    queries = {
        "seats": "SELECT id, section_id, allocation_id, status FROM events_seat",
        "allocations": (
            "SELECT id, allocated_capacity, available_capacity, unseated_available,"
            " reserved_capacity, sold_capacity FROM events_sectiontickettype"
        ),
        "sections": "SELECT id, name, total_capacity, base_price FROM events_eventsection",
        "bookings": (
            "SELECT reservation_id, min(status), sum(quantity), sum(quantity * unit_price),"
            " array_agg(seat_id ORDER BY seat_id) FROM events_reservationline"
        ),
    }
    found = {}
    with connection.cursor() as cursor:
        for name, query in queries.items():
            more = ""
            if name == "bookings":
                more = " AND status IN ('reserved', 'sold') GROUP BY reservation_id"
            cursor.execute(f"{query} WHERE performance_id = ANY (%s){more} ORDER BY 1", [evenings])
            found[name] = list(cursor.fetchall())
    return found


def hold(performance: UUID, *requests: Places | SeatRequest, **given: Any) -> UUID:
    """Hold in Fullhouse; return the reservation."""
    return reserve(performance_id=performance, requests=requests, **given).reservation_id


def sell(performance: UUID, *requests: Places | SeatRequest, **given: Any) -> UUID:
    """Sell in Fullhouse; return the reservation."""
    made = hold(performance, *requests, **given)
    confirm(performance_id=performance, reservation_id=made)
    return made


def seat(key: UUID) -> SeatRequest:
    return SeatRequest(seat_id=key)


@contextmanager
def stage(house: House) -> Iterator[Stage]:
    """Write the house into a strict legacy schema; all is taken away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = house.write(Path(folder) / "house.json")
        with running(path) as schema:
            order = Order("events", schema, yes=True, backup_dir=Path(folder), backup_form="copy")
            with cleared(Stage(order, house)) as made:
                yield made


@contextmanager
def cleared(made: Stage) -> Iterator[Stage]:
    """Take every run of the stage away when the block ends, however far it got."""
    try:
        yield made
    finally:
        _clear(made)


def _clear(made: Stage) -> None:
    for run in MigrationRun.objects.filter(legacy_schema=made.schema).order_by("-created_at"):
        if run.state in OVER or run.state == State.ROLLED_BACK:
            _force_back(made, run)
        else:
            steps.take_away(run, using=USING)
            remove(run)
        ArchivedRow.objects.filter(run=run).delete()
        run.delete()


def _force_back(made: Stage, run: MigrationRun) -> None:
    if run.state == State.CONTRACTED and not made.do(
        "SELECT 1 FROM pg_namespace WHERE nspname = %s", places.archive_schema(run)
    ):
        MigrationRun.objects.filter(pk=run.pk).update(state=State.ROLLED_BACK)
    made.roll_back()


def small_house(
    performances: int = 3, seats: int = 20, *, dirty: bool = True
) -> tuple[House, list[UUID]]:
    """Evenings with seats in two sections and some sales; return them too.

    `dirty`: the seats of the bookings still say available, so legacy sellers sell them again.
    """
    house = House()
    made = []
    for number in range(performances):
        key = house.performance(seats, current_capacity=3, parts={"VIP": seats, "Normal": seats})
        first = house.seats(key, "A", seats // 2, kind="VIP")
        house.seats(key, "B", seats - seats // 2)
        house.seat(key, f"A-9-{number}", "SOLD")
        house.seat(key, "A-8-1", "sold", kind="VIP")
        if dirty:
            house.booking(key, first[:2], people=2)
            house.booking(key, first[2:3], status="pending")
        made.append(key)
    return house, made
