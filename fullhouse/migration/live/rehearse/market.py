"""The market of a rehearsal: seller processes, their journals, and how long customers waited."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from django.db import connections

from fullhouse.migration.exit_codes import MismatchError
from fullhouse.migration.live.rehearse import journal
from fullhouse.migration.live.rehearse.journal import Promise, Side
from fullhouse.migration.live.rehearse.scratch import Scratch

LEVELS: Final = ("read committed", "repeatable read")
_STOP_SECONDS: Final = 60
_CUSTOMERS: Final = frozenset({"sell", "hold", "confirm", "cancel"})


@dataclass(slots=True)
class Waits:
    """How long customers waited in one stretch of time, in milliseconds."""

    all_ms: list[float] = field(default_factory=list)

    def to_json(self) -> dict[str, float | int]:
        """Return the count and the percentiles."""
        if len(self.all_ms) < 2:
            return {"count": len(self.all_ms)}
        cuts = statistics.quantiles(self.all_ms, n=100, method="inclusive")
        return {
            "count": len(self.all_ms),
            "p50_ms": round(cuts[49], 2),
            "p95_ms": round(cuts[94], 2),
            "p99_ms": round(cuts[98], 2),
            "max_ms": round(max(self.all_ms), 2),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a customer: when (epoch seconds), after how long, by which till, which."""

    at: float
    milliseconds: float
    side: str
    what: str


@dataclass(slots=True)
class Market:
    """Sellers at work on one copy of the legacy tables."""

    orders: list[dict[str, Any]]
    folder: Path
    sellers: list[subprocess.Popen[str]] = field(default_factory=list)

    def open(self) -> None:
        """Start every seller and wait until all sell."""
        self.sellers = [self._start(number) for number in range(len(self.orders))]

    def kill(self, number: int) -> None:
        """Kill one seller the hard way; another takes its place, with its journal."""
        self.sellers[number].kill()
        self.sellers[number].wait()
        self._close(self.sellers[number])
        self.orders[number]["seed"] += 1000
        self.sellers[number] = self._start(number)

    def check(self) -> None:
        """Raise MismatchError if a seller is no longer at work."""
        self._raise_for([at for at, one in enumerate(self.sellers) if one.poll() is not None])

    def stop(self) -> None:
        """Let every seller finish its step and go. Raises MismatchError if one failed."""
        failed = []
        for one in self.sellers:
            if one.stdin and not one.stdin.closed:
                one.stdin.close()
        for number, one in enumerate(self.sellers):
            if one.wait(timeout=_STOP_SECONDS):
                failed.append(number)
            self._close(one)
        self.sellers = []
        self._raise_for(failed)

    def end(self) -> None:
        """Leave no process behind, whatever happened."""
        for one in self.sellers:
            one.kill()
            one.wait()
            self._close(one)
        self.sellers = []

    def promises(self) -> dict[str, Promise]:
        """Return what the customers were told, by the sellers' journals."""
        return journal.read(Path(one["journal"]) for one in self.orders)

    def waits(self, begin: float, end: float) -> Waits:
        """Return how long customers waited whose answer came between two times (epoch seconds)."""
        found = Waits()
        for number in range(len(self.orders)):
            for answer in self._answers(number):
                if begin <= answer.at < end and answer.what in _CUSTOMERS:
                    found.all_ms.append(answer.milliseconds)
        return found

    def serves(self, side: Side, since: float) -> bool:
        """Tell whether each seller served a customer at this side's till since then."""
        return all(
            any(
                one.side == side and one.at >= since and one.what in _CUSTOMERS
                for one in self._answers(number)
            )
            for number in range(len(self.orders))
        )

    def lost(self, since: float) -> int:
        """Return how many customers lost their connection since then."""
        numbers = range(len(self.orders))
        answers = (one for number in numbers for one in self._answers(number))
        return sum(one.what == "lost" and one.at >= since for one in answers)

    def _answers(self, number: int) -> Iterator[Answer]:
        path = Path(self.orders[number]["times"])
        if not path.exists():
            return
        for line in path.read_text(encoding="ascii").splitlines(keepends=True):
            if line.endswith("\n") and line.count(" ") == 3:  # one that was killed tears its line
                at, milliseconds, side, what = line.split()
                yield Answer(float(at), float(milliseconds), side, what)

    def _start(self, number: int) -> subprocess.Popen[str]:
        # A file, because a pipe that nobody reads would stop a seller that complains.
        with self._error_file(number).open("a") as complaints:
            seller = subprocess.Popen(
                [sys.executable, "-m", "fullhouse.migration.live.rehearse.seller"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )
        self._pipe(seller.stdin).write(json.dumps(self.orders[number], default=str) + "\n")
        self._pipe(seller.stdin).flush()
        if self._pipe(seller.stdout).readline().strip() != "selling":
            seller.kill()
            seller.wait()
            self._close(seller)
            raise MismatchError(
                f"A seller could not begin:\n{self._errors(number)}",
                f"فروشنده‌ای آغاز نکرد:\n{self._errors(number)}",
            )
        return seller

    def _raise_for(self, failed: list[int]) -> None:
        if not failed:
            return
        said = "\n".join(self._errors(number) for number in failed)
        raise MismatchError(
            f"{len(failed)} sellers failed; what they say:\n{said}",
            f"{len(failed)} فروشنده از کار افتاد؛ گفته‌هایشان:\n{said}",
            sellers=len(failed),
        )

    def _errors(self, number: int) -> str:
        lines = self._error_file(number).read_text().strip().splitlines()
        return "\n".join(lines[-12:])

    def _error_file(self, number: int) -> Path:
        return self.folder / f"seller-{number}.err"

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None  # noqa: S101 - asked for at the start
        return pipe

    @staticmethod
    def _close(seller: subprocess.Popen[str]) -> None:
        for pipe in (seller.stdin, seller.stdout):
            if pipe and not pipe.closed:
                pipe.close()


@contextmanager
def market(
    scratch: Scratch, *, source: str, schema: str, sellers: int, folder: Path, rate: float = 0
) -> Iterator[Market]:
    """Sellers of both isolation levels, not yet begun; no process is left behind at the end.

    `rate` is the steps a second of all sellers together, 0: as fast as they can.
    """
    orders = [
        {
            "conninfo": scratch.conninfo,
            "password": scratch.password,
            "database": connections.databases[scratch.alias],
            "source": source,
            "schema": schema,
            "level": LEVELS[number % len(LEVELS)],
            "seed": number,
            "rate": rate / sellers,
            "journal": str(folder / f"seller-{number}.journal"),
            "times": str(folder / f"seller-{number}.times"),
        }
        for number in range(sellers)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    made = Market(orders, folder)
    try:
        yield made
    finally:
        made.end()
