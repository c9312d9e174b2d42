"""How the asynchronous client sends, waits and listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any, TypeVar

import httpx

from fullhouse.client import structs
from fullhouse.client.calls import Call
from fullhouse.client.conversation import Reply, Retries, Send, Wait, converse
from fullhouse.client.seat_map import Plan
from fullhouse.client.setup import Setup
from fullhouse.client.stream import SILENCE_SECONDS, Listening, StreamEvent

T = TypeVar("T")
Self = TypeVar("Self", bound="Driver")


class Driver:
    """Makes calls, one after the other; tasks of one loop may share one."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        language: str = "en",
        timeout_seconds: float = 10.0,
        retries: Retries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._setup = Setup(url, key, language, timeout_seconds, retries or Retries())
        self._http = httpx.AsyncClient(**self._setup.of_httpx(), transport=transport)
        self._sleep = sleep

    async def __aenter__(self: Self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def do(self, call: Call[T]) -> T:
        """Make one call of `fullhouse.client.calls`."""
        talk = converse(call, self._setup.retries)
        reply: Reply | None = None
        try:
            while True:
                step = talk.send(reply)
                reply = None
                if isinstance(step, Wait):
                    await self._sleep(step.seconds)
                else:
                    reply = await self._send(step)
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def listen(self, path: str, last_event_id: str | None) -> AsyncIterator[StreamEvent]:
        """Yield the events of a stream over as many connections as it takes."""
        listening = Listening(path, last_event_id, self._setup.retries)
        while not listening.over:
            async for told in self._listen(listening):
                yield told
            wait = listening.after(listening.ended)
            if not listening.over:
                await self._sleep(wait)

    async def _send(self, step: Send) -> Reply:
        try:
            answer = await self._http.send(self._request(step))
        except httpx.TransportError as error:
            return Reply(failed=f"{type(error).__name__}: {error}")
        return Reply(answer.status_code, answer.headers, answer.content)

    def _request(self, step: Send, timeout: Any = httpx.USE_CLIENT_DEFAULT) -> httpx.Request:
        return self._http.build_request(
            step.method,
            step.path,
            params=step.query or None,
            headers=step.headers,
            content=step.content,
            timeout=timeout,
        )

    async def _listen(self, listening: Listening) -> AsyncIterator[StreamEvent]:
        timeout = httpx.Timeout(self._setup.timeout_seconds, read=SILENCE_SECONDS)
        request = self._request(listening.request(), timeout)
        listening.ended = Reply(200)
        try:
            answer = await self._http.send(request, stream=True)
            try:
                if answer.status_code != 200:
                    listening.ended = Reply(
                        answer.status_code, answer.headers, await answer.aread()
                    )
                    return
                async for line in answer.aiter_lines():
                    if (told := listening.feed(line)) is not None:
                        yield told
            finally:
                await answer.aclose()
        except httpx.TransportError as error:
            listening.ended = Reply(failed=f"{type(error).__name__}: {error}")

    async def follow(self, plan: Plan[T]) -> T:
        """Make calls that depend on each other."""
        try:
            call = next(plan)
            while True:
                call = plan.send(await self.do(call))
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def pages(self, page: Callable[[str | None], Call[structs.Page[T]]]) -> AsyncIterator[T]:
        """Yield the rows of all pages, each page when it is needed."""
        cursor: str | None = None
        while True:
            told = await self.do(page(cursor))
            for each in told.items:
                yield each
            if told.next is None:
                return
            cursor = told.next
