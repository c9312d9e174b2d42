"""`fullhouse serve` under load: killed, stopped, lied to. What was answered is there, once."""

import json
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Buyers, Served, Site


def same_again(served: Served, site: Site, buyers: Buyers) -> None:
    """Each key gets the answer that it got."""
    for key, told in list(buyers.answers.items())[::4]:
        again = served.ask("POST", site.holds_path, site.body(), **{"Idempotency-Key": key})
        assert again == (201, told)
    for (path, key), told in list(buyers.bought.items())[::4]:
        named = {"Idempotency-Key": key, "Reservation-Token": told["token"]}
        assert served.ask("POST", path, "{}", **named) == (200, {**told, "token": None})


def all_there(site: Site, before: set[str], sold_before: set[str], buyers: Buyers) -> None:
    """What was answered is in the database once, and nothing besides."""
    held = {told["id"] for told in buyers.answers.values()}
    sold = {told["id"] for told in buyers.bought.values()}
    assert site.holds() - before == held | sold
    assert site.sales() - sold_before == sold
    assert (len(held), len(sold)) == (104, 96)


@pytest.mark.parametrize("way", [(), ("--no-gate",)], ids=["gate", "django"])
def test_a_worker_is_killed(site: Site, serve: Callable[..., Any], way: tuple[str, ...]) -> None:
    before, sold = site.holds(), site.sales()
    with serve("--workers", "2", *way) as served:
        buyers = Buyers(served, site, buyers=8, each=25)
        for enough in (40, 120):
            buyers.wait_for(enough)
            os.kill(served.workers()[0], signal.SIGKILL)
        buyers.finish()
        all_there(site, before, sold, buyers)
        same_again(served, site, buyers)
        assert [status for status, _ in buyers.refused if status != 503] == []


@pytest.mark.parametrize("way", [(), ("--no-gate",)], ids=["gate", "django"])
def test_the_database_is_killed_and_comes_back(
    site: Site, serve: Callable[..., Any], way: tuple[str, ...]
) -> None:
    before, sold = site.holds(), site.sales()
    [pid] = site.query("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::integer")
    with serve(*way) as served:
        buyers = Buyers(served, site, buyers=8, each=25)
        buyers.wait_for(60)
        os.kill(pid[0], signal.SIGKILL)
        buyers.finish()
        all_there(site, before, sold, buyers)
        same_again(served, site, buyers)
        for status, told in buyers.refused:
            assert (status, told["code"]) == (503, "busy")


def test_a_stop_answers_what_was_accepted(site: Site, serve: Callable[..., Any]) -> None:
    before = site.holds()
    with serve() as served:
        lines = []
        for _ in range(40):
            line = socket.create_connection(("127.0.0.1", served.port))
            line.settimeout(60)
            lines.append(line)
        for line in lines:
            line.sendall(request(site, site.body()))
        # One answer tells that the others are inside or will be; then the stop comes.
        first = whole_answer(lines[0])
        served.process.send_signal(signal.SIGTERM)
        told = [first, *map(whole_answer, lines[1:])]
        out, _ = served.process.communicate(timeout=60)
        assert served.process.returncode == 0, out
    answered = {json.loads(body)["id"] for status, body in told if status == 201}
    assert {status for status, _ in told} <= {0, 201}
    assert site.holds() - before == answered


@pytest.mark.parametrize("way", [(), ("--no-gate",)], ids=["gate", "django"])
def test_slow_huge_cut_off_and_malformed_bodies(
    site: Site, serve: Callable[..., Any], way: tuple[str, ...]
) -> None:
    before = site.holds()
    whole = site.body()
    with serve(*way) as served:
        slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(60)]
        for number, line in enumerate(slow):
            path = site.holds_path if number % 2 else "/api/v1/manage/venues"
            line.sendall(request(site, whole, path)[: -len(whole) + 1])
        for line in (slow[0], slow[1]):  # cut off
            line.close()
        # Neither the gate nor Django's threads wait for them.
        assert served.ask("GET", "/livez")[0] == 200
        assert served.ask("GET", site.holds_path.replace("reservations", "availability"))[0] == 200
        refused_bodies(served, site)
        for line in slow[2:]:
            line.close()
        assert site.holds() == before
        assert served.ask("POST", site.holds_path, whole)[0] == 201


def refused_bodies(served: Served, site: Site) -> None:
    """What is too large, or cannot be read, is told so."""
    status, told = served.ask("POST", site.holds_path, b"x" * 1_000_001)
    assert (status, told["code"]) == (413, "too_large")
    status, told = served.ask("POST", site.holds_path, iter([site.body().encode()]))  # in chunks
    assert (status, told["code"]) == (411, "length_required")
    for bad in (b"{", b"[]", b"\xff\xfe", b"null", b'{"items": 1}', b"[" * 100_000):
        status, told = served.ask("POST", site.holds_path, bad)
        assert status in (400, 422), bad[:10]
        assert told["code"] in ("malformed", "invalid")


def test_without_the_gate_all_is_the_same(site: Site, serve: Callable[..., Any]) -> None:
    with serve("--no-gate") as served:
        buyers = Buyers(served, site, buyers=2, each=2)
        buyers.finish()
        refused_bodies(served, site)
    with serve() as served:
        same_again(served, site, buyers)


def test_changes_are_streamed(site: Site, serve: Callable[..., Any]) -> None:
    path = site.holds_path.replace("reservations", "stream")
    with serve() as served:
        lines = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(20)]
        for line in lines:
            line.settimeout(60)
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            heard(line, b"retry: ")
        assert served.ask("POST", site.holds_path, site.body())[0] == 201
        for line in lines:
            told = heard(line, b"event: change")
            line.close()
            assert f'"performance":"{site.performance}"'.encode() in told
        assert served.ask("GET", path.replace(str(site.performance), str(site.kind)))[0] == 404
        line = socket.create_connection(("127.0.0.1", served.port))
        line.settimeout(60)
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        heard(line, b"retry: ")
        served.process.send_signal(signal.SIGTERM)
        told = b""
        while part := line.recv(65536):
            told += part
        line.close()
        assert told.endswith(b"0\r\n\r\n")  # ended, not cut off
        served.process.communicate(timeout=60)
        assert served.process.returncode == 0


def heard(line: socket.socket, words: bytes) -> bytes:
    """Return what a stream says, up to the event with these words."""
    told = b""
    while words not in told or not told.rstrip(b"\r\n").endswith((b"}", b":", b"\n")):
        part = line.recv(65536)
        assert part, told
        told += part
        if words in told and told.endswith(b"\n\n\r\n"):
            break
    return told


def request(site: Site, body: str, path: str | None = None) -> bytes:
    head = (
        f"POST {path or site.holds_path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    key = f"Idempotency-Key: {os.urandom(16).hex()}\r\n"
    return f"{head}{key}Connection: close\r\n\r\n{body}".encode()


def whole_answer(line: socket.socket) -> tuple[int, bytes]:
    """Return status and body; status 0 where the connection ended before."""
    parts = []
    try:
        while part := line.recv(65536):
            parts.append(part)
    except OSError:
        parts.clear()
    finally:
        line.close()
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return (int(head[9:12]), body) if head else (0, b"")
