"""Django and the gate say the same, to the byte and the header."""

import gzip
import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from engine.houses import make_overdue

from fullhouse.api import limits
from fullhouse.events.models import EventPerformance, EventSection

from .conftest import Hall, Speaker
from .over_asgi import GateInProcess

_OWN = {"x-request-id", "ratelimit-reset"}
KEY = "3f1b6f4c-7a44-4a2f-9d0e-5a1c6e2d9b10"


def seen(response: HttpResponse) -> tuple[Any, ...]:
    headers = {k.lower(): v for k, v in response.items() if k.lower() not in _OWN}
    vary = {part.strip().lower() for part in headers.pop("vary", "").split(",")}
    body = response.content
    # Django leaves it to the server where the edge itself refuses.
    assert headers.pop("content-length", str(len(body))) == str(len(body))
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)  # some bytes of the packed one are random
    return response.status_code, body, headers, vary


def both(
    gate: GateInProcess, method: str, url: str, body: Any = None, **headers: str
) -> tuple[Any, Any]:
    """Ask both the same, each with windows of its own."""
    answers = []
    for client in (Client(), gate):
        limits.forget()
        text = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        answers.append(
            client.generic(method, url, text, content_type="application/json", headers=headers)
        )
    return seen(answers[0]), seen(answers[1])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Language": "fa-IR,en;q=0.5"},
        {"Accept-Encoding": "gzip, br"},
        {"X-Request-ID": "order-7", "Origin": "https://shop.example"},
        {"Cookie": "django_language=fa; a=b"},
        {"If-None-Match": '"nothing"'},
        {"If-None-Match": "*", "Accept-Encoding": "gzip"},
        {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"Authorization": "Bearer fh_a_b"},
        {"Authorization": "Basic eDp5"},
    ],
)
def test_reading(hall: Hall, gate: GateInProcess, headers: dict[str, str], settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]
    for path in ("availability", "seats", "seats?since=0123456789abcdef", "seats?since=,"):
        django, ours = both(gate, "GET", f"{hall.url}/{path}", **headers)
        assert ours == django, path


def test_what_was_read_is_compared(hall: Hall, gate: GateInProcess) -> None:
    for encoding in ("identity", "gzip"):
        first = gate.get(f"{hall.url}/availability", headers={"Accept-Encoding": encoding})
        asked = {"If-None-Match": first["ETag"], "Accept-Encoding": encoding}
        django, ours = both(gate, "GET", f"{hall.url}/availability", **asked)
        assert ours == django
        assert ours[0] == 304


def test_holding_again_under_a_key(hall: Hall, gate: GateInProcess) -> None:
    """What one of them granted the other repeats."""
    item = {"section": "Stalls", "ticket_type": "adult", "quantity": 2}
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Language": "fa"}):
        asked = {"items": [item], "customer": "c"}
        django, ours = both(
            gate, "POST", f"{hall.url}/reservations", asked, **headers, **{"Idempotency-Key": KEY}
        )
        assert ours == django
        assert ours[0] == 201


@pytest.mark.parametrize("currency", ["USD", "IRR"])
def test_a_hold_is_told_as_it_is_read(hall: Hall, gate: GateInProcess, currency: str) -> None:
    """The gate words a hold that it has just made without reading it."""
    EventSection._base_manager.filter(pk=hall.section_id).update(currency=currency)
    section, adult = str(hall.section_id), str(hall.adult)
    for number, item in enumerate(
        (
            {"section": section, "ticket_type": adult, "quantity": 2},
            {"section": "Stalls", "ticket_type": "student", "quantity": 3},
            {"section": section, "ticket_type": adult, "quantity": 5},  # one of them from the pool
        )
    ):
        asked = json.dumps({"items": [item], "customer": "علی", "channel": "web"})
        made, again = (
            client.generic(
                "POST",
                f"{hall.url}/reservations",
                asked,
                content_type="application/json",
                headers={"Idempotency-Key": f"{KEY}-{number}"},
            )
            for client in (gate, Client())
        )
        assert (made.status_code, again.status_code) == (201, 201)
        assert made.content == again.content


@pytest.mark.parametrize("status", ["draft", "cancelled", "on_sale"])
def test_who_may_not_see_a_performance_hears_nothing_else(
    hall: Hall, gate: GateInProcess, status: str
) -> None:
    place = {"section": str(hall.section_id), "ticket_type": str(hall.adult), "quantity": 1}
    url = f"{hall.url}/reservations"
    held = gate.generic(
        "POST", url, json.dumps({"items": [place]}), headers={"Idempotency-Key": KEY}
    )
    assert held.status_code == 201
    EventPerformance.objects.filter(pk=hall.performance_id).update(status=status)
    for items in ([place], [{**place, "quantity": 2}], [place, place]):
        for key in (KEY, "short", KEY + status):
            django, ours = both(gate, "POST", url, {"items": items}, **{"Idempotency-Key": key})
            assert ours == django, (items, key)
            assert (ours[0] == 404) == (status == "draft")


@pytest.mark.parametrize(
    "body",
    [
        {"items": []},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1.0}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 100_001}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 90}]},
        {"items": [{"section": "Nowhere", "ticket_type": "Adult", "quantity": 101}]},
        {
            "items": [{"section": "Nowhere", "ticket_type": "Adult", "quantity": 1}],
            "ttl_seconds": 9000,
        },
        {"items": [{"section": "Nowhere", "ticket_type": "Adult", "quantity": 1}]},
        {"items": [{"section": "Stalls", "ticket_type": "Nobody", "quantity": 1}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}] * 2},
        {"items": [{"seat": "00000000-0000-4000-8000-000000000000"}]},
        {"items": [{"seat": {"plan_version": 9999, "ordinal": 0}}]},
        {"items": [{"seat": {"section": "Stalls", "row": "Z", "number": "9"}}]},
        {"items": [{"best_available": {"quantity": 90}}]},
        {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}], "customer": "\0"},
        "{",
        "[" * 5000,
        '{"items": [{"seat": "\\ud800"}]}',
        '{"items": [{"section": "\\ud800x", "ticket_type": "Adult", "quantity": 1}]}',
        "",
    ],
)
def test_refusing(hall: Hall, gate: GateInProcess, body: Any) -> None:
    for language in ("en", "fa"):
        django, ours = both(
            gate, "POST", f"{hall.url}/reservations", body, **{"Accept-Language": language}
        )
        assert ours == django
        assert ours[0] in (400, 404, 409, 422)


def test_changing(hall: Hall, gate: GateInProcess) -> None:
    item = {"section": "Stalls", "ticket_type": "Adult", "quantity": 1}
    held = Speaker().post(f"{hall.url}/reservations", {"items": [item]})[1]
    url = f"{hall.url}/reservations/{held['id']}"
    mine = {"Reservation-Token": held["token"]}
    for verb, body, headers in (
        ("confirm", None, {}),
        ("confirm", {}, {"Reservation-Token": "other"}),
        ("confirm", {"late": "perhaps"}, mine),
        ("extend", {"ttl_seconds": 1}, mine),
        ("extend", None, mine),
        ("release", {"lines": []}, mine),
        ("release", {"lines": [{"line": held["id"]}]}, mine),
        ("confirm", None, {**mine, "Idempotency-Key": "short"}),
        ("confirm", None, {**mine, "Idempotency-Key": KEY + "-c"}),
        ("confirm", None, {**mine, "Idempotency-Key": KEY + "-c"}),
        ("release", None, mine),
        ("refund", None, {**mine, "Idempotency-Key": KEY + "-r"}),
    ):
        django, ours = both(gate, "POST", f"{url}/{verb}", body, **headers)
        assert ours == django, (verb, body)


def test_too_many(hall: Hall, gate: GateInProcess, settings: Any) -> None:
    settings.FULLHOUSE_PUBLIC_READS_PER_MINUTE = 0
    django, ours = both(gate, "GET", f"{hall.url}/availability")
    assert ours == django
    assert ours[0] == 429


@pytest.mark.parametrize("host", ["elsewhere.example", "", "a b", "testserver:80"])
def test_names_of_the_server(hall: Hall, gate: GateInProcess, host: str) -> None:
    response = gate.get(f"{hall.url}/availability", headers={"Host": host})
    assert response.status_code == (200 if host == "testserver:80" else 400)


def test_an_overdue_hold(hall: Hall, gate: GateInProcess) -> None:
    item = {"section": "Stalls", "ticket_type": "Adult", "quantity": 1}
    held = Speaker().post(f"{hall.url}/reservations", {"items": [item]})[1]
    make_overdue(held["id"])
    mine = {"Reservation-Token": held["token"]}
    django, ours = both(gate, "POST", f"{hall.url}/reservations/{held['id']}/confirm", **mine)
    assert ours == django
    assert ours[0] == 409
