"""Changes as they happen: one look a half second for all streams of a performance."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final
from uuid import UUID

from fullhouse.api import framing
from fullhouse.events.domain.errors import CapacityError
from fullhouse.events.services.changes import LIMIT, SETTLE, Changes, query, readable, told
from fullhouse.gate.database import Database

#: Streams of one process; each is a socket and a queue, no thread.
MOST_STREAMS: Final = 2000
#: Of them by one caller, as a whole hall may sit behind one address.
MOST_OF_ONE: Final = 200
#: A reader that is further behind is cut off, and comes back with its position.
_MOST_BEHIND: Final = 16
LONGEST_SECONDS: Final = 1800.0


class Streams:
    """The streams of this process, by performance."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watches: dict[UUID, _Watch] = {}
        self._open: Counter[str] = Counter()
        self.stopping = asyncio.Event()

    def take(self, who: str) -> bool:
        """Take a stream for a caller if there is one left; `give_back` it."""
        full = self._open.total() >= MOST_STREAMS or self._open[who] >= MOST_OF_ONE
        if full or self.stopping.is_set():
            return False
        self._open[who] += 1
        return True

    def give_back(self, who: str) -> None:
        """Give one back."""
        self._open[who] -= 1
        if not self._open[who]:
            del self._open[who]

    async def events(self, performance_id: UUID, since: str | None) -> AsyncGenerator[bytes, None]:
        """Tell what changes since a position, until LONGEST_SECONDS or the stop of the server.

        Raises Conflict, EngineFault at the beginning; later such an error ends the stream.
        """
        watch = self._watches.get(performance_id)
        if watch is None:
            watch = self._watches[performance_id] = _Watch(self._database, performance_id)
        mine = watch.join()
        try:
            yield await watch.first(since)
            ends = time.monotonic() + LONGEST_SECONDS
            while time.monotonic() < ends and not self.stopping.is_set():
                try:
                    async with asyncio.timeout(framing.HEARTBEAT_SECONDS):
                        event = await mine.get()
                except TimeoutError:
                    event = framing.heartbeat(watch.position)
                if event is None:
                    return
                yield event
        finally:
            if watch.leave(mine):
                del self._watches[performance_id]

    def finish(self) -> None:
        """End all streams: their readers come back, to another process if need be."""
        self.stopping.set()
        for watch in list(self._watches.values()):
            watch.end()


class _Watch:
    """Looks at one performance for all who listen."""

    def __init__(self, database: Database, performance_id: UUID) -> None:
        self._database = database
        self._performance_id = performance_id
        self._listeners: set[asyncio.Queue[bytes | None]] = set()
        self._started = asyncio.get_running_loop().create_task(self._look(None))
        self._task: asyncio.Task[None] | None = None
        self.position = ""

    def join(self) -> asyncio.Queue[bytes | None]:
        """Listen from now on."""
        mine: asyncio.Queue[bytes | None] = asyncio.Queue(_MOST_BEHIND)
        self._listeners.add(mine)
        return mine

    def leave(self, mine: asyncio.Queue[bytes | None]) -> bool:
        """Stop listening; True when nobody is left."""
        self._listeners.discard(mine)
        if not self._listeners:
            self._started.cancel()
            if self._task is not None:
                self._task.cancel()
        return not self._listeners

    async def first(self, since: str | None) -> bytes:
        """Return what a stream begins with.

        What happens after the watch's position comes through the queue; whoever comes back hears
        first what was since his own. An event may be heard twice, and none is missed.
        """
        found = await asyncio.shield(self._started)
        if self._task is None:
            self.position = found.position
            self._task = asyncio.get_running_loop().create_task(self._watch())
        if since is None:
            return framing.opening(self.position)
        mine = await self._look(since)
        event = framing.change_event(self._performance_id, mine)
        return event or framing.opening(mine.position)

    def end(self) -> None:
        """Tell all listeners that this is the end."""
        for each in self._listeners:
            self._tell(each, None)

    async def _watch(self) -> None:
        try:
            while True:
                await asyncio.sleep(framing.LOOK_SECONDS)
                found = await self._look(self.position)
                self.position = found.position
                event = framing.change_event(self._performance_id, found)
                if event is not None:
                    for each in list(self._listeners):
                        self._tell(each, event)
        except CapacityError:
            pass  # readers come back with their position, and a database that answers
        finally:
            self.end()

    def _tell(self, listener: asyncio.Queue[bytes | None], event: bytes | None) -> None:
        if listener.full():
            with suppress(asyncio.QueueEmpty):
                listener.get_nowait()
            event = None  # what he missed he hears when he comes back
        listener.put_nowait(event)

    async def _look(self, position: str | None) -> Changes:
        values = [readable(position), self._performance_id, LIMIT]
        rows = await self._database.read(query(), values)
        found = told(rows[0][0])
        if found.everything or found.changes:
            await self._database.write(SETTLE, [])
        return found
