"""`fullhouse demo` from nothing, and again: one house, one story, two evenings."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scratch import ROOM

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Home:
    """A machine on which Fullhouse was never run."""

    ground: Path

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "NO_COLOR")}
        return kept | {
            "FULLHOUSE_DATA": str(self.ground / "data"),
            "XDG_CONFIG_HOME": str(self.ground / "config"),
            "COLUMNS": "200",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-u", str(ROOT / "manage.py"), *words]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*words),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    ground = Path(tempfile.mkdtemp(prefix="fh-demo-", dir=ROOM))
    # The account that runs the server must be able to pass through.
    ground.chmod(0o711)
    home = Home(ground)
    yield home
    home.run("database", "stop")
    shutil.rmtree(ground)


@pytest.fixture(scope="module")
def first(home: Home) -> "subprocess.CompletedProcess[str]":
    """The first evening, as a person sees it."""
    return home.run("demo", "--no-serve")


@pytest.fixture(scope="module")
def second(home: Home, first: Any) -> dict[str, Any]:
    """The second evening, as a program sees it."""
    done = home.run("demo", "--no-serve", "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def password(home: Home) -> str:
    return (home.ground / "config/fullhouse/demo_password").read_text()


def test_the_first_evening_holds(first: "subprocess.CompletedProcess[str]") -> None:
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Traceback" not in first.stderr


def test_it_tells_the_story_in_order(first: "subprocess.CompletedProcess[str]") -> None:
    titles = [
        line for line in first.stdout.splitlines() if line[:2] in {f"{n}." for n in range(1, 8)}
    ]
    assert [int(title[0]) for title in titles] == list(range(1, 8))
    for said in (
        "seats are sold and shown as free",
        "spellings",
        "Before",
        "After",
        "Confirmed: sold 2 places",
        "refused: Not enough places",
        "every counter is as it was",
        "Every place of every performance is accounted for",
    ):
        assert said in first.stdout


def test_the_password_is_kept_privately(
    home: Home, first: "subprocess.CompletedProcess[str]"
) -> None:
    kept = home.ground / "config/fullhouse/demo_password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert f"user demo, password {password(home)}" in first.stdout
    assert len(password(home)) >= 16


def test_the_second_evening_finds_the_first(home: Home, second: dict[str, Any]) -> None:
    assert second["takeover"]["state"] == "validated"
    assert second["takeover"]["validation"]["ok"] is True
    assert second["audit"] == {"findings": 0}
    counted = home.run("shell", "--no-imports", "--command", COUNT)
    assert json.loads(counted.stdout.splitlines()[-1]) == {"runs": 1, "users": 1, "sold": 1}


COUNT = """
import json
from django.contrib.auth.models import User
from fullhouse.events.models import Reservation
from fullhouse.migration.models import MigrationRun
print(json.dumps({
    "runs": MigrationRun.objects.count(),
    "users": User.objects.count(),
    "sold": Reservation.objects.filter(channel="demo", status="sold").count(),
}))
"""


def test_the_contradiction_is_read_from_the_data(second: dict[str, Any]) -> None:
    found = second["contradiction"]
    assert found["seats"] == 3000
    assert 0 < found["over_claimed"] < found["performances"]
    assert found["worst_places"] > found["worst_house"]
    assert found["spellings"] > found["sections"] > 0
    for kind in ("sold_shown_free", "sold_twice", "twins", "typeless", "unknown_status"):
        assert found[kind] > 0


def test_it_serves_what_it_made_and_stops(home: Home, second: dict[str, Any]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        home.command("demo", "--port", str(port)),
        env=home.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C stops" in line:
                break
        run = second["takeover"]["run"]
        for path in ("/", "/migrations/", f"/migrations/{run}/report/", "/admin/login/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                assert answer.status == 200
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, err
    assert "fullhouse database stop" in out
    assert "Traceback" not in err


def test_a_house_that_does_not_add_up_is_no_success(home: Home, second: dict[str, Any]) -> None:
    """As the table's owner, with the engine's marker forged: the audit finds it, the demo fails."""
    forge = "SET fullhouse.engine = 'on'; UPDATE events_seat SET status = '{}' WHERE id = '{}'"
    seat = psql(home, "SELECT id FROM events_seat WHERE status = 'available' ORDER BY id LIMIT 1")
    psql(home, forge.format("sold", seat))
    try:
        done = home.run("demo", "--no-serve")
    finally:
        psql(home, forge.format("available", seat))
    assert done.returncode == 1
    assert "do not add up" in done.stderr
    assert seat in done.stdout
    assert home.run("demo", "--no-serve").returncode == 0


def psql(home: Home, statement: str) -> str:
    done = home.run("database", "shell", "--", "-qAt", "--command", statement)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_file_that_is_broken_ends_the_evening(home: Home, second: dict[str, Any]) -> None:
    broken = home.ground / "broken.json"
    broken.write_text('[{"model": "events.venue", "pk": 1')
    done = home.run("demo", "--no-serve", "--file", str(broken))
    assert done.returncode == 4
    assert "line 1" in done.stderr
    missing = home.run("demo", "--no-serve", "--file", str(home.ground / "none.json"))
    assert missing.returncode == 2
    assert "none.json" in missing.stderr


def test_a_port_in_use_is_found_before_anything_is_done(home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = home.run("demo", "--port", str(other.getsockname()[1]))
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert "1. Set up" not in done.stdout


@pytest.mark.parametrize("words", [("--seats", "0"), ("--seats", "x"), ("--port", "0")])
def test_wrong_arguments_are_a_usage_error(home: Home, words: tuple[str, ...]) -> None:
    assert home.run("demo", *words).returncode == 2
