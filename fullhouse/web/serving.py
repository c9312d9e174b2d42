"""The web server: Granian around the on-sale gate or Django, started only where it can serve."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from granian.constants import Interfaces, Loops
from granian.errors import FatalError
from granian.log import LogLevels
from granian.server import Server

from fullhouse.telemetry.folder import counters_folder

APPLICATION = "fullhouse.site.asgi:without_gate"
GATE = "fullhouse.site.asgi:application"
# Requests of one worker that may wait for the database at once, a thread and a connection each.
# As many as Granian finds sensible for the machine, and few enough for PostgreSQL's 100 clients.
THREADS_PER_WORKER = min(8, 2 * (os.cpu_count() or 1) + 1)
STOP_SECONDS = 10
# Tells a worker with the gate that the stop has begun: Granian lets open answers end first, and an
# answer without an end must hear of it.
STOPPING = signal.SIGUSR1


class CannotServeError(Exception):
    """The server was not started; the message says why and what to do."""


def require_migrated() -> None:
    """Raise CannotServeError unless every migration is applied to the database."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        first = pending[0][0]
        raise CannotServeError(
            f"The database is not up to date: {len(pending)} migrations are missing, the first is "
            f"{first.app_label}.{first.name}. Run: fullhouse migrate"
        )


def require_free(host: str, port: int) -> None:
    """Raise CannotServeError unless this process can listen on `host`:`port`.

    Granian shares its port between workers, so that a second server would start without a word
    and get every second request; a bind of our own that does not share finds that out first.
    """
    try:
        (family, kind, proto, _, address), *_rest = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind, proto) as probe:
            # Ports of connections that were just closed are free; those listened on are not.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotServeError(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. Stop that program, or choose "
            f"another port: --port {port + 1 if port < 65535 else 8000}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be opened by this account. Choose one above 1023: --port 8000"
    return f"Cannot listen on {host}:{port}: {error.strerror or error}"


def serve(
    host: str,
    port: int,
    workers: int,
    *,
    gate: bool = True,
    say_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish open requests and return.

    `gate`: the hot calls of the API are answered before Django (fullhouse/gate).
    `say_ready` is called once, when the first worker accepts connections. Raises
    CannotServeError when the port is taken or the server cannot start.
    """
    require_free(host, port)
    server = _AnnouncedServer(
        GATE if gate else APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=workers,
        # One thread for the loop; Django's threads are the application's own.
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.say_ready = say_ready
    server.gate = gate
    if gate:
        signal.signal(STOPPING, signal.SIG_IGN)  # as long as a worker does not listen yet
    # Workers are forked: they must not inherit an open connection.
    connections.close_all()
    try:
        with counters_folder():
            server.serve()
    except FatalError as error:
        raise CannotServeError(f"The web server stopped: {error}") from error
    except SystemExit as error:
        # A terminal's Ctrl-C reaches the workers too; that they ended first is no failure.
        if not server.interrupt_signal:
            raise CannotServeError(
                "The web server's workers could not run; the messages above say why."
            ) from error


class _AnnouncedServer(Server):  # type: ignore[misc, valid-type]
    """Granian's server; tells when it answers, from a thread that starts after the last fork."""

    say_ready: Callable[[], None]
    gate: bool

    def shutdown(self, exit_code: int = 0) -> None:
        for worker in self.wrks if self.gate else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.inner.pid, STOPPING)
        super().shutdown(exit_code)

    def startup(self, *args: Any, **kwargs: Any) -> None:
        super().startup(*args, **kwargs)
        threading.Thread(target=self._announce, name="announce", daemon=True).start()

    def _announce(self) -> None:
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not listened on
        target = reached.get(self.bind_addr, self.bind_addr)
        while not self.main_loop_interrupt.wait(0.05):
            try:
                socket.create_connection((target, self.bind_port), timeout=1).close()
            except OSError:
                continue
            self.say_ready()
            return
