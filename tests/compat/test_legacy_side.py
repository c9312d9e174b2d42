"""Before the cut-over: the old calls over the old tables, without the old faults."""

import pytest

from fullhouse.compat import (
    CapacityWarning,
    InvalidArgument,
    capacity_manager,
    performance,
    seat,
)
from fullhouse.events.domain.errors import Refusal

from .conftest import Evening
from .old_system import execute, statuses, used

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_the_counter_counts_places_used(old_evening: Evening) -> None:
    evening = performance(old_evening.performance)
    assert evening.book_capacity(30)
    assert (evening.available_capacity, evening.is_full, evening.is_available) == (70, False, True)
    assert (evening.can_book(70), evening.can_book(71)) == (True, False)
    assert evening.release_capacity(10)
    assert used(old_evening.schema, old_evening.performance) == 20


def test_what_is_refused_moves_nothing(old_evening: Evening) -> None:
    evening = performance(old_evening.performance)
    assert evening.book_capacity(99)
    assert not evening.book_capacity(2)
    assert not evening.book_capacity(10**30)
    with pytest.warns(CapacityWarning, match="only 99"):
        assert not evening.release_capacity(100)
    granted, why = capacity_manager.reserve_seats(
        old_evening.performance, old_evening.vip, "VIP", 2
    )
    assert (granted, why) == (
        False,
        "Not enough places: 2 wanted, 1 left. Ask for fewer, or choose another section or ticket"
        " type.",
    )
    assert used(old_evening.schema, old_evening.performance) == 99
    assert set(statuses(old_evening.schema, old_evening.performance)) == {"available"}


@pytest.mark.parametrize("count", [0, -1, -5, 1.0, "3", True, None])
def test_a_count_that_frees_other_peoples_places_is_refused(
    old_evening: Evening, count: object
) -> None:
    evening = performance(old_evening.performance)
    for call in (evening.book_capacity, evening.release_capacity, evening.can_book):
        with pytest.raises(ValueError, match="whole number of places from 1 up"):
            call(count)
    with pytest.raises(InvalidArgument):
        capacity_manager.reserve_seats(old_evening.performance, old_evening.vip, "VIP", count)
    assert used(old_evening.schema, old_evening.performance) == 0


def test_a_closed_evening_sells_nothing(old_evening: Evening) -> None:
    execute(
        "UPDATE {schema}.events_eventperformance SET is_available = false",
        schema=old_evening.schema,
    )
    evening = performance(old_evening.performance)
    assert (evening.is_available, evening.can_book(1), evening.book_capacity(1)) == (
        False,
        False,
        False,
    )
    assert used(old_evening.schema, old_evening.performance) == 0


def test_capacities_are_read_by_the_names_of_the_types(old_evening: Evening) -> None:
    assert performance(old_evening.performance).ticket_capacities == {"VIP": 40, "Normal": 60}
    execute(
        "UPDATE {schema}.events_eventperformance SET ticket_capacities = jsonb_build_object("
        "%s::text, 7, 'vip', -1, 'x', '{{}}'::jsonb, 'Gallery', 5)",
        str(old_evening.normal),
        schema=old_evening.schema,
    )
    assert performance(old_evening.performance).ticket_capacities == {"Normal": 7, "Gallery": 5}


def test_seats_are_reserved_in_house_order_in_any_spelling(old_evening: Evening) -> None:
    granted, allocation = capacity_manager.reserve_seats(
        old_evening.performance, old_evening.vip, "v\u200bip".replace("\u200b", "\u00a0"), 3
    )
    assert granted
    assert allocation.hold.seat_ids == old_evening.seats[:3]
    counters = (allocation.available_capacity, allocation.reserved_capacity)
    assert (allocation.section, allocation.ticket_type.name, *counters) == ("VIP", "VIP", 1, 3)
    assert used(old_evening.schema, old_evening.performance) == 3
    left = capacity_manager.get_available_seats(old_evening.performance)
    assert {each.id for each in left} == {old_evening.seats[3], *old_evening.balcony}


def test_a_price_of_the_callers_is_refused(old_evening: Evening) -> None:
    with pytest.raises(InvalidArgument, match="the house sets the price"):
        capacity_manager.reserve_seats(
            old_evening.performance, old_evening.vip, "VIP", 1, unit_price="0.01"
        )
    with pytest.raises(TypeError):
        capacity_manager.reserve_seats(old_evening.performance, old_evening.vip, "VIP", 1, row=1)
    assert set(statuses(old_evening.schema, old_evening.performance)) == {"available"}


def test_of_two_rows_of_one_seat_the_sold_one_rules(old_evening: Evening) -> None:
    execute(
        "UPDATE {schema}.events_seat SET status = 'sold', seat_number = '01' WHERE id = %s",
        old_evening.seats[2],
        schema=old_evening.schema,
    )
    free = {each.id for each in capacity_manager.get_available_seats(old_evening.performance)}
    assert free == {old_evening.seats[1], old_evening.seats[3], *old_evening.balcony}
    granted, _ = capacity_manager.reserve_seats(old_evening.performance, old_evening.vip, "VIP", 3)
    assert not granted


def test_a_status_nobody_knows_is_not_for_sale(old_evening: Evening) -> None:
    execute(
        "UPDATE {schema}.events_seat SET status = 'SOLD' WHERE id = %s",
        old_evening.seats[0],
        schema=old_evening.schema,
    )
    one = seat(old_evening.seats[0])
    assert (one.status, one.is_available, one.section) == ("blocked", False, "VIP")
    assert one.ticket_type.id == old_evening.vip
    assert seat(old_evening.balcony[0]).ticket_type is None


def test_the_summary_has_the_old_shape(old_evening: Evening) -> None:
    capacity_manager.reserve_seats(old_evening.performance, None, "balcony", 1)
    summary = capacity_manager.get_capacity_summary(old_evening.performance)
    assert summary["performance"] == {
        "max_capacity": 100,
        "current_capacity": 1,
        "available_capacity": 99,
        "occupancy_rate": 1.0,
    }
    assert [(s["name"], s["total_capacity"], s["occupancy_rate"]) for s in summary["sections"]] == [
        ("Balcony", 2, 50.0),
        ("VIP", 4, 0.0),
    ]
    assert summary["sections"][1]["ticket_types"] == [
        {
            "name": "VIP",
            "allocated_capacity": 4,
            "available_capacity": 4,
            "reserved_capacity": 0,
            "sold_capacity": 0,
            "final_price": 100,
        }
    ]


def test_capacity_is_created_once_and_within_the_venue(old_evening: Evening) -> None:
    def config(places: int) -> dict[str, object]:
        kinds = [{"ticket_type_id": str(old_evening.vip), "allocated_capacity": 30}]
        section = {"name": "Hall", "total_capacity": places, "base_price": 10}
        return {"sections": [section | {"ticket_types": kinds}]}

    create = capacity_manager.create_performance_capacity
    with pytest.raises(Refusal, match="has_capacity"):
        create(old_evening.performance, config(60))
    execute(
        "UPDATE {schema}.events_eventperformance SET ticket_capacities = '{{}}'",
        schema=old_evening.schema,
    )
    for places, code in ((501, "over_venue"), (3, "over_section")):
        with pytest.raises(Refusal, match=code):
            create(old_evening.performance, config(places))
    with pytest.raises(InvalidArgument, match=r"sections\[0\].total_capacity"):
        create(old_evening.performance, config(-1))
    (section,) = create(old_evening.performance, config(60))
    assert (section.name, section.total_capacity) == ("Hall", 60)
    evening = performance(old_evening.performance)
    assert (evening.available_capacity, evening.ticket_capacities) == (60, {"VIP": 30})


def test_what_is_not_there_is_named(old_evening: Evening) -> None:
    with pytest.raises(Refusal, match="unknown"):
        performance(old_evening.vip).book_capacity(1)
    with pytest.raises(Refusal, match="unknown"):
        _ = seat(old_evening.vip).status
    with pytest.raises(InvalidArgument):
        performance("not a key")
    answer = capacity_manager.reserve_seats(old_evening.performance, old_evening.vip, "Cellar", 1)
    assert answer == (
        False,
        "Section Cellar has no seat rows in the legacy tables; its places are booked with"
        " book_capacity.",
    )
    assert used(old_evening.schema, old_evening.performance) == 0


def test_the_takeover_is_not_proved_before_it_is_validated(old_evening: Evening) -> None:
    validation = capacity_manager.validate_migration()
    assert not validation
    assert old_evening.schema in validation.findings[0]
