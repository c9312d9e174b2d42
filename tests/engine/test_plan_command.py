"""`fullhouse plan`, and the past in `fullhouse capacity`: for people and for programs."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import SeatingPlan
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import SeatRequest, reserve

from .conftest import Hall
from .test_repair import MENDED, forge

CSV = (
    "section,row,seat,category,accessible,area,places\n"
    "Stalls,A,1,Gold,1,,\nStalls,A,2,Gold,,,\nStalls,B,1,Silver,,,\nPit,,,Silver,,Floor,20\n"
)


def run(command: str, *arguments: Any) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=StringIO(), no_color=True)
    return out.getvalue()


def refused(command: str, *arguments: Any) -> CommandError:
    with pytest.raises(CommandError) as stopped:
        run(command, *arguments)
    return stopped.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "hall.csv"
    made.write_text(CSV, encoding="utf-8")
    return made


def test_a_plan_from_file_to_performance(
    db_committed: None, make_stage: Callable[..., Any], file: Path, tmp_path: Path
) -> None:
    name, stage = f"Hall {uuid7()}", make_stage(types=("Adult", "VIP"))
    kept = json.loads(run("plan", "import", file, "--name", name, "--json"))
    assert (kept["version"], kept["seats"], kept["places"], kept["new"]) == (1, 3, 23, True)
    assert "there already" in run("plan", "import", file, "--name", name)
    assert name in {one["name"] for one in json.loads(run("plan", "list", "--json"))["plans"]}
    assert "Places" in run("plan", "list")
    assert "Stalls" in run("plan", "show", "--name", name)
    there = ["--plan", name, "--performance", stage.performance_id, "--price", "20"]
    opened = json.loads(run("plan", "apply", *there, "--types", "Gold=VIP", "--json"))
    assert opened["max_capacity"] == 23
    assert {a["ticket_type_id"] for s in opened["sections"] for a in s["allocations"]} == {
        str(stage.ticket_type_ids[1]),
        None,
    }
    file.write_text(CSV + "Stalls,B,2,Silver,,,\n", encoding="utf-8")
    run("plan", "import", file, "--name", name)
    assert "Would change: 1 seat(s) added" in run("plan", "change", *there, "--dry-run")
    assert "Changed: 1 seat(s) added" in run("plan", "change", *there)
    assert json.loads(run("plan", "change", *there, "--json"))["added"] == 0
    output = tmp_path / "out.json"
    told = run(
        "plan", "export", "--name", name, "--format", "pretix", "--output", output, "--json",
        "--language", "fa",
    )  # fmt: skip
    assert any("ویلچر" in one for one in json.loads(told)["lost"])
    assert json.loads(output.read_text("utf-8"))["zones"][0]["name"] == "Stalls"
    assert run("plan", "export", "--name", name, "--format", "csv").startswith("section,")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("section,row,seat\nStalls,A,1\nStalls,a,01\n", "line 3"),
        ("\x00", "line 1"),
        ('{"name": ', "line 1"),
        ("", "line 1"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    db_committed: None, tmp_path: Path, text: str, told: str
) -> None:
    before = SeatingPlan.objects.count()
    for ending in ("csv", "json"):
        bad = tmp_path / f"bad.{ending}"
        bad.write_text(text, encoding="utf-8")
        stopped = refused("plan", "import", bad, "--name", "Bad")
        assert stopped.returncode == 2
        assert told.split(" ")[0] in str(stopped)
    assert SeatingPlan.objects.count() == before


def test_what_cannot_be_read_or_meant_exits_2(
    db_committed: None, make_stage: Callable[..., Any], file: Path, tmp_path: Path
) -> None:
    name, stage = f"Hall {uuid7()}", make_stage()
    (tmp_path / "latin.csv").write_bytes(b"section\nB\xe4lle")
    for bad in (tmp_path / "none.csv", tmp_path, tmp_path / "latin.csv"):
        assert refused("plan", "import", bad, "--name", "Bad").returncode == 2
    run("plan", "import", file, "--name", name)
    there = ["plan", "apply", "--plan", name, "--performance", stage.performance_id]
    for more in (
        [],
        ["--price", "-1"],
        ["--price", "1.005"],
        ["--price", "NaN"],
        ["--price", "5", "--prices", "Gold"],
        ["--price", "5", "--prices", "Bronze=1"],
        ["--price", "5", "--types", "Gold=Nobody"],
        ["--price", "5", "--version", "9"],
        ["--price", "5", "--currency", "euro"],
    ):
        assert refused(*there, *more).returncode == 2, more
    assert refused("plan", "show", "--name", "no such plan").returncode == 2


def test_the_past_and_the_story(hall: Hall) -> None:
    hold = reserve(
        performance_id=hall.performance_id,
        requests=[SeatRequest(hall.adult_seats[0])],
        actor="web",
        reason="first in line",
    )
    confirm(performance_id=hall.performance_id, reservation_id=hold.reservation_id, actor="till 3")
    here = ["--performance", hall.performance_id]
    now = json.loads(run("capacity", "at", *here, "--json"))
    assert now["places"]["sold"] == 1
    assert "sold" in run("capacity", "at", *here, "--seats")
    assert "0" in run("capacity", "at", *here, "--time", "2020-01-01T10:00")
    assert refused("capacity", "at", *here, "--time", "soon").returncode == 2
    for asked in (
        ["--seat", hall.adult_seats[0]],
        ["--seat", "Stalls/R0/1", *here],
        ["--reservation", hold.reservation_id],
        ["--allocation", hall.adult_places],
    ):
        told = run("capacity", "explain", *asked)
        assert "1 place was held" in told
        assert "by web. Reason: first in line." in told
        assert "1 place was sold out of the hold" in told
        persian = run("capacity", "explain", *asked, "--language", "fa")
        assert "۱ جا رزرو شد" in persian or "1 جا رزرو شد" in persian
        assert "دلیل: first in line" in persian
    story = json.loads(run("capacity", "explain", "--seat", hall.adult_seats[0], "--json"))
    assert [one["to_state"] for one in story["entries"]] == ["reserved", "sold"]
    assert (story["now"], story["earlier"]) == ("sold", 0)
    one = json.loads(
        run("capacity", "explain", "--seat", hall.adult_seats[0], "--last", "1", "--json")
    )
    assert (len(one["entries"]), one["earlier"]) == (1, 1)
    for wrong in (["--seat", uuid7()], ["--seat", "A-1"], ["--allocation", uuid7()]):
        assert refused("capacity", "explain", *wrong).returncode == 2


def test_repairs_are_shown_before_they_are_done(hall: Hall) -> None:
    forge({"pool": hall.pool}, MENDED["a free seat miscounted"][0])
    here = ["audit", "--performance", hall.performance_id, "--repair"]
    assert refused("capacity", *here).returncode == 4  # shown; nobody was there to be asked
    assert refused("capacity", *here, "--yes").returncode == 2  # no reason
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("capacity", *map(str, here), "--json", stdout=out)
    (plan,) = json.loads(out.getvalue())["performances"]
    assert (plan["done"], plan["steps"][0]["table"]) == (False, "events_sectiontickettype")
    assert "1 row(s) mended" in run("capacity", *here, "--yes", "--reason", "miscounted")
    assert "Everything adds up" in run("capacity", "audit", "--performance", hall.performance_id)
