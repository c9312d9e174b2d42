"""The whole site on the test database, in threads of this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread


class Server(ThreadedWSGIServer):
    """Ends with its last request, so that no thread is left with the database."""

    daemon_threads = False


class Site(LiveServerThread):
    server_class = Server


@contextmanager
def served() -> Iterator[str]:
    """Serve the site while the block runs and return its URL; browsers must be closed in it."""
    default = connections.settings["default"]
    before = default.get("CONN_MAX_AGE", 0)
    # A thread a connection of the browser: none may keep a session of the database behind it.
    default["CONN_MAX_AGE"] = 0
    server = Site("localhost", lambda _media: WSGIHandler())
    server.start()
    server.is_ready.wait()
    try:
        if server.error:
            raise server.error
        yield f"http://localhost:{server.port}"
    finally:
        server.terminate()
        default["CONN_MAX_AGE"] = before
