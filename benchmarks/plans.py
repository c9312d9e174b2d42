"""How long a plan takes from file to performance, beside the way of an ORM.

    python benchmarks/plans.py [--seats 60000] [--orm-seats 6000] [--json]

Reads a plan of that many seats from our JSON, from a pretix file and from CSV, keeps it, builds a
performance from it, tries a change of plan that adds and removes a row in each block, asks the time
machine for now, and audits. The ORM style makes the same seats one object a time in
one transaction, with the ledger entry that each would need; it is given fewer, and compared by the
seat. Exit 1 when the audit finds anything. Needs a migrated database (the configured one); leaves
behind performances named "Benchmark".
"""

import argparse
import datetime
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

ROWS, SEATS_A_ROW = 50, 40


def main() -> int:
    """Run, print the table or JSON, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seats", type=int, default=60_000)
    parser.add_argument("--orm-seats", type=int, default=6_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    import django

    django.setup()
    measured, clean = measure(options.seats, options.orm_seats)
    if options.json:
        print(json.dumps({"seats": options.seats, "clean": clean, **measured}))
    else:
        for name, seconds in measured.items():
            print(f"{name:42} {seconds:10.4f}")
    return 0 if clean else 1


def measure(seats: int, orm_seats: int) -> tuple[dict[str, float], bool]:
    """Return seconds by step, microseconds a seat for both ways, and whether all adds up."""
    from fullhouse.events.domain.plans import formats
    from fullhouse.events.domain.plans.house import Terms
    from fullhouse.events.domain.plans.make import Block, make_plan
    from fullhouse.events.services.audit import audit
    from fullhouse.events.services.plans import apply_plan, change_plan, keep_plan, kept_plan
    from fullhouse.events.services.time_machine import house_at

    blocks = max(1, seats // (ROWS * SEATS_A_ROW))
    plan = make_plan(
        "Benchmark",
        blocks=tuple(
            Block(name=f"Block {n}", rows=ROWS, seats_per_row=SEATS_A_ROW, category="C")
            for n in range(blocks)
        ),
    )
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        made = work()
        seconds[name] = time.perf_counter() - start
        return made

    for name in formats.FORMATS:
        text, _ = formats.write(plan, name)
        timed(f"read {name}", lambda text=text, name=name: formats.read(text, name))
    name = f"Benchmark {time.time_ns()}"
    timed("keep", lambda: keep_plan(plan=plan, name=name))
    terms, stage = Terms(price=Decimal(20)), _performance(2 * plan.places)
    kept = kept_plan(name=name)
    timed("apply", lambda: apply_plan(performance_id=stage, kept=kept, terms=terms))
    changed = replace(
        plan,
        sections=tuple(
            replace(
                section,
                rows=(*section.rows[:-1], replace(section.rows[-1], row_number="last")),
            )
            for section in plan.sections
        ),
    )
    keep_plan(plan=changed, name=name)
    newer = kept_plan(name=name)
    timed("change", lambda: change_plan(performance_id=stage, kept=newer, terms=terms))
    timed("at, with every seat", lambda: house_at(performance_id=stage))
    found = timed("audit", lambda: audit(performance_id=stage))
    ours = (seconds["keep"] + seconds["apply"]) / plan.places
    orm = _orm_style(_performance(orm_seats), orm_seats) / orm_seats
    seconds["apply, microseconds a seat"] = ours * 1e6
    seconds["ORM style, microseconds a seat"] = orm * 1e6
    seconds["ORM style / ours"] = orm / ours
    return seconds, not found


def _performance(places: int) -> Any:
    from fullhouse.events.domain.ids import uuid7
    from fullhouse.events.models import Event, EventPerformance, Venue

    venue = Venue.objects.create(name="Benchmark", total_capacity=places)
    event = Event.objects.create(venue=venue, title="Benchmark", slug=f"benchmark-{uuid7()}")
    return EventPerformance.objects.create(
        event=event, date=datetime.date(2030, 1, 1), start_time=datetime.time(20)
    ).pk


def _orm_style(performance_id: Any, seats: int) -> float:
    """Return the seconds that one object a time takes, each with its entry in the ledger."""
    from django.db import connection, transaction

    from fullhouse.events.models import (
        EventPerformance,
        EventSection,
        Movement,
        Seat,
        SectionTicketType,
    )

    start = time.perf_counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        EventPerformance.objects.filter(pk=performance_id).update(max_capacity=seats)
        section = EventSection.objects.create(
            performance_id=performance_id, name="Block", total_capacity=seats, base_price=20
        )
        allocation = SectionTicketType.objects.create(
            performance_id=performance_id, section=section, allocated_capacity=seats,
            available_capacity=seats, unseated_available=0,
        )  # fmt: skip
        for number in range(seats):
            seat = Seat.objects.create(
                performance_id=performance_id, section=section, allocation=allocation,
                row_number=str(number // SEATS_A_ROW), seat_number=str(number % SEATS_A_ROW),
                row_rank=number // SEATS_A_ROW + 1, seat_rank=number % SEATS_A_ROW + 1,
            )  # fmt: skip
            Movement.objects.create(
                performance_id=performance_id, allocation_id=allocation.pk, seat_id=seat.pk,
                to_state="available", quantity=1, operation="open_performance",
            )  # fmt: skip
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
