"""Both clients against the real application: what is told, what is done, what is refused."""

import asyncio
import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from fullhouse.client import BestAvailable, Part, Places, Ref, Seat, errors
from fullhouse.client.manage_calls import Allocation, NumberedSeat, Section
from fullhouse.events.models import EventPerformance, Reservation, Venue

from .conftest import Hall

House = Callable[..., Any]


def run(scenario: Any) -> Any:
    async def whole() -> Any:
        try:
            return await scenario
        finally:
            connections.close_all()  # those of the loop's context

    return asyncio.run(whole())


async def all_of(rows: Any) -> list[Any]:
    return [row async for row in rows]


def test_reading(hall: Hall, house_of: House) -> None:
    async def look() -> None:
        house = house_of()
        shown = {each.id: each for each in await all_of(house.events())}
        assert {kind.name for kind in shown[hall.event_id].ticket_types} == {"Adult", "Student"}
        assert (await house.event(hall.event_id)).venue.time_zone == "UTC"
        evenings = await all_of(house.performances(event=hall.event_id, available=True))
        assert [(each.id, each.total, each.available) for each in evenings] == [
            (hall.performance_id, 21, 21)
        ]
        day = datetime.date(2027, 3, 21)
        assert await all_of(house.performances(event=hall.event_id, since=day)) == []
        assert await all_of(house.performances(event=hall.event_id, until=day)) == evenings
        section = (await house.availability(hall.performance_id)).sections[0]
        prices = {each.name: each.price for each in section.ticket_types}
        assert prices == {
            "Adult": Decimal("20.00"),
            "Student": Decimal("10.00"),
            None: Decimal("20.00"),
        }
        assert (await house.performance(hall.performance_id)).status == "on_sale"
        assert "sold_out" in {each.code for each in await house.problems()}

    run(look())


def test_lists_go_on_page_by_page(
    hall: Hall, house_of: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("sync", "aio"):
        monkeypatch.setattr(f"fullhouse.client.{module}.PAGE", 2)
    for days in range(1, 6):
        EventPerformance.objects.create(
            event_id=hall.event_id,
            date=datetime.date(2027, 4, days),
            start_time=datetime.time(20),
        )

    async def look() -> list[Any]:
        return await all_of(house_of().performances(event=hall.event_id))

    dates = [each.starts_at.date() for each in run(look())]
    assert dates == sorted(dates)
    assert len(dates) == 6


def test_the_whole_life_of_a_reservation(hall: Hall, house_of: House) -> None:
    async def live() -> Any:
        house = house_of()
        hold = await house.reserve(
            hall.performance_id,
            [Places(3, "Stalls", "Adult"), Seat(hall.adult_seats[0])],
            customer="c-1",
            channel="web",
            ttl_seconds=60,
        )
        assert (hold.status, hold.total, len(hold.lines)) == ("reserved", Decimal("80.00"), 2)
        longer = await house.extend(hold, 900)
        assert longer.expires_at > hold.expires_at
        loose = next(line for line in hold.lines if line.seat is None)
        less = await house.release(longer, [Part(loose.id, 1)], reason="one less")
        assert less.total == Decimal("60.00")
        sale = await house.confirm(less)
        assert (sale.status, sale.token) == ("sold", hold.token)
        swapped = await house.exchange(
            sale, [Places(1, "Stalls", "Student")], [Part(loose.id, 1)], reason="a child"
        )
        assert swapped.difference == Decimal("-10.00")
        assert swapped.reservation.token == hold.token
        gone = await house.refund(swapped.reservation)
        assert gone.status == "refunded"
        return await house.reservation(Ref(hall.performance_id, hold.id, hold.token))

    assert run(live()).status == "refunded"


def test_a_strangers_reservation_is_not_there_but_for_a_key(hall: Hall, house_of: House) -> None:
    async def ask() -> None:
        hold = await house_of().reserve(hall.performance_id, [BestAvailable(1)])
        assert hold.choice.parts == 1
        stranger = Ref(hall.performance_id, hold.id)
        with pytest.raises(errors.NotFoundError):
            await house_of().reservation(stranger)
        assert (await house_of("sell").reservation(stranger)).reference == hold.reference

    run(ask())


def test_no_is_told_with_code_and_facts(hall: Hall, house_of: House) -> None:
    async def ask() -> None:
        house = house_of(language="fa")
        with pytest.raises(errors.SoldOutError, match="جای کافی نیست") as sold_out:
            await house.reserve(hall.performance_id, [Places(100, "Stalls", "Adult")])
        assert (sold_out.value.code, sold_out.value.http_status) == ("sold_out", 409)
        assert sold_out.value.left == 10
        await house.reserve(hall.performance_id, [Seat(hall.adult_seats[0])])
        with pytest.raises(errors.SeatTakenError) as taken:
            await house.reserve(hall.performance_id, [Seat(hall.adult_seats[0])])
        assert taken.value.seat_ids == [hall.adult_seats[0]]
        with pytest.raises(errors.InvalidError) as invalid:
            await house.reserve(hall.performance_id, [Places(0, "Stalls", "Adult")])
        assert invalid.value.facts["argument"] == "items.0.quantity"
        with pytest.raises(errors.NotFoundError):
            await house.performance(uuid4())
        with pytest.raises(errors.NotAllowedError):
            await house_of("read").manage.create_venue("Hall", 10)

    run(ask())


def test_the_same_key_gives_the_same_hold(hall: Hall, house_of: House) -> None:
    async def ask() -> None:
        house, key = house_of(), uuid4().hex
        wanted = [Places(2, "Stalls", "Adult")]
        first = await house.reserve(hall.performance_id, wanted, idempotency_key=key)
        again = await house.reserve(hall.performance_id, wanted, idempotency_key=key)
        assert (again.id, again.token) == (first.id, first.token)
        with pytest.raises(errors.KeyReusedError):
            await house.reserve(
                hall.performance_id, [Places(1, "Stalls", "Adult")], idempotency_key=key
            )

    run(ask())
    assert Reservation.objects.filter(performance=hall.performance_id).count() == 1


def test_a_seat_map_follows_what_happens(hall: Hall, house_of: House) -> None:
    async def follow() -> None:
        house = house_of()
        seats = await house.seat_map(hall.performance_id)
        assert (len(seats), seats.states, await house.refresh(seats)) == (6, "aaaaaa", [])
        first = next(seats.free())
        assert seats.offer(first).price == Decimal("20.00")
        await house.reserve(hall.performance_id, [Seat(seats.address(first), ticket_type="Adult")])
        assert await house.refresh(seats) == [first]
        assert (seats.state(first), first in seats.free()) == ("r", False)

    run(follow())


def test_management_builds_and_changes_a_house(hall: Hall, house_of: House) -> None:
    async def build() -> None:
        manage = house_of("manage").manage
        venue = await manage.create_venue("Small Hall", 100, city="Tehran", time_zone="Asia/Tehran")
        event = await manage.create_event(venue.id, "Recital", f"recital-{uuid4()}")
        adult = await manage.create_ticket_type(event.id, "Adult")
        child = await manage.create_ticket_type(event.id, "Child", price_modifier=Decimal("0.5"))
        stalls = Section(
            "Stalls",
            Decimal("30.00"),
            total_capacity=20,
            ticket_types=[Allocation(10, adult.id), Allocation(5, child.id)],
            seats=[NumberedSeat("A", "1", adult.id), NumberedSeat("A", "2", adult.id)],
        )
        day = datetime.date(2027, 5, 1)
        evening = await manage.create_performance(event.id, day, datetime.time(20), [stalls])
        assert (evening.capacity, evening.date) == (20, day)
        [section] = await manage.sections(evening.id)
        by_type = {each.ticket_type: each for each in section.allocations}
        assert by_type[child.id].price == Decimal("15.00")
        grown = await manage.resize_section(evening.id, section.id, 25, reason="more chairs")
        assert (grown.section_total, grown.capacity, grown.change) == (25, 25, 5)
        moved = await manage.reallocate(evening.id, by_type[adult.id].id, "Child", 3)
        assert (moved.from_total, moved.to_total) == (7, 8)
        with pytest.raises(errors.RefusedError):
            await manage.resize_section(evening.id, section.id, 1000)

    run(build())
    assert Venue.objects.filter(name="Small Hall").exists()
