"""Places set aside for a sales channel: who may take them, until when, and what the ledger says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Note, Reservation, TicketType
from fullhouse.events.services.audit import audit
from fullhouse.events.services.channels import (
    Allotted,
    allot_channel,
    change_channel,
    release_channel,
)
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.exchange import exchange
from fullhouse.events.services.expire import expire
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, snapshot

Refused = Callable[..., Refusal]
TONIGHT = datetime.now(UTC) + timedelta(hours=6)


def allot(hall: Hall, quantity: int = 3, *, seats: tuple[UUID, ...] = (), **more: Any) -> Allotted:
    named = {"channel": "web", "release_at": TONIGHT, "reason": "the web's part", **more}
    quantities = {hall.adult_places: quantity} if quantity else {}
    return allot_channel(
        performance_id=hall.performance_id, quantities=quantities, seat_ids=seats, **named
    )


def take(hall: Hall, quantity: int, channel: str = "", **more: Any) -> Hold:
    asked = [Places(quantity, allocation_id=hall.adult_places)]
    return reserve(performance_id=hall.performance_id, requests=asked, channel=channel, **more)


def left_to(hall: Hall, reservation_id: UUID) -> int:
    """Return the places that an allotment still has."""
    rows = snapshot(hall.performance_id)["lines"]
    return sum(row[5] for row in rows if row[1] == reservation_id and row[7] == "reserved")


def sound(hall: Hall) -> bool:
    return audit(performance_id=hall.performance_id) == ()


def test_others_cannot_have_a_channels_places(hall: Hall, refused: Refused) -> None:
    """Adult has 6 places without numbers; 4 are the web's."""
    made = allot(hall, 4)
    assert (made.quantity, made.channel, made.release_at) == (4, "web", TONIGHT)
    assert counters(hall.adult_places) == (6, 2, 4, 0)
    asked = [Places(3, allocation_id=hall.adult_places)]
    for channel in ("", "desk"):
        refusal = refused(reserve, requests=asked, channel=channel)
        assert (refusal.code, refusal.facts["left"]) == ("sold_out", 2)
    assert take(hall, 2).lines


def test_a_channel_takes_its_own_first_then_what_is_free(hall: Hall) -> None:
    made = allot(hall, 3)
    first = take(hall, 2, "web")
    assert counters(hall.adult_places) == (7, 3, 3, 0), "nothing left what is free"
    assert left_to(hall, made.reservation_id) == 1
    second = take(hall, 3, "web")
    assert counters(hall.adult_places) == (5, 1, 5, 0)
    assert Reservation.objects.get(pk=made.reservation_id).status == "released"
    assert [len(hold.lines) for hold in (first, second)] == [1, 1]
    assert sound(hall)


def test_the_ledger_tells_where_the_places_came_from(hall: Hall) -> None:
    made = allot(hall, 3)
    hold = take(hall, 5, "web", actor="till", reason="shop")
    entries = snapshot(hall.performance_id)["movements"][-2:]
    place = hall.adult_places
    assert sorted(entries, key=lambda row: row[6]) == [
        (place, None, made.reservation_id, "reserved", "available", 3, "hand_over"),
        (place, None, hold.reservation_id, "available", "reserved", 5, "reserve"),
    ]


def test_a_channels_seats_are_its_own(hall: Hall, refused: Refused) -> None:
    seats = hall.adult_seats[:2]
    allot(hall, 0, seats=seats)
    asked = [SeatRequest(seats[0]), SeatRequest(hall.adult_seats[2])]
    refusal = refused(reserve, requests=asked)
    assert (refusal.code, refusal.facts["seat_ids"]) == ("seat_taken", [str(seats[0])])
    hold = reserve(performance_id=hall.performance_id, requests=asked, channel="web")
    confirm(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    assert counters(hall.adult_places) == (7, 6, 1, 2)
    assert sound(hall)


def test_own_places_before_the_pool_the_channels_before_the_free(hall: Hall) -> None:
    """The web has 2 of student and 1 of the pool; then come 3 of student, then the pool's."""
    quantities = {hall.student_places: 2, hall.pool: 1}
    allot_channel(
        performance_id=hall.performance_id, channel="web", quantities=quantities, reason="part"
    )
    asked = [Places(3, section_id=hall.section_id, ticket_type_id=hall.student)]
    hold = reserve(performance_id=hall.performance_id, requests=asked, channel="web")
    assert [(line.allocation_id, line.quantity) for line in hold.lines] == [
        (hall.student_places, 2),
        (hall.pool, 1),
    ]
    assert counters(hall.student_places) == (3, 3, 2, 0)
    assert counters(hall.pool) == (5, 3, 1, 0)
    more = [Places(4, section_id=hall.section_id, ticket_type_id=hall.student)]
    second = reserve(performance_id=hall.performance_id, requests=more, channel="web")
    assert [(line.allocation_id, line.quantity) for line in second.lines] == [
        (hall.student_places, 3),
        (hall.pool, 1),
    ]


def test_after_its_time_everybody_may_have_them_without_a_sweeper(hall: Hall) -> None:
    made = allot(hall, 6)
    make_overdue(made.reservation_id)
    assert take(hall, 4).lines, "a buyer of no channel"
    assert Reservation.objects.get(pk=made.reservation_id).status == "expired"
    assert counters(hall.adult_places) == (6, 2, 4, 0)


def test_the_channel_itself_shares_them_after_its_time(hall: Hall) -> None:
    made = allot(hall, 6)
    make_overdue(made.reservation_id)
    assert take(hall, 2, "web").lines
    assert Reservation.objects.get(pk=made.reservation_id).status == "expired"


def test_what_is_released_soonest_goes_first(hall: Hall) -> None:
    late = allot(hall, 2, release_at=None)
    soon = allot(hall, 2, release_at=TONIGHT)
    take(hall, 3, "web")
    assert left_to(hall, soon.reservation_id) == 0
    assert left_to(hall, late.reservation_id) == 1


def test_a_family_ticket_is_not_torn_between_channel_and_pool(hall: Hall) -> None:
    """The web has 3; a ticket of two and a part of the next come from it, the rest is free."""
    TicketType.objects.filter(pk=hall.adult).update(places_per_ticket=2)
    made = allot(hall, 3)
    take(hall, 4, "web")
    assert left_to(hall, made.reservation_id) == 0
    assert counters(hall.adult_places) == (6, 2, 4, 0)


@pytest.mark.parametrize("sold", [True, False])
def test_an_exchange_of_the_channels_sale_draws_on_it(hall: Hall, sold: bool) -> None:
    """Adult has 4 places for the web, a seat among them; a sale of the web's pool may have them."""
    seat = hall.adult_seats[0]
    allotted = allot(hall, 3, seats=(seat,))
    take(hall, 3)  # nothing else is left of Adult without a number
    asked = [Places(4, allocation_id=hall.pool)]
    held = reserve(performance_id=hall.performance_id, requests=asked, channel="web")
    other = reserve(performance_id=hall.performance_id, requests=[Places(1, hall.student_places)])
    if sold:
        confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    wanted = [Places(2, allocation_id=hall.adult_places), SeatRequest(seat)]
    named = {"performance_id": hall.performance_id, "requests": wanted}
    with pytest.raises(Refusal) as no:
        exchange(**named, reservation_id=other.reservation_id)
    assert no.value.code == "seat_taken"
    exchange(**named, reservation_id=held.reservation_id)
    assert left_to(hall, allotted.reservation_id) == 1
    assert counters(hall.adult_places) == ((3, 0, 4, 3) if sold else (3, 0, 7, 0))
    assert sound(hall)


def test_a_comp_takes_nothing_from_a_channel(hall: Hall) -> None:
    made = allot(hall, 3)
    take(hall, 2, "web", kind="comp")
    assert left_to(hall, made.reservation_id) == 3


def test_places_that_come_back_are_everybodys(hall: Hall) -> None:
    made = allot(hall, 3)
    hold = take(hall, 3, "web")
    release(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    assert counters(hall.adult_places) == (10, 6, 0, 0)
    assert left_to(hall, made.reservation_id) == 0


def test_a_channel_is_released_by_hand(hall: Hall, refused: Refused) -> None:
    allot(hall, 2)
    allot(hall, 0, seats=hall.adult_seats[:1])
    allot(hall, 1, channel="desk")
    done = release_channel(performance_id=hall.performance_id, channel="web", reason="slow")
    assert (done.reservations, done.places) == (2, 3)
    assert counters(hall.adult_places) == (9, 5, 1, 0)
    refusal = refused(release_channel, channel="web")
    assert (refusal.code, refusal.facts) == ("unknown", {"what": "channel", "id": "web"})


def test_the_flag_follows_the_channels(hall: Hall) -> None:
    def flag() -> bool:
        return EventPerformance.objects.get(pk=hall.performance_id).has_rules

    allot(hall, 2)
    assert flag()
    release_channel(performance_id=hall.performance_id, channel="web")
    assert not flag()


def test_the_release_time_changes_with_a_note(hall: Hall, refused: Refused) -> None:
    made = allot(hall, 2)
    asked = {"reservation_id": made.reservation_id, "release_at": None}
    change_channel(performance_id=hall.performance_id, reason="sells well", **asked)  # type: ignore[arg-type]
    assert Reservation.objects.get(pk=made.reservation_id).expires_at is None
    note = Note.objects.get(reservation_id=made.reservation_id)
    assert (note.operation, note.reason, note.facts["channel"]) == (
        "change_channel",
        "sells well",
        "web",
    )
    make_overdue(made.reservation_id)
    assert refused(change_channel, **asked).code == "expired"
    expire(performance_id=hall.performance_id)
    assert refused(change_channel, **asked).code == "not_reserved"
    hold = take(hall, 1)
    no_channel = refused(change_channel, reservation_id=hold.reservation_id, release_at=None)
    assert (no_channel.code, no_channel.facts["kind"]) == ("not_channel", "sale")
    assert refused(change_channel, reservation_id=uuid4(), release_at=None).code == "unknown"


def test_a_channels_places_are_neither_confirmed_nor_released_as_a_hold(
    hall: Hall, refused: Refused
) -> None:
    made = allot(hall, 2)
    for verb in (confirm, release):
        assert refused(verb, reservation_id=made.reservation_id).code == "kept_by_house"


def test_overdue_holds_make_way_for_a_channel(hall: Hall) -> None:
    make_overdue(take(hall, 6).reservation_id)
    assert allot(hall, 6).quantity == 6


def test_what_is_taken_cannot_be_allotted(hall: Hall, refused: Refused) -> None:
    take(hall, 5)
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    more = {"channel": "web", "reason": "part"}
    short = refused(allot_channel, quantities={hall.adult_places: 2}, **more)
    assert (short.code, short.facts["left"]) == ("sold_out", 1)
    taken = refused(allot_channel, seat_ids=[hall.adult_seats[0]], **more)
    assert taken.code == "seat_taken"
    assert refused(allot_channel, quantities={uuid4(): 1}, **more).facts["what"] == "allocation"
    assert refused(allot_channel, seat_ids=[uuid4()], **more).facts["what"] == "seat"


def test_the_same_key_allots_once(hall: Hall) -> None:
    first = allot(hall, 2, idempotency_key="web part")
    assert allot(hall, 2, idempotency_key="web part") == first
    with pytest.raises(Refusal) as reused:
        allot(hall, 3, idempotency_key="web part")
    assert reused.value.code == "key_reused"
    assert counters(hall.adult_places) == (8, 4, 2, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": " "},
        {"channel": "x" * 51},
        {"channel": 7},
        {"owner": "x" * 101},
        {"reason": ""},
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 1.5},
        {"quantity": 100_001},
        {"release_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"release_at": datetime(2030, 1, 1)},
        {"seats": (uuid4(),) * 2},
        {"seats": ("A-1",)},
    ],
)
def test_an_allotment_that_cannot_be_meant(hall: Hall, wrong: dict[str, Any]) -> None:
    before = snapshot(hall.performance_id)
    with pytest.raises(InvalidRequest):
        allot(hall, **wrong)
    assert snapshot(hall.performance_id) == before
