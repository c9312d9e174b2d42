"""What the best four of 60,000 seats cost, beside holding four seats by name.

    python benchmarks/best_available.py [--clients 1,16] [--seconds 2] [--rounds 3] [--json]

First alone, in a transaction that is rolled back: milliseconds of one call in the server, for
houses filled to different degrees. Then by N processes at once, all durable before they answer:

    places by number   reserve_early_v1, four places without a seat: the hot row alone
    seats by name      reserve_early_v1, four neighbours that nobody else asks for: the plain hold
    best available     best_available_early_v1, a party of four, anywhere

Rounds are interleaved; the table shows medians and the ratio to the plain hold. A refusal while
seats are left, a seat in two holds or a wrong sum ends the run with exit code 1. Needs a migrated
database (the configured one); leaves behind cancelled performances named "Benchmark".
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

sys.path.insert(0, str(Path(__file__).resolve().parent))
from reserve import configured

ROWS, WIDTH, PARTY, LOOSE = 1500, 40, 4, 10_000_000
PLACES, NAMED, BEST = "places by number", "seats by name", "best available"
VARIANTS = (PLACES, NAMED, BEST)
_HOLD = "p_performance => %s, {} => %s, p_ttl_seconds => 600, p_kind => 'sale', " \
    "p_reference => %s, p_token_hash => NULL, p_customer => '', p_channel => '', " \
    "p_actor => 'benchmark', p_reason => ''"  # fmt: skip
RESERVE = f"CALL reserve_early_v1({_HOLD.format('p_requests')}, p_outcome => NULL)"
CHOOSE = f"CALL best_available_early_v1({_HOLD.format('p_party')}, p_outcome => NULL)"
ALONE = f"SELECT best_available_v1({_HOLD.format('p_party')})"
HOUSES = {
    # what is taken before the call: a condition on (row, seat)
    "empty": "false",
    "front three quarters sold": "row_rank <= 1125",
    "every other pair sold": "mod(seat_rank, 4) < 2 AND row_rank < 1490",
    "all but the last row sold": "row_rank < 1500",
    "no four together": "mod(seat_rank, 4) = 0",
}


class House:
    """60,000 seats in one section, with places without a seat beside them."""

    def __init__(self, conninfo: str, taken: str = "false") -> None:
        self.conninfo = conninfo
        self.performance, self.pool = uuid4(), uuid4()
        venue, event, section = uuid4(), uuid4(), uuid4()
        with psycopg.connect(conninfo) as connection:
            run = connection.execute
            run("SET LOCAL fullhouse.engine = 'on'")
            run("INSERT INTO events_venue (id, name, total_capacity) VALUES (%s, 'Benchmark', %s)",
                [venue, LOOSE * 2])  # fmt: skip
            run("INSERT INTO events_event (id, venue_id, title, slug)"
                " VALUES (%s, %s, 'Benchmark', %s)",
                [event, venue, f"benchmark-{event}"])  # fmt: skip
            places = LOOSE + ROWS * WIDTH
            run("INSERT INTO events_eventperformance (id, event_id, date, start_time, max_capacity)"
                " VALUES (%s, %s, '2030-01-01', '20:00', %s)",
                [self.performance, event, places])  # fmt: skip
            run("INSERT INTO events_eventsection (id, performance_id, name, total_capacity,"
                " base_price) VALUES (%s, %s, 'Stand', %s, 20)",
                [section, self.performance, places])  # fmt: skip
            run("INSERT INTO events_sectiontickettype (id, performance_id, section_id,"
                " allocated_capacity, available_capacity, unseated_available)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [self.pool, self.performance, section, places, places, LOOSE])  # fmt: skip
            run("INSERT INTO events_movement (id, performance_id, allocation_id, to_state,"
                " quantity, operation) VALUES (%s, %s, %s, 'available', %s, 'open_performance')",
                [uuid4(), self.performance, self.pool, places])  # fmt: skip
            run("INSERT INTO events_seat (id, performance_id, section_id, allocation_id,"
                " row_number, seat_number, row_rank, seat_rank) SELECT uuid7(), %s, %s, %s,"
                " r::text, s::text, r, s FROM generate_series(1, %s) AS r,"
                " generate_series(1, %s) AS s",
                [self.performance, section, self.pool, ROWS, WIDTH])  # fmt: skip
            run("UPDATE events_seat SET status = 'sold' WHERE performance_id = %s"
                f" AND ({taken})", [self.performance])  # fmt: skip
            self.seats = [
                row[0]
                for row in run(
                    "SELECT id FROM events_seat WHERE performance_id = %s"
                    " ORDER BY row_rank DESC, seat_rank", [self.performance]
                ).fetchall()
            ]  # fmt: skip
            connection.commit()
            connection.autocommit = True
            run("ANALYZE events_seat, events_seatrow")

    def problem(self, granted: int) -> str | None:
        """Recompute counters, lines and seats; return what is wrong, or None."""
        query = (
            "SELECT a.reserved_capacity,"
            " (SELECT coalesce(sum(quantity), 0) FROM events_reservationline"
            "   WHERE performance_id = a.performance_id AND status = 'reserved'),"
            " a.available_capacity - a.unseated_available - (SELECT count(*) FROM events_seat"
            "   WHERE performance_id = a.performance_id AND status = 'available'),"
            " (SELECT count(*) FROM (SELECT seat_id FROM events_reservationline"
            "   WHERE performance_id = a.performance_id AND seat_id IS NOT NULL"
            "   GROUP BY seat_id HAVING count(*) > 1) AS twice)"
            " FROM events_sectiontickettype AS a WHERE a.id = %s"
        )
        with psycopg.connect(self.conninfo) as connection:
            row = connection.execute(query, [self.pool]).fetchone()
        if row != (granted, granted, 0, 0):
            return f"{granted} places were answered, but counter, lines, seats, twice are {row}"
        return None

    def close(self) -> None:
        with psycopg.connect(self.conninfo) as connection:
            connection.execute(
                "UPDATE events_eventperformance SET status = 'cancelled' WHERE id = %s",
                [self.performance],
            )


def alone(conninfo: str) -> list[dict[str, Any]]:
    """Return milliseconds of one call in each house: the first, then the median of 50."""
    found = []
    for name, taken in HOUSES.items():
        house = House(conninfo, taken)
        with psycopg.connect(conninfo, prepare_threshold=0) as connection:
            times = []
            outcome = ""
            for turn in range(60):
                begun = time.perf_counter()
                row = connection.execute(
                    ALONE, [house.performance, Jsonb({"quantity": PARTY}), uuid4().hex]
                ).fetchone()
                times.append((time.perf_counter() - begun) * 1000)
                assert row is not None
                outcome = row[0]["outcome"]
                if turn == 0:
                    connection.commit()  # what was learnt of the rows stays
                else:
                    connection.rollback()
        house.close()
        found.append({
            "house": name, "outcome": outcome, "first": round(times[0], 1),
            "median": round(statistics.median(times[10:]), 2), "slowest": round(max(times[10:]), 2),
        })  # fmt: skip
    return found


def client(
    pipe: Connection, conninfo: str, performance: UUID, pool: UUID, seats: list[UUID]
) -> None:
    """Answer each (variant, seconds) with how many holds were granted in that time."""
    with (
        psycopg.connect(conninfo, autocommit=True, prepare_threshold=1) as connection,
        connection.cursor() as cursor,
    ):
        while (order := pipe.recv()) is not None:
            variant, seconds = order
            count, end = 0, time.monotonic() + seconds
            while time.monotonic() < end:
                if variant == BEST:
                    asked: Any = {"quantity": PARTY}
                elif variant == NAMED:
                    asked, seats = [{"seat_id": str(s)} for s in seats[:PARTY]], seats[PARTY:]
                else:
                    asked = [{"allocation_id": str(pool), "quantity": PARTY}]
                row = cursor.execute(
                    CHOOSE if variant == BEST else RESERVE,
                    [performance, Jsonb(asked), uuid4().hex],
                ).fetchone()
                assert row is not None
                assert row[0]["outcome"] == "granted", row[0]
                count += 1
            pipe.send(count)


def together(options: argparse.Namespace, conninfo: str) -> dict[tuple[str, int], list[float]]:
    """Return holds a second by (variant, processes), one value a round."""
    context = multiprocessing.get_context("spawn")
    results: dict[tuple[str, int], list[float]] = {}
    for turn in range(options.rounds):
        for clients in options.clients:
            house = House(conninfo)
            share = len(house.seats) // 2 // PARTY // clients * PARTY
            pipes, processes = [], []
            for number in range(clients):
                ours, theirs = context.Pipe()
                own = house.seats[number * share : (number + 1) * share]
                process = context.Process(
                    target=client, daemon=True,
                    args=(theirs, conninfo, house.performance, house.pool, own))  # fmt: skip
                process.start()
                pipes.append(ours)
                processes.append(process)
            granted = 0
            for variant in VARIANTS[turn % 3 :] + VARIANTS[: turn % 3]:
                for pipe in pipes:
                    pipe.send((variant, options.seconds))
                done = sum(pipe.recv() for pipe in pipes)
                granted += done * PARTY
                results.setdefault((variant, clients), []).append(done / options.seconds)
                if problem := house.problem(granted):
                    sys.exit(f"{variant}, {clients} processes: {problem}")
            for pipe in pipes:
                pipe.send(None)
            for process in processes:
                process.join()
            house.close()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--clients", default="1,16", type=lambda t: [int(n) for n in t.split(",")])
    parser.add_argument("--seconds", default=2.0, type=float)
    parser.add_argument("--rounds", default=3, type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    conninfo = configured()
    single = alone(conninfo)
    results = together(options, conninfo)
    rates = {cell: statistics.median(values) for cell, values in results.items()}
    rows = [
        {
            "processes": clients,
            "variant": variant,
            "per_second": round(rates[variant, clients]),
            "ratio": round(rates[variant, clients] / rates[NAMED, clients], 2),
        }
        for clients in options.clients
        for variant in VARIANTS
    ]
    if options.json:
        print(json.dumps({"benchmark": "best_available", "alone": single, "rows": rows}))
        return
    print(f"{'60,000 seats':<28}{'outcome':<14}{'first, ms':>10}{'median':>8}{'slowest':>9}")
    for each in single:
        print(f"{each['house']:<28}{each['outcome']:<14}{each['first']:>10}"
              f"{each['median']:>8}{each['slowest']:>9}")  # fmt: skip
    print(f"\n{'processes':>9}  {'variant':<18}{'per second':>12}{'x by name':>10}")
    for row in rows:
        print(
            f"{row['processes']:>9}  {row['variant']:<18}{row['per_second']:>12,}{row['ratio']:>10}"
        )


if __name__ == "__main__":
    main()
