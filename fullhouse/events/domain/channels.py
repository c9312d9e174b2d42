"""Sales channels on the pure house: the twin of allot_channel, lock_channel and draw_channel.

A channel's places are a reservation of kind `channel`; past its release time (`expires_at`) they
are everybody's, like those of any overdue hold.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from fullhouse.events.domain.house import House, Key, Line, Movement, Reservation
from fullhouse.events.domain.sales import end_lines

Outcome: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Given:
    """What a channel can give now: places without a seat by allocation, and seats."""

    places: Counter[Key] = field(default_factory=Counter)
    seats: set[Key] = field(default_factory=set)


def given(house: House, channel: str, now: float) -> Given:
    """Return what the channel has set aside and is not released yet; "" has nothing."""
    found = Given()
    for _, line in _held(house, channel, now):
        if line.seat is None:
            found.places[line.allocation] += line.quantity
        else:
            found.seats.add(line.seat)
    return found


def draw(house: House, channel: str, drawn: Sequence[tuple[Key, Key | None, int]]) -> None:
    """Take these places out of the channel's lines, what is released soonest first."""
    together: Counter[tuple[Key, Key | None]] = Counter()
    for allocation, seat, places in drawn:
        together[allocation, seat] += places
    for (allocation, seat), missing in together.items():
        for key, line in _held(house, channel, None):
            if (line.allocation, line.seat) != (allocation, seat) or not missing:
                continue
            part = min(line.quantity, missing)
            missing -= part
            if part == line.quantity:
                line.status = "released"
            else:
                line.quantity -= part
            house.ledger.append(
                Movement(allocation, seat, key, "reserved", "available", part, "hand_over")
            )
    for held in house.reservations.values():
        if held.kind == "channel" and held.status == "reserved" and not held.live_lines():
            held.status = "released"


def allot(
    house: House,
    key: Key,
    channel: str,
    *,
    places: dict[Key, int],
    seats: Sequence[Key],
    prices: dict[Key, Decimal],
    release_at: float | None,
) -> Outcome:
    """Set free places aside for a channel, all or nothing; `prices` by allocation."""
    taken = [seat for seat in seats if house.seats[seat].status != "available"]
    if taken:
        return {"outcome": "seat_taken"}
    for allocation, quantity in places.items():
        if house.allocations[allocation].unseated < quantity:
            left = house.allocations[allocation].unseated
            return {"outcome": "sold_out", "wanted": quantity, "left": left}
    wanted: list[tuple[Key, Key | None, int]] = [(a, None, n) for a, n in places.items()]
    wanted += [(house.seats[seat].allocation, seat, 1) for seat in seats]
    lines = []
    for where, seat, quantity in wanted:
        allocation_ = house.allocations[where]
        allocation_.available -= quantity
        allocation_.reserved += quantity
        if seat is None:
            allocation_.unseated -= quantity
        else:
            house.seats[seat].status = "reserved"
        lines.append(Line(where, allocation_.ticket_type, seat, quantity, prices[where]))
        house.ledger.append(
            Movement(where, seat, key, "available", "reserved", quantity, "channel")
        )
    house.reservations[key] = Reservation("channel", release_at, lines, channel=channel)
    return {"outcome": "set_aside"}


def release(house: House, channel: str) -> Outcome:
    """Make all that a channel has set aside everybody's again."""
    keys = [key for key, one in house.reservations.items() if _is_of(one, channel)]
    if not keys:
        return {"outcome": "unknown", "what": "channel", "id": channel}
    places = 0
    for key in keys:
        house.reservations[key].status = "released"
        places += end_lines(house, key, house.reservations[key].lines, "release_channel")
    return {"outcome": "released", "places": places}


def _held(house: House, channel: str, now: float | None) -> Iterator[tuple[Key, Line]]:
    """Yield the channel's live lines, soonest released first; `now` leaves out what is overdue."""
    mine = [
        (key, one)
        for key, one in house.reservations.items()
        if _is_of(one, channel) and (now is None or not one.overdue(now))
    ]
    mine.sort(key=lambda item: float("inf") if item[1].expires_at is None else item[1].expires_at)
    for key, one in mine:
        for line in one.live_lines():
            yield key, line


def _is_of(one: Reservation, channel: str) -> bool:
    return channel != "" and (one.kind, one.channel, one.status) == ("channel", channel, "reserved")
