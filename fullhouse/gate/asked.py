"""A request as the gate sees it: read from the ASGI scope, nothing of Django's in between."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from uuid import UUID

from fullhouse.api.edge import MAX_BODY_BYTES
from fullhouse.gate.patience import Patience

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

# A body is a few kilobytes; who needs longer holds the line on purpose.
BODY_SECONDS: Final = 10.0
_ID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ADDRESS: Final = re.compile(
    rf"/api/v1/performances/({_ID})/(?:(availability|seats|stream)"
    rf"|(reservations)|reservations/({_ID})/(confirm|release|extend))"
)
# What changes the meaning of a request in ways that only Django knows.
_STRANGE: Final = frozenset(
    {
        b"content-encoding",
        b"transfer-encoding",
        b"expect",
        b"upgrade",
        b"if-match",
        b"if-modified-since",
        b"if-unmodified-since",
    }
)


class GoneError(Exception):
    """The client went away before its request was whole."""


class Asked:
    """A hot call: `verb` is what is asked, of the performance and, for some, the reservation.

    `begun` is of the performance counter; `key`, the public prefix of the caller's, and `language`
    are set once they are known.
    """

    __slots__ = (
        "begun",
        "headers",
        "key",
        "language",
        "path",
        "peer",
        "performance_id",
        "query",
        "reservation_id",
        "verb",
    )

    def __init__(
        self, scope: Scope, found: re.Match[str], headers: dict[bytes, bytes], verb: str
    ) -> None:
        self.begun = time.perf_counter()
        self.key: str | None = None
        self.language = ""
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        client = scope.get("client")
        self.peer: str = client[0] if client else "unknown"
        self.headers = headers
        self.verb = verb
        self.performance_id = UUID(found[1])
        self.reservation_id = UUID(found[4]) if found[4] else None

    def header(self, name: bytes) -> str | None:
        """Return a header as Django reads it; None where it is not given."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.verb in ("availability", "seats", "stream") else "POST"


def asked(scope: Scope) -> Asked | None:
    """Return the hot call of a request, or None where it is Django's."""
    found = _ADDRESS.fullmatch(scope["path"])
    if found is None:
        return None
    verb = found[2] or found[3] or found[5]
    if scope["method"] != ("GET" if found[2] else "POST"):
        return None
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if len(headers) != len(scope["headers"]) or not _STRANGE.isdisjoint(headers):
        return None
    if not found[2]:
        kind = headers.get(b"content-type", b"application/json")
        length = headers.get(b"content-length", b"")
        if not kind.startswith(b"application/json") or not length.isdigit():
            return None
        if len(length) > len(str(MAX_BODY_BYTES)) or int(length) > MAX_BODY_BYTES:
            return None
    elif headers.get(b"content-length", b"0") != b"0":
        return None
    return Asked(scope, found, headers, verb)


async def whole_body(call: Asked, receive: Receive, patience: Patience) -> bytes:
    """Return the body of a call that brings one. Raises GoneError, SlowError."""
    expected = int(call.headers[b"content-length"])
    if expected == 0:
        return b""
    parts: list[bytes] = []
    got = 0
    with patience:
        while got < expected:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            part = message.get("body", b"")
            parts.append(part)
            got += len(part)
            if not message.get("more_body", False):
                break
    if got != expected:
        raise GoneError
    return parts[0] if len(parts) == 1 else b"".join(parts)
