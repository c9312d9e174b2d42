"""More than fits: told to come back before anything is read; what was accepted is done."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from fullhouse.events.models import Reservation
from fullhouse.gate import application, bridge, stream
from fullhouse.gate.bridge import Bridge
from fullhouse.gate.calls import Clerk

from .conftest import Hall
from .over_asgi import PATIENCE_SECONDS, GateInProcess

BODY = json.dumps({"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}]})


def http(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    given = {"host": "testserver", **headers}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }


class Sent(list[Any]):
    """What an application sends; `begun` once it begins."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()

    async def __call__(self, message: Any) -> None:
        self.append(message)
        self.begun.set()

    @property
    def answer(self) -> tuple[int, dict[str, str]]:
        headers = {name.decode(): value.decode() for name, value in self[0]["headers"]}
        return self[0]["status"], headers


async def never() -> Any:
    await asyncio.Event().wait()


async def unread() -> Any:
    raise AssertionError("it was read")


async def gone() -> Any:
    return {"type": "http.disconnect"}


async def nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_the_gate_sheds_before_it_reads_and_does_what_it_accepted(
    hall: Hall, gate: GateInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "MOST_INSIDE", 3)
    plain = Clerk.answer
    path = f"{hall.url}/reservations"

    async def full() -> list[Any]:
        go, inside = asyncio.Event(), asyncio.Semaphore(0)

        async def slow(self: Clerk, *call: Any) -> Any:
            inside.release()
            await go.wait()
            return await plain(self, *call)

        monkeypatch.setattr(Clerk, "answer", slow)
        accepted = [asyncio.ensure_future(gate.ask("POST", path, BODY)) for _ in range(3)]
        for _ in accepted:
            await inside.acquire()
        shed = Sent()
        kind = {"content-type": "application/json", "content-length": "70"}
        await gate.application(http(path, "POST", **kind), unread, shed)
        go.set()
        return [shed.answer, *await asyncio.gather(*accepted)]

    (status, headers), *accepted = gate.wait(full())
    assert (status, headers["retry-after"]) == (503, "1")
    assert [each.status_code for each in accepted] == [201] * 3
    ids = {json.loads(each.content)["id"] for each in accepted}
    kept = Reservation.objects.filter(performance=hall.performance_id).values_list("pk", flat=True)
    assert {str(each) for each in kept} == ids
    assert gate.application._inside == 0


@pytest.mark.parametrize("limit", ["MOST_STREAMS", "MOST_OF_ONE"])
def test_streams_have_a_limit_of_their_own_and_come_free(
    hall: Hall, gate: GateInProcess, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(stream, limit, 1)
    monkeypatch.setattr(application, "MOST_INSIDE", 1)
    path = f"{hall.url}/stream"

    async def listen() -> tuple[Any, Any, Any]:
        first, second, third = Sent(), Sent(), Sent()
        leaves = asyncio.Event()

        async def until() -> Any:
            await leaves.wait()
            return {"type": "http.disconnect"}

        open_one = asyncio.ensure_future(gate.application(http(path), until, first))
        await first.begun.wait()
        await gate.application(http(path), unread, second)
        # An open stream takes no place from who buys.
        bought = await gate.ask("POST", f"{hall.url}/reservations", BODY)
        leaves.set()
        await open_one
        await gate.application(http(path), gone, third)
        return second.answer, bought.status_code, (first.answer[0], third.answer[0])

    (status, headers), bought, opened = gate.wait(listen())
    assert (status, int(headers["retry-after"]) > 0) == (503, True)
    assert (bought, opened) == (201, (200, 200))


def blocking(go: threading.Event, inside: "threading.Semaphore") -> Callable[..., Iterable[bytes]]:
    """A WSGI application that answers when it may."""

    def answer(environ: Any, start: Any) -> list[bytes]:
        inside.release()
        assert go.wait(PATIENCE_SECONDS)
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ["wsgi.input"].read()]

    return answer


def test_the_way_to_django_is_as_long_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "MOST_WAITING", 1)
    go, inside = threading.Event(), threading.Semaphore(0)

    async def full() -> list[Any]:
        way = Bridge(blocking(go, inside), threads=1)
        accepted = [Sent(), Sent()]
        under_way = [asyncio.ensure_future(way(http("/x"), nothing, each)) for each in accepted]
        await asyncio.to_thread(inside.acquire)
        shed = Sent()
        await way(http("/x", "POST"), unread, shed)
        go.set()
        await asyncio.gather(*under_way)
        after = Sent()
        await way(http("/x"), nothing, after)
        await way.finish()
        return [each.answer for each in (shed, *accepted, after)]

    (status, headers), *others = asyncio.run(full())
    assert (status, headers["retry-after"]) == (503, "1")
    assert [status for status, _ in others] == [200] * 3


def test_who_sends_slowly_or_leaves_takes_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0)
    go, inside = threading.Event(), threading.Semaphore(0)

    async def ask() -> tuple[Any, list[Any]]:
        way = Bridge(blocking(go, inside), threads=1)
        slow, left = Sent(), Sent()
        await way(http("/x", "POST"), never, slow)
        await way(http("/x", "POST"), gone, left)
        await way.finish()
        return slow.answer, list(left)

    (status, _), left = asyncio.run(ask())
    assert (status, left) == (408, [])
    assert not inside.acquire(blocking=False)


def test_who_reads_slowly_keeps_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "_BYTES_READY", 3)
    monkeypatch.setattr(bridge, "_READER_SECONDS", 0.0)

    def answer(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [])
        return [b"x"] * 50

    async def stuck(message: Any) -> None:
        await asyncio.Event().wait()

    async def ask() -> Any:
        way, after = Bridge(answer, threads=1), Sent()
        await asyncio.wait_for(way(http("/x"), nothing, stuck), PATIENCE_SECONDS)
        monkeypatch.setattr(bridge, "_READER_SECONDS", 60.0)
        await asyncio.wait_for(way(http("/x"), nothing, after), PATIENCE_SECONDS)
        await way.finish()
        return b"".join(each.get("body", b"") for each in after)

    assert asyncio.run(ask()) == b"x" * 50
