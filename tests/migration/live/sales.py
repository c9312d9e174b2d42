"""Single sales at a chosen moment, on either side, each with what its customer was told."""

import uuid
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from fullhouse.events.domain.errors import CapacityError
from fullhouse.migration.live import fence
from fullhouse.migration.live.rehearse.journal import Promise, Side

from .over_scene import seat, sell
from .over_sellers import BOOK

_SELL = "UPDATE events_seat SET status = 'sold' WHERE id = %s AND status = 'available'"


@dataclass(slots=True)
class Sales:
    """Sells in a legacy schema through a connection of its own, and in Fullhouse."""

    conninfo: str
    schema: str
    promises: dict[str, Promise] = field(default_factory=dict)

    def legacy(self, evening: UUID, key: UUID) -> bool:
        """Sell a seat through the legacy tables; return False if a fence refused it."""
        booking = uuid.uuid4()
        named = Jsonb([{"seat_id": str(key)}])
        try:
            with psycopg.connect(self.conninfo) as raw:
                raw.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self.schema)))
                assert raw.execute(_SELL, [key]).rowcount == 1
                raw.execute(BOOK, [booking, booking, named, evening])
        except psycopg.Error as error:
            return self._fenced(error.sqlstate)
        self._told(booking, "legacy", evening, key)
        return True

    def fullhouse(self, evening: UUID, key: UUID) -> bool:
        """Sell a seat in Fullhouse on this thread's connection; False if a fence refused it."""
        try:
            booking = sell(evening, seat(key))
        except CapacityError as error:
            return self._fenced(getattr(error, "sqlstate", None))
        self._told(booking, "fullhouse", evening, key)
        return True

    def _fenced(self, state: Any) -> bool:
        assert state == fence.SQLSTATE, state
        return False

    def _told(self, booking: UUID, side: Side, evening: UUID, key: UUID) -> None:
        self.promises[str(booking)] = Promise(
            str(booking), side, str(evening), (str(key),), 1, frozenset({"sold"})
        )
