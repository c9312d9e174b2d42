"""Who asks: API keys, read for all who wait together. Nothing is remembered: a key ends at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from fullhouse.api.caller import Caller, UnknownKeyError, key_text
from fullhouse.api.keys import opens, prefix_of, use_is_news
from fullhouse.api.models import ApiKey
from fullhouse.doors.address import client_address
from fullhouse.gate.asked import Asked
from fullhouse.gate.combiner import Combiner
from fullhouse.gate.database import Database

_COLUMNS: Final = (
    "id", "name", "prefix", "secret_hash", "scopes", "requests_per_minute", "expires_at",
    "revoked_at", "last_used_at",
)  # fmt: skip


class Callers:
    """Finds out who asks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: Combiner[str, Caller] = Combiner(self._read)
        keys, events = ApiKey._meta.db_table, ApiKey.events.through._meta.db_table
        columns = ", ".join(f"k.{name}" for name in _COLUMNS)
        self._query = (
            f"SELECT {columns}, ARRAY(SELECT e.event_id FROM {events} AS e"  # noqa: S608 - names
            f" WHERE e.apikey_id = k.id) FROM {keys} AS k WHERE k.prefix = ANY (%s)"
        )
        self._use = f"UPDATE {keys} SET last_used_at = %s WHERE id = %s"  # noqa: S608 - names

    async def of(self, call: Asked) -> Caller:
        """Return who asks. Raises UnknownKeyError, Conflict, EngineFault."""
        address = client_address(call.peer, call.header(b"x-forwarded-for") or "")
        given = call.header(b"authorization")
        if given is None:
            return Caller(address)
        text = key_text(given)
        if text is None:
            raise UnknownKeyError
        found = await self._keys.ask(text)
        return Caller(address, found.key, found.event_ids)

    async def finish(self) -> None:
        """Return when everybody is known."""
        await self._keys.finish()

    async def _read(self, texts: Sequence[str]) -> list[Caller | Exception]:
        prefixes = list({prefix for text in texts if "\x00" not in (prefix := prefix_of(text))})
        found: dict[str, tuple[ApiKey, frozenset[object]]] = {}
        for row in await self._database.read(self._query, [prefixes]):
            key = ApiKey(**dict(zip(_COLUMNS, row, strict=False)))
            found[key.prefix] = key, frozenset(row[-1])
        return [await self._opened(text, found) for text in texts]

    async def _opened(
        self, text: str, found: dict[str, tuple[ApiKey, frozenset[object]]]
    ) -> Caller | Exception:
        key, events = found.get(prefix_of(text), (None, frozenset()))
        now = timezone.now()
        if not opens(key, text, now) or key is None:
            return UnknownKeyError()
        if use_is_news(key, now):
            key.last_used_at = now
            await self._database.write(self._use, [now, key.pk])
        return Caller("", key, events)  # type: ignore[arg-type]
