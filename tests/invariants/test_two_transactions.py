"""Each rule attacked by two transactions at once, in every order of their steps.

What one transaction alone may do, both together would break: whoever comes second is refused.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from fullhouse.events.services.audit import audit

from .interleave import Outcome, Session, orders, play

MARKED = "SET LOCAL fullhouse.engine = 'on'; "
# Grows the pool by 30, with all that belongs to it: 60 -> 90, of a venue of 100.
GROW = [
    MARKED + "UPDATE events_eventperformance SET max_capacity = max_capacity + 30"
    " WHERE id = '{performance_id}';"
    " UPDATE events_eventsection SET total_capacity = total_capacity + 30"
    " WHERE id = '{section_id}'",
    "UPDATE events_sectiontickettype SET allocated_capacity = allocated_capacity + 30,"
    " available_capacity = available_capacity + 30, unseated_available = unseated_available + 30"
    " WHERE id = '{pool_id}';"
    " INSERT INTO events_movement (performance_id, allocation_id, to_state, quantity, operation)"
    " VALUES ('{performance_id}', '{pool_id}', 'available', 30, 'resize')",
]
LOWER_VENUE = ["UPDATE events_venue SET total_capacity = 70 WHERE id = '{venue_id}'"]
MOVE_EVENT = ["UPDATE events_event SET venue_id = '{small_venue_id}' WHERE id = '{event_id}'"]
LOWER_SMALL = ["UPDATE events_venue SET total_capacity = 50 WHERE id = '{small_venue_id}'"]
ENGINE_GROW = [
    "SELECT resize_v1('{performance_id}', 'section', '{section_id}', NULL, 90, NULL, '', '')"
]
SKEWS = {
    "performance raised, venue lowered": (GROW, LOWER_VENUE),
    "performance resized by the engine, venue lowered": (ENGINE_GROW, LOWER_VENUE),
    "performance raised, event moved to a smaller venue": (GROW, MOVE_EVENT),
    "event moved to a venue, that venue lowered": (MOVE_EVENT, LOWER_SMALL),
}
ISOLATIONS = ("READ COMMITTED", "REPEATABLE READ")


@pytest.fixture
def facts(conninfo: str, make_house: Callable[..., Any]) -> Callable[[], dict[str, Any]]:
    """Return a maker of houses as facts for the steps, with a venue of 70 to move to."""

    def make() -> dict[str, Any]:
        house = make_house()
        known = {name: getattr(house, name) for name in house.__slots__}
        with psycopg.connect(conninfo) as connection:
            row = connection.execute(
                "INSERT INTO events_venue (name, total_capacity) VALUES ('Club', 70) RETURNING id"
            ).fetchone()
        return known | {"small_venue_id": row[0] if row else None}

    return make


def run(
    conninfo: str,
    known: dict[str, Any],
    order: tuple[str, ...],
    steps: tuple[list[str], list[str]],
    isolations: tuple[str, str] = ("READ COMMITTED", "READ COMMITTED"),
) -> dict[str, Outcome]:
    sessions = [
        Session(name, [step.format(**known) for step in script], isolation)
        for name, script, isolation in zip("ab", steps, isolations, strict=True)
    ]
    return play(conninfo, sessions, order)


def all_orders(steps: tuple[list[str], list[str]]) -> list[tuple[str, ...]]:
    return list(orders([Session(name, script) for name, script in zip("ab", steps, strict=True)]))


@pytest.mark.parametrize("name", SKEWS)
def test_i1_has_no_write_skew_at_read_committed(
    conninfo: str, facts: Callable[[], dict[str, Any]], name: str
) -> None:
    for order in all_orders(SKEWS[name]):
        known = facts()

        outcomes = run(conninfo, known, order, SKEWS[name])

        refused = [each for each in outcomes.values() if each.refused]
        said = f"{order}: {[each.message for each in outcomes.values()]}"
        assert len(refused) == 1 or answered_no(conninfo, known), said
        for each in refused:
            assert each.sqlstate in ("23I01", "40P01", "55P03"), said
            assert "I1" in each.message or each.sqlstate != "23I01", said
        assert audit(performance_id=known["performance_id"]) == (), said


def answered_no(conninfo: str, known: dict[str, Any]) -> bool:
    """The engine says no as data: nobody was refused, and the performance did not grow."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(
            "SELECT max_capacity FROM events_eventperformance WHERE id = %s",
            [known["performance_id"]],
        ).fetchone()
    return row == (60,)


@pytest.mark.parametrize(
    "name", ["performance raised, venue lowered", "event moved to a venue, that venue lowered"]
)
@pytest.mark.parametrize(
    "isolations",
    [
        ("READ COMMITTED", "REPEATABLE READ"),
        ("REPEATABLE READ", "READ COMMITTED"),
        ("REPEATABLE READ", "REPEATABLE READ"),
    ],
)
def test_i1_has_no_write_skew_with_repeatable_read(
    conninfo: str,
    facts: Callable[[], dict[str, Any]],
    name: str,
    isolations: tuple[str, str],
) -> None:
    steps = SKEWS[name]
    for order in all_orders(steps):
        known = facts()

        outcomes = run(conninfo, known, order, steps, isolations)

        for each, isolation in zip(outcomes.values(), isolations, strict=True):
            if isolation == "REPEATABLE READ":
                assert each.sqlstate in ("25I01", "40001", "40P01"), each.message
        assert audit(performance_id=known["performance_id"]) == ()


# Two that each keep a sum by absolute values read before: the second must not undo the first.
SUMS = {
    "I2": (
        [
            "INSERT INTO events_eventsection (performance_id, name, total_capacity, base_price)"
            " VALUES ('{performance_id}', 'Left', 0, 1)",
            "UPDATE events_eventperformance SET max_capacity = 61 WHERE id = '{performance_id}'",
        ],
        ["UPDATE events_eventperformance SET max_capacity = 59 WHERE id = '{performance_id}'"],
    ),
    "I3": (
        ["UPDATE events_eventsection SET total_capacity = 61 WHERE id = '{section_id}'"],
        ["UPDATE events_eventsection SET total_capacity = 59 WHERE id = '{section_id}'"],
    ),
    "I4": (
        [
            MARKED + "UPDATE events_sectiontickettype SET sold_capacity = sold_capacity + 1"
            " WHERE id = '{allocation_id}'"
        ],
        [
            MARKED + "UPDATE events_sectiontickettype SET reserved_capacity = reserved_capacity + 1"
            " WHERE id = '{allocation_id}'"
        ],
    ),
    "I6": (
        ["UPDATE events_reservation SET status = 'sold' WHERE id = '{hold_id}'"],
        ["DELETE FROM events_reservationline WHERE id = '{sold_line_id}'"],
    ),
    "I7": (
        [
            MARKED + "UPDATE events_sectiontickettype SET allocated_capacity = 1,"
            " available_capacity = 0, unseated_available = 0, reserved_capacity = 0"
            " WHERE id = '{allocation_id}'"
        ],
        ["UPDATE events_eventsection SET total_capacity = 1 WHERE id = '{section_id}'"],
    ),
}


@pytest.mark.parametrize("isolation", ISOLATIONS)
@pytest.mark.parametrize("rule", SUMS)
def test_neither_of_two_that_break_a_sum_gets_through(
    conninfo: str, facts: Callable[[], dict[str, Any]], rule: str, isolation: str
) -> None:
    for order in all_orders(SUMS[rule]):
        known = facts()

        outcomes = run(conninfo, known, order, SUMS[rule], (isolation, isolation))

        assert all(each.refused for each in outcomes.values()), order
        assert audit(performance_id=known["performance_id"]) == (), order


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_i5_a_seat_gets_into_one_live_line_even_with_forged_markers(
    conninfo: str, facts: Callable[[], dict[str, Any]], isolation: str
) -> None:
    line = (
        MARKED + "INSERT INTO events_reservationline (performance_id, reservation_id,"
        " allocation_id, seat_id, quantity, unit_price, status) VALUES ('{performance_id}',"
        " '{hold_id}', '{allocation_id}', '{free_seat_id}', 1, 20, 'reserved')"
    )
    steps = ([line], [line])
    for order in all_orders(steps):
        outcomes = run(conninfo, facts(), order, steps, (isolation, isolation))

        assert sorted(each.refused for each in outcomes.values()) == [False, True], order
        assert {each.sqlstate for each in outcomes.values() if each.refused} == {"23505"}


def test_i7_a_sale_and_a_cut_at_once(conninfo: str, facts: Callable[[], dict[str, Any]]) -> None:
    """The pool's 20 places: one buyer wants them all while the house cuts them away."""
    steps = (
        [
            'SELECT reserve_v1(\'{performance_id}\', \'[{{"allocation_id": "{pool_id}",'
            " \"quantity\": 20}}]', 600, 'sale', gen_random_uuid()::text, NULL, '', '', '', '')"
        ],
        ["SELECT resize_v1('{performance_id}', 'allocation', NULL, '{pool_id}', 5, NULL, '', '')"],
    )
    for order in all_orders(steps):
        known = facts()

        outcomes = run(conninfo, known, order, steps)

        assert not any(each.refused for each in outcomes.values()), order
        with psycopg.connect(conninfo) as connection:
            row = connection.execute(
                "SELECT allocated_capacity, reserved_capacity FROM events_sectiontickettype"
                " WHERE id = %s",
                [known["pool_id"]],
            ).fetchone()
        assert row in ((20, 20), (5, 0)), order
        assert audit(performance_id=known["performance_id"]) == (), order
