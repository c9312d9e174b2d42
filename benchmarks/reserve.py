"""How many holds a second one hot allocation gives, beside what the server can do at all.

    python benchmarks/reserve.py [--clients 1,8,16,32] [--seconds 2] [--rounds 3] [--json]

Four ways to take one place, each by N processes at once, all durable before they answer:

    plain UPDATE       one conditional UPDATE of one row of a bare two-column table: the floor
    SELECT FOR UPDATE  the way of an ORM: lock, look, update, insert reservation, line, movement
    reserve            reserve_v1 in a transaction of its own
    reserve, early     reserve_early_v1: the row's lock is free before the disk has answered

Rounds are interleaved, so that a noisy neighbour hits all alike; the table shows medians, and the
ratio to the plain UPDATE at the same number of processes. After each cell the invariants of the
performance are recomputed; a wrong sum ends the run with exit code 1. Needs a migrated database
(the configured one); leaves behind one cancelled performance named "Benchmark".
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import time
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

PLACES = 50_000_000
PLAIN, ORM, PLAIN_FUNCTION, EARLY = (
    "plain UPDATE",
    "SELECT FOR UPDATE",
    "reserve",
    "reserve, early",
)
VARIANTS = (PLAIN, ORM, PLAIN_FUNCTION, EARLY)
_HOLD = "p_performance => %s, p_requests => %s, p_ttl_seconds => 600, p_kind => 'sale', " \
    "p_reference => %s, p_token_hash => NULL, p_customer => '', p_channel => '', " \
    "p_actor => 'benchmark', p_reason => ''"  # fmt: skip
_INSERTS = (
    "INSERT INTO events_reservation (id, performance_id, reference, expires_at)"
    " VALUES (%(hold)s, %(performance)s, %(hold)s::text, now() + interval '10 minutes')",
    "INSERT INTO events_reservationline (id, performance_id, reservation_id, allocation_id,"
    " quantity, unit_price) VALUES (%(line)s, %(performance)s, %(hold)s, %(allocation)s, 1, 20)",
    "INSERT INTO events_movement (id, performance_id, allocation_id, reservation_id, from_state,"
    " to_state, quantity, operation) VALUES (%(movement)s, %(performance)s, %(allocation)s,"
    " %(hold)s, 'available', 'reserved', 1, 'reserve')",
)


class House:
    """The performance under test and the bare table, made anew for this run."""

    def __init__(self, conninfo: str) -> None:
        self.conninfo = conninfo
        self.performance, self.allocation, section = uuid4(), uuid4(), uuid4()
        venue, event = uuid4(), uuid4()
        with psycopg.connect(conninfo) as connection:
            run = connection.execute
            run("SET LOCAL fullhouse.engine = 'on'")
            run("CREATE TABLE IF NOT EXISTS benchmark_row (id integer PRIMARY KEY, places bigint)"
                " WITH (fillfactor = 50)")  # fmt: skip
            run("INSERT INTO benchmark_row VALUES (1, 1000000000) ON CONFLICT DO NOTHING")
            run("INSERT INTO events_venue (id, name, total_capacity) VALUES (%s, 'Benchmark', %s)",
                [venue, PLACES])  # fmt: skip
            run("INSERT INTO events_event (id, venue_id, title, slug)"
                " VALUES (%s, %s, 'Benchmark', %s)",
                [event, venue, f"benchmark-{event}"])  # fmt: skip
            run("INSERT INTO events_eventperformance (id, event_id, date, start_time, max_capacity)"
                " VALUES (%s, %s, '2030-01-01', '20:00', %s)",
                [self.performance, event, PLACES])  # fmt: skip
            run("INSERT INTO events_eventsection (id, performance_id, name, total_capacity,"
                " base_price) VALUES (%s, %s, 'Floor', %s, 20)",
                [section, self.performance, PLACES])  # fmt: skip
            run("INSERT INTO events_sectiontickettype (id, performance_id, section_id,"
                " allocated_capacity, available_capacity, unseated_available)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [self.allocation, self.performance, section, PLACES, PLACES, PLACES])  # fmt: skip
            run("INSERT INTO events_movement (id, performance_id, allocation_id, to_state,"
                " quantity, operation) VALUES (%s, %s, %s, 'available', %s, 'open_performance')",
                [uuid4(), self.performance, self.allocation, PLACES])  # fmt: skip

    def audit(self, granted: int) -> str | None:
        """Recompute counters, lines and ledger; return what is wrong, or None."""
        query = (
            "SELECT a.reserved_capacity, a.available_capacity + a.reserved_capacity"
            " + a.sold_capacity - a.allocated_capacity,"
            " (SELECT coalesce(sum(quantity), 0) FROM events_reservationline"
            "   WHERE performance_id = a.performance_id AND status = 'reserved'),"
            " (SELECT coalesce(sum(quantity), 0) FROM events_movement"
            "   WHERE performance_id = a.performance_id AND to_state = 'reserved')"
            " FROM events_sectiontickettype AS a WHERE a.id = %s"
        )
        with psycopg.connect(self.conninfo) as connection:
            row = connection.execute(query, [self.allocation]).fetchone()
        if row != (granted, 0, granted, granted):
            return f"{granted} holds were answered, but counter, sum, lines, ledger are {row}"
        return None

    def close(self) -> None:
        with psycopg.connect(self.conninfo) as connection:
            connection.execute("DROP TABLE benchmark_row")
            connection.execute(
                "UPDATE events_eventperformance SET status = 'cancelled' WHERE id = %s",
                [self.performance],
            )


def take(cursor: psycopg.Cursor[Any], variant: str, house: tuple[UUID, UUID]) -> None:
    """Take one place; raise unless it was granted."""
    performance, allocation = house
    if variant == PLAIN:
        cursor.execute("UPDATE benchmark_row SET places = places - 1 WHERE id = 1 AND places >= 1")
        assert cursor.rowcount == 1
    elif variant == ORM:
        values = {"performance": performance, "allocation": allocation, "hold": uuid4(),
                  "line": uuid4(), "movement": uuid4()}  # fmt: skip
        with cursor.connection.transaction():
            row = cursor.execute(
                "SELECT available_capacity, unseated_available FROM events_sectiontickettype"
                " WHERE id = %s FOR UPDATE", [allocation]).fetchone()  # fmt: skip
            assert row is not None
            assert min(row) >= 1
            cursor.execute("SET LOCAL fullhouse.engine = 'on'")
            cursor.execute(
                "UPDATE events_sectiontickettype SET available_capacity = available_capacity - 1,"
                " unseated_available = unseated_available - 1,"
                " reserved_capacity = reserved_capacity + 1 WHERE id = %s",
                [allocation])  # fmt: skip
            for insert in _INSERTS:
                cursor.execute(insert, values)
    else:
        statement = (
            f"SELECT reserve_v1({_HOLD})"
            if variant == PLAIN_FUNCTION
            else f"CALL reserve_early_v1({_HOLD}, p_outcome => NULL)"
        )
        requests = Jsonb([{"allocation_id": str(allocation), "quantity": 1}])
        row = cursor.execute(statement, [performance, requests, uuid4().hex]).fetchone()
        assert row is not None
        assert row[0]["outcome"] == "granted", row[0]


def client(pipe: Connection, conninfo: str, house: tuple[UUID, UUID]) -> None:
    """Answer each (variant, seconds) with the number of places taken in that time."""
    with (
        psycopg.connect(conninfo, autocommit=True, prepare_threshold=1) as connection,
        connection.cursor() as cursor,
    ):
        while (order := pipe.recv()) is not None:
            variant, seconds = order
            count, end = 0, time.monotonic() + seconds
            while time.monotonic() < end:
                take(cursor, variant, house)
                count += 1
            pipe.send(count)


def measure(options: argparse.Namespace, conninfo: str) -> dict[tuple[str, int], list[float]]:
    """Return holds a second by (variant, processes), one value a round."""
    house = House(conninfo)
    known = (house.performance, house.allocation)
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for _ in range(max(options.clients)):
        ours, theirs = context.Pipe()
        process = context.Process(target=client, args=(theirs, conninfo, known), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:  # connect and prepare before anything counts
        pipe.send((PLAIN, 0.05))
    for pipe in pipes:
        pipe.recv()
    results: dict[tuple[str, int], list[float]] = {}
    granted = 0
    for turn in range(options.rounds):
        for clients in options.clients:
            for variant in VARIANTS[turn % 4 :] + VARIANTS[: turn % 4]:
                for pipe in pipes[:clients]:
                    pipe.send((variant, options.seconds))
                done = sum(pipe.recv() for pipe in pipes[:clients])
                results.setdefault((variant, clients), []).append(done / options.seconds)
                granted += 0 if variant == PLAIN else done
                if problem := house.audit(granted):
                    sys.exit(f"{variant}, {clients} processes: {problem}")
    for pipe in pipes:
        pipe.send(None)
    for process in processes:
        process.join()
    house.close()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--clients", default="1,8,16,32", type=lambda t: [int(n) for n in t.split(",")]
    )
    parser.add_argument("--seconds", default=2.0, type=float)
    parser.add_argument("--rounds", default=3, type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = measure(options, configured())
    rates = {cell: statistics.median(values) for cell, values in results.items()}
    rows = [
        {
            "processes": clients,
            "variant": variant,
            "per_second": round(rates[variant, clients]),
            "ratio": round(rates[variant, clients] / rates[PLAIN, clients], 2),
        }
        for clients in options.clients
        for variant in VARIANTS
    ]
    if options.json:
        print(json.dumps({"benchmark": "reserve", "rows": rows}))
        return
    print(f"{'processes':>9}  {'variant':<18}{'per second':>12}{'x plain':>10}")
    for row in rows:
        print(
            f"{row['processes']:>9}  {row['variant']:<18}{row['per_second']:>12,}{row['ratio']:>10}"
        )


def configured() -> str:
    """Return how to reach the configured database, its schema first on the search path."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    import django
    from django.db import connection

    django.setup()
    connection.ensure_connection()  # starts the embedded server if need be
    known = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname", "options")
    return psycopg.conninfo.make_conninfo(**{k: known[k] for k in wanted if known.get(k)})


if __name__ == "__main__":
    main()
