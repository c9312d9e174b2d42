"""`fullhouse serve` as a person runs it: a process, a port, a signal."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = f"served_{os.getpid()}"
PATIENCE_SECONDS = 60


def command(*words: str) -> list[str]:
    return [sys.executable, "-u", str(ROOT / "manage.py"), *words]


def environment() -> dict[str, str]:
    return os.environ | {"FULLHOUSE_SCHEMA": SCHEMA}


def fullhouse(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*words),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@contextmanager
def serving(port: int, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A server that has said that it answers."""
    process = subprocess.Popen(
        command("serve", "--port", str(port), *words),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert f"Serving http://localhost:{port}" in said, process.communicate()
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def schema() -> Iterator[None]:
    """A schema of our own beside the tests', migrated; gone afterwards."""
    yield
    url = fullhouse("database", "url", "--with-password").stdout.strip()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


@pytest.fixture(scope="module")
def migrated(schema: None) -> None:
    done = fullhouse("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


def test_an_unmigrated_database_is_not_served(schema: None) -> None:
    done = fullhouse("serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "Run: fullhouse migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_stops_cleanly(migrated: None, stop: signal.Signals) -> None:
    port = free_port()
    with serving(port) as process:
        assert fetch(port, "/healthz") == (200, '{"status": "ok", "database": "ok"}')
        assert "There are no performances yet." in fetch(port, "/")[1]
        assert fetch(port, "/static/fullhouse/style.css")[0] == 200
        assert fetch(port, "/static/admin/css/base.css")[0] == 200
        assert fetch(port, "/no/such/page/")[0] == 404
        # To the whole group, as a terminal does.
        os.killpg(process.pid, stop)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "Stopped." in out
    assert "Traceback" not in err


def test_the_starter_alone_ends_its_workers(migrated: None) -> None:
    port = free_port()
    with serving(port, "--workers", "2") as process:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_an_error_with_a_way_out(migrated: None) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = fullhouse("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in done.stderr
    assert "--port" in done.stderr


def test_a_second_server_does_not_share_the_port(migrated: None) -> None:
    port = free_port()
    with serving(port):
        assert f"Port {port}" in fullhouse("serve", "--port", str(port)).stderr


@pytest.mark.parametrize(
    "words", [("--port", "0"), ("--port", "65536"), ("--port", "x"), ("--workers", "0")]
)
def test_wrong_arguments_are_a_usage_error(words: tuple[str, ...]) -> None:
    done = fullhouse("serve", *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_address_that_is_not_ours_is_explained(migrated: None) -> None:
    done = fullhouse("serve", "--host", "192.0.2.1", "--port", str(free_port()))
    assert done.returncode == 1
    assert "Cannot listen on 192.0.2.1" in done.stderr
