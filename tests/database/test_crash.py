"""Killed servers, killed starters, and what they leave behind."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullhouse.database import server
from fullhouse.database.account import Account, account_for
from fullhouse.database.errors import ServerError
from fullhouse.database.paths import Layout
from fullhouse.database.processes import left_over, wait_until

from .conftest import query, start_apart

LONG = 60.0


@pytest.fixture
def stranger(home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A harmless process of the server's own account."""
    account: Account = account_for(Layout.of(home))
    process = subprocess.Popen(
        ["/bin/cat"],
        stdin=subprocess.PIPE,
        cwd="/",
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
    )
    yield process
    process.kill()
    process.communicate()


def kill_postmaster(home: Path) -> int:
    """Kill the postmaster the hard way and wait until nothing of its server is left."""
    pid = server.status(home).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: left_over(Layout.of(home)) == [], LONG)
    return pid


def test_a_killed_server_starts_again_with_all_that_was_committed(home: Path) -> None:
    server.ensure_started()
    query(home, "CREATE TABLE sold AS SELECT 7 AS places")
    killed = kill_postmaster(home)
    assert server.status().state == "stopped"
    assert server.ensure_started().pid != killed
    assert query(home, "SELECT places FROM sold") == 7


def test_a_stale_pid_file_with_a_reused_pid(
    home: Path, stranger: "subprocess.Popen[bytes]"
) -> None:
    layout = Layout.of(home)
    server.ensure_started()
    killed = kill_postmaster(home)
    for path in (layout.cluster / "postmaster.pid", layout.sockets / ".s.PGSQL.5432.lock"):
        path.write_text(path.read_text().replace(str(killed), str(stranger.pid), 1))
    assert server.status().state == "stopped"
    assert server.stop().state == "stopped"
    assert server.ensure_started().state == "running"
    assert stranger.poll() is None, "the stranger must not be ended in the server's place"


def test_processes_that_outlive_their_postmaster_are_waited_for_and_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.ensure_started()
    postmaster = server.status().pid
    assert postmaster
    orphan = int(
        query(home, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    )
    os.kill(orphan, signal.SIGSTOP)
    try:
        os.kill(postmaster, signal.SIGKILL)
        # The server's log keeper stays as long as anybody may still write to the log.
        assert wait_until(lambda: len(left_over(Layout.of(home))) == 2, LONG)
        monkeypatch.setattr(server, "ORPHAN_SECONDS", 0)
        with pytest.raises(ServerError, match=rf"still work on the data: .*\b{orphan}\b.*kill"):
            server.ensure_started()
    finally:
        os.kill(orphan, signal.SIGCONT)
    monkeypatch.setattr(server, "ORPHAN_SECONDS", LONG)
    assert server.ensure_started().state == "running"


def test_a_starter_killed_in_the_middle_of_initdb(home: Path) -> None:
    private = Layout.of(home).private
    starter = start_apart(home)
    assert wait_until(lambda: any(private.glob("initdb-*")) or (private / "cluster").exists(), LONG)
    os.kill(starter.pid, signal.SIGKILL)
    starter.communicate()
    assert server.ensure_started().state == "running"
    assert list(private.glob("initdb-*")) == []
    assert query(home, "SELECT 1") == 1


def test_what_an_interrupted_initdb_or_reset_left_is_removed(home: Path) -> None:
    server.ensure_started()
    server.stop()
    private = Layout.of(home).private
    for name in ("initdb-0123", "removed-4567"):
        (private / name / "base").mkdir(parents=True)
    server.ensure_started()
    assert [path.name for path in private.iterdir() if re.match("initdb|removed", path.name)] == []


def test_an_empty_pid_file(home: Path) -> None:
    cluster = server.ensure_started().cluster
    kill_postmaster(home)
    (cluster / "postmaster.pid").write_text("")
    assert server.ensure_started().state == "running"


def test_a_disk_that_fills_up_during_initdb(
    home: Path, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = ground / "bin"
    programs.mkdir()
    said = "postgres (PostgreSQL) 18.6"
    for name in ("postgres", "pg_ctl", "initdb"):
        script = f'#!/bin/sh\ntest "$1" = --version && echo "{said}" && exit 0\n'
        script += "echo 'could not write to file: No space left on device' >&2; exit 1\n"
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(programs))
    with pytest.raises(ServerError, match=f"disk that holds {home} is full.*on another disk"):
        server.ensure_started()
    assert not Layout.of(home).cluster.exists()
