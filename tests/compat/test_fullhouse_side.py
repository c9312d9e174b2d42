"""After the cut-over: the same calls, over the engine."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from fullhouse.compat import CapacityWarning, authority, capacity_manager, performance, seat
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance, Reservation, ReservationLine
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, reserve
from tests.engine.houses import Part, build, make_overdue, snapshot

from .conftest import Evening
from .old_system import used

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def hall(new_evening: Evening) -> Evening:
    """Beside what was taken over: stalls with 10 VIP, 30 Normal and 20 places of the pool."""
    parts = (Part(new_evening.vip, 10), Part(new_evening.normal, 30), Part(None, 20))
    build(new_evening.performance, *parts)
    return new_evening


def sold(evening: Evening) -> list[tuple[str | None, int]]:
    """Compat's live sales by ticket type, in the order of the sales."""
    lines = ReservationLine.objects.filter(
        performance=evening.performance, status="sold", reservation__channel="compat"
    ).order_by("reservation__created_at", "allocation__ticket_type__name")
    return [(str(x.ticket_type) if x.ticket_type else None, x.quantity) for x in lines]


def test_pools_sell_first_then_where_most_is_left(hall: Evening) -> None:
    evening = performance(hall.performance)
    left = evening.available_capacity
    assert evening.book_capacity(15)
    assert sold(hall) == [(None, 15)]
    assert evening.book_capacity(20)
    assert sold(hall)[1:] == [("Normal", 15), (None, 5)]
    assert evening.available_capacity == left - 35
    assert Reservation.objects.filter(performance=hall.performance, kind="sale").count() == 2
    assert list(audit(performance_id=hall.performance)) == []
    assert used(hall.schema, hall.performance) == 0


def test_numbered_seats_are_not_sold_without_their_number(hall: Evening) -> None:
    evening = performance(hall.performance)
    assert evening.available_capacity == 66
    assert (evening.can_book(60), evening.can_book(61)) == (True, False)
    before = snapshot(hall.performance)
    assert not evening.book_capacity(61)
    assert snapshot(hall.performance) == before
    assert evening.book_capacity(60)
    assert not evening.is_full


def test_only_own_sales_are_given_back_the_latest_first(hall: Evening) -> None:
    evening = performance(hall.performance)
    assert evening.book_capacity(4)
    assert evening.book_capacity(3)
    held = reserve(
        performance_id=hall.performance,
        requests=[Places(5, allocation_id=_pool(hall))],
        channel="compat",
    )
    confirm(performance_id=hall.performance, reservation_id=held.reservation_id)
    before = snapshot(hall.performance)
    with pytest.warns(CapacityWarning, match="only 7 of this performance"):
        assert not evening.release_capacity(8)
    assert snapshot(hall.performance) == before
    assert evening.release_capacity(5)
    kept = ReservationLine.objects.filter(
        performance=hall.performance, status="sold", reservation__reason="book_capacity"
    )
    assert [line.quantity for line in kept] == [2]
    assert evening.release_capacity(2)
    assert not kept.all().exists()
    assert Reservation.objects.get(pk=held.reservation_id).status == "sold"
    assert list(audit(performance_id=hall.performance)) == []


def test_a_reserve_takes_loose_places_then_seats(new_evening: Evening) -> None:
    granted, allocation = capacity_manager.reserve_seats(
        str(new_evening.performance), new_evening.vip, "V\u200cIP ", 3
    )
    assert granted
    assert allocation.hold.seat_ids == new_evening.seats[:3]
    assert (allocation.section, allocation.ticket_type.id) == ("VIP", new_evening.vip)
    assert (allocation.available_capacity, allocation.reserved_capacity) == (1, 3)
    assert (allocation.hold.total, allocation.hold.quantity) == (Decimal("300.00"), 3)
    hold = Reservation.objects.get(pk=allocation.hold.reservation_id)
    assert (hold.status, hold.kind) == ("reserved", "sale")
    again = capacity_manager.reserve_seats(new_evening.performance, new_evening.vip, "VIP", 2)
    assert again[0] is False
    assert "1 left" in again[1]
    assert seat(new_evening.seats[0]).status == "reserved"


def test_a_mixed_section_gives_what_is_enough(hall: Evening) -> None:
    build(hall.performance, Part(hall.normal, 4, seats=3), Part(None, 3, seats=2), name="Circle")
    granted, allocation = capacity_manager.reserve_seats(hall.performance, hall.normal, "circle", 2)
    assert (granted, allocation.hold.seat_ids) == (True, ())
    granted, allocation = capacity_manager.reserve_seats(hall.performance, hall.normal, "circle", 5)
    assert (granted, len(allocation.hold.seat_ids)) == (True, 5)
    assert allocation.available_capacity == 0
    assert capacity_manager.get_available_seats(hall.performance, hall.normal, "Circle") == []
    assert list(audit(performance_id=hall.performance)) == []


def test_an_overdue_hold_is_in_nobodys_way(hall: Evening) -> None:
    _, allocation = capacity_manager.reserve_seats(hall.performance, None, "Stalls", 20)
    evening = performance(hall.performance)
    assert not evening.can_book(60)
    make_overdue(allocation.hold.reservation_id)
    assert evening.can_book(60)
    assert evening.book_capacity(60)
    assert list(audit(performance_id=hall.performance)) == []


def test_old_spellings_and_old_keys_lead_to_what_was_merged(new_evening: Evening) -> None:
    evening = performance(new_evening.performance)
    for spelling in ("V\u200cIP ", "vip", "ＶＩＰ"):
        assert evening.section_name(spelling) == "VIP"
    assert {seat(each).section for each in new_evening.seats} == {"VIP"}
    assert seat(new_evening.seats[0]).ticket_type.name == "VIP"
    with pytest.raises(Refusal, match="unknown"):
        evening.section_name("Cellar")


def test_seats_the_house_keeps_are_blocked(new_evening: Evening) -> None:
    _, allocation = capacity_manager.reserve_seats(
        new_evening.performance, new_evening.vip, "VIP", 1
    )
    with connection.cursor() as cursor:
        cursor.execute("SET fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_reservation SET kind = 'house' WHERE id = %s",
            [allocation.hold.reservation_id],
        )
        cursor.execute("RESET fullhouse.engine")
    one = seat(allocation.hold.seat_ids[0])
    assert (one.status, one.is_available) == ("blocked", False)


def test_a_closed_evening_sells_nothing(hall: Evening) -> None:
    EventPerformance.objects.filter(pk=hall.performance).update(status="closed")
    evening = performance(hall.performance)
    before = snapshot(hall.performance)
    assert (evening.is_available, evening.can_book(1), evening.book_capacity(1)) == (
        False,
        False,
        False,
    )
    granted, why = capacity_manager.reserve_seats(hall.performance, hall.vip, "Stalls", 1)
    assert (granted, "not on sale" in why) == (False, True)
    assert snapshot(hall.performance) == before


def test_places_of_two_currencies_are_two_sales(hall: Evening) -> None:
    build(hall.performance, Part(None, 50), name="Terrace", currency="EUR")
    assert performance(hall.performance).book_capacity(60)
    assert sorted(sold(hall), key=str) == [(None, 10), (None, 50)]
    assert Reservation.objects.filter(performance=hall.performance, channel="compat").count() == 2
    assert performance(hall.performance).release_capacity(60)
    assert list(audit(performance_id=hall.performance)) == []


def test_the_summary_adds_up(hall: Evening) -> None:
    performance(hall.performance).book_capacity(6)
    summary = capacity_manager.get_capacity_summary(hall.performance)
    assert summary["performance"] == {
        "max_capacity": 66,
        "current_capacity": 6,
        "available_capacity": 60,
        "occupancy_rate": 9.09,
    }
    stalls = next(each for each in summary["sections"] if each["name"] == "Stalls")
    assert (stalls["total_capacity"], stalls["sold_capacity"], stalls["occupancy_rate"]) == (
        60,
        6,
        10.0,
    )
    assert stalls["ticket_types"][-1] == {
        "name": None,
        "allocated_capacity": 20,
        "available_capacity": 14,
        "reserved_capacity": 0,
        "sold_capacity": 6,
        "final_price": Decimal("20.00"),
    }
    assert performance(hall.performance).ticket_capacities == {"VIP": 14, "Normal": 30}


def test_capacity_is_created_by_the_engine(hall: Evening) -> None:
    kinds = [{"ticket_type_id": hall.vip, "allocated_capacity": 8, "price_modifier": "1.5"}]
    section = {"name": "Boxes", "total_capacity": 10, "base_price": 40, "ticket_types": kinds}
    (made,) = capacity_manager.create_performance_capacity(
        hall.performance, {"sections": [section]}
    )
    assert (made.name, made.total_capacity) == ("Boxes", 10)
    assert [(p.allocated_capacity, p.final_price) for p in made.ticket_types] == [(8, 60), (2, 40)]
    before = snapshot(hall.performance)
    with pytest.raises(Refusal, match="duplicate_section"):
        capacity_manager.create_performance_capacity(hall.performance, {"sections": [section]})
    assert snapshot(hall.performance) == before


def test_the_audit_is_the_proof(hall: Evening) -> None:
    validation = capacity_manager.validate_migration(hall.performance)
    assert (bool(validation), validation.authority, validation.findings) == (True, "fullhouse", ())
    assert authority() == "fullhouse"


def test_refusals_are_in_the_readers_language(hall: Evening) -> None:
    with translation.override("fa"):
        _, why = capacity_manager.reserve_seats(hall.performance, hall.vip, "VIP", 9)
        assert why.startswith("جای کافی نیست")
        with pytest.warns(CapacityWarning, match="book_capacity فروخته"):
            performance(hall.performance).release_capacity(1)


def _pool(evening: Evening) -> object:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM events_sectiontickettype AS a"
            " JOIN events_eventsection AS s ON s.id = a.section_id"
            " WHERE a.performance_id = %s AND s.name = 'Stalls' AND a.ticket_type_id IS NULL",
            [evening.performance],
        )
        return cursor.fetchone()[0]
