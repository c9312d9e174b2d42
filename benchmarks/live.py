"""What a takeover costs the sellers while it is under way, and how long they wait when it is over.

    python benchmarks/live.py [--rate 100] [--seats 20000] [--rounds 3] [--seconds 5]
                              [--repetitions 50] [--hold-seats 2000] [--sellers 4] [--json]

Sellers of both isolation levels sell through the legacy tables of a copy at a fixed rate, in an
open loop: an answer counts from when its customer came, so a stall is not hidden by its own queue.

    answers    p50, p95, p99 a phase, interleaved with stretches without any takeover, in rounds,
               so that a noisy neighbour hits all alike; the ratio is to those stretches
    holds      how long the cut-over and the way back keep writers waiting, over repetitions

Needs a migrated database (the configured one); works in scratch databases and leaves nothing.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

QUIET = "no takeover"


@contextmanager
def market_of(seats: int, sellers: int, rate: float) -> Iterator[Any]:
    """Sample data of that many seats, copied, with sellers at work on the copy."""
    from django.core.management import call_command
    from django.db import connection

    from fullhouse.migration.live.rehearse.rehearsal import scene
    from fullhouse.migration.progress import Silence
    from fullhouse.migration.runs import Order

    schema = f"benchmark_{uuid4().hex[:8]}"
    try:
        with Path(os.devnull).open("w") as nowhere:
            call_command(
                *("legacy", "sample", "--seats", str(seats), "--dirty", "0.1"),
                *("--seed", "2027", "--schema", schema, "--json"),
                stdout=nowhere,
            )
        order = Order("events", schema)
        with scene(order, sellers=sellers, watcher=Silence(), rate=rate) as made:
            made.market.open()
            made.stage.began = time.time()
            yield made
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


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
    """Go over and back `repetitions` times while sellers sell; return what writers waited."""
    from fullhouse.migration.live.rehearse import over, phases

    held: dict[str, list[float]] = {"cutover": [], "rollback": []}
    tries = dict.fromkeys(held, 0)
    with market_of(seats, sellers, rate) as made:
        for _ in range(repetitions):
            for phase in phases.FORWARD:
                phase.work(made.stage)
            for phase in over.THERE_AND_BACK[:3]:
                numbers = phase.work(made.stage)
                if phase.name in held:
                    held[phase.name].append(numbers["held_ms"])
                    tries[phase.name] += numbers["attempt"]
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


def _p99(values: list[float]) -> float:
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def show(result: dict[str, Any]) -> None:
    """Print the tables."""
    print(
        f"{result['rate']:.0f} steps/s by {result['sellers']} sellers, {result['seats']:,} seats\n"
    )
    columns = ("seconds", "count", "p50_ms", "p95_ms", "p99_ms", "p95_ratio")
    print(f"{'':24}" + "".join(f"{name:>11}" for name in columns))
    for name, row in result["answers"].items():
        print(f"{name:24}" + "".join(f"{row.get(column, 0):>11,}" for column in columns))
    print(f"\n{'held, ms':24}{'times':>11}{'tries':>11}{'p50':>11}{'p99':>11}{'max':>11}")
    names = ("repetitions", "tries", "p50_ms", "p99_ms", "max_ms")
    for name, row in result["holds"].items():
        print(f"{name:24}" + "".join(f"{row[column]:>11,}" for column in names))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=100.0, help="steps a second in all")
    parser.add_argument("--seats", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each stretch")
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--hold-seats", type=int, default=2_000)
    parser.add_argument("--sellers", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    django.setup()
    result = {
        "rate": given.rate,
        "sellers": given.sellers,
        "seats": given.seats,
        "answers": answers(given.seats, given.sellers, given.rate, given.rounds, given.seconds),
        "holds": holds(given.hold_seats, given.sellers, given.rate, given.repetitions),
    }
    if given.json:
        print(json.dumps(result))
    else:
        show(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
