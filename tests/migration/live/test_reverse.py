"""After the cut-over the legacy rows follow Fullhouse; what did not move keeps its bytes."""

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance, Reservation, Seat, SectionTicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import give_back, house
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places
from fullhouse.events.services.resize import resize_allocation
from fullhouse.migration import runs
from fullhouse.migration.live import cannot_hold
from fullhouse.migration.models import MigrationUnit, SeatAlias
from fullhouse.migration.runs import Order

from ..builders import House
from ..shell import legacy_schema
from .over_scene import Stage, cleared, hold, seat, sell, small_house, stage, standing

#: Kinds of loss that change who has which places; the others are words and deadlines.
OF_PLACES = {"house_places", "unseated_in_seated", "unseated_capacity", "prices", "second_sale"}


@pytest.fixture(scope="module")
def evenings() -> list[UUID]:
    return []


@pytest.fixture
def over(db_committed: None, evenings: list[UUID]) -> Iterator[Stage]:
    made, keys = small_house()
    evenings[:] = keys
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        yield one


def evening_row(over: Stage, key: UUID) -> tuple[Any, ...]:
    query = (
        "SELECT max_capacity, current_capacity, ticket_capacities::text, is_available"
        " FROM {}.events_eventperformance WHERE id = %s"
    )
    return over.do(query, key)[0]


def test_nothing_sold_leaves_every_byte(over: Stage) -> None:
    before = over.bytes()
    assert over.follow().units == 0
    assert over.bytes() == before


def test_a_sale_becomes_a_booking_with_its_seats_and_money(
    over: Stage, evenings: list[UUID]
) -> None:
    first, second = over.seats(evenings[0])[4:6]
    made = sell(evenings[0], seat(first), seat(second), reference="R-1", customer=str(first))
    assert over.follow().units == 1
    booking = over.booking(made)
    assert booking["status"] == "confirmed"
    assert booking["booking_reference"] == "R-1"
    assert booking["user_id"] == str(first)
    assert booking["participants_count"] == 2
    assert booking["total_price"] == 200
    assert {one["seat_id"] for one in booking["selected_seats"]} == {str(first), str(second)}
    assert booking["ticket_breakdown"][0]["quantity"] == 2
    assert {over.seat_status(first), over.seat_status(second)} == {"sold"}
    # Two sold by a booking, one pending, one sold without a booking; SOLD is kept by the house.
    assert evening_row(over, evenings[0])[1] == 5 + 2
    assert over.follow().units == 0


def test_a_hold_is_pending_and_its_end_gives_the_row_its_bytes_again(
    over: Stage, evenings: list[UUID]
) -> None:
    before = over.bytes()
    one = over.seats(evenings[0])[4]
    made = hold(evenings[0], seat(one))
    over.follow()
    assert over.seat_status(one) == "reserved"
    assert over.booking(made)["status"] == "pending"
    release(performance_id=evenings[0], reservation_id=made)
    over.follow()
    after = over.bytes()
    assert over.booking(made)["status"] == "cancelled"
    assert {name for name in before if before[name] != after[name]} == {"events_eventbooking"}


def test_a_hold_that_ended_before_a_pass_leaves_no_booking(
    over: Stage, evenings: list[UUID]
) -> None:
    before = over.bytes()
    made = hold(evenings[0], seat(over.seats(evenings[0])[4]))
    release(performance_id=evenings[0], reservation_id=made)
    over.follow()
    assert over.bytes() == before


def test_a_refunded_legacy_booking_is_cancelled_and_keeps_its_words(
    over: Stage, evenings: list[UUID]
) -> None:
    first, second = over.seats(evenings[0])[:2]
    made = Reservation.objects.get(lines__seat_id=first, status="sold")
    words = over.booking(made.pk)["selected_seats"]
    refund(performance_id=evenings[0], reservation_id=made.pk)
    over.follow()
    booking = over.booking(made.pk)
    assert (booking["status"], booking["selected_seats"]) == ("cancelled", words)
    assert {over.seat_status(first), over.seat_status(second)} == {"available"}


def test_a_legacy_booking_refunded_in_part_says_what_is_left(
    over: Stage, evenings: list[UUID]
) -> None:
    first, second = over.seats(evenings[0])[:2]
    made = Reservation.objects.get(lines__seat_id=first, status="sold")
    line = made.lines.get(seat_id=first)
    refund(performance_id=evenings[0], reservation_id=made.pk, lines=[RefundLine(line.pk)])
    over.follow()
    booking = over.booking(made.pk)
    assert booking["status"] == "confirmed"
    assert booking["participants_count"] == 1
    assert booking["total_price"] == 100
    assert [one["seat_id"] for one in booking["selected_seats"]] == [str(second)]
    assert over.seat_status(first) == "available"


def test_a_legacy_hold_that_is_confirmed(over: Stage, evenings: list[UUID]) -> None:
    third = over.seats(evenings[0])[2]
    made = Reservation.objects.get(lines__seat_id=third, status="reserved")
    confirm(performance_id=evenings[0], reservation_id=made.pk)
    over.follow()
    assert over.booking(made.pk)["status"] == "confirmed"
    assert over.seat_status(third) == "sold"


def test_house_seats_are_blocked_and_given_back(over: Stage, evenings: list[UUID]) -> None:
    before = over.bytes()
    one = over.seats(evenings[0])[4]
    made = house(performance_id=evenings[0], reason="camera", seat_ids=[one])
    over.follow()
    assert over.seat_status(one) == "blocked"
    give_back(performance_id=evenings[0], reservation_id=made.reservation_id)
    over.follow()
    assert over.bytes() == before


def test_an_unknown_status_stays_until_its_seat_moves(over: Stage, evenings: list[UUID]) -> None:
    ((odd,),) = over.do(
        "SELECT id FROM {}.events_seat WHERE performance_id = %s AND status = 'SOLD'", evenings[0]
    )
    sell(evenings[0], seat(over.seats(evenings[0])[4]))
    over.follow()
    assert over.seat_status(odd) == "SOLD"
    kept = Reservation.objects.get(lines__seat_id=odd)
    give_back(performance_id=evenings[0], reservation_id=kept.pk)
    over.follow()
    assert over.seat_status(odd) == "available"


def test_references_that_do_not_fit_are_cut_and_stay_apart(
    over: Stage, evenings: list[UUID]
) -> None:
    seats = [over.seats(key)[4] for key in evenings]
    same = [
        sell(key, seat(one), reference="THE-SAME")
        for key, one in zip(evenings[:2], seats[:2], strict=True)
    ]
    long = sell(evenings[2], seat(seats[2]), reference="A" * 40)
    over.follow()
    told = [over.booking(key)["booking_reference"] for key in (*same, long)]
    assert told.count("THE-SAME") == 1
    assert len(set(told)) == 3
    assert all(len(one) <= 20 for one in told)
    lost = cannot_hold.cannot_hold(over.run, runs.load_source(over.order), using="default")
    assert {one.kind: one.count for one in lost} == {"reference": 1}


def test_buyers_whom_the_legacy_side_does_not_know(db_committed: None) -> None:
    made, keys = small_house(performances=1)
    somebody = "11111111-1111-1111-1111-111111111111"
    with stage(made) as one:
        one.take_over()
        one.cut_over(legacy_user=somebody)
        sold = sell(keys[0], seat(one.seats(keys[0])[4]), customer="ali@example.org")
        one.follow()
        assert one.booking(sold)["user_id"] == somebody


def test_a_closed_performance_is_not_available(over: Stage, evenings: list[UUID]) -> None:
    EventPerformance.objects.filter(pk=evenings[0]).update(status="closed")
    over.follow()
    assert evening_row(over, evenings[0])[3] is False
    EventPerformance.objects.filter(pk=evenings[0]).update(status="on_sale")
    over.follow()
    assert evening_row(over, evenings[0])[3] is True


def test_general_admission_follows_in_numbers(db_committed: None) -> None:
    made = House()
    key = made.performance(100, parts={"VIP": "40"}, current_capacity=7)
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        vip = SectionTicketType.objects.get(performance_id=key, ticket_type__name="VIP")
        sold = sell(key, Places(3, allocation_id=vip.pk))
        one.follow()
        # Only what moved is written: the parts say what they said.
        assert evening_row(one, key) == (100, 3, '{"VIP": "40"}', True)
        booking = one.booking(sold)
        assert (booking["participants_count"], booking["selected_seats"]) == (3, [])
        resize_allocation(performance_id=key, allocation_id=vip.pk, allocated_capacity=50)
        one.follow()
        assert evening_row(one, key) == (110, 3, '{"VIP": 50}', True)
        was = standing([key])
        one.roll_back()
        one.take_over()
        assert standing([key]) == was


def test_rows_that_are_one_seat_close_and_open_together(db_committed: None) -> None:
    made = House()
    key = made.performance(2)
    row = made.seat(key, "A-1-01")
    twin = made.seat(key, "A-1-1")
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        (only,) = Seat.objects.filter(performance_id=key)
        sold = sell(key, seat(only.pk))
        one.follow()
        assert {one.seat_status(row), one.seat_status(twin)} == {"sold", "blocked"}
        assert one.seat_status(only.pk) == "sold"
        refund(performance_id=key, reservation_id=sold)
        one.follow()
        assert {one.seat_status(row), one.seat_status(twin)} == {"available"}


def test_over_and_back_and_over_is_the_identity(over: Stage, evenings: list[UUID]) -> None:
    sell(evenings[0], *[seat(one) for one in over.seats(evenings[0])[4:7]])
    hold(evenings[1], seat(over.seats(evenings[1], "B")[0]))
    refund(
        performance_id=evenings[2],
        reservation_id=Reservation.objects.get(
            lines__seat_id=over.seats(evenings[2])[0], status="sold"
        ).pk,
    )
    was = standing(evenings)
    over.roll_back()
    assert standing(evenings)["seats"] == []
    over.take_over()
    assert standing(evenings) == was
    legacy = over.bytes()
    over.cut_over()
    over.roll_back()
    assert over.bytes() == legacy


@pytest.mark.parametrize("seed", [41, 43])
def test_dirty_houses_come_back_as_they_were_or_it_is_said(
    db_committed: None, tmp_path: Path, seed: int
) -> None:
    """Whatever Fullhouse did, what reads otherwise afterwards was named by cannot_hold."""
    with legacy_schema(seats=600, dirty=1.0, seed=seed) as schema:
        order = Order("events", schema, yes=True, backup_dir=tmp_path, backup_form="copy")
        with cleared(Stage(order, House())) as one:
            one.take_over()
            units = MigrationUnit.objects.filter(run=one.run)
            keys = list(units.values_list("performance_id", flat=True))
            before = one.bytes()
            one.cut_over()
            assert one.bytes() == before
            luck = random.Random(seed)
            for _ in range(50):
                Season(luck, luck.choice(keys)).act()
                if luck.random() < 0.2:
                    one.follow()
            source = runs.load_source(order)
            one.follow()
            lost = cannot_hold.cannot_hold(one.run, source, using="default")
            named = {row for loss in lost if loss.kind in OF_PLACES for row in loss.rows}
            safe = [key for key in keys if str(key) not in named]
            assert len(safe) > len(keys) / 2
            was = essence(safe)
            one.roll_back()
            one.take_over()
            assert essence(safe) == was


def essence(evenings: list[UUID]) -> dict[str, list[tuple[Any, ...]]]:
    """What stands, without what only has another name.

    House reservations, sections of no place, and which of the equal rows of one seat became it.
    """
    found = standing(evenings)
    kept = Reservation.objects.filter(kind="house", performance_id__in=evenings)
    houses = set(kept.values_list("pk", flat=True))
    names: dict[UUID | None, UUID | None] = {None: None}
    for alias in SeatAlias.objects.filter(performance_id__in=evenings):
        names[alias.seat_id] = min(names.get(alias.seat_id) or alias.seat_id, alias.legacy_seat_id)
    return {
        "seats": sorted((names.get(key, key), *rest) for key, *rest in found["seats"]),
        "allocations": [row for row in found["allocations"] if row[1]],
        "sections": [row for row in found["sections"] if row[2]],
        "bookings": [
            (key, *rest, sorted(str(names.get(one, one)) for one in seats))
            for key, *rest, seats in found["bookings"]
            if key not in houses
        ],
    }


class Season:
    """Somebody does something in Fullhouse; what is refused is refused."""

    def __init__(self, luck: random.Random, evening: UUID) -> None:
        self.luck = luck
        self.evening = evening

    def act(self) -> None:
        acts = (self.sell, self.sell_unseated, self.hold, self.refund, self.end, self.keep)
        with suppress(Refusal):
            self.luck.choice(acts)()

    def _free(self, count: int) -> list[UUID]:
        rows = Seat.objects.filter(performance_id=self.evening, status="available")
        free = sorted(rows.values_list("pk", flat=True))
        return self.luck.sample(free, min(count, len(free)))

    def _some(self, **given: Any) -> Reservation | None:
        rows = Reservation.objects.filter(performance_id=self.evening, **given).order_by("pk")
        return self.luck.choice(rows) if rows else None

    def sell(self) -> None:
        if free := self._free(self.luck.randint(1, 3)):
            sell(self.evening, *map(seat, free))

    def sell_unseated(self) -> None:
        rows = SectionTicketType.objects.filter(
            performance_id=self.evening, unseated_available__gt=0
        ).order_by("pk")
        if rows:
            sell(self.evening, Places(1, allocation_id=self.luck.choice(rows).pk))

    def hold(self) -> None:
        if free := self._free(1):
            hold(self.evening, seat(free[0]))

    def refund(self) -> None:
        sale = self._some(status="sold")
        if sale is None:
            return
        lines = list(sale.lines.filter(status="sold").order_by("pk"))
        part = [RefundLine(lines[0].pk)] if self.luck.random() < 0.5 and len(lines) > 1 else None
        refund(performance_id=self.evening, reservation_id=sale.pk, lines=part)

    def end(self) -> None:
        held = self._some(status="reserved", kind__in=["sale", "legacy"])
        if held is not None:
            how = self.luck.choice((confirm, release))
            how(performance_id=self.evening, reservation_id=held.pk)

    def keep(self) -> None:
        kept = self._some(status="reserved", kind="house")
        if kept is not None and self.luck.random() < 0.5:
            give_back(performance_id=self.evening, reservation_id=kept.pk)
        elif free := self._free(1):
            house(performance_id=self.evening, reason="camera", seat_ids=free)
