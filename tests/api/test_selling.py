"""Hold, confirm, extend, release and refund over HTTP: the services' outcomes as answers."""

from collections.abc import Callable
from typing import Any

import pytest
from engine.houses import snapshot

from fullhouse.events.models import Event, Movement, Reservation, Seat
from fullhouse.events.services.expire import expire

from .conftest import API, Hall, Speaker

pytestmark = pytest.mark.usefixtures("either_way")

KEY = "b9bd2f4e-1f43-4b09-9df5-e7f2d6f0a1aa"


def hold(who: Speaker, hall: Hall, *items: dict[str, Any], **body: Any) -> tuple[int, Any]:
    asked = {"items": list(items) or [adults(hall, 2)], **body}
    return who.post(f"{hall.url}/reservations", asked)[:2]


def adults(hall: Hall, quantity: int) -> dict[str, Any]:
    return {"section": "Stalls", "ticket_type": str(hall.adult), "quantity": quantity}


def url_of(held: Any) -> str:
    return f"{API}/performances/{held['performance']}/reservations/{held['id']}"


def test_from_hold_to_sale_to_refund(hall: Hall, public: Speaker) -> None:
    status, held = hold(public, hall, adults(hall, 2), customer="c-7", channel="web")
    assert (status, held["status"], held["total"], held["currency"]) == (
        201,
        "reserved",
        "40.00",
        "USD",
    )
    [line] = held["lines"]
    assert (line["section_name"], line["ticket_type_name"], line["quantity"]) == (
        "Stalls",
        "Adult",
        2,
    )
    mine = {"Reservation-Token": held["token"]}
    status, seen, _ = public.get(url_of(held), **mine)
    assert (status, seen["token"], seen["customer"]) == (200, None, "c-7")
    status, longer, _ = public.post(f"{url_of(held)}/extend", {"ttl_seconds": 1200}, **mine)
    assert (status, longer["expires_at"] > held["expires_at"]) == (200, True)
    status, sold, _ = public.post(f"{url_of(held)}/confirm", **mine)
    assert (status, sold["status"], sold["expires_at"]) == (200, "sold", None)
    part = {"lines": [{"line": line["id"], "quantity": 1}], "reason": "ill"}
    status, less, _ = public.post(f"{url_of(held)}/refund", part, **mine)
    assert (status, less["status"], less["total"]) == (200, "sold", "20.00")
    status, none, _ = public.post(f"{url_of(held)}/refund", None, **mine)
    assert (status, none["status"], none["total"]) == (200, "refunded", "0")
    movement = Movement.objects.filter(reservation_id=held["id"]).latest("at", "id")
    assert movement.actor == "public"


def test_seats_by_id_and_by_label(hall: Hall, public: Speaker) -> None:
    seat = Seat.objects.get(pk=hall.adult_seats[1])
    label = {"section": " STALLS ", "row": seat.row_number, "number": seat.seat_number}
    status, held = hold(public, hall, {"seat": label}, {"seat": str(hall.adult_seats[0])})
    assert (status, {line["seat"] for line in held["lines"]}) == (
        201,
        {str(each) for each in hall.adult_seats[:2]},
    )
    status, told = hold(public, hall, {"seat": str(hall.adult_seats[0])})
    assert (status, told["code"], told["facts"]["seat_ids"]) == (
        409,
        "seat_taken",
        [str(hall.adult_seats[0])],
    )
    status, held = hold(public, hall, {"seat": str(hall.pool_seats[0]), "ticket_type": "student"})
    assert (status, held["lines"][0]["ticket_type_name"]) == (201, "Student")


def test_release_gives_back_what_is_named(hall: Hall, public: Speaker) -> None:
    _, held = hold(public, hall, adults(hall, 3))
    mine = {"Reservation-Token": held["token"]}
    part = {"lines": [{"line": held["lines"][0]["id"], "quantity": 1}]}
    status, left, _ = public.post(f"{url_of(held)}/release", part, **mine)
    assert (status, left["status"], left["total"]) == (200, "reserved", "40.00")
    status, none, _ = public.post(f"{url_of(held)}/release", **mine)
    assert (status, none["status"]) == (200, "released")


def test_a_refusal_says_what_is_left_in_both_languages(hall: Hall, public: Speaker) -> None:
    before = snapshot(hall.performance_id)
    asked = {"items": [adults(hall, 50)]}
    status, told, _ = public.post(f"{hall.url}/reservations", asked)
    assert (status, told["code"], told["facts"]["left"]) == (409, "sold_out", 10)
    assert "10 left" in told["detail"]
    _, persian, response = public.post(
        f"{hall.url}/reservations", asked, **{"Accept-Language": "fa-IR,en;q=0.5"}
    )
    assert "مانده است" in persian["detail"]
    assert (response["Content-Language"], persian["facts"]) == ("fa", told["facts"])
    assert snapshot(hall.performance_id) == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{}]},
        {"items": [{"section": "Stalls", "quantity": 1}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult"}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 0}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": -1}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1.5}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": "1"}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 10**30}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1, "price": "0"}]},
        {"items": [{"section": "Nowhere", "ticket_type": "Adult", "quantity": 1}]},
        {"items": [{"section": "Stalls", "ticket_type": "Nobody", "quantity": 1}]},
        {"items": [{"seat": {"section": "Stalls", "row": "Z", "number": "99"}}]},
        {"items": [{"seat": "00000000-0000-4000-8000-000000000000"}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}], "ttl_seconds": 0},
        {"items": [{"section": "Sta\x00lls", "ticket_type": "Adult", "quantity": 1}]},
        {
            "items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}],
            "customer": "\x00",
        },
        [],
        "null",
        "{",
        '{"items": [{"seat": "\\ud800"}]}',
    ],
)
def test_a_wrong_body_moves_nothing(hall: Hall, public: Speaker, body: Any) -> None:
    before = snapshot(hall.performance_id)
    status, told, response = public.post(f"{hall.url}/reservations", body)
    assert status in (400, 422), told
    assert response["Content-Type"] == "application/problem+json"
    assert told["detail"]
    assert snapshot(hall.performance_id) == before


def test_nobody_else_learns_that_it_exists(
    hall: Hall, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    _, held = hold(public, hall)
    _, own = hold(public, hall)
    event = Event.objects.get(pk=hall.event_id)
    other = Event.objects.create(venue=event.venue, title="Other", slug=f"other-{event.pk}")
    missing = url_of({**held, "id": "00000000-0000-4000-8000-000000000000"})
    before = snapshot(hall.performance_id)
    wrong = {"Reservation-Token": own["token"]}
    for who in (public, keyed("read"), keyed("manage"), keyed("sell", events=[other])):
        for verb, body in (
            ("", None),
            ("/confirm", {}),
            ("/extend", {"ttl_seconds": 900}),
            ("/release", {}),
            ("/refund", {}),
        ):
            method = "POST" if verb else "GET"
            theirs = who.say(method, url_of(held) + verb, body, **wrong)
            nobodys = who.say(method, missing + verb, body, **wrong)
            assert (theirs[0], nobodys[0]) == (404, 404)
            assert theirs[1]["detail"].replace(held["id"], "") == nobodys[1]["detail"].replace(
                "00000000-0000-4000-8000-000000000000", ""
            )
    assert snapshot(hall.performance_id) == before
    for who in (keyed("sell"), keyed("admin"), keyed("sell", events=[event])):
        assert who.get(url_of(held))[0] == 200


def test_what_a_token_alone_may_do_is_a_setting(
    hall: Hall, public: Speaker, keyed: Callable[..., Speaker], settings: Any
) -> None:
    settings.FULLHOUSE_BUYERS_MAY = ["extend", "release"]
    _, held = hold(public, hall)
    mine = {"Reservation-Token": held["token"]}
    status, told, _ = public.post(f"{url_of(held)}/confirm", **mine)
    assert (status, told["code"], told["facts"]) == (403, "not_allowed", {"scope": "sell"})
    assert keyed("sell").post(f"{url_of(held)}/confirm")[1]["status"] == "sold"


def test_the_same_key_gives_the_same_answer(
    hall: Hall, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    asked = {"items": [adults(hall, 2)]}
    first = public.post(f"{hall.url}/reservations", asked, **{"Idempotency-Key": KEY})
    again = public.post(f"{hall.url}/reservations", asked, **{"Idempotency-Key": KEY})
    assert (first[0], first[1]) == (again[0], again[1])
    assert first[1]["token"]
    status, told, _ = public.post(
        f"{hall.url}/reservations", {"items": [adults(hall, 3)]}, **{"Idempotency-Key": KEY}
    )
    assert (status, told["code"]) == (409, "key_reused")
    # Another caller's key of the same name is another key.
    other = keyed("sell").post(f"{hall.url}/reservations", asked, **{"Idempotency-Key": KEY})
    assert (other[0], other[1]["id"] != first[1]["id"]) == (201, True)
    assert Reservation.objects.filter(performance=hall.performance_id).count() == 2
    confirmed = [
        public.post(
            f"{url_of(first[1])}/confirm",
            **{"Reservation-Token": first[1]["token"], "Idempotency-Key": KEY + "-c"},
        )[:2]
        for _ in range(2)
    ]
    assert confirmed[0] == confirmed[1]


def test_a_guessable_public_key_is_refused(hall: Hall, public: Speaker) -> None:
    asked = {"items": [adults(hall, 2)]}
    status, told, _ = public.post(f"{hall.url}/reservations", asked, **{"Idempotency-Key": "1"})
    assert (status, told["facts"]["argument"]) == (422, "Idempotency-Key")
    assert not Reservation.objects.filter(performance=hall.performance_id).exists()


def test_an_overdue_hold_is_expired_before_it_is_swept(hall: Hall, public: Speaker) -> None:
    from django.db import connection, transaction

    _, held = hold(public, hall)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_reservation SET expires_at = now() - interval '1 second' WHERE id = %s",
            [held["id"]],
        )
    mine = {"Reservation-Token": held["token"]}
    assert public.get(url_of(held), **mine)[1]["status"] == "expired"
    status, told, _ = public.post(f"{url_of(held)}/confirm", **mine)
    assert (status, told["code"]) == (409, "expired")
    expire(performance_id=hall.performance_id)
    assert public.get(url_of(held), **mine)[1]["status"] == "expired"
    status, late, _ = public.post(f"{url_of(held)}/confirm", {"late": True}, **mine)
    assert (status, late["status"]) == (200, "sold")


def test_the_best_seats_for_a_party(hall: Hall, public: Speaker) -> None:
    for row, seats in enumerate((hall.adult_seats, hall.pool_seats), start=1):
        for place, seat in enumerate(seats, start=1):
            Seat.objects.filter(pk=seat).update(row_rank=row, seat_rank=place)
    status, held = hold(public, hall, {"best_available": {"quantity": 3, "sections": ["stalls"]}})
    assert (status, held["choice"]["parts"]) == (201, 1)
    assert [line["quantity"] for line in held["lines"]] == [1, 1, 1]
    numbers = {line["number"] for line in held["lines"]}
    assert len(numbers) == 3
    before = snapshot(hall.performance_id)
    status, told = hold(public, hall, {"best_available": {"quantity": 5}})
    assert (status, told["code"]) == (409, "sold_out")
    for items in (
        [{"best_available": {"quantity": 0}}],
        [{"best_available": {"quantity": 1}}, adults(hall, 1)],
        [{"best_available": {"quantity": 1}, "section": "Stalls"}],
        [{"best_available": {"quantity": 1, "sections": ["Nowhere"]}}],
    ):
        assert hold(public, hall, *items)[0] == 422, items
    assert snapshot(hall.performance_id) == before


def test_an_exchange_tells_the_difference(
    hall: Hall, public: Speaker, make_stage: Callable[..., Any]
) -> None:
    _, held = hold(public, hall, adults(hall, 2))
    mine = {"Reservation-Token": held["token"]}
    public.post(f"{url_of(held)}/confirm", **mine)
    student = {"section": "Stalls", "ticket_type": "Student", "quantity": 1}
    line = {"line": held["lines"][0]["id"], "quantity": 1}
    status, done, _ = public.post(
        f"{url_of(held)}/exchange", {"items": [student], "lines": [line]}, **mine
    )
    assert (status, done["given_up"], done["total"], done["difference"]) == (
        200,
        "20.00",
        "10.00",
        "-10.00",
    )
    assert (done["reservation"]["id"], done["reservation"]["total"]) == (held["id"], "30.00")
    before = snapshot(hall.performance_id)
    many = {"items": [{**student, "quantity": 50}]}
    status, told, _ = public.post(f"{url_of(held)}/exchange", many, **mine)
    assert (status, told["code"]) == (409, "sold_out")
    assert public.post(f"{url_of(held)}/exchange", many)[0] == 404
    assert snapshot(hall.performance_id) == before
