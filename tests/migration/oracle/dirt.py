"""Which kinds of dirt a performance has, as far as the rows alone prove it."""

from .claims import Claim, raw_rank
from .documents import read_capacities
from .house import Physical
from .keys import name_key, unwrapped
from .rows import Legacy, Performance, Seat

STATUSES = {"available", "reserved", "sold", "blocked"}


def dirt_of(
    legacy: Legacy,
    performance: Performance,
    seats: list[Seat],
    claims: list[Claim],
    house: list[Physical],
) -> set[str]:
    """Return the kinds that must be reported for this performance."""
    found: dict[str, bool] = {
        **_of_seats(seats, house),
        **_of_types(legacy, performance, seats),
        **_of_capacity(legacy, performance, house),
        **_of_bookings(seats, claims, house),
    }
    return {kind for kind, there in found.items() if there}


def _of_seats(seats: list[Seat], house: list[Physical]) -> dict[str, bool]:
    spellings: dict[str, set[str]] = {}
    currencies: dict[str, set[str]] = {}
    for seat in seats:
        spellings.setdefault(name_key(seat.section), set()).add(seat.section)
        currencies.setdefault(name_key(seat.section), set()).add(seat.currency)
    return {
        "spellings": any(len(names) > 1 for names in spellings.values()),
        "blank_section": "" in spellings,
        "twins": any(len(seat.rows) > 1 for seat in house),
        "double_sale": any(len(seat.sales) > 1 for seat in house),
        "unknown_status": any(seat.status not in STATUSES for seat in seats),
        "currencies": any(len(names) > 1 for names in currencies.values()),
        "negative_price": any(seat.price is not None and seat.price < 0 for seat in seats),
        "zero_price": any(seat.price == 0 for seat in seats),
        "soft_deleted_seat": any(not seat.is_active for seat in seats),
        "blocked": any(seat.status == "blocked" for seat in seats),
    }


def _of_types(legacy: Legacy, performance: Performance, seats: list[Seat]) -> dict[str, bool]:
    kinds = {kind.id: kind for kind in legacy.types_of(performance)}
    named = {seat.ticket_type_id for seat in seats}
    return {
        "no_types": not kinds,
        "typeless_seat": None in named,
        "foreign_type": any(key is not None and key not in kinds for key in named),
        "inactive_type": any(key in kinds and not kinds[key].is_active for key in named if key),
    }


def _of_capacity(
    legacy: Legacy, performance: Performance, house: list[Physical]
) -> dict[str, bool]:
    event = legacy.events[performance.event_id]
    venue = legacy.venues[event.venue_id]
    given = performance.ticket_capacities
    parts = read_capacities(given, legacy.types_of(performance))
    limit = performance.max_capacity
    return {
        "soft_deleted_performance": not (performance.is_active and event.is_active),
        "general": not house and bool(limit or parts.total),
        "empty": not house and not (limit or parts.total),
        "capacities_unreadable": bool(parts.unreadable),
        "capacities_encoded": isinstance(given, str) and isinstance(unwrapped(given), dict),
        "capacities_strange": bool(parts.strange),
        "maximum_unlike_seats": bool(house) and limit != len(house),
        "over_venue": max(limit, len(house)) > venue.total_capacity,
    }


def _of_bookings(seats: list[Seat], claims: list[Claim], house: list[Physical]) -> dict[str, bool]:
    named = {row.id for claim in claims if claim.booking.is_sale for row in claim.rows}
    return {
        "booked_not_sold": any(row.id in named and row.status != "sold" for row in seats),
        "sold_not_booked": any(raw_rank(row) == 0 and row.id not in named for row in seats),
        "dangling": any(claim.dangling for claim in claims),
        "foreign_seat": any(claim.foreign for claim in claims),
        "count_mismatch": any(claim.booking.participants != claim.names for claim in claims),
        "double_booked": any(
            len({t.booking.id for t in seat.sales if t.booking is not None}) > 1 for seat in house
        ),
        "pending": any(claim.booking.is_hold for claim in claims),
        "unseated": any(claim.unseated for claim in claims),
    }
