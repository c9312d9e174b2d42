"""What the on-sale gate gives over HTTP, beside an empty Django view and the usual ways.

    python benchmarks/gate.py [--connections 64,256] [--seconds 3] [--rounds 3] [--json]

Everything on this machine: one server process (`--workers`), PostgreSQL and a load generator, which
is a process of its own. Each way is asked by the same keep-alive connections:

    empty view        a view that returns nothing, in a new Django project; granian in WSGI mode
    DRF + ORM         a hold as one writes it: serializer, SELECT FOR UPDATE, inserts, update
    Ninja             `fullhouse serve --no-gate`: the whole contract, early release, no combining
    gate              `fullhouse serve`: the same addresses through the gate
    availability      GET .../availability, through Ninja and through the gate
    seats             two neighbouring seats of 60,000 by id, that nobody else asks for

Each hold of Ninja and the gate has an Idempotency-Key of its own. Rounds are interleaved; the table
shows medians: answers a second, p50 and p99 in milliseconds, answers that were not 200 or 201,
processor milliseconds an answer (server processes and PostgreSQL together), and the ratio to the
empty view. After each round of holds counters, lines and ledger are recomputed and compared with
the answers; a difference ends the run with exit code 1. Needs a migrated database (the configured
one); leaves behind a cancelled performance named "Benchmark".
"""

import argparse
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from best_available import House as SeatHouse
from reserve import configured

FOLDER = Path(__file__).resolve().parent
PLACES = 50_000_000
EMPTY, DRF, NINJA, GATE = "empty view", "DRF + ORM", "Ninja", "gate"
READ_NINJA, READ_GATE = "availability, Ninja", "availability, gate"
SEATS_NINJA, SEATS_GATE = "seats, Ninja", "seats, gate"
SETTINGS = "DJANGO_SETTINGS_MODULE"
WAYS = (EMPTY, DRF, NINJA, GATE, READ_NINJA, READ_GATE, SEATS_NINJA, SEATS_GATE)
NOBODY_COUNTS = {
    "FULLHOUSE_PUBLIC_WRITES_PER_MINUTE": "100000000",
    "FULLHOUSE_PUBLIC_READS_PER_MINUTE": "100000000",
}


@dataclass(frozen=True)
class House:
    """A performance with one section, sold as one ticket type."""

    conninfo: str
    performance: UUID
    section: UUID
    kind: UUID
    allocation: UUID

    def audit(self, granted: int) -> str | None:
        """Recompute counters, lines and ledger; return what is wrong, or None."""
        query = (
            "SELECT a.reserved_capacity, a.available_capacity + a.reserved_capacity"
            " + a.sold_capacity - a.allocated_capacity,"
            " (SELECT count(*) FROM events_reservation WHERE performance_id = a.performance_id),"
            " (SELECT coalesce(sum(quantity), 0) FROM events_reservationline"
            "   WHERE performance_id = a.performance_id AND status = 'reserved'),"
            " (SELECT coalesce(sum(quantity), 0) FROM events_movement"
            "   WHERE performance_id = a.performance_id AND to_state = 'reserved')"
            " FROM events_sectiontickettype AS a WHERE a.id = %s"
        )
        with psycopg.connect(self.conninfo) as connection:
            row = connection.execute(query, [self.allocation]).fetchone()
        if row != (granted, 0, granted, granted, granted):
            return f"{granted} answers, but counter, sum, holds, lines, ledger are {row}"
        return None

    def close(self) -> None:
        """Take the performance off sale."""
        with psycopg.connect(self.conninfo) as connection:
            connection.execute(
                "UPDATE events_eventperformance SET status = 'cancelled' WHERE id = %s",
                [self.performance],
            )


def make_house(conninfo: str) -> House:
    """Make a performance for this run."""
    house = House(conninfo, uuid4(), uuid4(), uuid4(), uuid4())
    venue, event = uuid4(), uuid4()
    with psycopg.connect(conninfo) as connection:
        run = connection.execute
        run("SET LOCAL fullhouse.engine = 'on'")
        run("INSERT INTO events_venue (id, name, total_capacity) VALUES (%s, 'Benchmark', %s)",
            [venue, PLACES])  # fmt: skip
        run("INSERT INTO events_event (id, venue_id, title, slug) VALUES (%s, %s, 'Benchmark', %s)",
            [event, venue, f"benchmark-{event}"])  # fmt: skip
        run("INSERT INTO events_tickettype (id, event_id, name) VALUES (%s, %s, 'Adult')",
            [house.kind, event])  # fmt: skip
        run("INSERT INTO events_eventperformance (id, event_id, date, start_time, max_capacity)"
            " VALUES (%s, %s, '2030-01-01', '20:00', %s)",
            [house.performance, event, PLACES])  # fmt: skip
        run("INSERT INTO events_eventsection (id, performance_id, name, total_capacity, base_price)"
            " VALUES (%s, %s, 'Floor', %s, 20)",
            [house.section, house.performance, PLACES])  # fmt: skip
        run("INSERT INTO events_sectiontickettype (id, performance_id, section_id, ticket_type_id,"
            " allocated_capacity, available_capacity, unseated_available)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [house.allocation, house.performance, house.section, house.kind,
             PLACES, PLACES, PLACES])  # fmt: skip
        run("INSERT INTO events_movement (id, performance_id, allocation_id, to_state, quantity,"
            " operation) VALUES (%s, %s, %s, 'available', %s, 'open_performance')",
            [uuid4(), house.performance, house.allocation, PLACES])  # fmt: skip
    return house


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command_of(way: str, port: int, workers: int) -> list[str]:
    """Return how the server of a way is started."""
    if way in (EMPTY, DRF):
        threads = str(min(8, 2 * (os.cpu_count() or 1) + 1))
        return [
            str(Path(sys.executable).with_name("granian")), "gate_peers:application",
            "--interface", "wsgi", "--port", str(port), "--workers", str(workers),
            "--blocking-threads", threads, "--no-ws", "--log-level", "warning",
        ]  # fmt: skip
    manage = [sys.executable, str(FOLDER.parent / "manage.py"), "serve", "--port", str(port)]
    manage += ["--workers", str(workers)]
    return manage if way in (GATE, READ_GATE, SEATS_GATE) else [*manage, "--no-gate"]


@contextmanager
def serving(way: str, workers: int) -> Iterator[tuple[int, int]]:
    """Run the server of a way; tells port and process."""
    port = free_port()
    settings = "gate_peers_settings" if way in (EMPTY, DRF) else "fullhouse.site.settings"
    process = subprocess.Popen(
        command_of(way, port, workers),
        cwd=FOLDER.parent,
        env=os.environ | NOBODY_COUNTS | {"PYTHONPATH": str(FOLDER), SETTINGS: settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"the server of {way} ended: {process.returncode}") from None
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def job_of(way: str, house: House, port: int, connections: int, seconds: float) -> dict[str, Any]:
    """Return what the load generator is to do."""
    job = {
        "host": "127.0.0.1", "port": port, "connections": connections, "seconds": seconds,
        "method": "POST", "headers": {"Accept": "application/json"}, "body": "",
        "keyed": way in (NINJA, GATE),
    }  # fmt: skip
    base = f"/api/v1/performances/{house.performance}"
    if way == EMPTY:
        return {**job, "method": "GET", "path": "/empty"}
    if way == DRF:
        body = json.dumps({"allocation": str(house.allocation), "quantity": 1})
        return {**job, "path": "/hold", "body": body}
    if way in (READ_NINJA, READ_GATE):
        return {**job, "method": "GET", "path": f"{base}/availability"}
    item = {"section": str(house.section), "ticket_type": str(house.kind), "quantity": 1}
    return {**job, "path": f"{base}/reservations", "body": json.dumps({"items": [item]})}


def seat_jobs(house: SeatHouse, port: int) -> Iterator[dict[str, Any]]:
    """Return jobs whose requests never name a seat twice, 8,000 requests each."""
    pairs = list(zip(house.seats[::2], house.seats[1::2], strict=True))
    random.Random(1).shuffle(pairs)
    bodies = [json.dumps({"items": [{"seat": str(one)} for one in pair]}) for pair in pairs]
    for begin in range(0, len(bodies), 8000):
        yield {
            "host": "127.0.0.1", "port": port, "method": "POST", "keyed": True, "body": "",
            "headers": {"Accept": "application/json"}, "bodies": bodies[begin:begin + 8000],
            "path": f"/api/v1/performances/{house.performance}/reservations",
        }  # fmt: skip


def processor_seconds(roots: list[int]) -> float:
    """Return the processor time that these processes and their descendants have used."""
    ticks, parents = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        # Own time and that of children that have ended.
        ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    total = 0
    for process in ticks:
        above = process
        while above and above not in roots:
            above = parents.get(above, 0)
        total += ticks[process] if above else 0
    return total / os.sysconf("SC_CLK_TCK")


def put_load(job: dict[str, Any]) -> dict[str, Any]:
    """Run the load generator."""
    done = subprocess.run(
        [sys.executable, str(FOLDER / "gate_load.py")],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def measure(options: argparse.Namespace, house: House) -> list[dict[str, Any]]:
    """Return one row a way, number of connections and round."""
    with psycopg.connect(house.conninfo) as connection:
        row = connection.execute(
            "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::integer"
        ).fetchone()
        assert row is not None
        postmaster = row[0]
    rows: list[dict[str, Any]] = []
    granted = 0

    def put(way: str, job: dict[str, Any], roots: list[int], turn: int) -> int:
        """Put one load on, keep its row, return how many were granted."""
        before = processor_seconds(roots)
        told = put_load(job)
        used = processor_seconds(roots) - before
        held: int = told["counts"].get("201", 0)
        good = held + told["counts"].get("200", 0)
        rows.append({
            "round": turn, "way": way, "connections": job["connections"],
            "per_second": good / told["seconds"], "p50": told.get("p50"), "p99": told.get("p99"),
            "errors": sum(told["counts"].values()) - good, "cpu_ms": 1000 * used / max(1, good),
        })  # fmt: skip
        return held

    for turn, way in itertools.product(range(options.rounds), options.ways):
        with serving(way, options.workers) as (port, pid):
            roots = [pid, postmaster]
            if way in (SEATS_NINJA, SEATS_GATE):
                seats = SeatHouse(house.conninfo)
                jobs = seat_jobs(seats, port)
                warm = put_load({**next(jobs), "connections": 8, "seconds": 0.5})
                held = warm["counts"].get("201", 0)
                for connections, job in zip(options.connections, jobs, strict=False):
                    asked = {**job, "connections": connections, "seconds": options.seconds}
                    held += put(way, asked, roots, turn)
                wrong = seats.problem(2 * held)
                seats.close()
            else:
                warm = put_load(job_of(way, house, port, 8, 0.5))
                granted += warm["counts"].get("201", 0)
                for connections in options.connections:
                    asked = job_of(way, house, port, connections, options.seconds)
                    granted += put(way, asked, roots, turn)
                wrong = house.audit(granted)
        if wrong:
            raise SystemExit(f"{way}: {wrong}")
    return rows


def table(rows: list[dict[str, Any]], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return medians over the rounds, with the ratio to the empty view."""
    found = []
    for connections in options.connections:
        floor = 0.0
        for way in options.ways:
            same = [r for r in rows if (r["way"], r["connections"]) == (way, connections)]
            middle = {
                name: statistics.median(r[name] for r in same)
                for name in ("per_second", "p50", "p99", "cpu_ms")
            }
            floor = middle["per_second"] if way == EMPTY else floor
            ratio = middle["per_second"] / floor if floor else 0.0
            errors = sum(r["errors"] for r in same)
            found.append({"connections": connections, "way": way, **middle, "errors": errors,
                          "ratio": ratio})  # fmt: skip
    return found


def numbers(text: str) -> list[int]:
    """Read `64,256`."""
    return [int(part) for part in text.split(",")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--connections", default=[64, 256], type=numbers)
    parser.add_argument("--seconds", default=3.0, type=float)
    parser.add_argument("--rounds", default=3, type=int)
    parser.add_argument("--workers", default=1, type=int)
    parser.add_argument("--ways", default=list(WAYS), type=lambda text: text.split(";"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    house = make_house(configured())
    try:
        found = table(measure(options, house), options)
    finally:
        house.close()
    if options.json:
        print(json.dumps({"benchmark": "gate", "rows": found}))
        return
    print(f"{'conns':>5}  {'way':<22}{'per second':>11}{'p50 ms':>8}{'p99 ms':>8}"
          f"{'errors':>8}{'cpu ms':>8}{'x empty':>9}")  # fmt: skip
    for row in found:
        print(f"{row['connections']:>5}  {row['way']:<22}{row['per_second']:>11,.0f}"
              f"{row['p50']:>8.1f}{row['p99']:>8.1f}{row['errors']:>8}{row['cpu_ms']:>8.2f}"
              f"{row['ratio']:>9.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
