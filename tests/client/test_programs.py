"""The examples, each as a program of its own against a served house; and a stream over a wire."""

import subprocess
import sys
from pathlib import Path

from fullhouse.client import Client
from fullhouse.events.models import Reservation
from fullhouse.events.services.changes import changes_since
from fullhouse.events.services.reserve import SeatRequest, reserve

from .conftest import Hall

EXAMPLES = Path(__file__).parents[2] / "examples"


def program(name: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(EXAMPLES / name), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_buying_two_places_and_giving_them_back(hall: Hall, server: str) -> None:
    with program("client_buy.py", server) as buying:
        told, wrong = buying.communicate(timeout=60)
    assert (buying.returncode, wrong) == (0, "")
    assert "Given back: refunded" in told
    [sale] = Reservation.objects.filter(channel="example")
    assert sale.status == "refunded"


def test_watching_seats_change(hall: Hall, server: str) -> None:
    with program("client_watch.py", server, hall.performance_id, 1) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "Watching 6 seats, 6 free\n"
        reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
        told, wrong = watching.communicate(timeout=60)
    assert (watching.returncode, wrong) == (0, "")
    assert told.endswith(" is held\n")


def test_a_stream_resumes_after_what_was_heard(hall: Hall, server: str) -> None:
    before = changes_since(performance_id=hall.performance_id, cursor=None).position
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    with Client(server) as house:
        told = next(house.stream(hall.performance_id, before))
    assert (told.event, told.data["performance"]) == ("change", str(hall.performance_id))
    assert "seats" in told.data["changed"]
