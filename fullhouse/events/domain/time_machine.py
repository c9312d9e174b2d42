"""A house at any past instant, replayed from its ledger: the twin of the time machine.

Pure: a movement comes with the instant when it was decided, in any unit that can be compared. The
SQL functions `counters_at_v1` and `seats_at_v1` sum; here every entry is played in its order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fullhouse.events.domain.house import Key, Movement
from fullhouse.events.domain.states import Place


@dataclass(frozen=True, slots=True)
class Timed:
    """An entry of the ledger, and when it was decided."""

    at: Any
    movement: Movement


@dataclass(frozen=True, slots=True)
class Places:
    """Counters of an allocation, in places. `unseated`: available without a numbered seat."""

    available: int
    unseated: int
    reserved: int
    sold: int


@dataclass(slots=True)
class _Seat:
    """A seat while its entries are played. `home` None: it is not there."""

    home: Key | None
    added: bool
    states: Counter[Place]


def counters_at(ledger: Iterable[Timed], seats: Mapping[Key, Key], at: Any) -> dict[Key, Places]:
    """Return the counters of each allocation that had a movement by then.

    `seats`: the seats that there are now, with their allocations.
    """
    entries = list(ledger)
    folded: dict[Key, Counter[Place]] = {}
    for entry in entries:
        if entry.at <= at:
            _play(
                folded.setdefault(entry.movement.allocation, Counter()), entry.movement, places=True
            )
    states = seats_at(entries, seats, at).values()
    free = Counter(home for home, state in states if state == "available")
    return {
        key: Places(
            count["available"], count["available"] - free[key], count["reserved"], count["sold"]
        )
        for key, count in folded.items()
    }


def seats_at(
    ledger: Iterable[Timed], seats: Mapping[Key, Key], at: Any
) -> dict[Key, tuple[Key, Place]]:
    """Return the seats that there were then, each with its allocation and state.

    A seat is there from its allocation's first entry on, unless an entry of its own made it later.
    """
    entries = sorted(ledger, key=lambda entry: entry.at)
    opened: dict[Key, Any] = {}
    own: dict[Key, list[Timed]] = {key: [] for key in seats}
    for entry in entries:
        opened.setdefault(entry.movement.allocation, entry.at)
        if entry.movement.seat is not None:
            own.setdefault(entry.movement.seat, []).append(entry)
    found: dict[Key, tuple[Key, Place]] = {}
    for key, told in own.items():
        seat = _before(told, seats.get(key))
        for moment, together in groupby(told, key=lambda entry: entry.at):
            if moment <= at:
                _step(seat, [entry.movement for entry in together])
        if seat.home is None or not (seat.added or opened.get(seat.home, at) <= at):
            continue
        found[key] = seat.home, _state(seat.states)
    return found


def _before(told: list[Timed], home: Key | None) -> _Seat:
    """Return the seat as it was before all its entries: where the first of them took it from."""
    first = [entry.movement for entry in told if entry.at == told[0].at]
    made = sum((one.from_state is None) - (one.to_state is None) for one in first)
    if made > 0:
        return _Seat(None, True, Counter())
    left = [one.allocation for one in first if one.from_state is not None]
    return _Seat(left[0] if left else home, False, Counter())


def _step(seat: _Seat, together: list[Movement]) -> None:
    """Play the entries of one instant: what leaves one allocation may come into another."""
    for one in together:
        _play(seat.states, one, places=False)
    came = [one.allocation for one in together if one.from_state is None]
    if came:
        seat.home = came[-1]
    elif any(one.to_state is None for one in together):
        seat.home = None


def _play(count: Counter[Place], one: Movement, *, places: bool) -> None:
    size = one.quantity if places else 1
    if one.to_state is not None:
        count[one.to_state] += size
    if one.from_state is not None:
        count[one.from_state] -= size


def _state(states: Counter[Place]) -> Place:
    if states["sold"] > 0:
        return "sold"
    return "reserved" if states["reserved"] > 0 else "available"
