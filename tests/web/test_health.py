"""`/livez` and `/readyz` tell a load balancer whether to send visitors here."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize("name", ["readyz", "healthz"])
def test_well(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(f"web:{name}"))
    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_without_a_database(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", fail)
        response = client.get("/readyz")
        alive = client.get("/livez")
    assert response.status_code == 503
    assert b"10.0.0.7" not in response.content
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


def test_browsers_that_ask_for_an_icon_find_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200
