"""Each rule attacked with plain SQL by the tables' owner, in one transaction: refused at the
statement or at COMMIT, with the rule and the numbers, and nothing has moved."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from engine.houses import snapshot

from fullhouse.events.services.audit import audit

# rule -> (what is tried, what the message must name). `{name}` is a field of the house.
ATTACKS: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "I1": [
        (
            "UPDATE events_venue SET total_capacity = 59 WHERE id = '{venue_id}'",
            ("59", "60"),
        ),
        (
            "WITH v AS (INSERT INTO events_venue (name, total_capacity) VALUES ('Hut', 10)"
            " RETURNING id) UPDATE events_event SET venue_id = v.id FROM v"
            " WHERE events_event.id = '{event_id}'",
            ("10", "60"),
        ),
        (
            "WITH v AS (INSERT INTO events_venue (name, total_capacity) VALUES ('Hut', 10)"
            " RETURNING id), e AS (INSERT INTO events_event (venue_id, title, slug)"
            " SELECT id, 'Small', gen_random_uuid()::text FROM v RETURNING id)"
            " UPDATE events_eventperformance SET event_id = e.id FROM e"
            " WHERE events_eventperformance.id = '{performance_id}'",
            ("10", "60"),
        ),
        (
            "UPDATE events_eventperformance SET max_capacity = 101 WHERE id = '{performance_id}'",
            ("100", "101"),
        ),
    ],
    "I2": [
        (
            "UPDATE events_eventperformance SET max_capacity = 61 WHERE id = '{performance_id}'",
            ("61", "60"),
        ),
        (
            "INSERT INTO events_eventsection (performance_id, name, total_capacity, base_price)"
            " VALUES ('{performance_id}', 'Balcony', 5, 10)",
            ("60", "65"),
        ),
        (
            "INSERT INTO events_eventperformance (event_id, date, start_time, max_capacity)"
            " VALUES ('{event_id}', '2030-01-01', '20:00', 7)",
            ("7", "0"),
        ),
    ],
    "I3": [
        (
            "UPDATE events_eventsection SET total_capacity = 61 WHERE id = '{section_id}';"
            " UPDATE events_eventperformance SET max_capacity = 61 WHERE id = '{performance_id}'",
            ("61", "60"),
        ),
        (
            "UPDATE events_sectiontickettype SET allocated_capacity = 41, available_capacity = 39,"
            " unseated_available = 31 WHERE id = '{allocation_id}'",
            ("41", "60", "61"),
        ),
        ("DELETE FROM events_sectiontickettype WHERE id = '{pool_id}'", ("60", "40")),
    ],
    "I4": [
        (
            "UPDATE events_sectiontickettype SET available_capacity = 39"
            " WHERE id = '{allocation_id}'",
            ("40", "39"),
        ),
        (
            "INSERT INTO events_sectiontickettype (performance_id, section_id, ticket_type_id,"
            " allocated_capacity, available_capacity, unseated_available)"
            " SELECT '{performance_id}', '{section_id}', t.id, 0, 5, 0 FROM (INSERT_TYPE) AS t",
            ("available 5",),
        ),
    ],
    "I5": [
        (
            "UPDATE events_sectiontickettype SET unseated_available = 39"
            " WHERE id = '{allocation_id}'",
            ("38", "39"),
        ),
        ("UPDATE events_seat SET status = 'available' WHERE id = '{sold_seat_id}'", ("sold",)),
        ("DELETE FROM events_seat WHERE id = '{free_seat_id}'", ("available",)),
        (
            "INSERT INTO events_reservationline (performance_id, reservation_id, allocation_id,"
            " seat_id, quantity, unit_price, status) VALUES ('{performance_id}', '{hold_id}',"
            " '{allocation_id}', '{sold_seat_id}', 1, 20, 'sold')",
            ("{sold_seat_id}", "{sold_line_id}"),
        ),
    ],
    "I6": [
        (
            "UPDATE events_sectiontickettype SET available_capacity = 37, unseated_available = 29,"
            " sold_capacity = 2 WHERE id = '{allocation_id}'",
            ("37", "sold 2"),
        ),
        (
            "UPDATE events_reservationline SET quantity = 2 WHERE id = '{sold_line_id}'",
            ("2 place(s)", "{sold_line_id}"),
        ),
        ("DELETE FROM events_reservationline WHERE id = '{sold_line_id}'", ("{sold_line_id}",)),
        ("UPDATE events_reservation SET status = 'sold' WHERE id = '{hold_id}'", ("{hold_id}",)),
        (
            "INSERT INTO events_movement (performance_id, allocation_id, from_state, to_state,"
            " quantity, operation) VALUES ('{performance_id}', '{allocation_id}', 'sold',"
            " 'available', 1, 'refund')",
            ("1 place(s)", "sold -> available"),
        ),
    ],
    "I7": [
        (
            "UPDATE events_sectiontickettype SET allocated_capacity = 1, available_capacity = 0,"
            " unseated_available = 0, sold_capacity = 1 WHERE id = '{allocation_id}'",
            ("allocated 1", "sold 1"),
        ),
        (
            "UPDATE events_eventsection SET total_capacity = 1 WHERE id = '{section_id}';"
            " UPDATE events_eventperformance SET max_capacity = 1 WHERE id = '{performance_id}'",
            ("1", "60", "2 of them"),
        ),
    ],
    "ledger": [
        (
            "UPDATE events_movement SET quantity = 9 WHERE performance_id = '{performance_id}'",
            ("update",),
        ),
        (
            "DELETE FROM events_movement WHERE performance_id = '{performance_id}'",
            ("delete",),
        ),
        ("TRUNCATE events_movement", ("events_movement",)),
        ("TRUNCATE events_venue CASCADE", ("TRUNCATE",)),
    ],
}
CASES = [
    pytest.param(rule, attack, words, id=f"{rule}-{number}")
    for rule, attacks in ATTACKS.items()
    for number, (attack, words) in enumerate(attacks, start=1)
]
_TYPE = "SELECT id FROM events_tickettype WHERE id = '{ticket_type_id}'"


def in_one_transaction(conninfo: str, *statements: str) -> None:
    """Run statements and commit; raises what the database says."""
    with psycopg.connect(conninfo) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(("rule", "attack", "words"), CASES)
def test_a_broken_rule_is_refused_by_name_and_nothing_moves(
    conninfo: str,
    make_house: Callable[..., Any],
    rule: str,
    attack: str,
    words: tuple[str, ...],
) -> None:
    house = make_house()
    facts = {name: getattr(house, name) for name in house.__slots__}
    before = snapshot(house.performance_id)
    statement = attack.replace("INSERT_TYPE", _TYPE).format(**facts)

    with pytest.raises(psycopg.Error) as refusal:
        in_one_transaction(conninfo, statement)

    message = str(refusal.value)
    assert rule in message
    for word in words:
        assert word.format(**facts) in message
    assert snapshot(house.performance_id) == before
    assert audit(performance_id=house.performance_id) == ()


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_structure_changes_only_at_read_committed(
    conninfo: str, make_house: Callable[..., Any], isolation: str
) -> None:
    house = make_house()

    with pytest.raises(psycopg.Error) as refusal:
        in_one_transaction(
            conninfo,
            f"SET TRANSACTION ISOLATION LEVEL {isolation}",
            f"UPDATE events_venue SET total_capacity = 99 WHERE id = '{house.venue_id}'",
        )

    assert refusal.value.sqlstate == "25I01"
    assert "I1" in str(refusal.value)
    assert isolation in str(refusal.value)


MARKED = "SET LOCAL fullhouse.engine = 'on'"


def test_a_second_live_line_for_a_seat_is_refused_even_under_the_engines_marker(
    conninfo: str, make_house: Callable[..., Any]
) -> None:
    house = make_house()

    with pytest.raises(psycopg.errors.UniqueViolation, match="i5_seat_in_one_live_line"):
        in_one_transaction(
            conninfo,
            MARKED,
            "INSERT INTO events_reservationline (performance_id, reservation_id, allocation_id,"
            f" seat_id, quantity, unit_price, status) VALUES ('{house.performance_id}',"
            f" '{house.hold_id}', '{house.allocation_id}', '{house.sold_seat_id}', 1, 20, 'sold')",
        )


def test_counters_that_do_not_add_up_are_refused_even_under_the_engines_marker(
    conninfo: str, make_house: Callable[..., Any]
) -> None:
    house = make_house()

    with pytest.raises(psycopg.errors.CheckViolation, match="i4_allocation_adds_up"):
        in_one_transaction(
            conninfo,
            MARKED,
            "UPDATE events_sectiontickettype SET sold_capacity = 9"
            f" WHERE id = '{house.allocation_id}'",
        )


def test_a_child_of_another_performance_is_refused(
    conninfo: str, make_house: Callable[..., Any]
) -> None:
    mine, other = make_house(), make_house()

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="seat_in_allocation"):
        in_one_transaction(
            conninfo,
            MARKED,
            f"UPDATE events_seat SET allocation_id = '{other.allocation_id}'"
            f" WHERE id = '{mine.free_seat_id}'",
        )
