"""reserve: every outcome, prices, and what is written."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.references import token_matches
from fullhouse.events.models import EventPerformance, Reservation, Seat, TicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import Part, build, counters, make_overdue, snapshot

Refused = Callable[..., Refusal]


def take(hall: Hall, *requests: Places | SeatRequest, **more: object) -> Hold:
    return reserve(performance_id=hall.performance_id, requests=requests, **more)  # type: ignore[arg-type]


def of(allocation_id: UUID, quantity: int, ticket_type_id: UUID | None = None) -> Places:
    return Places(quantity, allocation_id=allocation_id, ticket_type_id=ticket_type_id)


def test_places_of_an_allocation_go_from_available_to_reserved(hall: Hall) -> None:
    hold = take(hall, of(hall.student_places, 3), ttl_seconds=60)
    assert counters(hall.student_places) == (2, 2, 3, 0)
    (line,) = hold.lines
    assert (line.allocation_id, line.ticket_type_id) == (hall.student_places, hall.student)
    assert (line.quantity, line.unit_price) == (3, Decimal("10.00"))
    assert (hold.total, hold.currency) == (Decimal("30.00"), "USD")
    made = Reservation.objects.get(pk=hold.reservation_id)
    assert (made.status, made.kind, made.reference) == ("reserved", "sale", hold.reference)
    assert timedelta(seconds=50) < hold.expires_at - datetime.now(UTC) <= timedelta(seconds=60)


def test_the_ledger_names_every_line(hall: Hall) -> None:
    hold = take(hall, of(hall.adult_places, 2), SeatRequest(hall.adult_seats[0]), actor="till 4")
    entries = snapshot(hall.performance_id)["movements"][-2:]
    key, place = hold.reservation_id, hall.adult_places
    assert sorted(entries, key=lambda row: row[5]) == [
        (place, hall.adult_seats[0], key, "available", "reserved", 1, "reserve"),
        (place, None, key, "available", "reserved", 2, "reserve"),
    ]


def test_only_the_hash_of_the_token_is_kept(hall: Hall) -> None:
    hold = take(hall, of(hall.adult_places, 1))
    made = Reservation.objects.get(pk=hold.reservation_id)
    assert hold.token is not None
    assert token_matches(hold.token, made.token_hash)
    assert not token_matches(hold.token + "x", made.token_hash)
    assert hold.token.encode() not in bytes(made.token_hash or b"")


def test_a_mix_is_held_whole(hall: Hall) -> None:
    hold = take(
        hall,
        of(hall.adult_places, 6),
        of(hall.pool, 1, hall.student),
        SeatRequest(hall.adult_seats[1]),
        SeatRequest(hall.pool_seats[0], hall.adult),
        kind="comp",
        reference="Guest list 7",
    )
    assert counters(hall.adult_places) == (3, 0, 7, 0)
    assert counters(hall.pool) == (4, 3, 2, 0)
    assert hold.reference == "Guest list 7"
    assert [line.unit_price for line in hold.lines] == [20, 10, 20, 20]
    taken = Seat.objects.filter(pk__in=[hall.adult_seats[1], hall.pool_seats[0]])
    assert {seat.status for seat in taken} == {"reserved"}


def test_a_section_sells_the_types_own_places_then_the_pool(hall: Hall) -> None:
    hold = take(hall, Places(7, section_id=hall.section_id, ticket_type_id=hall.student))
    assert [(x.allocation_id, x.quantity) for x in hold.lines] == [
        (hall.student_places, 5),
        (hall.pool, 2),
    ]
    assert {line.unit_price for line in hold.lines} == {Decimal("10.00")}


def test_a_type_without_an_allocation_sells_from_the_pool_at_its_own_modifier(hall: Hall) -> None:
    event = EventPerformance.objects.get(pk=hall.performance_id).event
    senior = TicketType.objects.create(event=event, name="Senior", price_modifier=Decimal("0.333"))
    hold = take(hall, Places(1, section_id=hall.section_id, ticket_type_id=senior.pk))
    (line,) = hold.lines
    assert (line.allocation_id, line.unit_price) == (hall.pool, Decimal("6.66"))


def test_a_pool_place_may_be_of_no_type(hall: Hall) -> None:
    (line,) = take(hall, of(hall.pool, 1)).lines
    assert (line.ticket_type_id, line.unit_price) == (None, Decimal("20.00"))


def test_a_seats_own_price_comes_first(hall: Hall) -> None:
    Seat.objects.filter(pk=hall.pool_seats[0]).update(price=Decimal("99.50"))
    (line,) = take(hall, SeatRequest(hall.pool_seats[0], hall.student)).lines
    assert line.unit_price == Decimal("99.50")


def test_general_admission_never_takes_a_numbered_place(hall: Hall, refused: Refused) -> None:
    no = refused(reserve, requests=[of(hall.adult_places, 7)])
    assert (no.code, no.facts["wanted"], no.facts["left"]) == ("sold_out", 7, 6)
    take(hall, of(hall.adult_places, 6))
    assert counters(hall.adult_places) == (4, 0, 6, 0)
    take(hall, *(SeatRequest(seat) for seat in hall.adult_seats))
    assert counters(hall.adult_places) == (0, 0, 10, 0)


def test_one_missing_place_refuses_all(hall: Hall, refused: Refused) -> None:
    asked = [SeatRequest(hall.adult_seats[0]), of(hall.pool, 4), of(hall.student_places, 6)]
    no = refused(reserve, requests=asked)
    assert (no.code, no.facts["allocation_id"]) == ("sold_out", str(hall.student_places))


def test_two_requests_share_what_the_pool_has(hall: Hall, refused: Refused) -> None:
    asked = [of(hall.pool, 3, hall.adult), of(hall.pool, 2, hall.student)]
    no = refused(reserve, requests=asked)
    assert (no.code, no.facts["wanted"], no.facts["left"]) == ("sold_out", 2, 1)


def test_taken_seats_are_named(hall: Hall, refused: Refused) -> None:
    take(hall, SeatRequest(hall.adult_seats[1]))
    no = refused(reserve, requests=[SeatRequest(s) for s in hall.adult_seats[:3]])
    assert (no.code, no.facts["seat_ids"]) == ("seat_taken", [str(hall.adult_seats[1])])
    assert no.facts["seats"] == ["R0-2"]


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_only_a_performance_on_sale_sells(hall: Hall, refused: Refused, state: str) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(status=state)
    no = refused(reserve, requests=[of(hall.adult_places, 1)])
    assert (no.code, no.facts["status"]) == ("closed", state)


@pytest.mark.parametrize(("edge", "days"), [("sales_open_at", 1), ("sales_close_at", -1)])
def test_only_within_the_sales_window(hall: Hall, refused: Refused, edge: str, days: int) -> None:
    when = datetime.now(UTC) + timedelta(days=days)
    EventPerformance.objects.filter(pk=hall.performance_id).update(**{edge: when})
    assert refused(reserve, requests=[of(hall.adult_places, 1)]).code == "closed"
    assert refused(reserve, requests=[SeatRequest(hall.adult_seats[0])]).code == "closed"


def test_what_is_not_there_is_unknown(hall: Hall, refused: Refused) -> None:
    nobody = uuid4()
    for what, request in (
        ("seat", SeatRequest(nobody)),
        ("allocation", of(nobody, 1)),
        ("section", Places(1, section_id=nobody, ticket_type_id=hall.adult)),
    ):
        no = refused(reserve, requests=[request])
        assert (no.code, no.facts) == ("unknown", {"what": what, "id": str(nobody)})
    with pytest.raises(Refusal) as caught:
        reserve(performance_id=nobody, requests=[of(hall.pool, 1)])
    assert (caught.value.code, caught.value.facts["what"]) == ("unknown", "performance")


def test_another_performances_places_are_unknown(hall: Hall, refused: Refused, make_stage) -> None:  # type: ignore[no-untyped-def]
    other = build(make_stage().performance_id, Part(None, 5))
    assert refused(reserve, requests=[of(other.allocation_ids[0], 1)]).code == "unknown"


def test_a_type_that_is_not_on_offer_is_refused(hall: Hall, refused: Refused) -> None:
    assert refused(reserve, requests=[of(hall.pool, 1, uuid4())]).code == "not_on_offer"
    TicketType.objects.filter(pk=hall.student).update(is_active=False)
    assert refused(reserve, requests=[of(hall.student_places, 1)]).code == "not_on_offer"


def test_an_allocation_is_sold_as_its_own_type(hall: Hall, refused: Refused) -> None:
    no = refused(reserve, requests=[of(hall.adult_places, 1, hall.student)])
    assert (no.code, no.facts["sold_as"]) == ("wrong_type", str(hall.adult))
    take(hall, of(hall.adult_places, 1, hall.adult))


def test_one_reservation_has_one_currency(hall: Hall, refused: Refused) -> None:
    balcony = build(hall.performance_id, Part(None, 5), name="Balcony", currency="IRR")
    asked = [of(hall.pool, 1), of(balcony.allocation_ids[0], 1)]
    assert refused(reserve, requests=asked).code == "mixed_currencies"


def test_a_reference_is_used_once(hall: Hall, refused: Refused) -> None:
    take(hall, of(hall.pool, 1), reference="A-1")
    no = refused(reserve, requests=[of(hall.adult_places, 1)], reference="A-1")
    assert (no.code, no.facts) == ("reference_taken", {"reference": "A-1"})


def test_overdue_holds_in_the_way_are_expired_oldest_first(hall: Hall) -> None:
    first, second, third = (take(hall, of(hall.student_places, n)) for n in (1, 2, 2))
    make_overdue(first.reservation_id, second.reservation_id)
    take(hall, of(hall.student_places, 1))
    found = dict(Reservation.objects.values_list("pk", "status"))
    assert found[first.reservation_id] == "expired"
    assert found[second.reservation_id] == found[third.reservation_id] == "reserved"
    take(hall, of(hall.student_places, 2))
    assert counters(hall.student_places) == (0, 0, 5, 0)


def test_as_many_overdue_holds_go_as_are_needed(hall: Hall) -> None:
    late = [take(hall, of(hall.student_places, n)).reservation_id for n in (1, 2, 2)]
    make_overdue(*late)
    take(hall, of(hall.student_places, 4))
    assert counters(hall.student_places) == (1, 1, 4, 0)
    assert set(Reservation.objects.filter(pk__in=late).values_list("status")) == {("expired",)}


def test_an_overdue_hold_gives_its_seat_to_who_wants_it(hall: Hall) -> None:
    late = take(hall, SeatRequest(hall.adult_seats[0]), of(hall.pool, 1))
    make_overdue(late.reservation_id)
    take(hall, SeatRequest(hall.adult_seats[0]))
    assert Reservation.objects.get(pk=late.reservation_id).status == "expired"
    assert counters(hall.pool) == (6, 4, 0, 0)


def test_free_places_go_before_overdue_ones(hall: Hall) -> None:
    late = take(hall, of(hall.student_places, 2))
    make_overdue(late.reservation_id)
    take(hall, of(hall.student_places, 3))
    assert Reservation.objects.get(pk=late.reservation_id).status == "reserved"


def test_a_refusal_expires_nothing(hall: Hall, refused: Refused) -> None:
    make_overdue(take(hall, of(hall.student_places, 2)).reservation_id)
    no = refused(reserve, requests=[of(hall.student_places, 6)])
    assert (no.code, no.facts["left"]) == ("sold_out", 5)


def test_live_holds_are_not_in_the_way(hall: Hall, refused: Refused) -> None:
    take(hall, of(hall.student_places, 5))
    assert refused(reserve, requests=[of(hall.student_places, 1)]).facts["left"] == 0


def test_a_sale_is_never_expired(hall: Hall, refused: Refused) -> None:
    sold = take(hall, SeatRequest(hall.adult_seats[0]))
    confirm(performance_id=hall.performance_id, reservation_id=sold.reservation_id)
    assert refused(reserve, requests=[SeatRequest(hall.adult_seats[0])]).code == "seat_taken"


PLACE = uuid4()


@pytest.mark.parametrize(
    ("argument", "bad"),
    [
        ("requests", {"requests": []}),
        ("requests", {"requests": [SeatRequest(PLACE), SeatRequest(PLACE)]}),
        ("requests", {"requests": [Places(1)]}),
        ("requests", {"requests": [Places(1, allocation_id=PLACE, section_id=PLACE)]}),
        ("requests", {"requests": ["a seat"]}),
        ("ticket_type_id", {"requests": [Places(1, section_id=PLACE)]}),
        ("quantity", {"requests": [Places(0, allocation_id=PLACE)]}),
        ("quantity", {"requests": [Places(-3, allocation_id=PLACE)]}),
        ("quantity", {"requests": [Places(10**9, allocation_id=PLACE)]}),
        ("quantity", {"requests": [Places(1.5, allocation_id=PLACE)]}),  # type: ignore[arg-type]
        ("seat_id", {"requests": [SeatRequest("x")]}),  # type: ignore[arg-type]
        ("ttl_seconds", {"ttl_seconds": 0}),
        ("ttl_seconds", {"ttl_seconds": 604_801}),
        ("kind", {"kind": "house"}),
        ("reference", {"reference": " "}),
        ("reference", {"reference": "x" * 101}),
        ("customer", {"customer": "\x00"}),
        ("actor", {"actor": "x" * 101}),
        ("idempotency_key", {"idempotency_key": ""}),
        ("performance_id", {"performance_id": "x"}),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, bad: dict[str, object]) -> None:
    good = {"performance_id": uuid4(), "requests": [Places(1, allocation_id=uuid4())]}
    with pytest.raises(InvalidRequest) as caught:
        reserve(**(good | bad))  # type: ignore[arg-type]
    assert caught.value.argument == argument
