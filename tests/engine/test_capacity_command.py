"""`fullhouse capacity`: for people and, with --json, for programs; the exit code tells."""

import json
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from fullhouse.events.services.reserve import Places, reserve

from .conftest import Hall
from .houses import counters, make_overdue


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("capacity", *map(str, arguments), stdout=out, no_color=True)
    return out.getvalue()


def test_a_sound_house_adds_up(hall: Hall) -> None:
    assert "Everything adds up" in run("audit", "--performance", hall.performance_id)
    assert json.loads(run("audit", "--performance", hall.performance_id, "--json")) == {
        "clean": True,
        "findings": [],
    }


def test_a_broken_house_exits_4_and_names_the_row(hall: Hall) -> None:
    out = StringIO()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL fullhouse.engine = 'on'")
            cursor.execute(
                "UPDATE events_seat SET status = 'sold' WHERE id = %s", [hall.adult_seats[0]]
            )
        for more in ([], ["--json"]):
            out = StringIO()
            with pytest.raises(CommandError) as stopped:
                call_command(
                    "capacity",
                    "audit",
                    "--performance",
                    str(hall.performance_id),
                    *more,
                    stdout=out,
                    no_color=True,
                )
            assert stopped.value.returncode == 4
            assert str(hall.adult_seats[0]) in out.getvalue()
        transaction.set_rollback(True)
    found = json.loads(out.getvalue())["findings"]
    assert {each["rule"] for each in found} == {"I5", "I6"}


def test_the_engine_is_listed(hall: Hall) -> None:
    assert "reserve_v1" in run("engine")
    listed = json.loads(run("engine", "--json"))
    assert listed["clean"]
    assert {"kind": "routine", "name": "audit_v1"} in listed["installed"]


def test_a_changed_engine_exits_4(hall: Hall) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION availability_v1")
        with pytest.raises(CommandError) as stopped:
            run("engine")
        transaction.set_rollback(True)
    assert stopped.value.returncode == 4


def test_holds_are_swept(hall: Hall) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(3, allocation_id=hall.pool)]
    )
    make_overdue(held.reservation_id)

    swept = json.loads(run("expire", "--json"))

    assert swept["holds"] >= 1
    assert counters(hall.pool) == (6, 4, 0, 0)
    assert "hold(s) expired" in run("expire")


def test_availability_is_shown(hall: Hall) -> None:
    shown = run("availability", hall.performance_id)
    assert "21 places available" in shown
    assert "Student" in shown
    assert "pool" in shown
    found = json.loads(run("availability", hall.performance_id, "--json"))
    assert found["sections"][0]["ticket_types"][1]["final_price"] == "10.00"


def test_an_unknown_performance_exits_2(hall: Hall) -> None:
    with pytest.raises(CommandError) as stopped:
        run("availability", uuid4())
    assert stopped.value.returncode == 2


@pytest.mark.parametrize("action", ["audit", "engine", "expire", "availability"])
def test_help_has_examples_and_exit_codes(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("capacity", action, "--help")
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert f"fullhouse capacity {action}" in shown
    assert "Exit codes" in shown
