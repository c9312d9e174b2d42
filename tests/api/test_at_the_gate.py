"""What only the gate does: serve many together, take back what nobody asks for, recover."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from fullhouse.events.models import Reservation
from fullhouse.gate import application
from fullhouse.gate.database import CONNECTIONS

from .conftest import Hall
from .over_asgi import GateInProcess


def adults(quantity: int) -> str:
    item = {"section": "Stalls", "ticket_type": "Adult", "quantity": quantity}
    return json.dumps({"items": [item]})


def statuses(hall: Hall) -> list[str]:
    found = Reservation.objects.filter(performance=hall.performance_id).order_by("id")
    return list(found.values_list("status", flat=True))


def test_many_at_once_get_what_there_is(hall: Hall, gate: GateInProcess) -> None:
    """Six adult places have no number, and six the pool and students; asked for by 30."""

    async def all_at_once() -> list[Any]:
        url = f"{hall.url}/reservations"
        asks = [gate.ask("POST", url, adults(1 + n % 2)) for n in range(30)]
        return await asyncio.gather(*asks)

    told = gate.wait(all_at_once())
    granted = [json.loads(each.content) for each in told if each.status_code == 201]
    places = sum(line["quantity"] for held in granted for line in held["lines"])
    assert places == 10  # six of the type's own, four of the pool's
    assert Counter(each.status_code for each in told) == {201: len(granted), 409: 30 - len(granted)}
    assert {json.loads(each.content)["code"] for each in told if each.status_code == 409} == {
        "sold_out"
    }
    assert len({held["id"] for held in granted}) == len(granted) == len(statuses(hall))


def test_who_asks_twice_at_once_gets_one_answer(hall: Hall, gate: GateInProcess) -> None:
    """The same call, combined with itself: one hold, its lines once, its price once."""

    async def at_once(url: str, body: str, key: str, token: str = "") -> list[Any]:
        headers = {"Idempotency-Key": key, "Reservation-Token": token}
        told = [gate.ask("POST", url, body, headers=headers) for _ in range(12)]
        return [(each.status_code, each.content) for each in await asyncio.gather(*told)]

    url = f"{hall.url}/reservations"
    held = gate.wait(at_once(url, adults(2), "k" * 20))
    assert len(set(held)) == 1
    status, told = held[0][0], json.loads(held[0][1])
    assert (status, len(told["lines"]), told["total"]) == (201, 1, "40.00")
    sold = gate.wait(at_once(f"{url}/{told['id']}/confirm", "{}", "c" * 20, told["token"]))
    assert len(set(sold)) == 1
    assert (sold[0][0], json.loads(sold[0][1])["total"]) == (200, "40.00")
    assert statuses(hall) == ["sold"]


@pytest.mark.parametrize(("key", "left"), [(None, "released"), ("k" * 20, "reserved")])
def test_a_hold_that_nobody_can_ask_for_again_is_given_back(
    hall: Hall, gate: GateInProcess, key: str | None, left: str
) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    gate.wait(gate.ask("POST", f"{hall.url}/reservations", adults(2), headers=headers, goes=True))
    desk = gate.application._desks[hall.performance_id]
    gate.wait(desk.finish())
    assert statuses(hall) == [left]


def test_lost_connections_are_made_anew(hall: Hall, gate: GateInProcess) -> None:
    url = f"{hall.url}/reservations"
    assert gate.generic("POST", url, adults(1)).status_code == 201
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    # More calls than there are connections: each may find one that is lost.
    told = [gate.generic("POST", url, adults(1)) for _ in range(CONNECTIONS + 2)]
    assert {each.status_code for each in told} <= {201, 409, 503}
    for each in told:
        if each.status_code == 503:
            assert (json.loads(each.content)["code"], each["Retry-After"]) == ("busy", "1")
    granted = sum(each.status_code == 201 for each in told)
    assert granted > 0
    assert statuses(hall) == ["reserved"] * (1 + granted)


def test_more_than_fit_are_told_to_come_back(
    hall: Hall, gate: GateInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "MOST_INSIDE", 0)
    response = gate.generic("POST", f"{hall.url}/reservations", adults(1))
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert json.loads(response.content)["code"] == "busy"
    monkeypatch.undo()
    assert gate.generic("POST", f"{hall.url}/reservations", adults(1)).status_code == 201
