"""A client of the gate inside this process: the same calls as Django's test client."""

import asyncio
import gc
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

from fullhouse.gate.application import Gate
from fullhouse.site.middleware import HEADER, POLICY

PATIENCE_SECONDS = 30


class GateInProcess:
    """A gate with an event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.application = Gate(WSGIHandler(), threads=2, site={HEADER: POLICY})
        self.wait(self.application.open())

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS)

    def close(self) -> None:
        self.wait(self.application.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self.loop.close()
        # Django keeps a connection for each thread, and lets it go with the thread's last object.
        gc.collect()

    def generic(
        self,
        method: str,
        url: str,
        data: str | bytes = "",
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        return self.wait(self.ask(method, url, data, content_type, headers))

    async def ask(
        self,
        method: str,
        url: str,
        data: str | bytes = "",
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
        *,
        goes: bool = False,
    ) -> HttpResponse:
        """Ask as a client that, if it `goes`, hangs up once its request is sent."""
        body = data.encode() if isinstance(data, str) else data
        given = {"Host": "testserver", **(headers or {})}
        if body:
            given |= {"Content-Type": content_type}
        if method == "POST":
            given |= {"Content-Length": str(len(body))}
        return await self._asked(method, url, body, given, goes)

    def get(self, url: str, headers: dict[str, str] | None = None) -> HttpResponse:
        return self.generic("GET", url, headers=headers)

    async def _asked(
        self, method: str, url: str, body: bytes, headers: dict[str, str], goes: bool
    ) -> HttpResponse:
        parts = urlsplit(url)
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        ready = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if ready:
                return ready.pop()
            if goes:
                return {"type": "http.disconnect"}
            await asyncio.Event().wait()
            raise AssertionError("never")

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        response = HttpResponse(
            b"".join(message.get("body", b"") for message in sent[1:]), status=sent[0]["status"]
        )
        del response["Content-Type"]
        for name, value in sent[0]["headers"]:
            response[name.decode()] = value.decode("latin-1")
        return response
