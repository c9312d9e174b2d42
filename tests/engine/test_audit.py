"""audit: a sound house has no finding, and each broken thing is named exactly.

Things are broken under a forged marker and, where a constraint would refuse, without it; all in
a transaction that is rolled back.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from fullhouse.events.models import ReservationLine
from fullhouse.events.services.audit import Finding, audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import make_overdue

S, A, T, L, R, P = (
    f"events_{name}"
    for name in (
        "eventsection",
        "sectiontickettype",
        "seat",
        "reservationline",
        "reservation",
        "eventperformance",
    )
)
# what is broken -> (statements, {(rule, table, name of the id in the facts)})
BROKEN: dict[str, tuple[list[str], set[tuple[str, str, str]]]] = {
    "venue too small": (
        ["UPDATE events_venue SET total_capacity = 20 WHERE id = '{venue}'"],
        {("I1", P, "performance")},
    ),
    "performance unlike its sections": (
        [f"UPDATE {P} SET max_capacity = 20 WHERE id = '{{performance}}'"],
        {("I2", P, "performance")},
    ),
    "section unlike its allocations": (
        [
            f"UPDATE {S} SET total_capacity = 20 WHERE id = '{{section}}'",
            f"UPDATE {P} SET max_capacity = 20 WHERE id = '{{performance}}'",
        ],
        {("I3", S, "section")},
    ),
    "section below what is used": (
        [
            f"UPDATE {S} SET total_capacity = 1 WHERE id = '{{section}}'",
            f"UPDATE {P} SET max_capacity = 1 WHERE id = '{{performance}}'",
        ],
        {("I3", S, "section"), ("I7", S, "section")},
    ),
    "counters that do not add up": (
        [
            f"ALTER TABLE {A} DROP CONSTRAINT i4_allocation_adds_up",
            f"UPDATE {A} SET allocated_capacity = 4 WHERE id = '{{student_places}}'",
            f"UPDATE {S} SET total_capacity = 20 WHERE id = '{{section}}'",
            f"UPDATE {P} SET max_capacity = 20 WHERE id = '{{performance}}'",
        ],
        {("I4", A, "student_places")},
    ),
    "allocation below what is used": (
        [
            f"ALTER TABLE {A} DROP CONSTRAINT i4_allocation_adds_up",
            f"UPDATE {A} SET allocated_capacity = 2 WHERE id = '{{adult_places}}'",
            f"UPDATE {S} SET total_capacity = 13 WHERE id = '{{section}}'",
            f"UPDATE {P} SET max_capacity = 13 WHERE id = '{{performance}}'",
        ],
        {("I4", A, "adult_places"), ("I7", A, "adult_places")},
    ),
    "unseated places beyond the available": (
        [
            f"ALTER TABLE {A} DROP CONSTRAINT i5_unseated_within_available",
            f"UPDATE {A} SET unseated_available = 6 WHERE id = '{{student_places}}'",
        ],
        {("I5", A, "student_places")},
    ),
    "a free seat too few": (
        [f"UPDATE {A} SET unseated_available = 3 WHERE id = '{{pool}}'"],
        {("I5", A, "pool")},
    ),
    "a sold seat shown as free": (
        [f"UPDATE {T} SET status = 'available' WHERE id = '{{sold_seat}}'"],
        {("I5", T, "sold_seat"), ("I5", A, "adult_places"), ("I6", T, "sold_seat")},
    ),
    "a seat in two live lines": (
        [
            "DROP INDEX i5_seat_in_one_live_line",
            f"UPDATE {L} SET seat_id = '{{sold_seat}}' WHERE id = '{{single_line}}'",
        ],
        {("I5", T, "sold_seat")},
    ),
    "a line counted in another allocation than its seat": (
        [f"UPDATE {T} SET allocation_id = '{{student_places}}' WHERE id = '{{sold_seat}}'"],
        {("I5", L, "sold_line")},
    ),
    "a line for more places than counted": (
        [f"UPDATE {L} SET quantity = 5 WHERE id = '{{held_line}}'"],
        {("I6", A, "adult_places"), ("I6", R, "hold")},
    ),
    "a sale shown as a hold": (
        [f"UPDATE {R} SET status = 'reserved' WHERE id = '{{sale}}'"],
        {("I6", R, "sale")},
    ),
    "a live reservation shown as refunded": (
        [f"UPDATE {R} SET status = 'refunded' WHERE id = '{{sale}}'"],
        {("I6", R, "sale")},
    ),
    "a movement too many": (
        [
            "INSERT INTO events_movement (performance_id, allocation_id, to_state, quantity,"
            " operation) VALUES ('{performance}', '{pool}', 'available', 1, 'forged')"
        ],
        {("I6", A, "pool")},
    ),
    "a movement of a seat that did not move": (
        [
            "INSERT INTO events_movement (performance_id, allocation_id, seat_id, from_state,"
            " to_state, quantity, operation) VALUES ('{performance}', '{adult_places}',"
            " '{free_seat}', 'available', 'reserved', 1, 'forged'), ('{performance}',"
            " '{adult_places}', NULL, 'reserved', 'available', 1, 'forged')"
        ],
        {("I6", T, "free_seat")},
    ),
    "a flag that hides a sales rule": (
        [
            "INSERT INTO events_salesrule (id, performance_id, max_per_order)"
            " VALUES (gen_random_uuid(), '{performance}', 2)",
            f"ALTER TABLE {P} DISABLE TRIGGER has_rules_is_true",
            f"UPDATE {P} SET has_rules = false WHERE id = '{{performance}}'",
            "SET CONSTRAINTS ALL IMMEDIATE",
        ],
        {("rules", P, "performance")},
    ),
    "a ledger without its beginning": (
        [
            "ALTER TABLE events_movement DISABLE TRIGGER USER",
            "DELETE FROM events_movement WHERE allocation_id = '{student_places}'",
        ],
        {("I6", A, "student_places")},
    ),
}


def hold(hall: Hall, *requests: Places | SeatRequest) -> Hold:
    return reserve(performance_id=hall.performance_id, requests=list(requests))


@pytest.fixture
def facts(hall: Hall) -> dict[str, UUID]:
    """A hall with a sold seat, a hold of two places and a hold of one; their ids by name."""
    sale = hold(hall, SeatRequest(hall.adult_seats[0]))
    confirm(performance_id=hall.performance_id, reservation_id=sale.reservation_id)
    held = hold(hall, Places(2, allocation_id=hall.adult_places))
    single = hold(hall, Places(1, allocation_id=hall.adult_places))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT venue_id FROM events_event AS e JOIN events_eventperformance AS p"
            " ON p.event_id = e.id WHERE p.id = %s",
            [hall.performance_id],
        )
        (venue,) = cursor.fetchone()
    return {
        "venue": venue,
        "performance": hall.performance_id,
        "section": hall.section_id,
        "adult_places": hall.adult_places,
        "student_places": hall.student_places,
        "pool": hall.pool,
        "sold_seat": hall.adult_seats[0],
        "free_seat": hall.adult_seats[1],
        "sale": sale.reservation_id,
        "sold_line": sale.lines[0].line_id,
        "hold": held.reservation_id,
        "held_line": held.lines[0].line_id,
        "single_line": single.lines[0].line_id,
    }


def findings_of(statements: list[str], performance_id: UUID) -> tuple[Finding, ...]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for statement in statements:
            cursor.execute(statement)
        found = audit(performance_id=performance_id)
        everywhere = audit()
        transaction.set_rollback(True)
    assert set(found) <= set(everywhere)
    return found


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_named_exactly(facts: dict[str, UUID], what: str) -> None:
    statements, expected = BROKEN[what]

    found = findings_of(
        [statement.format(**facts) for statement in statements], facts["performance"]
    )

    named = {(each.rule, each.table, each.id) for each in found}
    must = {(rule, table, facts[name]) for rule, table, name in expected}
    assert named == must, [str(each) for each in found]
    assert {each.performance_id for each in found} == {facts["performance"]}
    assert all(each.expected and each.found for each in found)


def test_a_busy_sound_house_has_no_finding(hall: Hall) -> None:
    sale = hold(hall, Places(3, allocation_id=hall.adult_places), SeatRequest(hall.pool_seats[0]))
    confirm(performance_id=hall.performance_id, reservation_id=sale.reservation_id)
    seat_line = ReservationLine.objects.get(reservation=sale.reservation_id, seat__isnull=False)
    refund(
        performance_id=hall.performance_id,
        reservation_id=sale.reservation_id,
        lines=[RefundLine(seat_line.pk)],
    )
    house(performance_id=hall.performance_id, reason="x", seat_ids=[hall.pool_seats[1]])
    overdue = hold(hall, Places(1, allocation_id=hall.pool))
    make_overdue(overdue.reservation_id)

    assert audit(performance_id=hall.performance_id) == ()


def test_an_audit_reads_one_snapshot(
    facts: dict[str, UUID], django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):
        audit(performance_id=facts["performance"])
