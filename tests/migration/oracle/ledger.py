"""Checks of an expectation straight against the legacy rows, by counting and nothing else."""

from collections import Counter
from decimal import Decimal

from .claims import read_claims
from .rows import Legacy
from .state import Expected, PerformanceState


def faults(legacy: Legacy, result: Expected) -> list[str]:
    """Return what does not hold; an empty list means that no sale was lost, doubled or repriced."""
    found: list[str] = []
    for performance in legacy.performances.values():
        state = result.performances[performance.id]
        found += [f"{performance.id}: {fault}" for fault in _sums(state)]
        found += [f"{performance.id}: {fault}" for fault in _sales(legacy, state)]
    states = result.performances.values()
    every = Counter(key for state in states for key in (*state.seats, *state.aliases))
    if every != Counter(list(legacy.seats)):
        found.append("a legacy seat is missing, or there twice")
    return found


def _sums(state: PerformanceState) -> list[str]:
    found: list[str] = []
    seated = [line.seat_id for line in state.lines if line.seat_id is not None]
    if len(seated) != len(set(seated)):
        found.append("a seat is in two lines")
    taken = {key for key, seat in state.seats.items() if seat.status != "available"}
    if taken != set(seated):
        found.append("a taken seat has no line, or a free one has")
    for where, allocation in state.allocations.items():
        free = sum(
            seat.status == "available"
            for seat in state.seats.values()
            if (seat.section, seat.ticket_type_id) == where
        )
        if free != allocation.available - allocation.unseated_available:
            found.append(f"{where}: free seats are not the numbered places")
    return found


def _sales(legacy: Legacy, state: PerformanceState) -> list[str]:
    """Sold places = sold rows that no booking names + places of counted bookings; same money."""
    performance = legacy.performances[state.id]
    seats = [seat for seat in legacy.seats.values() if seat.performance_id == state.id]
    claims = [claim for claim in read_claims(legacy, performance, seats) if claim.booking.is_sale]
    named = {row.id for claim in claims for row in claim.rows}
    alone = [seat for seat in seats if seat.status == "sold" and seat.id not in named]
    places = len(alone) + sum(max(claim.quantity, claim.names) for claim in claims)
    found: list[str] = []
    sold = sum(line.quantity for line in state.lines if line.status == "sold")
    if sold != places:
        found.append(f"{sold} places sold, the legacy rows say {places}")
    money = {r.reference: r.money for r in state.reservations if r.reference is not None}
    for claim in claims:
        total, reference = claim.booking.total_price, claim.booking.reference
        kept = total is not None and total >= 0 and bool(claim.quantity or claim.names)
        if kept and money[reference] != total:
            found.append(f"{reference}: {money[reference]}, was {total}")
    priced = [seat.price for seat in alone if seat.price is not None and seat.price >= 0]
    unbooked = sum((r.money for r in state.reservations if r.reference is None), Decimal(0))
    if unbooked < sum(priced, Decimal(0)):
        found.append("sold seats without a booking lost money")
    return found
