"""Mends a house whose books contradict each other, where it is certain: the twin of repair.

Lines say what is held and sold. A counter, a seat or the ledger that says otherwise is mended only
where the others of the three agree with the lines, so that no sale is invented and none dropped.
What is known of rows of seats (`repair_rows_v1`) is derived from seats and has no twin.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fullhouse.events.domain.house import Allocation, House, Key, Line, Movement
from fullhouse.events.domain.states import LIVE, Place

Where = tuple[Key, Key | None, Key | None]
TAKEN: tuple[Place, Place] = ("reserved", "sold")


@dataclass(frozen=True, slots=True)
class Step:
    """What is mended and what it says afterwards. `id` None: the performance."""

    table: str
    id: Key | None
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """How many reserved and sold places the lines have more than the ledger (below 0: fewer).

    `certain`: the lines can be right alone.
    """

    where: Where
    reserved: int
    sold: int
    certain: bool


def mend(house: House) -> list[Step]:
    """Mend what is certain in its order: ledger, seats, counters, reservations, sizes."""
    before = house.capacity
    steps = _mend_ledger(house) + _mend_seats(house) + _mend_counters(house)
    steps += _mend_reservations(house) + _mend_sections(house)
    if house.capacity != before:
        steps.append(Step("performance", None, house.capacity))
    return steps


def differences(house: House) -> list[Difference]:
    """Return where the lines and the ledger differ, by allocation, reservation and seat."""
    told, lines, ended = _ledger(house.ledger), _lines(house), Counter[Where]()
    for key, one in house.reservations.items():
        for line in one.lines:
            if line.status not in LIVE:
                ended[line.allocation, key, line.seat] += line.quantity
    found = []
    for where in {*told, *lines}:
        says, had = _taken(lines.get(where)), _taken(told.get(where))
        if says != had:
            _, reservation, _ = where
            explained = reservation is None or sum(had) <= sum(says) + ended[where]
            certain = explained and _seat_agrees(house, where)
            found.append(Difference(where, says[0] - had[0], says[1] - had[1], certain))
    return found


def unsound(house: House) -> list[str]:
    """Return what the lines contradict beyond the sums of `broken_rules`: each sale by itself."""
    wrong = [f"I6 ledger {one.where}" for one in differences(house)]
    for key, one in house.reservations.items():
        live = {line.status for line in one.live_lines()}
        if live != ({one.status} if one.status in LIVE else set()):
            wrong.append(f"I6 reservation {key}")
    for key, seat in house.seats.items():
        lines = [line for line in house.live_lines() if line.seat == key]
        if [line.status for line in lines] != [seat.status] * (seat.status != "available"):
            wrong.append(f"I5 seat {key}")
        if any(line.allocation != seat.allocation for line in lines):
            wrong.append(f"I5 line of seat {key}")
    return wrong


def _ledger(entries: Iterable[Movement]) -> dict[Where, Counter[Place]]:
    folded: dict[Where, Counter[Place]] = {}
    for one in entries:
        count = folded.setdefault((one.allocation, one.reservation, one.seat), Counter())
        if one.to_state is not None:
            count[one.to_state] += one.quantity
        if one.from_state is not None:
            count[one.from_state] -= one.quantity
    return folded


def _lines(house: House) -> dict[Where, Counter[Place]]:
    folded: dict[Where, Counter[Place]] = {}
    for key, one in house.reservations.items():
        for line in one.live_lines():
            count = folded.setdefault((line.allocation, key, line.seat), Counter())
            count[_place(line)] += line.quantity
    return folded


def _place(line: Line) -> Place:
    return "sold" if line.status == "sold" else "reserved"


def _taken(count: Counter[Place] | None) -> tuple[int, int]:
    return (0, 0) if count is None else (count["reserved"], count["sold"])


def _seat_agrees(house: House, where: Where) -> bool:
    """Tell whether the seat, where there is one, says what all its lines together say."""
    _, _, key = where
    if key is None:
        return True
    if key not in house.seats:
        return False
    having = {_place(line) for line in house.live_lines() if line.seat == key}
    return having == {house.seats[key].status} - {"available"}


def _mend_ledger(house: House) -> list[Step]:
    by_allocation: dict[Key, list[Difference]] = {}
    for one in differences(house):
        by_allocation.setdefault(one.where[0], []).append(one)
    folded = _sums(house.ledger)
    written: list[Movement] = []
    for key, found in by_allocation.items():
        counters = house.allocations.get(key)
        if counters is None or not all(one.certain for one in found):
            continue
        lines = Counter[Place]()
        for line in house.live_lines():
            if line.allocation == key:
                lines[_place(line)] += line.quantity
        if (counters.reserved, counters.sold) != _taken(lines):
            continue
        for one in found:
            for state, places in zip(TAKEN, (one.reserved, one.sold), strict=True):
                written += _correction(one.where, "available", state, places)
        free = folded[key, "available"] - sum(one.reserved + one.sold for one in found)
        written += _correction((key, None, None), None, "available", counters.available - free)
    house.ledger.extend(written)
    return [Step("movement", one.allocation, one) for one in written]


def _correction(where: Where, start: Place | None, end: Place, places: int) -> list[Movement]:
    if places == 0:
        return []
    allocation, reservation, seat = where
    was, now = (start, end) if places > 0 else (end, start)
    # Every movement of a numbered seat is of one place.
    size, times = (abs(places), 1) if seat is None else (1, abs(places))
    return [Movement(allocation, seat, reservation, was, now, size, "repair")] * times


def _sums(entries: Iterable[Movement]) -> Counter[tuple[Key, Place]]:
    folded: Counter[tuple[Key, Place]] = Counter()
    for (allocation, _, _), count in _ledger(entries).items():
        for state, places in count.items():
            folded[allocation, state] += places
    return folded


def _mend_seats(house: House) -> list[Step]:
    told: dict[Key, Counter[Place]] = {}
    for one in house.ledger:
        if one.seat is not None:
            count = told.setdefault(one.seat, Counter())
            if one.to_state is not None:
                count[one.to_state] += 1
            if one.from_state is not None:
                count[one.from_state] -= 1
    steps = []
    for key, seat in house.seats.items():
        lines = [line for line in house.live_lines() if line.seat == key]
        if len(lines) > 1 or any(line.allocation != seat.allocation for line in lines):
            continue
        wanted: Place = _place(lines[0]) if lines else "available"
        says = _taken(told.get(key))
        if seat.status != wanted and says == (wanted == "reserved", wanted == "sold"):
            seat.status = wanted
            steps.append(Step("seat", key, wanted))
    return steps


def _mend_counters(house: House) -> list[Step]:
    contradicted = {one.where[0] for one in differences(house)}
    folded = _sums(house.ledger)
    steps = []
    for key, one in house.allocations.items():
        if key in contradicted:
            continue
        available = folded[key, "available"]
        free = sum(s.allocation == key and s.status == "available" for s in house.seats.values())
        wanted = available, available - free, folded[key, "reserved"], folded[key, "sold"]
        if min(wanted) >= 0 and wanted != _counters(one):
            one.available, one.unseated, one.reserved, one.sold = wanted
            steps.append(Step("allocation", key, wanted))
    return steps


def _counters(one: Allocation) -> tuple[int, int, int, int]:
    return one.available, one.unseated, one.reserved, one.sold


def _mend_reservations(house: House) -> list[Step]:
    contradicted = {one.where[1] for one in differences(house)}
    steps = []
    for key, one in house.reservations.items():
        live = {line.status for line in one.lines if line.status in LIVE}
        ended = {line.status for line in one.lines if line.status not in LIVE}
        wanted = live or (ended if one.status in LIVE else set())
        if key in contradicted or len(wanted) != 1 or wanted == {one.status}:
            continue
        (one.status,) = wanted
        steps.append(Step("reservation", key, one.status))
    return steps


def _mend_sections(house: House) -> list[Step]:
    steps = []
    for key, section in house.sections.items():
        total = sum(a.allocated for a in house.allocations.values() if a.section == key)
        if section.total != total:
            section.total = total
            steps.append(Step("section", key, total))
    return steps
