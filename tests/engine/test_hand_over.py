"""hand_over: places pass from one reservation to another; nobody could have had them between."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Movement, Note, Reservation, ReservationLine
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.hand_over import PassedLine, hand_over
from fullhouse.events.services.house import SetAside, house
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, sell_beyond, snapshot, wait_for_waiter

Refused = Callable[..., Refusal]
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def kept(hall: Hall, **more: Any) -> SetAside:
    """Keep 3 Adult places, an Adult seat and 2 places of the pool."""
    return house(
        performance_id=hall.performance_id,
        reason="press",
        quantities={hall.adult_places: 3, hall.pool: 2},
        seat_ids=[hall.adult_seats[0]],
        **more,
    )


def held(hall: Hall, **more: Any) -> Hold:
    return reserve(
        performance_id=hall.performance_id,
        requests=[Places(2, allocation_id=hall.adult_places), SeatRequest(hall.adult_seats[1])],
        **more,
    )


def passed(hall: Hall, source: SetAside | Hold, kind: Any = "sale", **more: Any) -> Any:
    more = {"reason": "the press office calls", **more}
    return hand_over(
        performance_id=hall.performance_id, reservation_id=source.reservation_id, kind=kind, **more
    )


def states(reservation_id: Any) -> list[tuple[str, int]]:
    rows = ReservationLine.objects.filter(reservation=reservation_id)
    return sorted(rows.values_list("status", "quantity"))


def test_kept_places_become_a_hold_at_once(hall: Hall) -> None:
    source = kept(hall)
    before = snapshot(hall.performance_id)

    done = passed(hall, source, ttl_seconds=300, customer="c-1", actor="box office")

    after = snapshot(hall.performance_id)
    assert after["counters"] == before["counters"]
    assert after["seats"] == before["seats"]
    assert (done.kind, done.status, done.quantity, done.total) == ("sale", "reserved", 6, 120)
    assert (done.origin_id, done.origin_status, done.left) == (source.reservation_id, "released", 0)
    found = Reservation.objects.get(pk=done.reservation_id)
    assert (found.kind, found.status, found.customer) == ("sale", "reserved", "c-1")
    assert found.origin_id == source.reservation_id
    assert found.expires_at == done.expires_at
    assert done.token is not None
    assert states(source.reservation_id) == [("released", 1), ("released", 2), ("released", 3)]
    confirm(performance_id=hall.performance_id, reservation_id=done.reservation_id)
    assert counters(hall.adult_places) == (6, 3, 0, 4)


def test_the_ledger_shows_them_leave_and_come_in_the_same_instant(hall: Hall) -> None:
    source = kept(hall)

    done = passed(hall, source, sold=True)

    rows = Movement.objects.filter(performance=hall.performance_id)
    left = rows.filter(reservation_id=source.reservation_id, operation="hand_over")
    came = rows.filter(reservation_id=done.reservation_id, operation="hand_over")
    assert {(m.from_state, m.to_state) for m in left} == {("reserved", "available")}
    assert {(m.from_state, m.to_state) for m in came} == {("available", "reserved")}
    assert sum(m.quantity for m in left) == sum(m.quantity for m in came) == 6
    assert len({m.at for m in left} | {m.at for m in came}) == 1
    assert {m.reason for m in came} == {"the press office calls"}


def test_sold_at_once(hall: Hall) -> None:
    done = passed(hall, kept(hall), sold=True)

    assert (done.status, done.expires_at) == ("sold", None)
    assert counters(hall.adult_places) == (6, 3, 0, 4)
    assert counters(hall.pool) == (4, 2, 0, 2)


def test_part_of_a_line_goes_and_the_rest_stays(hall: Hall) -> None:
    source = kept(hall)
    line = next(one for one in source.lines if one.quantity == 3)

    done = passed(hall, source, lines=[PassedLine(line.line_id, 2)], sold=True)

    assert (done.quantity, done.left, done.origin_status) == (2, 4, "reserved")
    assert states(source.reservation_id) == [
        ("released", 2),
        ("reserved", 1),
        ("reserved", 1),
        ("reserved", 2),
    ]
    assert counters(hall.adult_places) == (6, 3, 2, 2)


def test_kept_places_are_sold_at_todays_price_as_the_type_named(hall: Hall) -> None:
    source = kept(hall)
    pool = next(one for one in source.lines if one.allocation_id == hall.pool)

    done = passed(hall, source, lines=[PassedLine(pool.line_id, None, hall.student)], sold=True)

    (line,) = done.lines
    assert (line.ticket_type_id, line.unit_price, done.total) == (hall.student, 10, 20)


def test_a_hold_keeps_its_prices(hall: Hall) -> None:
    source = held(hall)
    ReservationLine.objects.filter(reservation=source.reservation_id)
    done = passed(hall, source, ttl_seconds=60)
    assert done.total == source.total
    assert {line.unit_price for line in done.lines} == {Decimal(20)}


def test_a_comp_costs_nothing_and_its_list_price_is_noted(hall: Hall) -> None:
    done = passed(hall, kept(hall), "comp", sold=True, customer="critic")

    assert (done.total, {line.unit_price for line in done.lines}) == (0, {0})
    note = Note.objects.get(reservation_id=done.reservation_id)
    assert (note.operation, note.facts["list_total"]) == ("comp", "120.00")


def test_a_hold_goes_to_the_house_until_its_release(hall: Hall) -> None:
    done = passed(hall, held(hall), "house", owner="press office", release_at=LATER)

    found = Reservation.objects.get(pk=done.reservation_id)
    assert (found.kind, found.owner, found.expires_at) == ("house", "press office", LATER)
    assert (found.reason, done.token, found.token_hash) == ("the press office calls", None, None)


def test_places_go_to_a_channel_and_it_sells_them(hall: Hall) -> None:
    passed(hall, kept(hall), "channel", channel="agency")
    assert EventPerformance.objects.get(pk=hall.performance_id).has_rules

    bought = reserve(
        performance_id=hall.performance_id,
        requests=[Places(6, allocation_id=hall.adult_places)],
        channel="agency",
    )
    assert sum(line.quantity for line in bought.lines) == 6
    assert counters(hall.adult_places) == (3, 0, 7, 0)


def test_what_cannot_be_passed_on_is_refused(hall: Hall, refused: Refused) -> None:
    asked = {"kind": "sale", "reason": "r", "sold": True}
    assert refused(hand_over, reservation_id=uuid4(), **asked).facts["what"] == "reservation"
    sold = held(hall)
    confirm(performance_id=hall.performance_id, reservation_id=sold.reservation_id)
    said = refused(hand_over, reservation_id=sold.reservation_id, **asked)
    assert (said.code, said.facts["status"]) == ("not_reserved", "sold")
    source = kept(hall)
    named = {"reservation_id": source.reservation_id, **asked}
    line = next(one for one in source.lines if one.quantity == 3)
    said = refused(hand_over, **named, lines=[PassedLine(line.line_id, 4)])
    assert (said.code, said.facts["held"]) == ("too_many", 3)
    assert refused(hand_over, **named, lines=[PassedLine(uuid4())]).facts["what"] == "line"
    said = refused(hand_over, **named, lines=[PassedLine(line.line_id, None, hall.student)])
    assert said.code == "wrong_type"
    assert refused(hand_over, **named, reference=sold.reference).code == "reference_taken"


def test_overdue_places_may_be_somebody_elses(hall: Hall, refused: Refused) -> None:
    source = kept(hall, release_at=LATER)
    make_overdue(source.reservation_id)
    said = refused(
        hand_over, reservation_id=source.reservation_id, kind="sale", reason="r", sold=True
    )
    assert said.code == "expired"


def test_overbooked_places_are_not_passed_on(hall: Hall, refused: Refused) -> None:
    from django.db import connection, transaction

    key, line = sell_beyond(hall.performance_id, hall.adult_places, 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for statement in (
            "UPDATE events_reservation SET status = 'reserved' WHERE id = %s",
            "UPDATE events_reservationline SET status = 'reserved' WHERE reservation_id = %s",
            "UPDATE events_sectiontickettype SET reserved_capacity = reserved_capacity + 1,"
            " sold_capacity = sold_capacity - 1 WHERE id = (SELECT allocation_id FROM"
            " events_reservationline WHERE reservation_id = %s)",
            "INSERT INTO events_movement (id, performance_id, allocation_id, reservation_id,"
            " from_state, to_state, quantity, operation) SELECT gen_random_uuid(), performance_id,"
            " allocation_id, reservation_id, 'sold', 'reserved', 1, 'takeover'"
            " FROM events_reservationline WHERE reservation_id = %s",
        ):
            cursor.execute(statement, [key])
    said = refused(hand_over, reservation_id=key, kind="house", reason="r")
    assert (said.code, said.facts["line"]) == ("overbooked", str(line))


def test_a_cancelled_evening_sells_nothing(hall: Hall, refused: Refused) -> None:
    source = kept(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    named = {"reservation_id": source.reservation_id, "reason": "r"}
    assert refused(hand_over, **named, kind="sale", sold=True).code == "closed"
    assert passed(hall, source, "kill").kind == "kill"


def test_two_that_want_one_reference_at_once(hall: Hall, conninfo: str) -> None:
    """The second waits, then hears that the reference is taken; its places stay where they were."""
    source, answers = kept(hall), []

    def give() -> None:
        try:
            passed(hall, source, ttl_seconds=60, reference="OURS")
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    second = threading.Thread(target=give)
    with transaction.atomic():
        held(hall, reference="OURS")
        second.start()
        wait_for_waiter(conninfo)
    second.join()
    (answer,) = answers
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.facts) == ("reference_taken", {"reference": "OURS"})
    assert {status for status, _ in states(source.reservation_id)} == {"reserved"}


def test_the_same_key_passes_on_once(hall: Hall, refused: Refused) -> None:
    source = kept(hall)
    first = passed(hall, source, sold=True, idempotency_key="k")
    again = passed(hall, source, sold=True, idempotency_key="k")
    assert (again.reservation_id, again.token, again.replayed) == (
        first.reservation_id,
        first.token,
        True,
    )
    said = refused(
        hand_over,
        reservation_id=source.reservation_id,
        kind="kill",
        reason="the press office calls",
        idempotency_key="k",
    )
    assert said.code == "key_reused"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "offer"},
        {"kind": "sale"},
        {"kind": "sale", "sold": True, "ttl_seconds": 60},
        {"kind": "sale", "ttl_seconds": 0},
        {"kind": "sale", "sold": True, "release_at": LATER},
        {"kind": "house", "sold": True},
        {"kind": "house", "ttl_seconds": 60},
        {"kind": "house", "channel": "agency"},
        {"kind": "channel"},
        {"kind": "house", "release_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"kind": "house", "release_at": datetime(2100, 1, 1)},
        {"kind": "house", "owner": "x" * 101},
        {"kind": "kill", "reason": " "},
        {"kind": "kill", "lines": []},
        {"kind": "kill", "lines": [PassedLine(uuid4(), 0)]},
        {"kind": "kill", "lines": [PassedLine(uuid4(), True)]},
        {"kind": "kill", "lines": [PassedLine("line")]},
    ],
)
def test_what_cannot_be_meant_is_invalid(hall: Hall, asked: dict[str, Any]) -> None:
    source = kept(hall)
    before = snapshot(hall.performance_id)
    with pytest.raises(InvalidRequest):
        passed(hall, source, **asked)
    assert snapshot(hall.performance_id) == before
