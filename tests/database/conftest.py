"""Each test has a server of its own, in a short directory that the server's account can enter."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fullhouse.database import server
from fullhouse.database.paths import Layout
from fullhouse.database.processes import left_over

ROOT = Path(__file__).resolve().parents[2]
FIFTEEN = Path(os.environ.get("FULLHOUSE_PG15_BIN", "/usr/lib/postgresql/15/bin"))
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
needs_fifteen = pytest.mark.skipif(
    not (FIFTEEN / "postgres").exists(), reason=f"no PostgreSQL 15 in {FIFTEEN}"
)

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's database out of these tests."""
    for name in ("DATABASE_URL", "FULLHOUSE_DATA", "FULLHOUSE_SCHEMA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ground() -> Iterator[Path]:
    """A directory that every account may pass through; servers below it are ended afterwards."""
    ground = Path(tempfile.mkdtemp(prefix="fh-", dir="/tmp"))
    ground.chmod(0o711)
    yield ground
    for home in [lock.parents[1] for lock in ground.glob("**/postgresql/start.lock")]:
        server.stop("immediate", home)
        assert left_over(Layout.of(home)) == []
        shutil.rmtree(Layout.of(home).sockets, ignore_errors=True)
    shutil.rmtree(ground)


@pytest.fixture
def home(ground: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configured home of this test; it does not exist yet."""
    home = ground / "home"
    monkeypatch.setenv("FULLHOUSE_DATA", str(home))
    return home


@pytest.fixture(scope="session")
def shared_home() -> Iterator[Path]:
    """A running server for the tests that only look at it."""
    ground = Path(tempfile.mkdtemp(prefix="fh-", dir="/tmp"))
    ground.chmod(0o711)
    server.ensure_started(ground / "home")
    yield ground / "home"
    server.stop(data_dir=ground / "home")
    shutil.rmtree(ground)


@pytest.fixture
def cli() -> Cli:
    """Run `fullhouse ...` in a process of its own; `input` is what a person types."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=os.environ | {"COLUMNS": "200"} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def start_apart(home: Path) -> "subprocess.Popen[str]":
    """Start the server from another process, in a session of its own; it prints the pid."""
    code = "from fullhouse.database.server import ensure_started; print(ensure_started().pid)"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"FULLHOUSE_DATA": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def query(home: Path, sql: str) -> Any:
    """Run one statement as the superuser and return the first value, if there is one."""
    layout = Layout.of(home)
    with psycopg.connect(
        host=layout.host, port=layout.port, user="fullhouse", dbname="fullhouse", autocommit=True
    ) as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
