"""exchange: lines of a hold or a sale go for other places of the performance, or of another one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Note, Reservation, TicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.exchange import Exchanged, exchange
from fullhouse.events.services.refund import LineAmount, RefundLine
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import Part, build, counters, faults, make_overdue, sell_beyond, set_kind, snapshot

Refused = Callable[..., Refusal]


def sell(hall: Hall, *asked: Places | SeatRequest) -> Hold:
    """Hold and sell; without a wish two adult seats at 20.00."""
    wanted = asked or [SeatRequest(seat) for seat in hall.adult_seats[:2]]
    held = reserve(performance_id=hall.performance_id, requests=list(wanted))
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    return held


def swap(hall: Hall, held: Hold, *asked: Places | SeatRequest, **more: Any) -> Exchanged:
    return exchange(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        requests=list(asked),
        **more,
    )


def seat_of(hold: Hold, seat: UUID) -> RefundLine:
    return RefundLine(next(line.line_id for line in hold.lines if line.seat_id == seat))


def test_a_sale_goes_for_other_places_and_stays_itself(hall: Hall) -> None:
    held = sell(hall)
    done = swap(hall, held, Places(3, allocation_id=hall.student_places), reason="a child comes")
    assert (done.reservation_id, done.reference) == (held.reservation_id, held.reference)
    assert (done.status, done.token, done.origin_id) == ("sold", None, None)
    assert (done.given_up, done.total, done.difference, done.currency) == (
        Decimal("40.00"),
        Decimal("30.00"),
        Decimal("-10.00"),
        "USD",
    )
    assert {line.amount for line in done.gone} == {Decimal("20.00")}
    assert counters(hall.adult_places) == (10, 6, 0, 0)
    assert counters(hall.student_places) == (2, 2, 0, 3)
    ledger = snapshot(hall.performance_id)["movements"][-3:]
    assert {row[6] for row in ledger} == {"exchange"}
    assert [row[3:5] for row in ledger] == [("sold", "available")] * 2 + [("available", "sold")]


def test_a_hold_keeps_its_deadline(hall: Hall) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(2, allocation_id=hall.pool)]
    )
    done = swap(hall, held, SeatRequest(hall.adult_seats[0]))
    assert done.status == "reserved"
    row = Reservation.objects.get(pk=held.reservation_id)
    assert (row.expires_at, row.status) == (held.expires_at, "reserved")
    assert counters(hall.pool) == (6, 4, 0, 0)
    assert counters(hall.adult_places) == (9, 6, 1, 0)


def test_one_line_goes_and_the_other_stays_as_it_was_paid(hall: Hall) -> None:
    held = sell(hall)
    gone = seat_of(held, hall.adult_seats[0])
    done = swap(hall, held, SeatRequest(hall.adult_seats[2]), lines=[gone])
    assert done.gone == (LineAmount(gone.line_id, 1, Decimal("20.00")),)
    assert done.difference == 0
    live = {row[3] for row in snapshot(hall.performance_id)["lines"] if row[7] == "sold"}
    assert live == {hall.adult_seats[1], hall.adult_seats[2]}


def test_a_party_keeps_a_seat_among_new_ones(hall: Hall) -> None:
    """What is given up counts as free: two seats go for one of them and the next."""
    held = sell(hall)
    done = swap(hall, held, SeatRequest(hall.adult_seats[1]), SeatRequest(hall.adult_seats[2]))
    assert {line.seat_id for line in done.lines} == set(hall.adult_seats[1:3])
    assert counters(hall.adult_places) == (8, 6, 0, 2)


def test_part_of_a_line_goes(hall: Hall) -> None:
    held = sell(hall, Places(4, allocation_id=hall.adult_places))
    part = [RefundLine(held.lines[0].line_id, 3)]
    done = swap(hall, held, Places(2, allocation_id=hall.student_places), lines=part)
    assert (done.given_up, done.difference) == (Decimal("60.00"), Decimal("-40.00"))
    assert counters(hall.adult_places) == (9, 5, 0, 1)


def test_new_places_cost_what_they_cost_now(hall: Hall) -> None:
    held = sell(hall)
    hall_section = EventPerformance.objects.get(pk=hall.performance_id).sections.get()
    hall_section.base_price = Decimal("25.50")
    hall_section.save()
    done = swap(hall, held, *[SeatRequest(seat) for seat in hall.adult_seats[:2]])
    assert (done.total, done.difference) == (Decimal("51.00"), Decimal("11.00"))


def test_a_sold_out_house_lets_its_own_places_go_round(hall: Hall) -> None:
    """All that is wanted is what is given up: it is taken back before it is planned."""
    held = sell(hall, Places(5, allocation_id=hall.student_places))
    done = swap(hall, held, Places(5, allocation_id=hall.student_places))
    assert done.difference == 0
    assert counters(hall.student_places) == (0, 0, 0, 5)


def test_overdue_holds_are_expired_where_they_stand_in_the_way(hall: Hall) -> None:
    late = reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[3])])
    other = reserve(performance_id=hall.performance_id, requests=[Places(1, hall.pool)])
    make_overdue(late.reservation_id, other.reservation_id)
    swap(hall, sell(hall), SeatRequest(hall.adult_seats[3]))
    status = {
        row.pk: row.status for row in Reservation.objects.filter(performance=hall.performance_id)
    }
    assert (status[late.reservation_id], status[other.reservation_id]) == ("expired", "reserved")


def test_what_was_sold_beyond_the_house_leaves_it(hall: Hall) -> None:
    reservation_id, _ = sell_beyond(hall.performance_id, hall.pool, 2)
    exchange(
        performance_id=hall.performance_id,
        reservation_id=reservation_id,
        requests=[Places(2, allocation_id=hall.adult_places)],
    )
    assert EventPerformance.objects.get(pk=hall.performance_id).max_capacity == 21
    assert counters(hall.adult_places) == (8, 4, 0, 2)


def test_refusals_of_reserve_move_nothing(hall: Hall, refused: Refused) -> None:
    held, other = sell(hall), sell(hall, SeatRequest(hall.adult_seats[3]))
    key = held.reservation_id
    taken = refused(exchange, reservation_id=key, requests=[SeatRequest(hall.adult_seats[3])])
    assert (taken.code, taken.facts["seats"]) == ("seat_taken", ["R0-4"])
    short = refused(
        exchange, reservation_id=key, requests=[Places(6, allocation_id=hall.student_places)]
    )
    assert (short.code, short.facts["wanted"], short.facts["left"]) == ("sold_out", 6, 5)
    assert refused(exchange, reservation_id=key, requests=[SeatRequest(uuid4())]).code == "unknown"
    foreign = [RefundLine(other.lines[0].line_id)]
    no = refused(
        exchange, reservation_id=key, lines=foreign, requests=[Places(1, allocation_id=hall.pool)]
    )
    assert (no.code, no.facts["what"]) == ("unknown", "line")


def test_only_what_is_live_and_the_buyers_own_is_exchanged(hall: Hall, refused: Refused) -> None:
    asked = [Places(1, allocation_id=hall.student_places)]
    held = reserve(performance_id=hall.performance_id, requests=[Places(1, hall.pool)])
    kept = reserve(performance_id=hall.performance_id, requests=[Places(1, hall.pool)])
    set_kind(kept.reservation_id, "house")
    make_overdue(held.reservation_id)
    assert refused(exchange, reservation_id=held.reservation_id, requests=asked).code == "expired"
    no = refused(exchange, reservation_id=kept.reservation_id, requests=asked)
    assert (no.code, no.facts["kind"]) == ("kept_by_house", "house")
    assert refused(exchange, reservation_id=uuid4(), requests=asked).facts["what"] == "reservation"
    sale = sell(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="closed")
    no = refused(exchange, reservation_id=sale.reservation_id, requests=asked)
    assert (no.code, no.facts["status"]) == ("closed", "closed")


def test_another_currency_is_another_sale(hall: Hall, refused: Refused) -> None:
    other = build(hall.performance_id, Part(None, 5), name="Balcony", currency="EUR")
    held = sell(hall)
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        requests=[Places(1, allocation_id=other.allocation_ids[0])],
    )
    assert (no.code, no.facts["currencies"]) == ("mixed_currencies", ["USD", "EUR"])


def test_the_same_key_gives_the_same_answer(hall: Hall, refused: Refused) -> None:
    held = sell(hall)
    asked = Places(1, allocation_id=hall.pool)
    first = swap(hall, held, asked, idempotency_key="swap")
    again = swap(hall, held, asked, idempotency_key="swap")
    assert again.replayed
    assert (again.lines, again.difference) == (first.lines, first.difference)
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        requests=[Places(2, allocation_id=hall.pool)],
        idempotency_key="swap",
    )
    assert no.code == "key_reused"


@pytest.fixture
def tomorrow(hall: Hall, make_stage: Callable[..., Any]) -> Any:
    """Another performance: ten places of a pool at 30.00, a seat among them; checked at the end."""
    stage = make_stage()
    built = build(stage.performance_id, Part(None, 10, seats=1), base_price=Decimal("30.00"))
    yield stage.performance_id, built.allocation_ids[0], built.seat_ids[0][0]
    assert faults(stage.performance_id) == []


def test_to_another_performance(hall: Hall, tomorrow: tuple[UUID, UUID, UUID]) -> None:
    evening, pool, seat = tomorrow
    held = reserve(
        performance_id=hall.performance_id,
        requests=[SeatRequest(seat) for seat in hall.adult_seats[:2]],
        customer="customer-7",
    )
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    done = swap(
        hall, held, Places(1, pool), SeatRequest(seat), to_performance_id=evening, reason="ill"
    )
    assert (done.performance_id, done.origin_id) == (evening, held.reservation_id)
    assert done.reference != held.reference
    assert (done.given_up, done.total, done.difference) == (
        Decimal("40.00"),
        Decimal("60.00"),
        Decimal("20.00"),
    )
    old, new = (Reservation.objects.get(pk=pk) for pk in (held.reservation_id, done.reservation_id))
    assert (old.status, new.status, new.customer) == ("refunded", "sold", "customer-7")
    assert new.origin_id == old.pk
    assert new.token_hash != old.token_hash
    assert counters(hall.adult_places) == (10, 6, 0, 0)
    assert counters(pool) == (8, 8, 0, 2)
    assert Note.objects.get(reservation_id=old.pk).facts["to_reference"] == done.reference
    assert "customer-7" not in str(Note.objects.get(reservation_id=new.pk).facts)


def test_to_another_performance_a_hold_stays_a_hold(
    hall: Hall, tomorrow: tuple[UUID, UUID, UUID]
) -> None:
    evening, pool, _ = tomorrow
    held = reserve(performance_id=hall.performance_id, requests=[Places(2, hall.pool)])
    part = [RefundLine(held.lines[0].line_id, 1)]
    done = swap(hall, held, Places(1, pool), lines=part, to_performance_id=evening)
    new = Reservation.objects.get(pk=done.reservation_id)
    assert new.status == "reserved"
    assert new.expires_at is not None
    assert new.expires_at <= held.expires_at
    assert counters(hall.pool) == (5, 3, 1, 0)


def test_a_refusal_there_moves_nothing_here(
    hall: Hall, tomorrow: tuple[UUID, UUID, UUID], refused: Refused
) -> None:
    evening, pool, _ = tomorrow
    held = sell(hall)
    before = snapshot(evening)
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        to_performance_id=evening,
        requests=[Places(10, pool)],
        idempotency_key="too many",
    )
    assert (no.code, no.facts["left"]) == ("sold_out", 9)
    assert snapshot(evening) == before
    reserve(performance_id=evening, requests=[Places(2, pool)])
    again = refused(
        exchange,
        reservation_id=held.reservation_id,
        to_performance_id=evening,
        requests=[Places(10, pool)],
        idempotency_key="too many",
    )
    assert (again.code, again.facts) == (no.code, no.facts)
    done = swap(hall, held, Places(1, pool), to_performance_id=evening, idempotency_key="swap")
    again = swap(hall, held, Places(1, pool), to_performance_id=evening, idempotency_key="swap")
    assert (again.reservation_id, again.token, again.replayed) == (
        done.reservation_id,
        done.token,
        True,
    )
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        to_performance_id=evening,
        requests=[Places(2, pool)],
        idempotency_key="swap",
    )
    assert no.code == "key_reused"
    gone = refused(
        exchange,
        reservation_id=held.reservation_id,
        to_performance_id=uuid4(),
        requests=[Places(1, pool)],
    )
    assert (gone.code, gone.facts["what"]) == ("unknown", "performance")


def test_a_ticket_of_several_places_goes_whole(hall: Hall, refused: Refused) -> None:
    TicketType.objects.filter(pk=hall.student).update(places_per_ticket=2)
    held = sell(hall, Places(4, allocation_id=hall.student_places))
    line = held.lines[0].line_id
    asked = [Places(1, allocation_id=hall.pool)]
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        lines=[RefundLine(line, 1)],
        requests=asked,
    )
    assert no.code == "part_of_ticket"
    done = swap(hall, held, *asked, lines=[RefundLine(line, 2)])
    assert (done.given_up, done.difference) == (Decimal("10.00"), Decimal("10.00"))


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("requests", {"requests": []}),
        ("quantity", {"requests": [Places(0, allocation_id=uuid4())]}),
        ("quantity", {"requests": [Places(1.5, allocation_id=uuid4())]}),
        ("lines", {"requests": [SeatRequest(uuid4())], "lines": []}),
        ("quantity", {"requests": [SeatRequest(uuid4())], "lines": [RefundLine(uuid4(), -1)]}),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        exchange(performance_id=uuid4(), reservation_id=uuid4(), **wrong)
    assert caught.value.argument == argument
