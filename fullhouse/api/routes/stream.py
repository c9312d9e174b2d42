"""Changes of a performance as they happen: Server-Sent Events, resumable without a gap."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from typing import Annotated, Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Header, Router

from fullhouse.api import framing
from fullhouse.api.edge import ApiRequest
from fullhouse.api.problems import protocol_problem
from fullhouse.api.routes import answers
from fullhouse.api.routes.reading import require_visible
from fullhouse.events.domain.errors import CapacityError
from fullhouse.events.services.changes import Changes, changes_since

router = Router(tags=["read"])

#: After that a stream ends, so that others get its thread; readers connect again by themselves.
LONGEST_SECONDS: Final = 120.0
RETRY_AFTER: Final = "5"
_DOCUMENTED: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "Server-Sent Events. `change`: {performance, changed: [availability, "
            "plan, seats, status], sections: [ids] or null for all}. Read again what is named.",
            "content": {framing.MEDIA_TYPE: {"schema": {"type": "string"}}},
        }
    }
}


class OpenStreams:
    """How many streams this process has open; each takes one of its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.taken = 0

    def take(self) -> bool:
        """Take one if fewer than `FULLHOUSE_STREAMS` are taken."""
        with self._lock:
            if self.taken >= settings.FULLHOUSE_STREAMS:
                return False
            self.taken += 1
            return True

    def give_back(self) -> None:
        """Give one back."""
        with self._lock:
            self.taken -= 1


open_streams = OpenStreams()


class Stream:
    """An open stream as an iterator of bytes. `close` is called once, however it ends."""

    def __init__(self, performance_id: UUID, since: str | None) -> None:
        self._performance_id = performance_id
        self._parts = self._told(since)
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        """End the stream and give its place back."""
        if not self._closed:
            self._closed = True
            self._parts.close()
            open_streams.give_back()

    def _told(self, since: str | None) -> Generator[bytes, None, None]:
        found = self._look(since)
        if since is None:
            yield framing.opening(found.position)
        else:
            yield framing.change_event(self._performance_id, found) or framing.opening(
                found.position
            )
        ends = time.monotonic() + LONGEST_SECONDS
        spoke = time.monotonic()
        while time.monotonic() < ends:
            time.sleep(framing.LOOK_SECONDS)
            try:
                found = self._look(found.position)
            except CapacityError:
                return  # the reader comes back with its position, and a database that answers
            event = framing.change_event(self._performance_id, found)
            if event is None and time.monotonic() - spoke >= framing.HEARTBEAT_SECONDS:
                event = framing.heartbeat(found.position)
            if event is not None:
                spoke = time.monotonic()
                yield event

    def _look(self, position: str | None) -> Changes:
        return changes_since(performance_id=self._performance_id, cursor=position)


@router.get(
    "performances/{uuid:performance_id}/stream",
    response=answers.PROBLEMS,
    summary="What changes, as it changes",
    operation_id="stream_changes",
    openapi_extra=_DOCUMENTED,
)
def stream_changes(
    request: ApiRequest,
    performance_id: UUID,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=4000)] = None,
) -> HttpResponse | StreamingHttpResponse:
    """Tell which parts to read again, at most twice a second.

    Open it first, then read: nothing is missed in between. A reader that was cut off sends the last
    `id` as `Last-Event-ID` and hears of all that happened meanwhile. A stream ends after two
    minutes; an EventSource comes back by itself.
    """
    require_visible(request, performance_id)
    if not open_streams.take():
        return protocol_problem(503, {"Retry-After": RETRY_AFTER})
    stream = Stream(performance_id, last_event_id)
    return StreamingHttpResponse(stream, content_type=framing.MEDIA_TYPE, headers=framing.HEADERS)
