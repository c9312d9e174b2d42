"""The ASGI application: hot calls are answered here, everything else by Django."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from uuid import UUID

from fullhouse.api import framing
from fullhouse.api.caller import Caller, UnknownKeyError
from fullhouse.api.limits import take
from fullhouse.api.problems import problem_of, protocol_text
from fullhouse.api.routes.stream import RETRY_AFTER
from fullhouse.doors.address import counted_as
from fullhouse.doors.windows import Allowance
from fullhouse.events.domain.errors import Conflict
from fullhouse.gate.asked import (
    BODY_SECONDS,
    Asked,
    GoneError,
    Receive,
    Scope,
    Send,
    asked,
    whole_body,
)
from fullhouse.gate.bodies import NotUnderstoodError
from fullhouse.gate.bridge import Bridge
from fullhouse.gate.callers import Callers
from fullhouse.gate.calls import Call, Clerk, read
from fullhouse.gate.database import Database
from fullhouse.gate.desk import Desk
from fullhouse.gate.edge import (
    Answer,
    Edge,
    is_known_host,
    language_of,
    must_redirect,
    of_problem,
)
from fullhouse.gate.patience import Patience, SlowError
from fullhouse.gate.seats import Seats
from fullhouse.gate.stream import Streams
from fullhouse.gate.watched import watched

#: Requests inside at once; more are told to come back before anything is read.
MOST_INSIDE: Final = 2000
_DESKS: Final = 512
_log = logging.getLogger(__name__)


class Gate:
    """ASGI. `django` is the WSGI application behind it, `site` the headers of all its answers.

    `stopping` is the signal at which streams end, so that the server can. Not `hot`: everything is
    Django's, and slow senders and readers still take none of its threads.
    """

    def __init__(
        self,
        django: Any,
        *,
        threads: int,
        site: Mapping[str, str],
        stopping: signal.Signals | None = None,
        hot: bool = True,
    ) -> None:
        self._hot = hot
        self._stopping = stopping
        self._database = Database()
        self._seats = Seats()
        self._callers = Callers(self._database)
        self._clerk = Clerk(self._database, self._seats)
        self._streams: Streams | None = None
        self._bridge = Bridge(django, threads)
        self._edge = Edge(dict(site))
        self._desks: OrderedDict[UUID, Desk] = OrderedDict()
        self._patience = Patience(BODY_SECONDS)
        self._inside = 0
        self._open_streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            call = asked(scope) if self._hot else None
            if call is None or not is_known_host(call) or must_redirect(call):
                await self._bridge(scope, receive, send)
            else:
                call.language = language_of(call)
                await self._serve(call, scope, receive, send)

    async def open(self) -> None:
        """Begin."""
        if not self._hot:
            return
        self._streams = Streams(self._database)
        await self._database.open()

    async def close(self) -> None:
        """Finish what was accepted, and end."""
        if self._streams is not None:
            self._streams.finish()
        for desk in list(self._desks.values()):
            await desk.finish()
        await self._callers.finish()
        await self._bridge.finish()
        await self._seats.finish()
        await self._database.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.open()
                _settle_memory()
                if self._stopping is not None and self._streams is not None:
                    loop = asyncio.get_running_loop()
                    loop.add_signal_handler(self._stopping, self._streams.finish)
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _serve(self, call: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inside - self._open_streams >= MOST_INSIDE:
            busy = of_problem(protocol_text(503, call.language, {"Retry-After": "1"}))
            await self._send(call, busy, None, send)
            return
        self._inside += 1
        body: bytes | None = None
        try:
            body = await whole_body(call, receive, self._patience) if call.method == "POST" else b""
            understood = read(call, body)
            caller = await self._callers.of(call)
        except (NotUnderstoodError, UnknownKeyError):
            await self._bridge(scope, receive, send, body)
            return
        except GoneError:
            return
        except SlowError:
            reason = f"the body did not arrive in {BODY_SECONDS:.0f} seconds"
            slow = of_problem(protocol_text(408, call.language, problem=reason))
            await self._send(call, slow, None, send)
            return
        except Conflict as error:
            await self._send(call, self._problem(error, call), None, send)
            return
        else:
            await self._known(understood, caller, receive, send)
        finally:
            self._inside -= 1

    async def _known(self, call: Call, caller: Caller, receive: Receive, send: Send) -> None:
        """Serve a call whose caller is known; from here on it counts."""
        language = call.asked.language
        call.asked.key = caller.key.prefix if caller.key else None
        allowance = take(caller, call.asked.method)
        if not allowance.granted:
            headers, seconds = allowance.refusal_headers, allowance.resets_in
            told = protocol_text(429, language, headers, seconds=seconds)
            await self._send(call.asked, of_problem(told, early=True), None, send)
            return
        desk = self._desk(call.asked.performance_id)
        if call.asked.verb == "stream":
            await self._stream(call, caller, desk, allowance, receive, send)
            return
        watch = None
        if call.asked.verb == "reservations" and call.key is None:
            watch = asyncio.ensure_future(_goes(receive))
            call.gone = watch.done
        try:
            answer = await self._clerk.answer(call, caller, desk)
        except Exception as error:
            answer = self._problem(error, call.asked)
        finally:
            if watch is not None:
                watch.cancel()
        await self._send(call.asked, answer, allowance, send)

    def _problem(self, error: Exception, call: Asked) -> Answer:
        language = call.language
        told = problem_of(error, language, call.path)
        if told is None:
            _log.error("the gate broke at %s", call.path, exc_info=error)
            told = protocol_text(500, language)
        return of_problem(told)

    def _desk(self, performance_id: UUID) -> Desk:
        desk = self._desks.get(performance_id)
        if desk is None:
            desk = self._desks[performance_id] = Desk(self._database, performance_id)
            if len(self._desks) > _DESKS:
                oldest, found = next(iter(self._desks.items()))
                if found.idle:
                    del self._desks[oldest]
        self._desks.move_to_end(performance_id)
        return desk

    async def _send(
        self, call: Asked, answer: Answer, allowance: Allowance | None, send: Send
    ) -> None:
        status, headers, body = self._edge.written(call, answer, call.language, allowance)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})
        watched(call, status, headers, answer.problem)

    async def _stream(
        self,
        call: Call,
        caller: Caller,
        desk: Desk,
        allowance: Allowance,
        receive: Receive,
        send: Send,
    ) -> None:
        streams, language = self._streams, call.asked.language
        position = call.asked.header(b"last-event-id")
        try:
            await self._clerk.visible(caller, desk)
        except Exception as error:
            await self._send(call.asked, self._problem(error, call.asked), allowance, send)
            return
        who = caller.key.prefix if caller.key else counted_as(caller.address)
        if streams is None or not streams.take(who):
            full = protocol_text(503, language, {"Retry-After": RETRY_AFTER})
            await self._send(call.asked, of_problem(full), allowance, send)
            return
        headers = self._edge.streaming(
            call.asked, framing.MEDIA_TYPE, framing.HEADERS, language, allowance
        )
        self._open_streams += 1
        try:
            async with contextlib.aclosing(streams.events(desk.performance_id, position)) as events:
                try:
                    first = await anext(events)
                except Exception as error:
                    await self._send(call.asked, self._problem(error, call.asked), allowance, send)
                    return
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                watched(call.asked, 200, headers)
                await _tell(first, events, receive, send)
        finally:
            self._open_streams -= 1
            streams.give_back(who)


async def _tell(
    first: bytes, events: AsyncGenerator[bytes, None], receive: Receive, send: Send
) -> None:
    """Send events until they end or the client goes away."""

    async def tell() -> None:
        await send({"type": "http.response.body", "body": first, "more_body": True})
        async for event in events:
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    telling, watch = asyncio.ensure_future(tell()), asyncio.ensure_future(_goes(receive))
    try:
        await asyncio.wait({telling, watch}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.cancel()
        telling.cancel()
        await asyncio.gather(telling, watch, return_exceptions=True)


def _settle_memory() -> None:
    """Spare the collector what stays for the process's life; a fifth of a hold's time was its."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _goes(receive: Receive) -> None:
    """Return when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
