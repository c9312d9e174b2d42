"""How many holds a second a batch of waiting requests gives, beside one call for each.

    python benchmarks/reserve_many.py [--clients 1,4] [--batch 10,100,500] [--seconds 2]

One hot allocation, one place a request, by N processes at once, all durable before they answer:

    plain UPDATE      one conditional UPDATE of one row of a bare two-column table: the floor
    reserve, early    reserve_early_v1, a call for each request
    batch of B        reserve_many_early_v1, B requests a call
    batch of B, keys  the same, each request with an idempotency key whose answer is kept

Rounds are interleaved; the table shows medians of requests a second, and the ratios to the single
calls and to the plain UPDATE at the same number of processes. After each cell the invariants of the
performance are recomputed; a wrong sum ends the run with exit code 1. Needs a migrated database
(the configured one); leaves behind one cancelled performance named "Benchmark".
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from reserve import EARLY, PLAIN, House, configured, take

DIGEST = "00" * 32
Variant = tuple[str, int]  # name, requests a call


def take_many(
    cursor: psycopg.Cursor[Any], size: int, keyed: bool, house: tuple[UUID, UUID]
) -> None:
    """Take `size` places in one call; raise unless each was granted."""
    performance, allocation = house
    places = [{"allocation_id": str(allocation), "quantity": 1}]
    batch: list[dict[str, Any]] = []
    for _ in range(size):
        name = uuid4().hex
        request = {
            "requests": places,
            "ttl_seconds": 600,
            "kind": "sale",
            "reference": name,
            "token_hash": name * 2,
            "actor": "benchmark",
        }
        batch.append(request | {"key": name, "digest": DIGEST} if keyed else request)
    row = cursor.execute(
        "CALL reserve_many_early_v1(%s, %s, NULL)", [performance, Jsonb(batch)]
    ).fetchone()
    assert row is not None
    answers = row[0]["answers"]
    assert [answer["outcome"] for answer in answers] == ["granted"] * size, answers[0]


def client(pipe: Connection, conninfo: str, house: tuple[UUID, UUID]) -> None:
    """Answer each (variant, seconds) with the places taken and the seconds it really took."""
    with (
        psycopg.connect(conninfo, autocommit=True, prepare_threshold=1) as connection,
        connection.cursor() as cursor,
    ):
        while (order := pipe.recv()) is not None:
            (name, size), seconds = order
            count, start = 0, time.monotonic()
            while time.monotonic() < start + seconds:
                if name in (PLAIN, EARLY):
                    take(cursor, name, house)
                else:
                    take_many(cursor, size, "keys" in name, house)
                count += size
            pipe.send((count, time.monotonic() - start))


def measure(
    options: argparse.Namespace, conninfo: str, variants: list[Variant]
) -> dict[tuple[Variant, int], list[float]]:
    """Return requests a second by (variant, processes), one value a round."""
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
        pipe.send(((PLAIN, 1), 0.05))
    for pipe in pipes:
        pipe.recv()
    results: dict[tuple[Variant, int], list[float]] = {}
    granted = 0
    for turn in range(options.rounds):
        shift = turn % len(variants)
        for clients in options.clients:
            for variant in variants[shift:] + variants[:shift]:
                for pipe in pipes[:clients]:
                    pipe.send((variant, options.seconds))
                done = [pipe.recv() for pipe in pipes[:clients]]
                rate = sum(count / seconds for count, seconds in done)
                results.setdefault((variant, clients), []).append(rate)
                granted += 0 if variant[0] == PLAIN else sum(count for count, _ in done)
                if problem := house.audit(granted):
                    sys.exit(f"{variant[0]}, {clients} processes: {problem}")
    for pipe in pipes:
        pipe.send(None)
    for process in processes:
        process.join()
    house.close()
    return results


def numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--clients", default="1,4", type=numbers)
    parser.add_argument("--batch", default="10,100,500", type=numbers)
    parser.add_argument("--seconds", default=2.0, type=float)
    parser.add_argument("--rounds", default=3, type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    variants: list[Variant] = [(PLAIN, 1), (EARLY, 1)]
    variants += [(f"batch of {size}", size) for size in options.batch]
    variants += [(f"batch of {size}, keys", size) for size in options.batch]
    results = measure(options, configured(), variants)
    rates = {cell: statistics.median(values) for cell, values in results.items()}
    rows = [
        {
            "processes": clients,
            "variant": variant[0],
            "per_second": round(rates[variant, clients]),
            "ratio_single": round(rates[variant, clients] / rates[(EARLY, 1), clients], 2),
            "ratio_plain": round(rates[variant, clients] / rates[(PLAIN, 1), clients], 2),
        }
        for clients in options.clients
        for variant in variants
    ]
    if options.json:
        print(json.dumps({"benchmark": "reserve_many", "rows": rows}))
        return
    print(f"{'processes':>9}  {'variant':<20}{'per second':>12}{'x single':>10}{'x plain':>10}")
    for row in rows:
        print(
            f"{row['processes']:>9}  {row['variant']:<20}{row['per_second']:>12,}"
            f"{row['ratio_single']:>10}{row['ratio_plain']:>10}"
        )


if __name__ == "__main__":
    main()
