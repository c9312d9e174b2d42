"""Server-sent events of a performance: read, and resumed where they broke off. Sends nothing."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from fullhouse.client.conversation import Reply, Retries, Send, wait_before_next
from fullhouse.client.errors import UnreachableError, problem_of

MEDIA_TYPE: Final = "text/event-stream"
# A server that says nothing at all, not even a comment, for so long is taken for gone.
SILENCE_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 1.0
_END: Final = 204


class StreamEvent(msgspec.Struct, frozen=True):
    """Something that happened; `id` resumes after it, `data` is its JSON.

    The first of a stream that did not resume is `open`, without data: read the house then, and
    nothing is missed between what you read and what you are told.
    """

    id: str
    event: str
    data: Any


class Listening:
    """One stream over as many connections as it takes. The driver sends, feeds lines, waits.

    `ended` is how the driver's last connection did.
    """

    def __init__(self, path: str, last_event_id: str | None, retries: Retries) -> None:
        self.over = False
        self.ended = Reply(200)
        self._path = path
        self._last_id = last_event_id or ""
        self._opened = last_event_id is not None
        self._pause = _PAUSE_SECONDS
        self._retries = retries
        self._failures = 0
        self._reset()

    def request(self) -> Send:
        """Return the request of the next connection."""
        headers = {"Accept": MEDIA_TYPE, "Cache-Control": "no-store"}
        if self._last_id:
            headers["Last-Event-ID"] = self._last_id
        self._reset()
        return Send("GET", self._path, {}, headers, None)

    def feed(self, line: str) -> StreamEvent | None:
        """Take one line without its end; return the event that it completes."""
        self._failures = 0
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._last_id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self._pause = min(int(value) / 1000, self._retries.longest_wait_seconds)
        return None

    def after(self, reply: Reply) -> float:
        """Return how long to wait before the next connection, after this one ended.

        `reply` is how it ended: refused with a status, broken (`failed`), or 200 for an end.
        Raises the error of a status that will not get better, and of too many failures.
        """
        if reply.status == _END:
            self.over = True
            return 0.0
        if reply.status == 200:
            return self._pause
        self._failures += 1
        wait = wait_before_next(reply, self._failures, self._retries)
        if wait is None or self._failures >= self._retries.attempts:
            if reply.failed:
                raise UnreachableError(reply.failed, None)
            raise problem_of(
                reply.status, reply.content, (reply.headers or {}).get("x-request-id", "")
            )
        return wait

    def _dispatch(self) -> StreamEvent | None:
        if not self._data:
            self._event = ""
            first, self._opened = not self._opened, True
            return StreamEvent(self._last_id, "open", None) if first else None
        self._opened = True
        text = "\n".join(self._data)
        try:
            data = msgspec.json.decode(text)
        except msgspec.DecodeError:
            data = text
        told = StreamEvent(self._last_id, self._event or "message", data)
        self._reset()
        return told

    def _reset(self) -> None:
        self._data: list[str] = []
        self._event = ""
