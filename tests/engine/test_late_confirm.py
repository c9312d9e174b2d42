"""confirm, late: money that comes after the deadline gets all its places again, or none."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Reservation, ReservationLine, Seat
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.reallocate import reallocate
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import ReleaseLine, release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.sales_rules import set_rule

from .conftest import Hall
from .houses import counters, make_overdue, set_kind, snapshot

Refused = Callable[..., Refusal]


def take(hall: Hall, *requests: Places | SeatRequest) -> Hold:
    return reserve(performance_id=hall.performance_id, requests=list(requests))


def late(hall: Hall, *, swept: bool = True) -> Hold:
    """Return a hold past its deadline: a seat, two adult places, two of the pool."""
    held = take(
        hall,
        SeatRequest(hall.adult_seats[0]),
        Places(2, allocation_id=hall.adult_places),
        Places(2, allocation_id=hall.pool),
    )
    make_overdue(held.reservation_id)
    if swept:
        expire(performance_id=hall.performance_id)
    return held


def sell_late(hall: Hall, reservation_id: UUID) -> int:
    done = confirm(performance_id=hall.performance_id, reservation_id=reservation_id, late=True)
    return done.places


@pytest.mark.parametrize("swept", [True, False])
def test_places_that_are_still_free_are_sold(hall: Hall, swept: bool) -> None:
    held = late(hall, swept=swept)
    assert sell_late(hall, held.reservation_id) == 5
    sale = Reservation.objects.get(pk=held.reservation_id)
    assert (sale.status, sale.expires_at) == ("sold", None)
    assert set(sale.lines.values_list("status", flat=True)) == {"sold"}
    assert counters(hall.adult_places) == (7, 4, 0, 3)
    assert counters(hall.pool) == (4, 2, 0, 2)
    assert Seat.objects.get(pk=hall.adult_seats[0]).status == "sold"
    operations = [row[6] for row in snapshot(hall.performance_id)["movements"]]
    assert operations.count("retake") == (3 if swept else 0)
    assert operations.count("confirm") == 3
    assert audit(performance_id=hall.performance_id) == ()


def test_the_price_is_the_one_held(hall: Hall) -> None:
    held = late(hall)
    from fullhouse.events.models import EventSection

    EventSection.objects.filter(pk=hall.section_id).update(base_price="99.00")
    sell_late(hall, held.reservation_id)
    done = refund(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    assert done.amount == held.total


def test_a_live_hold_may_be_confirmed_so_too(hall: Hall) -> None:
    held = take(hall, Places(1, allocation_id=hall.pool))
    assert sell_late(hall, held.reservation_id) == 1


@pytest.mark.parametrize("swept", [True, False])
def test_unasked_nobody_confirms_late(hall: Hall, refused: Refused, swept: bool) -> None:
    held = late(hall, swept=swept)
    no = refused(confirm, reservation_id=held.reservation_id)
    assert no.code == ("not_reserved" if swept else "expired")


def test_a_seat_that_is_taken_is_gone_and_nothing_is_half_taken(
    hall: Hall, refused: Refused
) -> None:
    held = late(hall)
    take(hall, SeatRequest(hall.adult_seats[0]))
    no = refused(confirm, reservation_id=held.reservation_id, late=True)
    assert (no.code, no.facts["seat_ids"], no.facts["seats"], no.facts["short"]) == (
        "gone", [str(hall.adult_seats[0])], ["R0-1"], [],
    )  # fmt: skip


def test_places_that_are_short_are_told_by_allocation(hall: Hall, refused: Refused) -> None:
    held = late(hall)
    take(hall, Places(5, allocation_id=hall.adult_places), Places(3, allocation_id=hall.pool))
    no = refused(confirm, reservation_id=held.reservation_id, late=True)
    short = [
        {"allocation_id": str(hall.adult_places), "wanted": 2, "left": 1},
        {"allocation_id": str(hall.pool), "wanted": 2, "left": 1},
    ]
    assert no.facts["short"] == sorted(short, key=lambda one: str(one["allocation_id"]))
    assert (no.facts["seat_ids"], no.facts["wanted"], no.facts["left"]) == ([], 4, 2)


def test_a_seat_of_another_allocation_by_now_is_gone(hall: Hall, refused: Refused) -> None:
    held = late(hall)
    reallocate(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        to_ticket_type_id=hall.student,
        seat_ids=[hall.adult_seats[0]],
    )
    no = refused(confirm, reservation_id=held.reservation_id, late=True)
    assert no.facts["seat_ids"] == [str(hall.adult_seats[0])]


def test_other_overdue_holds_do_not_stand_in_the_way(hall: Hall) -> None:
    held = late(hall)
    other = take(hall, SeatRequest(hall.adult_seats[0]), Places(6, allocation_id=hall.adult_places))
    make_overdue(other.reservation_id)
    assert sell_late(hall, held.reservation_id) == 5
    assert Reservation.objects.get(pk=other.reservation_id).status == "expired"
    assert audit(performance_id=hall.performance_id) == ()


def test_overdue_holds_that_would_not_do_stay(hall: Hall, refused: Refused) -> None:
    held = late(hall)
    take(hall, Places(3, allocation_id=hall.pool))
    other = take(hall, SeatRequest(hall.adult_seats[0]))
    make_overdue(other.reservation_id)
    no = refused(confirm, reservation_id=held.reservation_id, late=True)
    assert (no.facts["seat_ids"], no.facts["left"]) == ([], 1)


def test_a_customers_limit_counts_what_was_bought_since(hall: Hall, refused: Refused) -> None:
    set_rule(performance_id=hall.performance_id, max_per_customer=3, max_per_order=3)
    mine = {"performance_id": hall.performance_id, "customer": "a"}
    held = reserve(**mine, requests=[Places(2, allocation_id=hall.pool)])
    make_overdue(held.reservation_id)
    expire(performance_id=hall.performance_id)
    other = reserve(**mine, requests=[Places(2, allocation_id=hall.pool)])
    no = refused(confirm, reservation_id=held.reservation_id, late=True)
    assert (no.code, no.facts["had"], no.facts["wanted"]) == ("over_limit", 2, 2)
    release(performance_id=hall.performance_id, reservation_id=other.reservation_id)
    assert sell_late(hall, held.reservation_id) == 2


def test_what_was_given_back_before_is_not_taken_again(hall: Hall) -> None:
    held = take(hall, Places(3, allocation_id=hall.pool))
    release(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        lines=[ReleaseLine(held.lines[0].line_id, 1)],
    )
    make_overdue(held.reservation_id)
    expire(performance_id=hall.performance_id)
    assert sell_late(hall, held.reservation_id) == 2
    stored = ReservationLine.objects.filter(reservation=held.reservation_id)
    assert sorted(stored.values_list("status", "quantity")) == [("released", 1), ("sold", 2)]


def test_only_what_expired_is_taken_again(hall: Hall, refused: Refused) -> None:
    given = take(hall, Places(1, allocation_id=hall.pool))
    release(performance_id=hall.performance_id, reservation_id=given.reservation_id)
    sold = take(hall, Places(1, allocation_id=hall.pool))
    sell_late(hall, sold.reservation_id)
    for held, status in ((given, "released"), (sold, "sold")):
        no = refused(confirm, reservation_id=held.reservation_id, late=True)
        assert (no.code, no.facts["status"]) == ("not_reserved", status)


@pytest.mark.parametrize("kind", ["house", "kill", "channel", "offer"])
def test_places_of_the_house_are_not_taken_again(hall: Hall, refused: Refused, kind: str) -> None:
    held = late(hall)
    set_kind(held.reservation_id, kind)
    assert refused(confirm, reservation_id=held.reservation_id, late=True).code == "not_reserved"


def test_a_cancelled_performance_sells_nothing(hall: Hall, refused: Refused) -> None:
    held = late(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    assert refused(confirm, reservation_id=held.reservation_id, late=True).code == "closed"


def test_late_is_part_of_the_request(hall: Hall, refused: Refused) -> None:
    held = late(hall)
    named = {"reservation_id": held.reservation_id, "idempotency_key": "a"}
    assert refused(confirm, **named).code == "not_reserved"
    assert refused(confirm, **named, late=True).code == "key_reused"


def test_nobody_is_unknown(hall: Hall, refused: Refused) -> None:
    assert refused(confirm, reservation_id=uuid4(), late=True).code == "unknown"


def test_late_is_yes_or_no() -> None:
    with pytest.raises(InvalidRequest) as caught:
        confirm(performance_id=uuid4(), reservation_id=uuid4(), late="yes")  # type: ignore[arg-type]
    assert caught.value.argument == "late"
