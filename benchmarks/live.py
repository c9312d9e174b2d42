"""What a takeover costs the sellers while it is under way, and how long they wait when it is over.

    python benchmarks/live.py [--only answers,holds,rates] [--json]
                              [--rate 100] [--sellers 4]
                              [--seats 20000] [--rounds 3] [--seconds 5]
                              [--repetitions 50] [--hold-seats 2000]
                              [--rate-seats 100000,1000000]

Sellers of both isolation levels sell through the legacy tables of a copy at a fixed rate, in an
open loop: an answer counts from when its customer came, so a stall is not hidden by its own queue.

    answers    p50, p95, p99 a phase, interleaved with stretches without any takeover, in rounds,
               so that a noisy neighbour hits all alike; the ratio is to those stretches
    holds      how long the cut-over and the way back keep writers waiting, over repetitions
    rates      seats a second of the live backfill at several sizes, nobody selling; the ratio is
               to the first size

Prints tables for benchmarks/README.md. Needs a migrated database (the configured one); works in
scratch databases and schemas, and leaves nothing.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

QUIET = "no takeover"
#: A house of the usual size is half sold by then.
FRESH_EVERY = 3


@contextmanager
def sample(seats: int) -> Iterator[str]:
    """A schema with so many seats of generated, dirty legacy data; dropped at the end."""
    from django.core.management import call_command
    from django.db import connection

    schema = f"benchmark_{uuid4().hex[:8]}"
    try:
        with Path(os.devnull).open("w") as nowhere:
            call_command(
                *("legacy", "sample", "--seats", str(seats), "--dirty", "0.1"),
                *("--seed", "2027", "--schema", schema, "--json"),
                stdout=nowhere,
            )
        yield schema
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


@contextmanager
def market_of(seats: int, sellers: int, rate: float) -> Iterator[Any]:
    """Sample data of that many seats, copied, with sellers at work on the copy."""
    from fullhouse.migration.live.rehearse.rehearsal import scene
    from fullhouse.migration.progress import Silence
    from fullhouse.migration.runs import Order

    with (
        sample(seats) as schema,
        scene(Order("events", schema), sellers=sellers, watcher=Silence(), rate=rate) as made,
    ):
        made.market.open()
        made.stage.began = time.time()
        yield made


class Answers:
    """Stretches of time by name, and the answers that customers got in them."""

    def __init__(self, market: Any) -> None:
        self._market = market
        self._stretches: dict[str, list[tuple[float, float]]] = {}

    def during(self, name: str, work: Callable[[], Any]) -> Any:
        """Do `work` and remember when."""
        began = time.time()
        done = work()
        self._stretches.setdefault(name, []).append((began, time.time()))
        return done

    def to_json(self) -> dict[str, dict[str, float]]:
        """Return percentiles a name, and the ratio of each p95 to the quiet one's."""
        from fullhouse.migration.live.rehearse.market import Waits

        found = {}
        for name, stretches in self._stretches.items():
            waits = Waits()
            for began, ended in stretches:
                waits.all_ms += self._market.waits(began, ended).all_ms
            seconds = sum(ended - began for began, ended in stretches)
            found[name] = {"seconds": round(seconds, 1), **waits.to_json()}
        quiet = found[QUIET].get("p95_ms", 0)
        for one in found.values():
            one["p95_ratio"] = round(one.get("p95_ms", 0) / quiet, 3) if quiet else 0
        return found


def answers(seats: int, sellers: int, rate: float, rounds: int, seconds: float) -> dict[str, Any]:
    """Take over and back `rounds` times, quiet stretches between; return the answers."""
    from fullhouse.migration import rollback
    from fullhouse.migration.live.rehearse import phases

    with market_of(seats, sellers, rate) as made:
        stage, seen = made.stage, Answers(made.market)

        def syncing() -> None:
            stage.began, stage.seconds = time.time(), seconds
            phases.sync(stage)

        for _ in range(rounds):
            seen.during(QUIET, lambda: time.sleep(seconds))
            seen.during("backup, plan, expand", lambda: phases.expand(stage))
            seen.during("backfill", lambda: phases.backfill(stage))
            seen.during("sync", syncing)
            seen.during("validate", lambda: phases.validate(stage))
            rollback.rollback(stage.order, stage.watcher)
        made.market.stop()
        return seen.to_json()


def holds(seats: int, sellers: int, rate: float, repetitions: int) -> dict[str, Any]:
    """Go over and back `repetitions` times while sellers sell; return what writers waited.

    A house that is sold out makes no work, so another one opens every few times. What was taken
    back for want of time is asked for again, and counted.
    """
    held: dict[str, list[float]] = {"cutover": [], "rollback": []}
    tries = dict.fromkeys(held, 0)
    for begun in range(0, repetitions, FRESH_EVERY):
        with market_of(seats, sellers, rate) as made:
            for _ in range(min(FRESH_EVERY, repetitions - begun)):
                _there_and_back(made.stage, held, tries)
            made.market.stop()
    return {
        name: {
            "repetitions": len(values),
            "tries": tries[name],
            "p50_ms": round(statistics.median(values), 1),
            "p99_ms": round(_p99(values), 1),
            "max_ms": round(max(values), 1),
        }
        for name, values in held.items()
    }


def _there_and_back(stage: Any, held: dict[str, list[float]], tries: dict[str, int]) -> None:
    from fullhouse.migration.exit_codes import RetryError
    from fullhouse.migration.live.rehearse import over, phases

    for phase in (*phases.FORWARD, *over.THERE_AND_BACK[:3]):
        while True:
            try:
                numbers = phase.work(stage)
                break
            except RetryError as error:
                if phase.name not in held:
                    raise
                tries[phase.name] += int(error.facts.get("attempts", 1))
        if phase.name in held:
            held[phase.name].append(numbers["held_ms"])
            tries[phase.name] += numbers["attempt"]


def rates(sizes: list[int]) -> dict[str, Any]:
    """Take each size over by the live way, on a copy; return seats a second of the backfill."""
    from fullhouse.migration.live import commands
    from fullhouse.migration.live.rehearse.scratch import scratch
    from fullhouse.migration.progress import Silence
    from fullhouse.migration.runs import Order

    found: dict[str, Any] = {}
    for seats in sizes:
        with (
            sample(seats) as schema,
            scratch(schema, using="default") as copy,
            tempfile.TemporaryDirectory() as folder,
        ):
            order = Order("events", schema, using=copy.alias, yes=True, backup_dir=Path(folder))
            commands.expand(order, Silence())
            began = time.monotonic()
            run = commands.backfill(order, Silence())
            seconds = time.monotonic() - began
            made = sum(run.units.using(copy.alias).values_list("seats", flat=True))
        rate = round(made / seconds)
        first = next(iter(found.values()))["seats_per_second"] if found else rate
        found[str(seats)] = {
            "seats": made,
            "seconds": round(seconds, 1),
            "seats_per_second": rate,
            "ratio": round(rate / first, 2),
        }
    return found


def _p99(values: list[float]) -> float:
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[98]


#: Heading of the first column, and the others by their names in the result.
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "answers": ("answers", ("seconds", "count", "p50_ms", "p95_ms", "p99_ms", "p95_ratio")),
    "holds": ("writers wait", ("repetitions", "tries", "p50_ms", "p99_ms", "max_ms")),
    "rates": ("live backfill", ("seats", "seconds", "seats_per_second", "ratio")),
}


def show(result: dict[str, Any]) -> None:
    """Print the tables as Markdown."""
    for part, (heading, columns) in TABLES.items():
        if part not in result:
            continue
        print(f"\n{result['about'][part]}\n")
        print(f"| {heading} | {' | '.join(name.replace('_', ' ') for name in columns)} |")
        print("|---" * (len(columns) + 1) + "|")
        for name, row in result[part].items():
            values = " | ".join(f"{row.get(column, 0):,}" for column in columns)
            print(f"| {name} | {values} |")


def main() -> int:
    """Measure and print."""
    given = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    django.setup()
    load = f"{given.rate:.0f} steps/s by {given.sellers} sellers"
    sizes = [int(size) for size in given.rate_seats.split(",")]
    about = {
        "answers": f"{load}, {given.seats:,} seats, {given.rounds} rounds",
        "holds": f"{load}, {given.hold_seats:,} seats, {given.repetitions} times over and back",
        "rates": "nobody sells",
    }
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "answers": lambda: answers(
            given.seats, given.sellers, given.rate, given.rounds, given.seconds
        ),
        "holds": lambda: holds(given.hold_seats, given.sellers, given.rate, given.repetitions),
        "rates": lambda: rates(sizes),
    }
    result: dict[str, Any] = {"about": about}
    for name in given.only.split(","):
        result[name] = parts[name]()
    if given.json:
        print(json.dumps(result))
    else:
        show(result)
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default=",".join(TABLES), help="parts, with commas between")
    parser.add_argument("--rate", type=float, default=100.0, help="steps a second in all")
    parser.add_argument("--seats", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each stretch")
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--hold-seats", type=int, default=2_000)
    parser.add_argument("--rate-seats", default="100000,1000000", help="sizes, commas between")
    parser.add_argument("--sellers", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    unknown = set(given.only.split(",")) - set(TABLES)
    if unknown:
        parser.error(f"--only knows {', '.join(TABLES)}, not {', '.join(sorted(unknown))}")
    return given


if __name__ == "__main__":
    sys.exit(main())
