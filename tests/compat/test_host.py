"""In a project with an `events` app of its own, and under a crowd of its processes."""

import json
import warnings
from typing import Any

import pytest

from fullhouse.compat import performance
from fullhouse.events.models import ReservationLine
from fullhouse.events.services.audit import audit
from tests.engine.houses import Part, build

from . import old_system
from .conftest import Evening, Program

PROCESSES, THREADS = 4, 4


def run(program: Program, evening: Evening) -> dict[str, Any]:
    process = program(evening.schema, "surface", evening.performance)
    answer, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return dict(json.loads(answer))


def test_before_the_cut_over(old_evening: Evening, program: Program) -> None:
    assert run(program, old_evening) == {
        "authority": "legacy",
        "apps": ["events"],
        "models": ["events.models", "events.models"],
        "reserved": [True, "Balcony"],
        "booked": [True, False],
        "released": [True, False],
        "left": 97,
        "column": True,
        "section": "VIP",
        "new_call": None,
        "summary": {
            "max_capacity": 100,
            "current_capacity": 3,
            "available_capacity": 97,
            "occupancy_rate": 3.0,
        },
    }


def test_after_the_cut_over(new_evening: Evening, program: Program) -> None:
    build(new_evening.performance, Part(None, 14))
    assert run(program, new_evening) == {
        "authority": "fullhouse",
        "apps": ["events"],
        "models": ["events.models", "events.models"],
        "reserved": [True, "Balcony"],
        "booked": [True, False],
        "released": [True, False],
        "left": 17,
        "column": True,
        "section": "VIP",
        "new_call": 17,
        "summary": {
            "max_capacity": 20,
            "current_capacity": 3,
            "available_capacity": 17,
            "occupancy_rate": 15.0,
        },
    }
    assert list(audit(performance_id=new_evening.performance)) == []


def crowd(program: Program, evening: Evening, count: int, *actions: str) -> dict[str, int]:
    """Let 16 callers in 4 processes act at once, `count` places each; return what they heard."""
    sellers = [
        program(
            evening.schema, "race", evening.performance, THREADS, count, actions[n % len(actions)]
        )
        for n in range(PROCESSES)
    ]
    for seller in sellers:
        assert seller.stdout is not None
        assert seller.stdout.readline() == "ready\n"
    for seller in sellers:
        assert seller.stdin is not None
        seller.stdin.write("go\n")
        seller.stdin.flush()
    heard = {"granted": 0, "refused": 0}
    for seller in sellers:
        answer, errors = seller.communicate(timeout=60)
        assert seller.returncode == 0, errors
        told = json.loads(answer)
        assert told["failed"] == []
        heard = {name: heard[name] + told[name] for name in heard}
    return heard


@pytest.mark.race
def test_sixteen_sellers_before_the_cut_over(old_evening: Evening, program: Program) -> None:
    assert crowd(program, old_evening, 20, "book") == {"granted": 5, "refused": 11}
    assert old_system.used(old_evening.schema, old_evening.performance) == 100


@pytest.mark.race
def test_sixteen_sellers_after_the_cut_over(new_evening: Evening, program: Program) -> None:
    kinds = (Part(new_evening.vip, 30), Part(new_evening.normal, 45), Part(None, 25))
    build(new_evening.performance, *kinds)
    assert crowd(program, new_evening, 20, "book") == {"granted": 5, "refused": 11}
    lines = ReservationLine.objects.filter(performance=new_evening.performance, status="sold")
    assert sum(line.quantity for line in lines) == 100
    assert list(audit(performance_id=new_evening.performance)) == []


@pytest.mark.race
@pytest.mark.parametrize("side", ["old_evening", "new_evening"])
def test_one_seat_each_for_two_of_sixteen(
    side: str, request: pytest.FixtureRequest, program: Program
) -> None:
    evening: Evening = request.getfixturevalue(side)
    assert crowd(program, evening, 1, "reserve") == {"granted": 2, "refused": 14}
    if side == "old_evening":
        assert old_system.used(evening.schema, evening.performance) == 2
        assert old_system.statuses(evening.schema, evening.performance).count("reserved") == 2
    else:
        assert list(audit(performance_id=evening.performance)) == []


@pytest.mark.race
def test_nothing_is_given_back_twice(new_evening: Evening, program: Program) -> None:
    build(new_evening.performance, Part(None, 60), Part(new_evening.normal, 40))
    evening = performance(new_evening.performance)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert all(evening.book_capacity(places) for places in (7, 30, 3, 45, 15))
    assert crowd(program, new_evening, 20, "release") == {"granted": 5, "refused": 11}
    assert list(audit(performance_id=new_evening.performance)) == []


@pytest.mark.race
def test_sales_and_returns_at_once_add_up(new_evening: Evening, program: Program) -> None:
    build(new_evening.performance, Part(None, 60), Part(new_evening.normal, 100))
    evening = performance(new_evening.performance)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert evening.book_capacity(80)
    heard = crowd(program, new_evening, 10, "book", "release")
    assert heard == {"granted": 16, "refused": 0}
    lines = ReservationLine.objects.filter(performance=new_evening.performance, status="sold")
    assert sum(line.quantity for line in lines) == 80
    assert list(audit(performance_id=new_evening.performance)) == []
