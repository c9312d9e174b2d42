"""Seat maps: the plan that never changes in a version, the states that do, seats by ordinal."""

from collections.abc import Callable
from typing import Any

import pytest

from fullhouse.events.models import EventPerformance, Seat, SectionTicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import SeatRequest, reserve
from fullhouse.events.services.seat_maps import seat_plan, seat_states

from .conftest import Hall, Speaker

pytestmark = pytest.mark.usefixtures("either_way")


@pytest.fixture
def ranked(hall: Hall) -> Hall:
    """The hall with its seats in a known order: the adults' row, then the pool's."""
    for row, seats in enumerate((hall.adult_seats, hall.pool_seats), start=1):
        for place, seat in enumerate(seats, start=1):
            Seat.objects.filter(pk=seat).update(row_rank=row, seat_rank=place)
    return hall


def version(hall: Hall) -> int:
    return EventPerformance.objects.get(pk=hall.performance_id).plan_version


def take(hall: Hall, *seats: Any) -> Any:
    asked = [SeatRequest(seat) for seat in seats]
    return reserve(performance_id=hall.performance_id, requests=asked)


def test_the_plan_is_the_order_of_the_seats(ranked: Hall, public: Speaker) -> None:
    url = f"{ranked.url}/plans/{version(ranked)}"
    status, plan, response = public.get(url)
    assert (status, plan["plan_version"]) == (200, version(ranked))
    assert plan["ids"] == [str(each) for each in (*ranked.adult_seats, *ranked.pool_seats)]
    assert (plan["row_ranks"], plan["seat_ranks"]) == ([1, 1, 1, 1, 2, 2], [1, 2, 3, 4, 1, 2])
    assert plan["sections"] == [{"id": str(ranked.section_id), "name": "Stalls", "seats": 6}]
    assert (plan["flags"], plan["xs"]) == ("000000", [None] * 6)
    assert "immutable" in response["Cache-Control"]
    for other in (0, version(ranked) + 1):
        assert public.get(f"{ranked.url}/plans/{other}")[0] == 404


def test_flags_add_up(ranked: Hall) -> None:
    Seat.objects.filter(pk=ranked.adult_seats[0]).update(is_accessible=True, is_premium=True)
    Seat.objects.filter(pk=ranked.adult_seats[1]).update(is_companion=True)
    Seat.objects.filter(pk=ranked.adult_seats[2]).update(has_restricted_view=True)
    assert seat_plan(performance_id=ranked.performance_id).flags == "528000"


def test_states_follow_a_seat_through_its_life(ranked: Hall, public: Speaker) -> None:
    def states() -> str:
        return str(public.get(f"{ranked.url}/seats")[1]["states"])

    assert states() == "aaaaaa"
    held = take(ranked, ranked.adult_seats[1], ranked.adult_seats[2])
    assert states() == "arraaa"
    confirm(performance_id=ranked.performance_id, reservation_id=held.reservation_id)
    assert states() == "assaaa"
    refund(performance_id=ranked.performance_id, reservation_id=held.reservation_id)
    assert states() == "aaaaaa"


def test_a_hold_past_its_deadline_is_free_to_see(ranked: Hall, public: Speaker) -> None:
    from engine.houses import make_overdue

    held = take(ranked, ranked.adult_seats[0])
    make_overdue(held.reservation_id)
    assert public.get(f"{ranked.url}/seats")[1]["states"] == "aaaaaa"


def test_each_seat_has_its_price(ranked: Hall, public: Speaker) -> None:
    Seat.objects.filter(pk=ranked.adult_seats[3]).update(price="99.50")
    SectionTicketType.objects.filter(ticket_type=None, section=ranked.section_id).update(
        price_modifier="0.5"
    )
    told = public.get(f"{ranked.url}/seats")[1]
    prices = [
        (told["offers"][offer]["price"], told["offers"][offer]["ticket_type"])
        for offer, seats in told["offer_runs"]
        for _ in range(seats)
    ]
    adult = str(ranked.adult)
    assert prices == [("20.00", adult)] * 3 + [("99.50", adult)] + [("10.00", None)] * 2
    held = take(ranked, ranked.adult_seats[3])
    assert str(held.total) == "99.50"


def test_since_a_version_only_what_changed_is_told(ranked: Hall, public: Speaker) -> None:
    first = public.get(f"{ranked.url}/seats")[1]
    same = public.get(f"{ranked.url}/seats?since={first['version']}")[1]
    assert (same["ordinals"], same["states"], same["version"]) == ([], "", first["version"])
    take(ranked, ranked.adult_seats[2], ranked.pool_seats[1])
    told = public.get(f"{ranked.url}/seats?since={first['version']}")[1]
    assert (told["ordinals"], told["states"], told["offers"]) == ([2, 5], "rr", None)
    whole = public.get(f"{ranked.url}/seats")[1]
    assert (whole["version"], whole["ordinals"]) == (told["version"], None)
    assert whole["states"] == "aaraar"
    unknown = public.get(f"{ranked.url}/seats?since=0123456789abcdef")[1]
    assert (unknown["ordinals"], unknown["states"]) == (None, "aaraar")


def test_more_than_states_changed_is_told_whole(ranked: Hall, public: Speaker) -> None:
    first = public.get(f"{ranked.url}/seats")[1]
    Seat.objects.filter(pk=ranked.adult_seats[0]).update(price="1.00")
    told = public.get(f"{ranked.url}/seats?since={first['version']}")[1]
    assert (told["ordinals"], told["states"]) == (None, "aaaaaa")


def test_what_did_not_change_is_not_sent(ranked: Hall, public: Speaker) -> None:
    response = public.get(f"{ranked.url}/seats")[2]
    asked = {"If-None-Match": response["ETag"]}
    assert public.get(f"{ranked.url}/seats", **asked)[0] == 304
    take(ranked, ranked.adult_seats[0])
    assert public.get(f"{ranked.url}/seats", **asked)[0] == 200


def test_a_seat_is_sold_by_its_ordinal(ranked: Hall, public: Speaker) -> None:
    def ask(ordinal: int, plan_version: int) -> tuple[int, Any]:
        item = {"seat": {"plan_version": plan_version, "ordinal": ordinal}}
        return public.post(f"{ranked.url}/reservations", {"items": [item]})[:2]

    now = version(ranked)
    status, held = ask(3, now)
    assert (status, held["lines"][0]["seat"]) == (201, str(ranked.adult_seats[3]))
    assert ask(3, now)[1]["code"] == "seat_taken"
    assert ask(6, now)[0] == 422
    Seat.objects.filter(pk=ranked.adult_seats[0]).update(seat_rank=9)
    # The plan of the old version is still in memory, and its seats are still those seats.
    assert ask(0, now)[0] in (201, 409)
    status, told = ask(0, now + 7)
    assert (status, told["code"], told["facts"]["now"]) == (409, "plan_moved", now + 1)


def test_a_draft_shows_no_seats(
    draft: Hall, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    for url in (f"{draft.url}/seats", f"{draft.url}/plans/{version(draft)}"):
        assert (public.get(url)[0], keyed("manage").get(url)[0]) == (404, 200)


def test_a_house_without_numbered_seats(
    db_committed: None, make_stage: Callable[..., Any], public: Speaker
) -> None:
    stage = make_stage()
    found = seat_states(performance_id=stage.performance_id)
    assert (found.states, found.offers, found.offer_of) == ("", (), ())
    status, told, _ = public.get(f"/api/v1/performances/{stage.performance_id}/seats")
    assert (status, told["states"], told["offer_runs"]) == (200, "", [])
