"""A seller: a process that sells, holds, cancels and edits in the legacy tables until told to stop.

Called as a script: conninfo, schema, seed, isolation level, journal. It writes `selling` when it
has begun, and to the journal (fsynced) what was acknowledged, after its commit. It stops at the end
of its input. It knows nothing of Fullhouse.
"""

import json
import os
import random
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import psycopg
from psycopg import errors, sql
from psycopg.types.json import Jsonb

LEVELS = ("READ COMMITTED", "REPEATABLE READ")
_FREE = (
    "SELECT id, performance_id FROM events_seat WHERE status = 'available' AND is_active"
    " AND performance_id = (SELECT id FROM events_eventperformance ORDER BY md5(id::text || %s)"
    " LIMIT 1) ORDER BY md5(id::text || %s) LIMIT %s FOR UPDATE SKIP LOCKED"
)
_BOOK = (
    "INSERT INTO events_eventbooking SELECT (jsonb_populate_record(NULL::events_eventbooking,"
    " jsonb_build_object('id', %s::uuid, 'created_at', now(), 'updated_at', now(),"
    " 'is_active', true, 'booking_date', current_date, 'booking_time', '19:00',"
    " 'participants_count', %s::int, 'unit_price', 100, 'total_price', 100 * %s::int,"
    " 'currency', 'USD', 'status', %s::text,"
    " 'booking_reference', %s::text, 'selected_seats', %s::jsonb, 'ticket_breakdown', '[]'::jsonb,"
    " 'selected_options', '[]'::jsonb, 'options_total', 0, 'special_requirements', '',"
    " 'event_id', p.event_id, 'user_id', gen_random_uuid(), 'performance_id', p.id))).*"
    " FROM events_eventperformance AS p WHERE p.id = %s"
)
_COUNT = (
    "UPDATE events_eventperformance SET current_capacity = greatest(current_capacity + %s, 0)"
    " WHERE id = %s"
)
_SEAT = (
    "INSERT INTO events_seat SELECT (jsonb_populate_record(s, jsonb_build_object('id',"
    " gen_random_uuid(), 'status', 'available', 'seat_number', %s::text, 'section', %s::text))).*"
    " FROM events_seat AS s WHERE id = %s"
)
_ADD = (
    "INSERT INTO events_eventperformance SELECT (jsonb_populate_record(p, jsonb_build_object("
    "'id', %s::uuid, 'date', DATE '2031-01-01' + %s::int))).* FROM events_eventperformance AS p"
    " ORDER BY id LIMIT 1"
)
_EMPTY = (
    "SELECT p.id FROM events_eventperformance AS p WHERE p.date >= '2031-01-01' AND NOT EXISTS ("
    "SELECT FROM events_eventbooking AS b WHERE b.performance_id = p.id) LIMIT 1"
    " FOR UPDATE SKIP LOCKED"
)
_HINDERED = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,
    errors.ForeignKeyViolation,
)


@dataclass(slots=True)
class Seller:
    """One connection with its own bookings; a step is a transaction."""

    connection: psycopg.Connection[Any]
    journal: TextIO
    luck: random.Random
    bookings: dict[str, tuple[str, list[str], str]] = field(default_factory=dict)

    def step(self) -> None:
        """Do one thing; what another seller hinders is given up, as a customer would."""
        acts = (self.sell, self.sell, self.hold, self.cancel, self.confirm, self.edit, self.resize)
        act = self.programme if self.luck.random() < 0.03 else self.luck.choice(acts)
        try:
            act()
        except _HINDERED:
            self.connection.rollback()

    def sell(self) -> None:
        """Sell one to three free seats, or change one's mind at the till."""
        self._book("confirmed", "sold")

    def hold(self) -> None:
        """Hold seats by a pending booking."""
        self._book("pending", "reserved")

    def _book(self, status: str, seat_status: str) -> None:
        seats = self._free(self.luck.randint(1, 3))
        if not seats:
            self.connection.rollback()
            return
        performance, ids, booking = seats[0][1], [key for key, _ in seats], str(uuid.uuid4())
        run = self.connection.execute
        run("UPDATE events_seat SET status = %s WHERE id = ANY (%s)", [seat_status, ids])
        named = Jsonb([{"seat_id": str(key)} for key in ids])
        count = len(ids)
        run(_BOOK, [booking, count, count, status, booking[:20], named, performance])
        run(_COUNT, [count, performance])
        if self.luck.random() < 0.1:
            self.connection.rollback()
            return
        self.connection.commit()
        named_ids = [str(key) for key in ids]
        self.bookings[booking] = (str(performance), named_ids, seat_status)
        self._write(booking, named_ids, seat_status)

    def cancel(self) -> None:
        """Cancel a booking of its own."""
        self._change("cancelled", "available")

    def confirm(self) -> None:
        """Confirm a held booking of its own; a sold one stays."""
        self._change("confirmed", "sold")

    def _change(self, status: str, seat_status: str) -> None:
        if not self.bookings:
            return
        booking = self.luck.choice(sorted(self.bookings))
        performance, seats, _ = self.bookings[booking]
        run = self.connection.execute
        run("UPDATE events_eventbooking SET status = %s WHERE id = %s", [status, booking])
        run("UPDATE events_seat SET status = %s WHERE id = ANY (%s::uuid[])", [seat_status, seats])
        if seat_status == "available":
            run(_COUNT, [-len(seats), performance])
        self.connection.commit()
        if seat_status == "available":
            del self.bookings[booking]
        else:
            self.bookings[booking] = (performance, seats, seat_status)
        self._write(booking, seats, seat_status)

    def edit(self) -> None:
        """Change the price, the section or the row of a free seat."""
        seats = self._free(1)
        change = self.luck.choice(
            ("price = price + 1", "section = 'Box'", "row_number = 'R' || left(id::text, 4)")
        )
        for key, _ in seats:
            self.connection.execute(
                sql.SQL("UPDATE events_seat SET {} WHERE id = %s").format(sql.SQL(change)), [key]
            )
        self.connection.commit()

    def resize(self) -> None:
        """Add a seat, or remove a free one, or rename a ticket type."""
        seats = self._free(1)
        kind = self.luck.randrange(3)
        for key, _ in seats:
            if kind == 0:
                label = str(self.luck.randrange(1_000, 100_000))  # never a twin of 07
                self.connection.execute(_SEAT, [label, self.luck.choice("AB"), key])
            elif kind == 1:
                self.connection.execute("DELETE FROM events_seat WHERE id = %s", [key])
            else:
                self.connection.execute(
                    "UPDATE events_tickettype SET name = 'VIP ' || %s WHERE name LIKE 'VIP%%'",
                    [self.luck.randrange(100)],
                )
        self.connection.commit()

    def programme(self) -> None:
        """Add an evening with a few seats, move one, or take an empty one off the programme."""
        run = self.connection.execute
        kind = self.luck.randrange(3)
        if kind == 0:
            evening = str(uuid.uuid4())
            run(_ADD, [evening, self.luck.randrange(10_000)])
            for key, _ in self._free(1):
                for label in ("501", "502", "503"):
                    run(_SEAT, [label, "A", key])
                run(
                    "UPDATE events_seat SET performance_id = %s WHERE status = 'available'"
                    " AND seat_number LIKE '50_' AND xmin = pg_current_xact_id()::xid",
                    [evening],
                )
        elif kind == 1:
            run(
                "UPDATE events_eventperformance SET start_time = start_time + INTERVAL '1 minute'"
                " WHERE id = (SELECT id FROM events_eventperformance"
                " ORDER BY md5(id::text || %s) LIMIT 1)",
                [str(self.luck.random())],
            )
        else:
            for (evening,) in run(_EMPTY).fetchall():
                run("DELETE FROM events_seat WHERE performance_id = %s", [evening])
                run("DELETE FROM events_eventperformance WHERE id = %s", [evening])
        self.connection.commit()

    def _free(self, count: int) -> list[Any]:
        salt = str(self.luck.random())
        return self.connection.execute(_FREE, [salt, salt, count]).fetchall()

    def _write(self, booking: str, seats: list[str], status: str) -> None:
        self.journal.write(json.dumps([booking, seats, status]) + "\n")
        self.journal.flush()
        os.fsync(self.journal.fileno())


def main(conninfo: str, schema: str, seed: str, level: str, journal: str) -> None:
    """Sell until the input ends."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with psycopg.connect(conninfo) as connection, Path(journal).open("a") as file:
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        connection.execute(
            sql.SQL("SET default_transaction_isolation TO {}").format(sql.Literal(level.lower()))
        )
        connection.commit()
        seller = Seller(connection, file, random.Random(int(seed)))
        for done in range(1_000_000):
            if over.is_set():
                return
            seller.step()
            if done == 10:
                print("selling", flush=True)


@dataclass(frozen=True, slots=True)
class Market:
    """Sellers at work, and their journals."""

    sellers: list[subprocess.Popen[str]]
    journals: list[Path]

    def stop(self) -> None:
        """Tell all to stop, wait for them, and see that none failed."""
        for one in self.sellers:
            if one.stdin and not one.stdin.closed:
                one.stdin.close()
        for one in self.sellers:
            assert one.wait(timeout=60) == 0

    def alive(self) -> bool:
        """Tell whether every seller is still selling."""
        return all(one.poll() is None for one in self.sellers)

    def acknowledged(self) -> dict[str, tuple[list[str], str]]:
        """Return what each booking came to, by the sellers' own journals."""
        said: dict[str, tuple[list[str], str]] = {}
        for path in self.journals:
            for line in path.read_text().splitlines():
                booking, seats, status = json.loads(line)
                said[booking] = (seats, status)
        return said


@contextmanager
def market(conninfo: str, schema: str, folder: Path, count: int = 4) -> Iterator[Market]:
    """Sellers that have begun to sell, of both isolation levels; stopped at the end."""
    journals = [folder / f"seller-{number}.jsonl" for number in range(count)]
    sellers = [
        subprocess.Popen(
            [sys.executable, __file__, conninfo, schema, str(number), LEVELS[number % 2], path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, path in enumerate(journals)
    ]
    made = Market(sellers, journals)
    try:
        for one in sellers:
            assert one.stdout is not None
            assert one.stdout.readline().strip() == "selling"
        yield made
    finally:
        for one in sellers:
            if one.poll() is None and one.stdin and not one.stdin.closed:
                one.stdin.close()
        for one in sellers:
            try:
                one.wait(timeout=60)
            finally:
                one.kill()
            if one.stdout:
                one.stdout.close()


if __name__ == "__main__":
    main(*sys.argv[1:6])
