"""The journal of a seller: what was acknowledged to a customer, on disk before the next step.

A file a seller, outside the database, so that nothing that befalls the database befalls it. Needs
neither Django nor a connection.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

#: What a customer was told last: these places are his, are kept for him, or are given back.
State = Literal["sold", "held", "free"]
Side = Literal["legacy", "fullhouse"]

_NEWLINE: Final = b"\n"


@dataclass(frozen=True, slots=True)
class Promise:
    """One booking as its customer knows it. `states`: more than one where an answer got lost."""

    key: str
    side: Side
    performance: str
    seats: tuple[str, ...]
    places: int
    states: frozenset[State]


class Journal:
    """Appends lines; each is on disk when the call returns."""

    def __init__(self, path: Path) -> None:
        _cut_torn_line(path)
        self._file = path.open("ab", buffering=0)

    def told(
        self, key: str, state: State, *, side: Side, performance: str, seats: list[str], places: int
    ) -> None:
        """A customer was told how his booking stands."""
        self._append([key, state, side, performance, seats, places])

    def tries(self, key: str, state: State) -> None:
        """A change of a booking is about to be asked for; its answer may get lost."""
        self._append([key, state])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, line: list[object]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":")).encode() + _NEWLINE)
        os.fsync(self._file.fileno())


def read(paths: Iterable[Path]) -> dict[str, Promise]:
    """Return every booking of the journals by its key."""
    promises: dict[str, Promise] = {}
    for path in paths:
        for line in _lines(path):
            key = str(line[0])
            if len(line) == 2:
                known = promises[key]
                states = known.states | {line[1]}
                promises[key] = Promise(
                    key, known.side, known.performance, known.seats, known.places, states
                )
                continue
            _, state, side, performance, seats, places = line
            promises[key] = Promise(
                key, side, performance, tuple(seats), int(places), frozenset({state})
            )
    return promises


def _lines(path: Path) -> Iterator[list[Any]]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(_NEWLINE):  # a torn one was never acknowledged
            yield json.loads(line)


def _cut_torn_line(path: Path) -> None:
    if path.exists():
        whole = path.read_bytes()
        os.truncate(path, whole.rfind(_NEWLINE) + 1)
