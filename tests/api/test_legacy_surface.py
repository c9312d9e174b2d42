"""The old addresses answer as they always did, from whichever side is the truth."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fullhouse.compat import authority
from fullhouse.events.models import Event, EventPerformance, Reservation
from tests.compat import old_system
from tests.compat.conftest import Evening, new_evening, old_evening

from .conftest import Hall, Speaker

__all__ = ["new_evening", "old_evening"]
LEGACY = "/api/legacy"
SECTION = {
    "name",
    "total_capacity",
    "available_capacity",
    "reserved_capacity",
    "sold_capacity",
    "occupancy_rate",
    "ticket_types",
}
TYPE = {
    "name",
    "allocated_capacity",
    "available_capacity",
    "reserved_capacity",
    "sold_capacity",
    "final_price",
}


@pytest.fixture(params=["legacy", "fullhouse", "rolled_back"])
def evening(request: Any, old_evening: Evening) -> Evening:
    """100 places, 4 seats in VIP in two spellings and 2 in the balcony, on each side in turn."""
    if request.param != "legacy":
        old_system.take_over(old_evening.schema)
        state = {"fullhouse": "cut_over"}.get(request.param, request.param)
        old_system.set_state(old_evening.schema, state)
    return old_evening


def get(who: Speaker, path: str) -> Any:
    status, told, _ = who.get(f"{LEGACY}/{path}")
    assert status == 200, told
    return told


def reserve(who: Speaker, evening: Evening, **body: Any) -> tuple[int, Any]:
    asked = {"ticket_type_id": str(evening.vip), "section_name": "VIP", "count": 2} | body
    status, told, _ = who.post(f"{LEGACY}/capacity/{evening.performance}/reserve_seats/", asked)
    return status, told


def test_the_summary_has_its_old_members(evening: Evening, public: Speaker) -> None:
    told = get(public, f"capacity/{evening.performance}/summary/")
    assert told == get(public, f"performances/{evening.performance}/capacity-summary/")
    # Places that have no seat are in the old counter alone; a takeover by seats has no use for it.
    places = 6 if authority() == "fullhouse" else 100
    assert told["performance"] == {
        "max_capacity": places,
        "current_capacity": 0,
        "available_capacity": places,
        "occupancy_rate": 0.0,
    }
    vip = next(each for each in told["sections"] if each["name"] == "VIP")
    assert set(vip) == SECTION
    numbered = next(each for each in vip["ticket_types"] if each["name"] == "VIP")
    assert set(numbered) == TYPE
    assert numbered["final_price"] == "100.00"


def test_seats_come_in_both_shapes(evening: Evening, public: Speaker) -> None:
    told = get(public, f"performances/{evening.performance}/seats/")
    assert (told["performance_id"], told["total_count"]) == (str(evening.performance), 6)
    assert {seat["seat_id"] for seat in told["seats"]} == {
        *map(str, evening.seats),
        *map(str, evening.balcony),
    }
    assert {each["name"]: each["total_count"] for each in told["sections"]} == {
        "VIP": 4,
        "Balcony": 2,
    }
    spelt = get(public, f"performances/{evening.performance}/seats/?section=v i p")
    assert [seat["seat_id"] for seat in spelt["seats"]] == [str(key) for key in evening.seats]
    first = spelt["seats"][0]
    assert (first["row_number"], first["seat_number"], first["status"]) == ("1", "1", "available")
    assert (first["ticket_type_id"], first["price"]) == (str(evening.vip), "100.00")


def test_a_section_keeps_its_id_over_the_cut_over(old_evening: Evening, public: Speaker) -> None:
    def listed() -> dict[str, Any]:
        path = f"sections/?performance_id={old_evening.performance}"
        return {each["name"]: each for each in get(public, path)}

    def types(section: Any) -> dict[str, str]:
        path = f"section-ticket-types/?section_id={section['id']}"
        return {each["name"]: each["id"] for each in get(public, path)}

    before = listed()
    vip = types(before["VIP"])
    assert set(before["VIP"]) == SECTION | {"id", "performance_id"}
    assert set(vip) == {"VIP"}
    old_system.take_over(old_evening.schema)
    assert listed() == before
    old_system.set_state(old_evening.schema, "cut_over")
    after = listed()
    assert {name: after[name]["id"] for name in before} == {
        name: each["id"] for name, each in before.items()
    }
    assert types(after["VIP"]).items() >= vip.items()


def test_seats_are_held_with_a_key(evening: Evening, keyed: Callable[..., Speaker]) -> None:
    status, told = reserve(keyed("sell"), evening, section_name="V\u200cIP")
    assert (status, told["success"], told["hold"]["quantity"]) == (200, True, 2)
    assert told["hold"]["seat_ids"] == [str(key) for key in evening.seats[:2]]
    assert (told["hold"]["total"], told["allocation"]["section"]) == ("200.00", "VIP")
    seats = get(Speaker(), f"performances/{evening.performance}/seats/?section=VIP")["seats"]
    assert [seat["status"] for seat in seats] == ["reserved"] * 2 + ["available"] * 2
    free = get(Speaker(), f"capacity/{evening.performance}/available_seats/?section_name=VIP")
    assert (free["total_count"], set(free)) == (2, {"performance_id", "seats", "total_count"})
    again, why = reserve(keyed("manage"), evening, count=3)
    assert (again, why["code"], why["facts"]["left"]) == (409, "sold_out", 2)


@pytest.mark.parametrize(
    ("body", "argument"),
    [
        ({"count": -5}, "count"),
        ({"count": 0}, "count"),
        ({"count": "2"}, "count"),
        ({"price": "1.00"}, "price"),
        ({"unit_price": 1}, "unit_price"),
        ({"section_name": None}, "section_name"),
    ],
)
def test_what_the_old_side_got_wrong_is_refused(
    evening: Evening, keyed: Callable[..., Speaker], body: dict[str, Any], argument: str
) -> None:
    status, told = reserve(keyed("sell"), evening, **body)
    assert (status, told["code"], told["facts"]["argument"]) == (422, "invalid", argument)
    told = get(Speaker(), f"capacity/{evening.performance}/summary/")
    assert told["performance"]["current_capacity"] == 0


def test_no_update_is_lost(evening: Evening, keyed: Callable[..., Speaker]) -> None:
    answers: list[int] = []
    speakers = [keyed("sell") for _ in range(6)]

    def take(who: Speaker) -> None:
        try:
            answers.append(reserve(who, evening, count=1)[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(who,)) for who in speakers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 4 + [409] * 2
    told = get(Speaker(), f"capacity/{evening.performance}/summary/")
    assert told["performance"]["current_capacity"] == 4


def test_only_a_key_with_the_scope_changes_anything(
    old_evening: Evening, hall: Hall, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    of_another_event = keyed("sell", events=[Event.objects.get(pk=hall.event_id)])
    for who, status, code in (
        (public, 403, "not_allowed"),
        (keyed("read"), 403, "not_allowed"),
        (of_another_event, 404, "not_found"),
    ):
        refused, told = reserve(who, old_evening)
        assert (refused, told["code"]) == (status, code)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        path = f"{LEGACY}/sections/?performance_id={old_evening.performance}"
        assert keyed("admin").say(method, path, {})[0] == 405
    assert old_system.used(old_evening.schema, old_evening.performance) == 0


def test_every_answer_says_what_replaces_it(
    old_evening: Evening, public: Speaker, settings: Any
) -> None:
    settings.FULLHOUSE_LEGACY_SUNSET = datetime.date(2027, 6, 30)
    new = f"/api/v1/performances/{old_evening.performance}"
    for path, successor in (
        (f"capacity/{old_evening.performance}/summary/", f"{new}/availability"),
        (f"performances/{old_evening.performance}/seats/", f"{new}/seats"),
        (f"performances/{old_evening.performance}/seats/?section=nowhere", f"{new}/seats"),
        (f"sections/?performance_id={old_evening.performance}", "/api/v1/performances"),
    ):
        response = public.get(f"{LEGACY}/{path}")[2]
        assert response["Deprecation"] == "@1795305600"
        assert response["Sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
        assert response["Link"] == f'<{successor}>; rel="successor-version"'
    settings.FULLHOUSE_LEGACY_SUNSET = None
    assert "Sunset" not in public.get(f"{LEGACY}/sections/")[2]


def test_a_promise_of_one_side_is_not_made(
    old_evening: Evening, keyed: Callable[..., Speaker]
) -> None:
    path = f"{LEGACY}/capacity/{old_evening.performance}/reserve_seats/"
    body = {"section_name": "VIP", "count": 1}
    status, told, _ = keyed("sell").post(path, body, **{"Idempotency-Key": "a" * 20})
    assert (status, told["facts"]["argument"]) == (422, "Idempotency-Key")


def test_where_there_never_was_an_old_system_it_says_so(
    hall: Hall, public: Speaker, settings: Any
) -> None:
    settings.FULLHOUSE_COMPAT = {"legacy_schema": "no_such_schema"}
    path = f"{LEGACY}/capacity/{hall.performance_id}/summary/"
    status, told, _ = public.get(path)
    assert (status, told["code"]) == (404, "no_legacy_source")
    status, told, _ = public.get(path, **{"Accept-Language": "fa"})
    assert "سامانهٔ قدیمی" in told["detail"]


def test_old_tables_that_went_away_before_the_cut_over_are_missed(
    old_evening: Evening, public: Speaker
) -> None:
    old_system.take_over(old_evening.schema)
    old_system.execute(
        "ALTER TABLE {schema}.events_eventperformance RENAME TO elsewhere",
        schema=old_evening.schema,
    )
    status, told, response = public.get(f"{LEGACY}/capacity/{old_evening.performance}/summary/")
    assert (status, told["code"], response["Retry-After"]) == (503, "legacy_gone", "60")


def test_a_draft_is_not_for_everybody(
    new_evening: Evening, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    EventPerformance.objects.filter(pk=new_evening.performance).update(status="draft")
    path = f"{LEGACY}/capacity/{new_evening.performance}/summary/"
    assert (public.get(path)[0], keyed("manage").get(path)[0]) == (404, 200)


def test_after_the_cut_over_a_hold_can_be_confirmed_by_its_successor(
    new_evening: Evening, keyed: Callable[..., Speaker]
) -> None:
    hold = reserve(keyed("sell"), new_evening)[1]["hold"]
    url = f"/api/v1/performances/{new_evening.performance}/reservations/{hold['reservation_id']}"
    token = {"Reservation-Token": hold["token"]}
    assert Speaker().post(f"{url}/confirm", **token)[1]["status"] == "sold"
    assert Reservation.objects.get(pk=hold["reservation_id"]).channel == "compat-hold"
