"""The gate's connections: a pool of asynchronous ones, each in autocommit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.db import connection
from psycopg import AsyncConnection, Error, OperationalError
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from fullhouse.events.domain.errors import Conflict
from fullhouse.events.engine.calls import Statement
from fullhouse.events.engine.failures import failure

# Calls of one performance follow each other; so many performances are served side by side.
CONNECTIONS: Final = 6
# Who gets no connection in this time is told to try again.
PATIENCE_SECONDS: Final = 3.0
_log = logging.getLogger(__name__)
_MOST_WAITING: Final = 200
_NOT_LIBPQS: Final = ("cursor_factory", "context", "prepare_threshold", "server_side_binding")


class _LostError(Conflict):
    """The connection broke under the statement."""


class Database:
    """Runs the engine's statements. Errors are those of `engine.calls.call`."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None
        self._looks: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to connect; whether the database answers is found out by whoever asks it."""
        known = connection.get_connection_params()
        given = {name: value for name, value in known.items() if name not in _NOT_LIBPQS}
        given["options"] = f"{given.get('options', '')} -c TimeZone=UTC".strip()
        self._pool = AsyncConnectionPool(
            kwargs={**given, "autocommit": True},
            min_size=1,
            max_size=CONNECTIONS,
            timeout=PATIENCE_SECONDS,
            max_waiting=_MOST_WAITING,
            reconnect_timeout=30,
            configure=_configure,
            open=False,
        )
        await self._pool.open()

    async def close(self) -> None:
        """Close all connections; statements under way are waited for."""
        if self._looks is not None:
            self._looks.cancel()
        if self._pool is not None:
            await self._pool.close()

    async def run(self, statement: Statement) -> dict[str, Any]:
        """Run an engine function and return its outcome.

        Raises InvalidRequest, Conflict or EngineFault, never a database error.
        """
        rows = await self._execute(*statement.sql(early=True))
        outcome: dict[str, Any] = rows[0][0]
        return outcome

    async def read(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query that writes nothing; once more on another connection.

        Raises Conflict or EngineFault.
        """
        try:
            return await self._execute(sql, values)
        except _LostError:
            return await self._execute(sql, values)

    async def write(self, sql: str, values: Sequence[Any]) -> None:
        """Run a plain statement of ours. Raises Conflict or EngineFault."""
        await self._execute(sql, values, rows=False)

    async def _execute(
        self, sql: str, values: Sequence[Any], *, rows: bool = True
    ) -> list[tuple[Any, ...]]:
        if self._pool is None:
            raise failure(OperationalError("the gate is closed"))
        try:
            used = await self._pool.getconn()
        except Error as error:
            self._look_again()
            raise failure(error) from error
        try:
            cursor = await used.execute(sql, values)
            return await cursor.fetchall() if rows else []
        except Error as error:
            if used.broken:
                self._look_again()
                raise _LostError(str(failure(error))) from error
            raise failure(error) from error
        finally:
            await self._pool.putconn(used)

    def _look_again(self) -> None:
        """One lost connection means, as a rule, that the others are lost too."""
        if self._looks is None or self._looks.done():
            self._looks = asyncio.get_running_loop().create_task(self._recover())

    async def _recover(self) -> None:
        """Start the server if it is ours to start, and drop connections that are dead."""
        try:
            await asyncio.to_thread(_reach)
            if self._pool is not None:
                await self._pool.check()
        except Exception as error:
            _log.warning("the database is not back yet: %s", error)


def _reach() -> None:
    """Connect as Django does, which starts an embedded server that is down."""
    try:
        connection.ensure_connection()
    finally:
        connection.close()


async def _configure(made: AsyncConnection[Any]) -> None:
    set_json_loads(msgspec.json.decode, made)
    set_json_dumps(msgspec.json.encode, made)
