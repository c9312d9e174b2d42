"""Sellers of the box office as processes of their own: orders with lines, voids, more in an order.

They stop at the fence. What was acknowledged to a customer is in a journal, each line fsynced: the
order, its state and its places by tariff.
"""

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FENCE = "FHF01"
LEVELS = ("READ COMMITTED", "REPEATABLE READ")
SHOWS = {101: (11, 12), 201: (21,)}
CENTS = {11: 4000, 12: 2500, 21: 1500}
#: An order and what is acknowledged of it: its state, its places by tariff.
Said = dict[int, tuple[str, dict[str, int]]]


class Clerk:
    """One seller; `mine` are the orders that he may change again."""

    def __init__(self, raw: psycopg.Connection[Any], journal: Any, luck: random.Random) -> None:
        self.raw, self.journal, self.luck = raw, journal, luck
        self.mine: dict[int, tuple[int, dict[str, int]]] = {}

    def step(self) -> None:
        act = self.luck.choice([self.sell, self.sell, self.add, self.void])
        try:
            act()
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            self.raw.rollback()

    def sell(self) -> None:
        number = self.luck.randrange(6_000, 900_000)
        show = self.luck.choice(list(SHOWS))
        lines = {str(one): self.luck.randint(1, 3) for one in SHOWS[show]}
        free = "SELECT 1 FROM orders WHERE order_no = %s"
        if self.raw.execute(free, [number]).fetchone() is None:
            self._counted(show, sum(lines.values()))
            self.raw.execute(
                "INSERT INTO orders VALUES (%s, %s, 1, 'PAID', 0, now())", [number, show]
            )
            for line, (one, count) in enumerate(lines.items(), 1):
                self.raw.execute(
                    "INSERT INTO order_items VALUES (%s, %s, %s, %s)", [number, line, one, count]
                )
            self._priced(number)
            self._commit(number, show, "PAID", lines)
        else:
            self.raw.rollback()

    def add(self) -> None:
        """One more place, by a change of the order's line alone and of nothing else."""
        if not self.mine:
            return
        number = self.luck.choice(list(self.mine))
        show, lines = self.mine[number]
        one = next(iter(lines))
        self.raw.execute(
            "UPDATE order_items SET quantity = quantity + 1 WHERE order_no = %s AND tariff_no = %s",
            [number, int(one)],
        )
        self._commit(number, show, "PAID", lines | {one: lines[one] + 1})

    def void(self) -> None:
        if len(self.mine) < 3:
            return
        number = self.luck.choice(list(self.mine))
        show, lines = self.mine[number]
        self.raw.execute("UPDATE orders SET state = 'VOID' WHERE order_no = %s", [number])
        self._counted(show, -sum(lines.values()))
        self._commit(number, show, "VOID", lines)
        del self.mine[number]

    def _counted(self, show: int, places: int) -> None:
        self.raw.execute(
            "UPDATE shows SET places_sold = places_sold + %s WHERE show_no = %s", [places, show]
        )

    def _priced(self, number: int) -> None:
        self.raw.execute(
            "UPDATE orders SET total_cents = (SELECT sum(i.quantity * t.price_cents)"
            " FROM order_items AS i JOIN tariffs AS t USING (tariff_no) WHERE i.order_no = %s)"
            " WHERE order_no = %s",
            [number, number],
        )

    def _commit(self, number: int, show: int, state: str, lines: dict[str, int]) -> None:
        self.raw.commit()
        self.mine[number] = (show, lines)
        self.journal.write(json.dumps([number, state, lines]) + "\n")
        self.journal.flush()
        os.fsync(self.journal.fileno())


def main(conninfo: str, schema: str, seed: str, level: str, journal: str) -> None:
    """Sell until the input ends, or the fence is met."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with psycopg.connect(conninfo) as raw, Path(journal).open("a") as file:
        raw.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        raw.execute(
            sql.SQL("SET default_transaction_isolation TO {}").format(sql.Literal(level.lower()))
        )
        raw.commit()
        clerk = Clerk(raw, file, random.Random(seed))
        done = 0
        while not over.wait(0.02):
            try:
                clerk.step()
            except psycopg.Error as error:
                if error.sqlstate != FENCE:
                    raise
                return
            done += 1
            if done == 10:
                print("selling", flush=True)


@contextmanager
def clerks(conninfo: str, schema: str, folder: Path, name: str) -> Iterator[None]:
    """Two processes that have begun to sell; at the end they are told to stop, and none failed."""
    started = [
        subprocess.Popen(
            [sys.executable, __file__, conninfo, schema, f"{name} {number}", level, journal],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, level in enumerate(LEVELS)
        for journal in [str(folder / f"{name}-{number}.jsonl")]
    ]
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline().strip() == "selling"
        yield
    finally:
        for one in started:
            if one.stdin is not None:
                one.stdin.close()
        ended = []
        for one in started:
            try:
                ended.append(one.wait(timeout=60))
            finally:
                one.kill()
                if one.stdout is not None:
                    one.stdout.close()
    assert ended == [0, 0]


def said(folder: Path) -> Said:
    """What was acknowledged last of each order, by the clerks' own journals."""
    found: Said = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            number, state, lines = json.loads(line)
            found[number] = (state, lines)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:6])
