"""One performance at the gate: what its callers ask at the same moment, asked together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from msgspec.json import encode

from fullhouse.api.routes.answers import availability_facts, made_facts, reservation_facts
from fullhouse.api.routes.naming import type_names
from fullhouse.events.domain.errors import CapacityError
from fullhouse.events.domain.names import name_key
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.services.availability import availability_statement, availability_told
from fullhouse.events.services.outcomes import granted, replayed
from fullhouse.events.services.release import release_statement
from fullhouse.events.services.reservations import ReservationState, states_query, states_told
from fullhouse.events.services.reserve import Hold
from fullhouse.events.services.reserve_many import (
    Prepared,
    answer_told,
    made_told,
    many_statement,
    many_told,
)
from fullhouse.gate.combiner import Combiner
from fullhouse.gate.database import Database
from fullhouse.gate.edge import Answer, comparable

_log = logging.getLogger(__name__)

_EVENING: Final = """
    SELECT status, event_id FROM {schema}.events_eventperformance WHERE id = %s
"""
_NAMES: Final = """
    SELECT 0, section_id, spelling, '' FROM {schema}.events_sectionalias
        WHERE performance_id = %s
    UNION ALL SELECT 1, id, name_key, '' FROM {schema}.events_eventsection
        WHERE performance_id = %s
    UNION ALL SELECT 2, t.id, t.name, t.code FROM {schema}.events_tickettype AS t
        JOIN {schema}.events_eventperformance AS p ON p.event_id = t.event_id WHERE p.id = %s
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Evening:
    """Whether a performance may be seen; its names by `name_key`, where they were asked for."""

    status: str
    event_id: UUID
    sections: dict[str, UUID] = field(default_factory=dict)
    types: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A hold that was checked; `keyed`: under an idempotency key, so that it can be asked again."""

    prepared: Prepared
    keyed: bool
    actor: str


@dataclass(frozen=True, slots=True)
class Held:
    """A hold and how it is told, with the buyer's secret. `made`: by this call, not before it."""

    reservation_id: UUID
    body: bytes
    made: bool


class Desk:
    """Serves one performance. Its combiners raise what the services raise."""

    def __init__(self, database: Database, performance_id: UUID) -> None:
        self._database = database
        self.performance_id = performance_id
        self.evenings: Combiner[bool, Evening | None] = Combiner(self._evening)
        self.holds: Combiner[Wish, Held] = Combiner(self._hold, abandoned=self.give_back)
        self.reservations: Combiner[UUID, ReservationState | None] = Combiner(self._reservations)
        self.places: Combiner[None, tuple[str, Answer]] = Combiner(self._places)
        self._returns: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Whether nobody is being served."""
        return not self._returns and all(each.idle for each in self._combiners())

    async def finish(self) -> None:
        """Return when everybody who was accepted has an answer."""
        while not self.idle:
            for each in self._combiners():
                await each.finish()
            if self._returns:
                await asyncio.wait(set(self._returns))

    def _combiners(self) -> tuple[Combiner[Any, Any], ...]:
        return self.evenings, self.holds, self.reservations, self.places

    async def _evening(self, with_names: Sequence[bool]) -> list[Evening | None]:
        key = self.performance_id
        rows = await self._database.read(_EVENING.format(schema=schema()), [key])
        if not rows:
            return [None] * len(with_names)
        sections: dict[str, UUID] = {}
        types: list[tuple[UUID, str, str]] = []
        if any(with_names):
            names = await self._database.read(_NAMES.format(schema=schema()), [key, key, key])
            for kind, known, name, code in names:
                if kind == 2:
                    types.append((known, name, code))
                else:
                    sections[name if kind else name_key(name)] = known
        status, event_id = rows[0]
        found = Evening(status, event_id, sections, type_names(types))
        return [found] * len(with_names)

    async def _hold(self, wishes: Sequence[Wish]) -> list[Held | Exception]:
        asked = many_statement(self.performance_id, [wish.prepared for wish in wishes])
        outcome = await self._database.run(asked)
        told, made = many_told(outcome), made_told(outcome)
        answers = list(zip(told, [wish.prepared for wish in wishes], strict=True))
        ids = [_reservation(one, prepared.token) for one, prepared in answers]
        if made is not None:
            return [
                Held(key, encode(made_facts(one, prepared, self.performance_id, made)), True)
                if isinstance(key, UUID)
                else key
                for key, (one, prepared) in zip(ids, answers, strict=True)
            ]
        states = await self._states([key for key in ids if isinstance(key, UUID)])
        return [
            Held(key, encode(reservation_facts(states[key], prepared.token)), not replayed(one))
            if isinstance(key, UUID)
            else key
            for key, (one, prepared) in zip(ids, answers, strict=True)
        ]

    async def _reservations(self, ids: Sequence[UUID]) -> list[ReservationState | None]:
        found = await self._states(ids)
        return [found.get(each) for each in ids]

    async def _states(self, ids: Sequence[UUID]) -> dict[UUID, ReservationState]:
        if not ids:
            return {}
        query = states_query(self.performance_id, ids)
        return states_told(await self._database.read(*query))

    async def _places(self, askers: Sequence[None]) -> list[tuple[str, Answer]]:
        asked = availability_statement(self.performance_id)
        found = availability_told(await self._database.run(asked))
        answer = comparable(encode(availability_facts(found)))
        return [(found.status, answer)] * len(askers)

    def give_back(self, wish: Wish, held: Held) -> None:
        """Release what was granted to a caller who has gone and can never name it again."""
        if not wish.keyed:
            task = asyncio.get_running_loop().create_task(self._release(wish, held))
            self._returns.add(task)
            task.add_done_callback(self._returns.discard)

    async def _release(self, wish: Wish, held: Held) -> None:
        asked = release_statement(
            performance_id=self.performance_id,
            reservation_id=held.reservation_id,
            actor=wish.actor,
            reason="the caller has gone",
        )
        try:
            granted(await self._database.run(asked), "released")
        except CapacityError as error:
            _log.warning("a hold that nobody asks for runs to its deadline: %s", error)


def _reservation(outcome: dict[str, Any], token: str) -> UUID | Exception:
    if outcome["outcome"] == "granted":
        return UUID(outcome["reservation_id"])
    told = answer_told(outcome, token)
    return told.reservation_id if isinstance(told, Hold) else told
