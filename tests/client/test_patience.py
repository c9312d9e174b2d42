"""When a call is made again, how long it waits, and what it raises in the end."""

import asyncio
import datetime
import inspect
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from fullhouse.client import (
    AsyncClient,
    Client,
    Places,
    Retries,
    UnreachableError,
    aio,
    aio_manage,
    errors,
    sync,
    sync_manage,
)

PLACE = UUID(int=1)
WANTED = [Places(1, "Stalls", "Adult")]
EMPTY = httpx.Response(200, json={"items": [], "next": None})


def busy(status: int = 503, **headers: str) -> httpx.Response:
    problem = {"code": "busy", "detail": "Others were in the way.", "facts": {}}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=problem, headers=names)


class Script:
    """Answers one after the other, and what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.waited: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **retries: Any) -> Client:
        patience = Retries(**{"jitter": lambda: 1.0, **retries})
        transport = httpx.MockTransport(self)
        return Client(
            "http://house/", "fh_a_b", transport=transport, retries=patience, sleep=self.wait
        )

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


def keys(script: Script) -> set[str | None]:
    return {request.headers.get("Idempotency-Key") for request in script.asked}


def test_a_busy_house_is_asked_again_with_the_same_key() -> None:
    script = Script(busy(Retry_After="2"), busy(429, Retry_After="0"), httpx.ReadTimeout("slow"))
    script._answers.append(busy(409))
    with pytest.raises(errors.RefusedError):
        script.client().reserve(PLACE, WANTED)
    assert script.waited == [2.0, 0.0, 0.8]
    [key] = keys(script)
    assert key is not None
    assert len(key) >= 16
    assert script.asked[0].headers["Authorization"] == "Bearer fh_a_b"


def test_reading_is_asked_again_without_a_key() -> None:
    script = Script(httpx.ConnectError("refused"), busy(502), EMPTY)
    assert list(script.client().events()) == []
    assert (script.waited, keys(script)) == ([0.2, 0.4], {None})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_an_answer_that_stands_is_not_asked_for_again(status: int) -> None:
    script = Script(busy(status))
    with pytest.raises(errors.ProblemError) as told:
        script.client().event(PLACE)
    assert (told.value.http_status, len(script.asked)) == (status, 1)


def test_in_the_end_the_last_answer_is_raised() -> None:
    script = Script(*[busy(x_request_id=str(n)) for n in range(3)])
    with pytest.raises(errors.BusyError) as told:
        script.client(attempts=3).event(PLACE)
    assert (told.value.request_id, len(script.waited)) == ("2", 2)


def test_where_nobody_answers_the_key_is_told() -> None:
    script = Script(*[httpx.ConnectError("refused")] * 2)
    with pytest.raises(UnreachableError, match="refused") as told:
        script.client(attempts=2).reserve(PLACE, WANTED, idempotency_key="k" * 20)
    assert told.value.idempotency_key == "k" * 20


def test_who_would_wait_too_long_is_told_at_once() -> None:
    script = Script(busy(429, Retry_After="3600"))
    with pytest.raises(errors.TooManyRequestsError):
        script.client().event(PLACE)
    assert script.waited == []


def test_a_date_to_come_back_at_may_be_past() -> None:
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    script = Script(busy(Retry_After=format_datetime(past, usegmt=True)), EMPTY)
    assert list(script.client().events()) == []
    assert script.waited == [0.0]


def test_another_programs_page_is_no_answer() -> None:
    for answer in (httpx.Response(200, text="<html>"), httpx.Response(404, text="<html>")):
        with pytest.raises(errors.UnreadableAnswerError):
            Script(answer).client().event(PLACE)


def test_no_secret_is_shown() -> None:
    client = Script().client()
    assert "fh_a_b" not in f"{client!r} {client._setup!r}"


def event(number: int) -> str:
    return f'event: change\nid: {number}\ndata: {{"n":{number}}}\n\n'


class Streams(Script):
    """Pieces of one stream, as a server that is cut off now and then tells them."""

    def __init__(self) -> None:
        cut = httpx.Response(200, text=f"retry: 50\nid: 1\n\n{event(2)}event: change\nid: 3\nda")
        super().__init__(
            cut,
            busy(Retry_After="5"),
            httpx.ReadError("cut"),
            httpx.Response(200, text=f": still here\nid: 5\n\n{event(6)}"),
            httpx.Response(204),
        )


HEARD = [("open", "1", None), ("change", "2", {"n": 2}), ("change", "6", {"n": 6})]
# An unfinished event is not told, but its id stands: the server tells what comes after it.
RESUMED = [None, "3", "3", "3", "6"]


def test_a_stream_goes_on_where_it_broke_off() -> None:
    script = Streams()
    told = [(each.event, each.id, each.data) for each in script.client().stream(PLACE)]
    assert told == HEARD
    assert [request.headers.get("Last-Event-ID") for request in script.asked] == RESUMED
    assert script.waited == [0.05, 5.0, 0.4, 0.05]


def test_so_it_does_for_those_who_do_other_things_meanwhile() -> None:
    script = Streams()

    async def wait(seconds: float) -> None:
        script.wait(seconds)

    async def hear() -> list[Any]:
        patience = Retries(jitter=lambda: 1.0)
        transport = httpx.MockTransport(script)
        async with AsyncClient("http://h", transport=transport, retries=patience, sleep=wait) as h:
            return [(each.event, each.id, each.data) async for each in h.stream(PLACE)]

    assert asyncio.run(hear()) == HEARD
    assert script.waited == [0.05, 5.0, 0.4, 0.05]


@pytest.mark.parametrize(
    ("waiting", "awaiting"),
    [(sync.Client, aio.AsyncClient), (sync_manage.Manage, aio_manage.Manage)],
)
def test_both_clients_have_the_same_calls(waiting: type, awaiting: type) -> None:
    def calls(of: type) -> dict[str, Any]:
        found = inspect.getmembers(of, lambda each: inspect.isfunction(each))
        return {name: _shape(each) for name, each in found if not name.startswith("_")}

    assert calls(waiting) == calls(awaiting)


def _shape(call: Callable[..., Any]) -> list[str]:
    signature = inspect.signature(call)
    answer = str(signature.return_annotation).replace("Async", "")
    return [*map(str, signature.parameters.values()), answer]
