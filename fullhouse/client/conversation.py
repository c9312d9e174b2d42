"""How one call is made, whoever sends it: tries, waits, and what the answer means.

A generator that asks its driver to send or to wait, and returns the answer: the synchronous and
the asynchronous client differ in the driver alone.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from fullhouse.client.calls import Call
from fullhouse.client.errors import UnreachableError, UnreadableAnswerError, problem_of

T = TypeVar("T")

_AGAIN: Final = frozenset({429, 502, 503, 504})
_SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Retries:
    """How patient the client is.

    `attempts` in all; between them what Retry-After says, else `first_wait_seconds` doubled each
    time, with jitter. A single wait is never longer than `longest_wait_seconds`: if the server
    asks for more, its answer is raised at once.
    """

    attempts: int = 5
    first_wait_seconds: float = 0.2
    longest_wait_seconds: float = 30.0
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Send:
    """To the driver: send this and give a Reply back."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Wait:
    """To the driver: come back after so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """From the driver: an answer, or (`failed`) that there was none."""

    status: int = 0
    headers: Mapping[str, str] | None = None
    content: bytes = b""
    failed: str = ""


Talk: TypeAlias = Generator[Send | Wait, Reply | None, T]


def converse(call: Call[T], retries: Retries) -> Talk[T]:
    """Make a call. Raises the errors of `fullhouse.client.errors`."""
    send = _prepared(call)
    for attempt in range(1, retries.attempts + 1):
        reply = yield send
        if reply is None:
            raise RuntimeError("the driver must answer a Send with a Reply")
        wait = wait_before_next(reply, attempt, retries)
        if wait is None or attempt == retries.attempts or not _repeatable(call):
            return _read(call, reply)
        yield Wait(wait)
    raise UnreachableError("no attempt was allowed", call.key)


def _prepared(call: Call[Any]) -> Send:
    headers = {"Accept": "application/json", **call.headers}
    content = None
    if call.body is not None:
        content = msgspec.json.encode(call.body)
        headers["Content-Type"] = "application/json"
    if call.key is not None:
        headers["Idempotency-Key"] = call.key
    return Send(call.method, call.path, call.query, headers, content)


def _repeatable(call: Call[Any]) -> bool:
    return call.method in _SAFE or call.key is not None


def wait_before_next(reply: Reply, attempt: int, retries: Retries) -> float | None:
    """Return how long to wait before the next attempt; None: this answer stands."""
    if not reply.failed and reply.status not in _AGAIN:
        return None
    asked = _retry_after(reply.headers or {})
    if asked is not None:
        return asked if asked <= retries.longest_wait_seconds else None
    backoff = retries.first_wait_seconds * float(2 ** (attempt - 1))
    return min(backoff, retries.longest_wait_seconds) * (0.5 + retries.jitter() / 2)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _read(call: Call[T], reply: Reply) -> T:
    if reply.failed:
        raise UnreachableError(reply.failed, call.key)
    if not 200 <= reply.status < 300:
        request_id = (reply.headers or {}).get("x-request-id", "")
        raise problem_of(reply.status, reply.content, request_id)
    try:
        return call.read(reply.content)
    except msgspec.DecodeError as error:
        raise UnreadableAnswerError(f"{call.method} {call.path}: {error}") from error
