"""Where things lie, and a socket path that is too long."""

import fcntl
import os
from pathlib import Path

import pytest

from fullhouse.database import paths, server
from fullhouse.database.account import account_for
from fullhouse.database.config import database_settings
from fullhouse.database.errors import DataDirectoryError
from fullhouse.database.folders import prepare
from fullhouse.database.lock import exclusive
from fullhouse.database.paths import Layout, default_home
from fullhouse.database.settings_file import server_settings

from .conftest import needs_root, query


def test_a_user_keeps_data_where_xdg_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/reza")
    assert default_home() == Path("/home/reza/.local/share/fullhouse")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_home() == Path("/data/fullhouse")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert default_home() == Path("/home/reza/.local/share/fullhouse")


def test_root_keeps_data_where_another_account_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("sys.platform", "linux")
    assert default_home() == Path("/var/lib/fullhouse")


def test_fullhouse_data_overrides(monkeypatch: pytest.MonkeyPatch, ground: Path) -> None:
    (ground / "link").symlink_to(ground)
    monkeypatch.setenv("FULLHOUSE_DATA", str(ground / "link"))
    assert Layout.of().home == ground.resolve()


def deep(ground: Path) -> Path:
    home = ground / ("long-" * 20) / "سالن"
    assert len(os.fsencode(home)) > paths.SOCKET_PATH_BYTES
    return home


def test_a_long_path_gets_a_short_private_socket(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = deep(ground)
    monkeypatch.setenv("FULLHOUSE_DATA", str(home))
    now = server.ensure_started()
    assert len(now.host) < 50
    assert Path(now.host).lstat().st_mode == 0o40700
    assert database_settings()["OPTIONS"]["requirepeer"] == now.account
    assert query(home, "SELECT 1") == 1


@pytest.mark.parametrize("kind", ["link", "open", "file"])
def test_a_socket_directory_that_somebody_prepared_is_refused(ground: Path, kind: str) -> None:
    home = deep(ground)
    sockets = Layout.of(home).sockets
    account = account_for(Layout.of(home))
    elsewhere = ground / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    if kind == "link":
        sockets.symlink_to(elsewhere)
    elif kind == "file":
        sockets.write_text("")
    else:
        sockets.mkdir()
        sockets.chmod(0o777)
        if account.switch:
            os.chown(sockets, account.uid, account.gid)
    try:
        with pytest.raises(DataDirectoryError, match=str(sockets)):
            server.ensure_started(home)
        assert list(elsewhere.iterdir()) == []
    finally:
        sockets.rmdir() if kind == "open" else sockets.unlink()


@needs_root
def test_a_socket_directory_of_another_account_is_refused(ground: Path) -> None:
    home = deep(ground)
    sockets = Layout.of(home).sockets
    sockets.mkdir(mode=0o700)
    try:
        with pytest.raises(DataDirectoryError, match="Somebody else made it"):
            server.ensure_started(home)
    finally:
        sockets.rmdir()


def test_a_path_with_awkward_characters(ground: Path) -> None:
    home = ground / "a b,c'd%e=f;g"
    server.ensure_started(home)
    assert query(home, "SELECT 1") == 1


@pytest.mark.parametrize("character", ['"', "$", "`", "\\", "\n"])
def test_a_path_that_pg_ctl_cannot_pass_on_is_refused(ground: Path, character: str) -> None:
    with pytest.raises(DataDirectoryError, match="cannot hold a server"):
        server.ensure_started(ground / f"a{character}b")
    assert list(ground.iterdir()) == []


def test_memory_stays_small() -> None:
    settings = server_settings(Layout.of(Path("/srv/house")))
    megabytes = int(settings.split("shared_buffers = '")[1].split("MB")[0])
    assert 64 <= megabytes <= 512


def test_one_holder_of_the_lock_at_a_time(home: Path) -> None:
    layout = Layout.of(home)
    account = account_for(layout)
    prepare(layout, account)
    with layout.lock.open("w") as other:
        with exclusive(layout.lock, account), pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
