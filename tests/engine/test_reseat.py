"""reseat: staff move people to other seats; nothing about the sale changes but where they sit."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import Note, Reservation, ReservationLine
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reseat import Reseated, reseat
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, snapshot

Refused = Callable[..., Refusal]


def hold(hall: Hall, *seats: UUID) -> Hold:
    return reserve(
        performance_id=hall.performance_id, requests=[SeatRequest(seat) for seat in seats]
    )


def sell(hall: Hall, *seats: UUID) -> Hold:
    held = hold(hall, *seats)
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    return held


def move(hall: Hall, moves: dict[UUID, UUID]) -> Reseated:
    return reseat(
        performance_id=hall.performance_id, moves=moves, reason="broken seat", actor="usher"
    )


def seats_of(hold: Hold) -> set[UUID | None]:
    return {
        line.seat_id for line in ReservationLine.objects.filter(reservation=hold.reservation_id)
    }


def test_a_line_moves_and_keeps_its_id_and_price(hall: Hall) -> None:
    sale = sell(hall, hall.adult_seats[0])
    line = sale.lines[0]
    done = move(hall, {line.line_id: hall.adult_seats[2]})
    assert [(m.from_seat, m.to_seat) for m in done.moves] == [("R0-1", "R0-3")]
    row = ReservationLine.objects.get(pk=line.line_id)
    assert (row.seat_id, row.unit_price, row.status) == (
        hall.adult_seats[2],
        line.unit_price,
        "sold",
    )
    assert counters(hall.adult_places) == (9, 6, 0, 1)
    ledger = snapshot(hall.performance_id)["movements"][-2:]
    assert {(row[1], *row[3:5], row[6]) for row in ledger} == {
        (hall.adult_seats[0], "sold", "available", "reseat"),
        (hall.adult_seats[2], "available", "sold", "reseat"),
    }
    note = Note.objects.get(reservation_id=sale.reservation_id)
    assert (note.operation, note.reason, note.actor) == ("reseat", "broken seat", "usher")
    assert note.facts["moves"][0]["to_seat"] == "R0-3"


def test_a_seat_of_another_type_moves_the_counters_but_not_the_price(hall: Hall) -> None:
    sale = sell(hall, hall.adult_seats[0])
    move(hall, {sale.lines[0].line_id: hall.pool_seats[1]})
    assert counters(hall.adult_places) == (10, 6, 0, 0)
    assert counters(hall.pool) == (5, 4, 0, 1)
    row = ReservationLine.objects.get(pk=sale.lines[0].line_id)
    assert (row.allocation_id, row.ticket_type_id) == (hall.pool, hall.adult)
    assert row.unit_price == Decimal("20.00")


def test_two_parties_swap_and_a_third_moves_along(hall: Hall) -> None:
    """A hold and a sale swap seats, in one call with somebody who takes a free one."""
    held, sale = hold(hall, hall.adult_seats[0]), sell(hall, hall.adult_seats[1])
    third = sell(hall, hall.adult_seats[2])
    move(
        hall,
        {
            held.lines[0].line_id: hall.adult_seats[1],
            sale.lines[0].line_id: hall.adult_seats[0],
            third.lines[0].line_id: hall.pool_seats[0],
        },
    )
    assert seats_of(held) == {hall.adult_seats[1]}
    assert seats_of(sale) == {hall.adult_seats[0]}
    states = {row[0]: row[1] for row in snapshot(hall.performance_id)["seats"]}
    assert (states[hall.adult_seats[0]], states[hall.adult_seats[1]]) == ("sold", "reserved")
    assert states[hall.adult_seats[2]] == "available"


def test_a_ring_of_seats_turns(hall: Hall) -> None:
    parties = [sell(hall, seat) for seat in hall.adult_seats]
    ring = [*hall.adult_seats[1:], hall.adult_seats[0]]
    move(hall, {p.lines[0].line_id: seat for p, seat in zip(parties, ring, strict=True)})
    assert [seats_of(party) for party in parties] == [{seat} for seat in ring]


def test_what_the_house_keeps_moves_too(hall: Hall) -> None:
    kept = house(
        performance_id=hall.performance_id, seat_ids=[hall.adult_seats[0]], reason="camera"
    )
    move(hall, {kept.lines[0].line_id: hall.adult_seats[1]})
    assert counters(hall.adult_places) == (9, 6, 1, 0)


def test_an_overdue_hold_does_not_stand_in_the_way(hall: Hall) -> None:
    late, sale = hold(hall, hall.adult_seats[1]), sell(hall, hall.adult_seats[0])
    make_overdue(late.reservation_id)
    move(hall, {sale.lines[0].line_id: hall.adult_seats[1]})
    assert Reservation.objects.get(pk=late.reservation_id).status == "expired"


def test_refusals_move_nothing(hall: Hall, refused: Refused) -> None:
    sale, other = sell(hall, hall.adult_seats[0]), sell(hall, hall.adult_seats[1])
    loose = reserve(performance_id=hall.performance_id, requests=[Places(1, hall.pool)])
    line = sale.lines[0].line_id

    def no(moves: dict[UUID, UUID]) -> Refusal:
        return refused(reseat, moves=moves, reason="broken")

    taken = no({line: hall.adult_seats[1]})
    assert (taken.code, taken.facts["seats"]) == ("seat_taken", ["R0-2"])
    half = no({line: hall.adult_seats[2], other.lines[0].line_id: hall.adult_seats[1]})
    assert (half.code, half.facts["seat"]) == ("same_seat", "R0-2")
    assert no({loose.lines[0].line_id: hall.adult_seats[2]}).code == "no_seat"
    assert no({uuid4(): hall.adult_seats[2]}).facts["what"] == "line"
    assert no({line: uuid4()}).facts["what"] == "seat"


def test_what_has_ended_does_not_move(hall: Hall, refused: Refused) -> None:
    sale = sell(hall, hall.adult_seats[0])
    refund(performance_id=hall.performance_id, reservation_id=sale.reservation_id)
    moves = {sale.lines[0].line_id: hall.adult_seats[1]}
    no = refused(reseat, moves=moves, reason="broken")
    assert (no.code, no.facts["status"]) == ("not_live", "refunded")


@pytest.mark.parametrize(
    ("argument", "moves", "reason"),
    [
        ("moves", {}, "broken"),
        ("reason", {uuid4(): uuid4()}, " "),
        ("line_id", {"x": uuid4()}, "broken"),
        ("moves", dict.fromkeys([uuid4(), uuid4()], uuid4()), "broken"),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(
    argument: str, moves: dict[UUID, UUID], reason: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        reseat(performance_id=uuid4(), moves=moves, reason=reason)
    assert caught.value.argument == argument
