"""The systemd units: right for systemd where it is here, and in any case whole."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from .conftest import DEPLOY

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PROGRAM = "/opt/fullhouse/bin/fullhouse"


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


def calls() -> list[tuple[str, list[str]]]:
    """Return each call of our program in a unit, as words."""
    found = []
    for unit in SERVICES:
        line = read(unit)["Service"]["ExecStart"].replace("$$(date +%%u)", "1")
        if (match := re.search(rf"{PROGRAM} ([^']*)", line)) is not None:
            found.append((unit.name, match[1].split()))
    return found


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="no systemd-analyze here: the units were parsed only, not verified",
)
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    here = Path(sys.executable).with_name("fullhouse")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, str(here))
        text = text.replace("/etc/fullhouse/on-failure", "/bin/true")
        name = unit.name.replace("@.", "@town.")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
        if name != unit.name:
            (tmp_path / name).symlink_to(tmp_path / unit.name)
    names = [str(tmp_path / unit.name.replace("@.", "@town.")) for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about_ours = [line for line in done.stderr.splitlines() if "fullhouse" in line]
    assert (done.returncode, about_ours) == (0, []), done.stderr


@pytest.mark.parametrize(("unit", "words"), calls(), ids=lambda value: str(value)[:40])
def test_what_a_unit_calls_is_a_command_with_these_arguments(unit: str, words: list[str]) -> None:
    name, *arguments = words
    command = load_command_class(get_commands()[name], name)
    parsed = command.create_parser("fullhouse", name).parse_args(
        [word.replace("%i", "town").replace("${TAKEOVER_SOURCE}", "events") for word in arguments]
    )
    assert parsed is not None, unit


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_no_service_runs_as_root_and_only_the_owners_know_the_owner(unit: Path) -> None:
    service = read(unit)["Service"]
    assert service["User"] == "fullhouse"
    assert service["NoNewPrivileges"] == "yes"
    serving = ("fullhouse-web", "fullhouse-worker", "fullhouse-expire", "fullhouse-audit")
    serves = unit.name.split(".")[0] in serving
    known = service.get("EnvironmentFile", "")
    assert known in ("/etc/fullhouse/fullhouse.env" if serves else "/etc/fullhouse/owner.env", "")


def test_each_timer_has_its_service_and_its_failure_is_told() -> None:
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert len(timers) == 3
    for timer in timers:
        service = read(timer.with_suffix(".service"))
        assert service["Service"]["Type"] == "oneshot"
        assert service["Unit"]["OnFailure"] == "fullhouse-alert@%n.service"
        assert read(timer)["Timer"]["OnCalendar"]
