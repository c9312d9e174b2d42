"""Houses for the tests: rows written directly, with the engine's marker set.

`build` makes sections, allocations and seats of one performance such as `open_performance` would;
`snapshot` reads everything that a refusal must not move.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction

from fullhouse.events.domain.house import (
    Allocation,
    Entry,
    House,
    Line,
    Movement,
    Note,
    Reservation,
    Seat,
    Section,
    broken_rules,
)
from fullhouse.events.domain.ids import uuid7


@dataclass(frozen=True, slots=True)
class Part:
    """One allocation to be made: `seats` of its `places` are numbered. No type: the pool."""

    ticket_type_id: UUID | None
    places: int
    seats: int = 0
    modifier: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Built:
    """A section as made; allocations and seats in the order of its parts."""

    section_id: UUID
    allocation_ids: tuple[UUID, ...]
    seat_ids: tuple[tuple[UUID, ...], ...]


def build(
    performance_id: UUID,
    *parts: Part,
    name: str = "Stalls",
    base_price: Decimal = Decimal("20.00"),
    currency: str = "USD",
) -> Built:
    """Make a section of these parts, with the ledger's movements."""
    section_id = uuid7()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "INSERT INTO events_eventsection (id, performance_id, name, total_capacity, base_price,"
            " currency) VALUES (%s, %s, %s, %s, %s, %s)",
            [section_id, performance_id, name, sum(p.places for p in parts), base_price, currency],
        )
        cursor.execute(
            "UPDATE events_eventperformance SET max_capacity = max_capacity + %s WHERE id = %s",
            [sum(p.places for p in parts), performance_id],
        )
        made = [
            _allocation(cursor, performance_id, section_id, part, row)
            for row, part in enumerate(parts)
        ]
    return Built(section_id, tuple(a for a, _ in made), tuple(seats for _, seats in made))


def _allocation(
    cursor: Any, performance_id: UUID, section_id: UUID, part: Part, row: int
) -> tuple[UUID, tuple[UUID, ...]]:
    allocation_id = uuid7()
    cursor.execute(
        "INSERT INTO events_sectiontickettype (id, performance_id, section_id, ticket_type_id,"
        " allocated_capacity, available_capacity, unseated_available, price_modifier)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            allocation_id,
            performance_id,
            section_id,
            part.ticket_type_id,
            part.places,
            part.places,
            part.places - part.seats,
            part.modifier,
        ],
    )
    if part.places:
        cursor.execute(
            "INSERT INTO events_movement (id, performance_id, allocation_id, to_state, quantity,"
            " operation) VALUES (%s, %s, %s, 'available', %s, 'open_performance')",
            [uuid7(), performance_id, allocation_id, part.places],
        )
    seats = tuple(uuid7() for _ in range(part.seats))
    cursor.executemany(
        "INSERT INTO events_seat (id, performance_id, section_id, allocation_id, row_number,"
        " seat_number) VALUES (%s, %s, %s, %s, %s, %s)",
        [
            [seat, performance_id, section_id, allocation_id, f"R{row}", str(number)]
            for number, seat in enumerate(seats, start=1)
        ],
    )
    return allocation_id, seats


def make_overdue(*reservation_ids: UUID) -> None:
    """Put deadlines into the past, in the order given, the first the longest ago."""
    for place, reservation_id in enumerate(reservation_ids):
        set_deadline(reservation_id, 1_000_000_000 + place)


def sell_beyond(performance_id: UUID, allocation_id: UUID, quantity: int) -> tuple[UUID, UUID]:
    """Add a sale of overbooked places, as a takeover does; return reservation and line."""
    reservation_id, line_id = uuid7(), uuid7()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for statement, values in (
            (
                "UPDATE events_eventperformance SET max_capacity = max_capacity + %s WHERE id = %s",
                [quantity, performance_id],
            ),
            (
                "UPDATE events_eventsection SET total_capacity = total_capacity + %s WHERE id ="
                " (SELECT section_id FROM events_sectiontickettype WHERE id = %s)",
                [quantity, allocation_id],
            ),
            (
                "UPDATE events_sectiontickettype SET allocated_capacity = allocated_capacity + %s,"
                " sold_capacity = sold_capacity + %s WHERE id = %s",
                [quantity, quantity, allocation_id],
            ),
            (
                "INSERT INTO events_reservation (id, performance_id, reference, status)"
                " VALUES (%s, %s, %s, 'sold')",
                [reservation_id, performance_id, str(reservation_id)],
            ),
            (
                "INSERT INTO events_reservationline (id, performance_id, reservation_id,"
                " allocation_id, quantity, unit_price, status, overbooked)"
                " VALUES (%s, %s, %s, %s, %s, 20, 'sold', true)",
                [line_id, performance_id, reservation_id, allocation_id, quantity],
            ),
            (
                "INSERT INTO events_movement (id, performance_id, allocation_id, reservation_id,"
                " to_state, quantity, operation) VALUES (%s, %s, %s, %s, 'sold', %s, 'takeover')",
                [uuid7(), performance_id, allocation_id, reservation_id, quantity],
            ),
        ):
            cursor.execute(statement, values)
    return reservation_id, line_id


def set_deadline(reservation_id: UUID, seconds: float) -> None:
    """Set a hold's deadline to the Unix time `seconds`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_reservation SET expires_at = to_timestamp(%s) WHERE id = %s",
            [seconds, reservation_id],
        )


def set_kind(reservation_id: UUID, kind: str) -> None:
    """Make a hold one of another kind, such as a takeover or the house would have made."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_reservation SET kind = %s, expires_at = NULL WHERE id = %s",
            [kind, reservation_id],
        )


_SNAPSHOT = {
    "counters": (
        "SELECT id, allocated_capacity, available_capacity, unseated_available, reserved_capacity,"
        " sold_capacity FROM events_sectiontickettype WHERE performance_id = %s ORDER BY id"
    ),
    "sections": (
        "SELECT id, total_capacity FROM events_eventsection WHERE performance_id = %s ORDER BY id"
    ),
    "performance": "SELECT max_capacity FROM events_eventperformance WHERE id = %s",
    "seats": (
        "SELECT id, status, allocation_id FROM events_seat WHERE performance_id = %s ORDER BY id"
    ),
    "reservations": (
        "SELECT id, status, kind, reference, expires_at FROM events_reservation"
        " WHERE performance_id = %s ORDER BY id"
    ),
    "lines": (
        "SELECT id, reservation_id, allocation_id, seat_id, ticket_type_id, quantity, unit_price,"
        " status, overbooked FROM events_reservationline WHERE performance_id = %s ORDER BY id"
    ),
    "movements": (
        "SELECT allocation_id, seat_id, reservation_id, from_state, to_state, quantity, operation"
        " FROM events_movement WHERE performance_id = %s ORDER BY at, id"
    ),
}


def snapshot(performance_id: UUID) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of a performance that the engine moves."""
    with connection.cursor() as cursor:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for name, query in _SNAPSHOT.items():
            cursor.execute(query, [performance_id])
            found[name] = cursor.fetchall()
        return found


def counters(allocation_id: UUID) -> tuple[int, int, int, int]:
    """Return (available, unseated, reserved, sold) places of an allocation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT available_capacity, unseated_available, reserved_capacity, sold_capacity"
            " FROM events_sectiontickettype WHERE id = %s",
            [allocation_id],
        )
        available, unseated, reserved, sold = cursor.fetchone()
        return available, unseated, reserved, sold


def loaded(performance_id: UUID) -> House:
    """Return the stored performance as a pure house, keyed by ids."""
    rows = snapshot(performance_id)
    house = House()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.section_id, a.ticket_type_id, a.price_modifier, s.base_price,"
            " s.currency FROM events_sectiontickettype AS a JOIN events_eventsection AS s"
            " ON s.id = a.section_id WHERE a.performance_id = %s",
            [performance_id],
        )
        about = {row[0]: row[1:] for row in cursor.fetchall()}
    totals = dict(rows["sections"])
    for key, _, available, unseated, reserved, sold in rows["counters"]:
        section, ticket_type, modifier, base_price, currency = about[key]
        house.sections[section] = Section(totals[section], base_price, currency)
        house.allocations[key] = Allocation(
            section, ticket_type, available, unseated, reserved, sold, modifier
        )
    for key, status, allocation in rows["seats"]:
        house.seats[key] = Seat(allocation, status)
    for key, status, kind, _, expires_at in rows["reservations"]:
        deadline = None if expires_at is None else expires_at.timestamp()
        house.reservations[key] = Reservation(kind, deadline, [], status)
    for _, key, allocation, seat, kind, quantity, price, status, overbooked in rows["lines"]:
        house.reservations[key].lines.append(
            Line(allocation, kind, seat, quantity, price, status, overbooked)
        )
    house.ledger = [Movement(*row) for row in rows["movements"]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reservation_id, operation FROM events_note WHERE performance_id = %s"
            " AND operation = 'extend'",
            [performance_id],
        )
        house.notes = [Note(*row) for row in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, quantity, section_id, ticket_type_id, together, customer, status, offer_id"
            " FROM events_waitingentry WHERE performance_id = %s ORDER BY joined_at, id",
            [performance_id],
        )
        house.waiting = {row[0]: Entry(*row[1:]) for row in cursor.fetchall()}
    return house


def faults(performance_id: UUID) -> list[str]:
    """Return what does not add up in the stored performance; empty is sound."""
    house = loaded(performance_id)
    (stored,) = snapshot(performance_id)["performance"][0]
    wrong = [] if stored == house.capacity else [f"I2 {stored} places, sections {house.capacity}"]
    return wrong + broken_rules(house)


def wait_for_waiter(conninfo: str, holder: psycopg.Connection[Any] | None = None) -> None:
    """Return when somebody waits for `holder`, or this connection: a signal, not a sleep."""
    mine = (holder or connection.connection).info.backend_pid
    with psycopg.connect(conninfo, autocommit=True) as observer:
        for _ in range(100_000):
            waiting = observer.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))",
                [mine],
            ).fetchone()
            if waiting and waiting[0]:
                return
    raise AssertionError("nobody came to wait")
