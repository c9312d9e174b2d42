"""Sellers of both sides as threads, each with a journal of what was acknowledged to him.

A legacy seller knows nothing of Fullhouse and stops at the fence. A seller on the new calls sells
on whichever side lets him, as `fullhouse.compat` does.
"""

import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.types.json import Jsonb

from fullhouse.events.domain.errors import CapacityError, Conflict, Refusal
from fullhouse.events.models import Seat

from .over_scene import seat, sell

FENCE = "FHF01"
_FREE = (
    "SELECT id, performance_id FROM events_seat WHERE status = 'available' AND is_active"
    " ORDER BY md5(id::text || %s) LIMIT 1 FOR UPDATE SKIP LOCKED"
)
BOOK = (
    "INSERT INTO events_eventbooking SELECT (jsonb_populate_record(NULL::events_eventbooking,"
    " jsonb_build_object('id', %s::uuid, 'created_at', now(), 'updated_at', now(),"
    " 'is_active', true, 'booking_date', current_date, 'booking_time', '19:00',"
    " 'participants_count', 1, 'unit_price', 100, 'total_price', 100, 'currency', 'USD',"
    " 'status', 'confirmed', 'booking_reference', left(%s::text, 20), 'selected_seats', %s::jsonb,"
    " 'ticket_breakdown', '[]'::jsonb, 'selected_options', '[]'::jsonb, 'options_total', 0,"
    " 'special_requirements', '', 'event_id', p.event_id, 'user_id', gen_random_uuid(),"
    " 'performance_id', p.id))).* FROM events_eventperformance AS p WHERE p.id = %s"
)


@dataclass
class Seller(threading.Thread):
    """One seller; `sold` is his journal (booking -> seat), `fences` the errors he met."""

    conninfo: str
    schema: str
    seed: int
    both: bool
    over: threading.Event = field(default_factory=threading.Event)
    sold: dict[UUID, UUID] = field(default_factory=dict)
    sides: list[str] = field(default_factory=list)
    fences: list[str] = field(default_factory=list)
    problem: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.luck = random.Random(self.seed)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        level = psycopg.IsolationLevel.REPEATABLE_READ if self.seed % 2 else None
        try:
            with psycopg.connect(self.conninfo) as raw:
                raw.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self.schema)))
                raw.commit()
                raw.isolation_level = level
                self._sell_until_told(raw)
        except BaseException as problem:
            self.problem = problem
        finally:
            connections["default"].close()

    def _sell_until_told(self, raw: psycopg.Connection[Any]) -> None:
        side = self._legacy
        # A moment between two customers, so that the house is not sold out before the cut-over.
        while not self.over.wait(0.05):
            try:
                if not side(raw):
                    return
            except psycopg.errors.SerializationFailure:
                raw.rollback()
            except (psycopg.Error, CapacityError) as error:
                raw.rollback()
                if getattr(error, "sqlstate", None) != FENCE:
                    raise
                self.fences.append(str(error))
                if not self.both:
                    return
                side = self._fullhouse if side == self._legacy else self._legacy

    def _legacy(self, raw: psycopg.Connection[Any]) -> bool:
        found = raw.execute(_FREE, [str(self.luck.random())]).fetchone()
        if found is None:
            raw.rollback()
            return False
        booking, named = uuid.uuid4(), Jsonb([{"seat_id": str(found[0])}])
        raw.execute("UPDATE events_seat SET status = 'sold' WHERE id = %s", [found[0]])
        raw.execute(BOOK, [booking, booking, named, found[1]])
        raw.commit()
        self._note("legacy", booking, found[0])
        return True

    def _fullhouse(self, raw: psycopg.Connection[Any]) -> bool:
        rows = raw.execute("SELECT id FROM events_eventperformance ORDER BY id").fetchall()
        raw.rollback()
        evenings = [key for (key,) in rows]
        free = Seat.objects.filter(performance_id__in=evenings, status="available")
        keys = list(free.order_by("pk").values_list("pk", "performance_id")[:200])
        if not keys:
            # The way back takes the rows away while the legacy side sells already.
            raise_if_empty(raw, self.schema)
            return True
        key, evening = self.luck.choice(keys)
        try:
            booking = sell(evening, seat(key))
        except (Refusal, Conflict):
            return True
        self._note("fullhouse", booking, key)
        return True

    def _note(self, side: str, booking: UUID, key: UUID) -> None:
        self.sold[booking] = key
        self.sides.append(side)


class FencedError(CapacityError):
    """Nothing to sell here any more: the other side sells."""

    sqlstate = FENCE


def raise_if_empty(raw: psycopg.Connection[Any], schema: str) -> None:
    state = raw.execute(
        "SELECT state FROM fullhouse.capacity_migration_migrationrun WHERE legacy_schema = %s"
        " ORDER BY created_at DESC LIMIT 1",
        [schema],
    ).fetchone()
    raw.rollback()
    if state is not None and state[0] == "rolled_back":
        raise FencedError("the legacy side sells again")


@contextmanager
def sellers(conninfo: str, schema: str, *, both: bool, count: int = 3) -> Iterator[list[Seller]]:
    """Sellers that have sold; told to stop at the end, and none may have failed."""
    every = [Seller(conninfo, schema, seed, both) for seed in range(count)]
    for one in every:
        one.start()
    try:
        wait_for(lambda: all(one.sold or not one.is_alive() for one in every))
        yield every
    finally:
        for one in every:
            one.over.set()
        for one in every:
            one.join(timeout=60)
    for one in every:
        if one.problem is not None:
            raise one.problem


def wait_for(happened: Any, seconds: float = 30.0) -> None:
    """Wait until something happened; fail if it never does."""
    watch = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if happened():
            return
        watch.wait(0.01)
    raise AssertionError("it never happened")


def journal(every: list[Seller]) -> dict[UUID, UUID]:
    """What was acknowledged to anybody: booking -> seat."""
    said: dict[UUID, UUID] = {}
    for one in every:
        said.update(one.sold)
    return said
