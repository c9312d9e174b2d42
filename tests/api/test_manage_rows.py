"""Rows of the catalogue over HTTP: versions, refusals in words, one answer for one key."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from fullhouse.events.models import EventPerformance, Note, SeatingPlan, TicketType, Venue
from fullhouse.events.services.audit import audit

from .conftest import API, Hall, Speaker

MANAGE = f"{API}/manage"
VENUE = {"name": "تالار وحدت", "total_capacity": 100, "time_zone": "Asia/Tehran"}


def made(who: Speaker, what: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    status, told, _ = who.post(f"{MANAGE}/{what}", body, **headers)
    assert status == 201, told
    return told


def test_a_house_from_nothing_to_gone(keyed: Callable[..., Speaker]) -> None:
    who = keyed("manage")
    venue = made(who, "venues", VENUE)
    event = made(who, "events", {"venue": venue["id"], "title": "Concert", "slug": f"c-{uuid4()}"})
    kind = made(who, f"events/{event['id']}/ticket-types", {"name": "Adult"})
    assert kind["price_modifier"] == "1"
    evening = {"event": event["id"], "date": "2027-03-20", "start_time": "20:00"}
    tree = {
        "sections": [
            {
                "name": "Stalls",
                "base_price": "20.00",
                "total_capacity": 10,
                "ticket_types": [{"ticket_type_id": kind["id"], "allocated_capacity": 6}],
                "seats": [
                    {"row_number": "A", "seat_number": n, "ticket_type_id": kind["id"]}
                    for n in ("1", "2")
                ],
            }
        ]
    }
    key = {"Idempotency-Key": str(uuid4())}
    one = made(who, "performances", {**evening, **tree}, **key)
    assert (one["capacity"], one["plan_version"]) == (10, 1)
    assert made(who, "performances", {**evening, **tree}, **key)["id"] == one["id"]
    status, told, _ = who.post(f"{MANAGE}/performances", evening, **key)
    assert (status, told["code"]) == (409, "key_reused")
    # Too large for its venue: neither the performance nor a part of its house is there.
    tree["sections"][0]["total_capacity"] = 101
    later = {**evening, "date": "2027-03-21"}
    status, told, _ = who.post(f"{MANAGE}/performances", {**later, **tree})
    assert (status, told["code"], told["facts"]["venue_capacity"]) == (409, "over_venue", 100)
    assert EventPerformance.objects.filter(event=event["id"]).count() == 1
    # Nothing goes on which something hangs.
    for what, by in ((f"venues/{venue['id']}", "events"), (f"ticket-types/{kind['id']}", "")):
        status, told, _ = who.say("DELETE", f"{MANAGE}/{what}")
        assert (status, told["code"]) == (409, "in_use")
        assert by in told["facts"]["by"] or not by
    empty = made(who, "performances", later)
    gone = {"Idempotency-Key": str(uuid4())}
    address = f"{MANAGE}/performances/{empty['id']}"
    for _ in range(2):
        assert who.say("DELETE", address, **gone)[0] == 204
    assert who.say("DELETE", address)[0] == 404
    assert audit(performance_id=UUID(one["id"])) == ()


def test_a_change_that_comes_too_late_is_refused(hall: Hall, keyed: Callable[..., Speaker]) -> None:
    who, address = keyed("manage"), f"{MANAGE}/performances/{hall.performance_id}"
    _, _, read = who.get(address)
    mine = {"If-Match": read["ETag"]}
    changes = {"status": "closed", "reason": "rain"}
    status, told, answer = who.say("PATCH", address, changes, **mine)
    assert (status, told["status"]) == (200, "closed")
    assert answer["ETag"] != read["ETag"]
    status, told, _ = who.say("PATCH", address, {"status": "on_sale"}, **mine)
    assert (status, told["code"]) == (412, "changed_meanwhile")
    persian = {**mine, "Accept-Language": "fa"}
    assert "تغییر کرده" in who.say("PATCH", address, {}, **persian)[1]["detail"]
    assert (
        who.say("PATCH", address, {"status": "on_sale"}, **{"If-Match": answer["ETag"]})[0] == 200
    )
    notes = Note.objects.filter(performance=hall.performance_id, operation="change_performance")
    assert list(notes.order_by("id").values_list("reason", "facts__after")) == [
        ("rain", {"status": "closed"}),
        ("", {"status": "on_sale"}),
    ]


def test_what_a_row_cannot_be(hall: Hall, keyed: Callable[..., Speaker]) -> None:
    who = keyed("manage")
    for body, wrong in (
        ({**VENUE, "time_zone": "Mars/Base"}, "time_zone"),
        ({**VENUE, "name": "\x00"}, "name"),
        ({**VENUE, "total_capacity": -1}, "total_capacity"),
        ({**VENUE, "colour": "red"}, "colour"),
    ):
        status, told, _ = who.post(f"{MANAGE}/venues", body)
        assert (status, told["facts"]["argument"]) == (422, wrong)
    venue = EventPerformance.objects.get(pk=hall.performance_id).event.venue_id
    status, told, _ = who.say("PATCH", f"{MANAGE}/venues/{venue}", {"total_capacity": 20})
    assert (status, told["code"], told["facts"]["needed"]) == (409, "over_venue", 21)
    address = f"{MANAGE}/performances/{hall.performance_id}"
    assert who.post(f"{address}/postpone", {"reason": "snow"})[1]["status"] == "postponed"
    status, told, _ = who.say("PATCH", address, {"status": "on_sale"})
    assert (status, told["code"]) == (409, "wrong_status")
    assert who.say("PATCH", address, {"status": "cancelled"})[0] == 422


def test_a_key_for_some_events_sees_those(
    hall: Hall, make_stage: Callable[..., Any], keyed: Callable[..., Speaker]
) -> None:
    other = make_stage()
    own = EventPerformance.objects.get(pk=hall.performance_id).event
    who = keyed("manage", events=[own])
    for what, mine in (
        ("events", [str(own.pk)]),
        ("venues", [str(own.venue_id)]),
        ("performances", [str(hall.performance_id)]),
    ):
        assert [row["id"] for row in who.get(f"{MANAGE}/{what}")[1]["items"]] == mine
    for what in (f"events/{other.event_id}", f"venues/{other.venue_id}"):
        assert who.get(f"{MANAGE}/{what}")[0] == 404
    assert who.say("PATCH", f"{MANAGE}/venues/{own.venue_id}", {"name": "x"})[0] == 403
    assert who.say("PATCH", f"{MANAGE}/events/{own.pk}", {"title": "Opera"})[0] == 200
    assert who.post(f"{MANAGE}/venues", VENUE)[0] == 403
    body = {"event": str(other.event_id), "date": "2027-03-20", "start_time": "20:00"}
    assert who.post(f"{MANAGE}/performances", body)[0] == 404
    assert not Venue.objects.filter(name=VENUE["name"], total_capacity=-1).exists()
    assert TicketType.objects.filter(event=other.event_id).count() == 1
    assert not SeatingPlan.objects.filter(venue=other.venue_id).exists()


def test_two_who_ask_at_once_under_one_key_get_one_row(keyed: Callable[..., Speaker]) -> None:
    who, key, both = keyed("manage"), {"Idempotency-Key": str(uuid4())}, threading.Barrier(2)

    def ask(_: int) -> str:
        both.wait()
        try:
            return str(made(who, "venues", VENUE, **key)["id"])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(ask, range(2)))) == 1
    # Another key of the same house may use the same name for its own request.
    assert made(keyed("manage"), "venues", VENUE, **key)
