"""Seat maps at the gate: bytes made once a version, from the states that the API keeps."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from django.db import close_old_connections

from fullhouse.api import schemas, seat_cache
from fullhouse.api.routes.naming import Names, Place
from fullhouse.api.routes.seats import states_facts
from fullhouse.events.services.reserve import Places, SeatRequest
from fullhouse.events.services.seat_maps import SeatStates
from fullhouse.gate.edge import Answer, comparable

_THREADS: Final = 2
# 60,000 seats: some 60 kB a version.
_ANSWERS: Final = 64
Found = TypeVar("Found")


class Seats:
    """Reads seat maps in threads: 60,000 seats are some milliseconds of work."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="seats")
        self._answers: OrderedDict[tuple[UUID, str, str | None], Answer] = OrderedDict()
        self._readings: dict[UUID, asyncio.Future[SeatStates]] = {}

    async def finish(self) -> None:
        """Return when the threads have ended."""
        await asyncio.to_thread(self._threads.shutdown)

    async def states(self, performance_id: UUID, since: str | None) -> tuple[str, Answer]:
        """Return the performance's status and its seats' states, whole or since a version.

        Raises Refusal `unknown`; Conflict, EngineFault.
        """
        found = seat_cache.fresh_states_of(performance_id) or await self._read(performance_id)
        key = performance_id, found.version, since
        answer = self._answers.get(key)
        if answer is None:
            answer = await self._in_thread(lambda: _answer(found, since))
            self._answers[key] = answer
            while len(self._answers) > _ANSWERS:
                self._answers.popitem(last=False)
        return found.status, answer

    async def requests(
        self, names: Names, performance_id: UUID, items: Sequence[Place]
    ) -> list[Places | SeatRequest]:
        """Return what the items name. Raises as `Names.requests`."""
        ordinals = [each.seat for each in items if isinstance(each.seat, schemas.SeatOrdinal)]
        plans = {seat.plan_version for seat in ordinals}
        if all(seat_cache.known_plan_of(performance_id, version) for version in plans):
            return names.requests(items)
        return await self._in_thread(lambda: names.requests(items))

    async def _read(self, performance_id: UUID) -> SeatStates:
        """Return the states as read now; who asks meanwhile waits for the same reading."""
        reading = self._readings.get(performance_id)
        if reading is None:
            reading = asyncio.ensure_future(
                self._in_thread(lambda: seat_cache.states_of(performance_id))
            )
            self._readings[performance_id] = reading
            reading.add_done_callback(lambda _: self._readings.pop(performance_id, None))
        return await asyncio.shield(reading)

    async def _in_thread(self, work: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _tidily, work)


def _tidily(work: Callable[[], Found]) -> Found:
    """Run work on a connection of this thread's own, as Django does around a request."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _answer(found: SeatStates, since: str | None) -> Answer:
    ordinals = seat_cache.changed_since(found, since) if since else None
    return comparable(msgspec.json.encode(states_facts(found, ordinals)))
