"""One line a request, with its id and without secrets."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fullhouse.telemetry.logs import ACCESS

from .conftest import Hall, Speaker


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    """The records of the access log."""
    found: list[Any] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    log, handler, before = logging.getLogger(ACCESS), Kept(), logging.getLogger(ACCESS).level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield found
    log.removeHandler(handler)
    log.setLevel(before)


def test_a_request_is_one_line_with_its_id_and_its_callers(
    hall: Hall, keyed: Callable[..., Speaker], lines: list[Any]
) -> None:
    who = keyed("sell")
    body = {
        "items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}],
        "customer": "parisa@example.org",
    }
    status, hold, response = who.post(f"{hall.url}/reservations", body, **{"X-Request-ID": "o-7"})
    assert status == 201
    [line] = lines
    assert (line.request_id, response["X-Request-ID"]) == ("o-7", "o-7")
    assert (line.method, line.status, line.route) == (
        "POST",
        201,
        "/api/v1/performances/<uuid:performance_id>/reservations",
    )
    _, prefix, secret = who._headers["Authorization"].removeprefix("Bearer ").split("_", 2)
    assert line.key == prefix
    shown = json.dumps({name: str(value) for name, value in vars(line).items()})
    for private in (secret, hold["token"], "parisa", str(hall.performance_id)):
        assert private not in shown


def test_pages_have_an_id_too(hall: Hall, public: Speaker, lines: list[Any]) -> None:
    response = public._client.get("/livez", headers={"X-Request-ID": "x" * 101})
    [line] = lines
    assert (len(line.request_id), line.request_id) == (32, response["X-Request-ID"])
    assert line.key is None


PROGRAM = """
import django, logging
django.setup()
from django.test import Client
Client().get("/livez?token=secret", headers={"Host": "localhost", "X-Request-ID": "r-1"})
try:
    raise ValueError("تهران")
except ValueError:
    logging.getLogger("fullhouse.somewhere").exception("broke")
logging.getLogger("fullhouse.somewhere").info("nothing to say")
"""


def said(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()


def test_as_json_each_line_is_an_object() -> None:
    access, error = map(json.loads, said(FULLHOUSE_LOG="json"))
    assert {name: access[name] for name in ("level", "logger", "request_id", "status", "key")} == {
        "level": "INFO",
        "logger": ACCESS,
        "request_id": "r-1",
        "status": 200,
        "key": None,
    }
    assert (access["method"], access["route"]) == ("GET", "/livez")
    assert access["ms"] >= 0
    assert access["at"].endswith("+00:00")
    assert (error["level"], error["message"]) == ("ERROR", "broke")
    assert "ValueError: تهران" in error["exc_info"]


def test_as_text_only_what_goes_wrong_is_said_unless_asked() -> None:
    assert said()[0] == "broke"
    first = said(FULLHOUSE_ACCESS_LOG="1")[0]
    assert " GET /livez 200 " in first
    assert first.endswith("r-1 key=None")


def test_another_style_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from fullhouse.site.cli import main; main()", "check"],
        env=os.environ | {"FULLHOUSE_LOG": "xml"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "fullhouse: FULLHOUSE_LOG must be text or json, not 'xml'.\n",
    )
