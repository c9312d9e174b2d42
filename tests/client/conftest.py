"""The real application behind both clients, and a server for programs of their own."""

import asyncio
import inspect
import socketserver
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx
import pytest
from api.conftest import Hall, _fresh_windows, draft, hall
from django.core.wsgi import get_wsgi_application
from django.db import connections

from fullhouse.api.keys import create_key
from fullhouse.client import AsyncClient, Client, Retries

__all__ = ["Hall", "_fresh_windows", "draft", "hall"]
URL = "http://localhost"
# As many attempts as usual, and none that a test would wait for.
PROMPT = Retries(first_wait_seconds=0.0, jitter=lambda: 0.0)


class Elsewhere(httpx.AsyncBaseTransport):
    """The synchronous application, asked from a thread."""

    def __init__(self, app: Any) -> None:
        self._app = httpx.WSGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await asyncio.to_thread(self._ask, request)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = self._app.handle_request(request)
        try:
            body = b"".join(answer.stream)  # type: ignore[arg-type]
        finally:
            answer.close()
            connections.close_all()  # the thread's own
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)


class Awaited:
    """A synchronous client with the asynchronous one's manners: one scenario runs on both."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return (
            self._later(found) if inspect.ismethod(found) else Awaited(found)  # `manage`
        )

    def _later(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **kwargs: Any) -> Any:
            if inspect.signature(call).return_annotation.startswith("Iterator"):
                return _each(call(*args, **kwargs))
            return _done(call, args, kwargs)

        return made


async def _each(rows: Iterator[Any]) -> AsyncIterator[Any]:
    for row in rows:
        yield row


async def _done(call: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    return call(*args, **kwargs)


@pytest.fixture(params=["sync", "async"])
def house_of(request: Any, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a maker of clients of the real application: `house_of("sell")` has a key."""
    # Scenarios are coroutines in which the synchronous client asks from the loop's own thread.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    app = get_wsgi_application()

    def make(*scopes: str, **options: Any) -> Any:
        key = create_key(name="client", scopes=scopes)[1] if scopes else None
        given = {"retries": PROMPT, **options}
        if request.param == "async":
            return AsyncClient(URL, key, transport=Elsewhere(app), **given)
        return Awaited(Client(URL, key, transport=httpx.WSGITransport(app=app), **given))

    return make


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """Joins its threads at the end; none keeps a connection to the test database."""

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None: ...


@pytest.fixture
def server(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The application at an address; a stream notices at its next look that nobody listens."""
    monkeypatch.setattr("fullhouse.api.framing.HEARTBEAT_SECONDS", 0.0)
    monkeypatch.setattr("fullhouse.api.framing.LOOK_SECONDS", 0.01)
    with _Server(("127.0.0.1", 0), _Quiet) as serving:
        serving.set_app(get_wsgi_application())
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()
