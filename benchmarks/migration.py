"""How many legacy seats a second are taken over, beside what the server can do at all.

    python benchmarks/migration.py [--seats 1000000] [--dirty 0.3] [--workers 2] [--json]

Three ways to the same rows, one after another:

    takeover      plan, backfill and validation of generated legacy data, as `run` does them
    raw insert    INSERT ... SELECT of the very rows that were made into the same constrained
                  tables, on one connection, every check included: the floor
    ORM loop      a row at a time with get_or_create and counters, on 10,000 seats

Takeover and raw insert are given for the same seats; the ORM loop for its own. After the takeover
the validation must hold, else the exit code is 1. Needs a migrated database (the configured one)
and leaves nothing behind: the raw insert and the ORM loop are rolled back, the takeover is removed.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

ORM_SEATS = 10_000
MEBIBYTE = 1024
#: Children after parents, as their foreign keys ask; the key by which a run's rows are known.
TABLES = {
    "events_venue": ("id", "venue"),
    "events_event": ("id", "event"),
    "events_tickettype": ("id", "ticket_type"),
    "events_eventperformance": ("id", "performance"),
    "events_eventsection": ("performance_id", "performance"),
    "events_sectiontickettype": ("performance_id", "performance"),
    "events_sectionalias": ("performance_id", "performance"),
    "events_seat": ("performance_id", "performance"),
    "capacity_migration_seatalias": ("performance_id", "performance"),
    "events_reservation": ("performance_id", "performance"),
    "events_reservationline": ("performance_id", "performance"),
    "events_movement": ("performance_id", "performance"),
}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that a piece of work took, and its result."""
    began = time.monotonic()
    done = work()
    return time.monotonic() - began, done


class Takeover:
    """A legacy schema of generated data and the run that takes it over."""

    def __init__(self, seats: int, dirty: float) -> None:
        from django.core.management import call_command

        from fullhouse.migration.models import MigrationRun

        self.seats = seats
        self.schema = f"benchmark_{uuid4().hex[:8]}"
        self.copies = f"{self.schema}_rows"
        self.run = MigrationRun.objects.create(source="events", legacy_schema=self.schema)
        with Path(os.devnull).open("w") as nowhere:
            call_command(
                *("legacy", "sample", "--seats", str(seats), "--dirty", str(dirty)),
                *("--seed", "2027", "--schema", self.schema, "--json"),
                stdout=nowhere,
            )

    def measure(self, workers: int) -> dict[str, float]:
        """Plan, make and validate; return the seconds of each."""
        from fullhouse.migration.backfill import backfill
        from fullhouse.migration.plan import make_plan
        from fullhouse.migration.validate import validate

        planned, _ = timed(lambda: make_plan(self.run))
        filled, result = timed(lambda: backfill(self.run, workers=workers))
        validated, outcome = timed(lambda: validate(self.run, workers=workers))
        if result.failed or not outcome.ok:
            shown = [str(one) for one in [*result.failed, *outcome.mismatches][:5]]
            raise SystemExit("The takeover is not what it must be:\n" + "\n".join(shown))
        return {"plan": planned, "backfill": filled, "validate": validated}

    def keep_rows(self) -> int:
        """Copy what was made into plain tables; return how many rows it is."""
        from django.db import connection

        rows = 0
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {self.copies}")
            for table, (key, kind) in TABLES.items():
                cursor.execute(
                    f"CREATE UNLOGGED TABLE {self.copies}.{table} AS SELECT t.* FROM {table} AS t"
                    " JOIN capacity_migration_maderow AS m"
                    f" ON m.row_id = t.{key} AND m.kind = %s AND m.run_id = %s",
                    [kind, self.run.pk],
                )
                rows += cursor.rowcount
            cursor.execute(f"ANALYZE {', '.join(f'{self.copies}.{table}' for table in TABLES)}")
        return rows

    def raw_insert(self) -> float:
        """Insert the kept rows again, with every check, and take it back; return the seconds."""
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL fullhouse.engine = 'on'")

            def insert() -> None:
                for table in TABLES:
                    cursor.execute(f"INSERT INTO {table} SELECT * FROM {self.copies}.{table}")
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

            seconds, _ = timed(insert)
            transaction.set_rollback(True)
        return seconds

    def remove(self) -> None:
        """Take away what the takeover made."""
        from fullhouse.migration.backfill import remove

        remove(self.run)

    def close(self) -> None:
        """Leave nothing behind."""
        from django.db import connection

        self.remove()
        self.run.delete()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {self.copies} CASCADE")
            cursor.execute(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")


def orm_loop(copies: str, limit: int) -> tuple[float, int]:
    """Make seats one by one as a script over the ORM does; return seconds and seats.

    It is spared the dirt: it reads what the takeover had cleaned.
    """
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "SELECT s.performance_id, x.name, s.row_number, s.seat_number, s.status, s.price"
            f" FROM {copies}.events_seat AS s JOIN {copies}.events_eventsection AS x"
            " ON x.id = s.section_id ORDER BY s.performance_id, s.id LIMIT %s",
            [limit],
        )
        seats = cursor.fetchall()
        seconds, _ = timed(lambda: _one_by_one(seats))
        transaction.set_rollback(True)
    return seconds, len(seats)


def _one_by_one(seats: list[Any]) -> None:
    from django.db.models import F

    from fullhouse.events.models import (
        Event,
        EventPerformance,
        EventSection,
        Seat,
        SectionTicketType,
        Venue,
    )

    venue = Venue.objects.create(name="Benchmark", total_capacity=10_000_000)
    event = Event.objects.create(venue=venue, title="Benchmark", slug=f"benchmark-{venue.pk}")
    days: dict[Any, EventPerformance] = {}
    for key, name, row, number, status, price in seats:
        if key not in days:
            day = datetime.fromtimestamp(86_400 * len(days), UTC).date()
            days[key] = EventPerformance.objects.create(event=event, date=day, start_time="20:00")
        section, _ = EventSection.objects.get_or_create(
            performance=days[key], name=name, defaults={"base_price": 100}
        )
        zero = {"allocated_capacity": 0, "available_capacity": 0, "unseated_available": 0}
        leaf, _ = SectionTicketType.objects.get_or_create(
            performance=days[key], section=section, ticket_type=None, defaults=zero
        )
        sold = status == "sold"
        Seat.objects.create(
            performance=days[key], section=section, allocation=leaf, row_number=row,
            seat_number=number, status="sold" if sold else "available",
            price=price,
        )  # fmt: skip
        counter = "sold_capacity" if sold else "available_capacity"
        SectionTicketType.objects.filter(pk=leaf.pk).update(
            allocated_capacity=F("allocated_capacity") + 1, **{counter: F(counter) + 1}
        )
        EventSection.objects.filter(pk=section.pk).update(total_capacity=F("total_capacity") + 1)
        EventPerformance.objects.filter(pk=key).update(max_capacity=F("max_capacity") + 1)


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{result['seats']:,} seats, {result['rows']:,} rows, {result['workers']} workers\n")
    print(f"{'':24}{'seconds':>10}{'seats/s':>12}{'ratio':>10}")
    for name, row in result["ways"].items():
        ratio = f"{row['ratio']:.2f} x" if row["ratio"] else ""
        print(f"{name:24}{row['seconds']:>10.1f}{row['seats_per_second']:>12,.0f}{ratio:>10}")
    print(f"\nPeak memory of the Python process: {result['peak_mebibytes']} MiB")


def main() -> int:
    """Measure and print; the ratio is the time against backfill and validation together."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seats", type=int, default=1_000_000)
    parser.add_argument("--dirty", type=float, default=0.3)
    parser.add_argument("--workers", type=int, default=2, choices=(1, 2))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    django.setup()
    takeover = Takeover(given.seats, given.dirty)
    try:
        spent = takeover.measure(given.workers)
        rows = takeover.keep_rows()
        takeover.remove()
        raw = takeover.raw_insert()
        orm, orm_seats = orm_loop(takeover.copies, min(ORM_SEATS, given.seats))
    finally:
        takeover.close()
    both = spent["backfill"] + spent["validate"]
    seconds = {
        **{name: (value, given.seats) for name, value in spent.items()},
        "backfill + validate": (both, given.seats),
        "raw insert": (raw, given.seats),
        "ORM loop": (orm, orm_seats),
    }
    ways = {
        name: {
            "seconds": round(value, 2),
            "seats_per_second": round(seats / value),
            "ratio": round((value / seats) / (both / given.seats), 3),
        }
        for name, (value, seats) in seconds.items()
    }
    result = {
        "seats": given.seats,
        "rows": rows,
        "workers": given.workers,
        "ways": ways,
        "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE,
    }
    if given.json:
        print(json.dumps(result))
    else:
        show(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
