"""The way to Django: WSGI in a fixed number of threads, a database connection each.

Django's own ASGI handler starts a thread, and so a connection, for each request; here a thread is
kept. A thread is given only to a request whose body has arrived, so that slow senders hold none; it
is taken from an answer that nobody reads, so that slow readers hold none for long.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Final
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

from fullhouse.api.edge import PREFIX
from fullhouse.api.problems import MEDIA_TYPE, protocol_text
from fullhouse.gate.asked import BODY_SECONDS, Message, Receive, Scope, Send

# Requests that wait for a thread; more of them are told to come back.
MOST_WAITING: Final = 200
# What is read before a thread is taken; only staff send more.
_READ_BEFORE: Final = 1_000_000
# Of an answer, what waits for its reader without a thread.
_BYTES_READY: Final = 2_000_000
# How long a reader may take no part, less what he takes at this many bytes a second.
_READER_SECONDS: Final = 10.0
_SLOWEST_READER: Final = 20_000
_BUSY: Final = "The server is busy. Please try again in a second."
_LATE: Final = "The request did not arrive in time."


class Bridge:
    """Serves with a WSGI application, `threads` requests at once."""

    def __init__(self, application: Any, threads: int) -> None:
        # Its types are closed dictionaries; what passes through is whatever the server brings.
        self._serve: Any = WSGIMiddleware(application, workers=threads)
        self._inside = 0
        self._most = threads + MOST_WAITING

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, body: bytes | None = None
    ) -> None:
        """Serve one request; `body` where it was read already."""
        if self._inside >= self._most:
            await _refuse(scope, send, 503, _BUSY)
            return
        self._inside += 1
        try:
            known = _Replay(receive, body)
            if not await known.begin():
                return
            reader = _Reader(send)
            await self._serve(_cleaned(scope), known.receive, reader.send)
            await reader.finish()
        except TimeoutError:
            await _refuse(scope, send, 408, _LATE)
        finally:
            self._inside -= 1

    async def finish(self) -> None:
        """Return when the threads have answered and ended."""
        await asyncio.to_thread(self._serve.executor.shutdown)


class _Replay:
    """A body, its beginning read before."""

    def __init__(self, receive: Receive, body: bytes | None) -> None:
        self._receive = receive
        self._ready: list[Message] = []
        self._whole = body is not None
        if body is not None:
            self._ready.append({"type": "http.request", "body": body, "more_body": False})

    async def begin(self) -> bool:
        """Read up to _READ_BEFORE bytes; False where the client went away. Raises TimeoutError."""
        got = 0
        async with asyncio.timeout(BODY_SECONDS):
            while not self._whole and got < _READ_BEFORE:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    return False
                self._ready.append(message)
                got += len(message.get("body", b""))
                self._whole = not message.get("more_body", False)
        return True

    async def receive(self) -> Message:
        """Return the next part, as ASGI does."""
        if self._ready:
            return self._ready.pop(0)
        if self._whole:
            return {"type": "http.request", "body": b"", "more_body": False}
        async with asyncio.timeout(BODY_SECONDS):
            message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client went away")
        self._whole = not message.get("more_body", False)
        return message


class _Reader:
    """Who reads an answer. One too slow is given up: the thread runs to its end for nobody."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._patience = _READER_SECONDS
        self._ready: deque[Message] = deque()
        self._bytes = 0
        self._fewer = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._gone = False

    async def send(self, message: Message) -> None:
        """Take the next part, as ASGI does; wait only where much is ready already."""
        while self._bytes >= _BYTES_READY and not self._gone:
            self._fewer.clear()
            await self._fewer.wait()
        if self._gone:
            return
        self._ready.append(message)
        self._bytes += len(message.get("body", b""))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._pass_on())

    async def finish(self) -> None:
        """Return when the reader has everything, or is given up."""
        if self._task is not None:
            await self._task

    async def _pass_on(self) -> None:
        loop = asyncio.get_running_loop()
        while self._ready:
            message = self._ready.popleft()
            size, begun = len(message.get("body", b"")), loop.time()
            try:
                async with asyncio.timeout(self._patience):
                    await self._send(message)
            except (OSError, TimeoutError):
                self._gone = True
                self._ready.clear()
            earned = size / _SLOWEST_READER - (loop.time() - begun)
            self._patience = min(self._patience + earned, _READER_SECONDS)
            self._bytes -= size
            self._fewer.set()
        self._task = None


def _cleaned(scope: Scope) -> Scope:
    """Return a scope that WSGI can take: no header that another one is mistaken for."""
    query = quote_from_bytes(scope["query_string"], safe=_QUERY)
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    return {**scope, "query_string": query.encode(), "headers": headers}


# Everything that is ASCII stays as it came.
_QUERY: Final = "".join(map(chr, range(128)))


async def _refuse(scope: Scope, send: Send, status: int, text: str) -> None:
    """Say no: to programs as a problem, to people as a line."""
    kind, body = "text/plain; charset=utf-8", f"{text}\n".encode()
    if scope["path"].startswith(PREFIX):
        kind, body = MEDIA_TYPE, protocol_text(status, "en", problem=text).encoded()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", b"1"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
