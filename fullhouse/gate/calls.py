"""The hot calls: what each understands, and how it is answered.

`read` raises NotUnderstoodError before anything is counted or moved; `answer` raises what the
services raise, and the API's Forbidden and Http404.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from django.http import Http404

from fullhouse.api.access import engine_key, opened, require_allowed, require_modest, sees
from fullhouse.api.caller import Caller
from fullhouse.api.routes.answers import reservation_facts
from fullhouse.api.routes.naming import Names, as_id
from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.engine.calls import Statement
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.confirm import confirm_statement
from fullhouse.events.services.extend import extend_statement
from fullhouse.events.services.lines import LinePart
from fullhouse.events.services.outcomes import granted
from fullhouse.events.services.release import release_statement
from fullhouse.events.services.reserve_many import Wanted, prepared
from fullhouse.gate import bodies
from fullhouse.gate.asked import Asked
from fullhouse.gate.database import Database
from fullhouse.gate.desk import Desk, Evening, Held, Wish
from fullhouse.gate.edge import Answer
from fullhouse.gate.seats import Seats

_LONGEST_KEY: Final = 150
_LONGEST_TOKEN: Final = 200
_SINCE: Final = re.compile(rb"since=([0-9a-zA-Z]{1,16})")


@dataclass(slots=True)
class Call:
    """A call that was understood. `gone` tells whether the client went away meanwhile."""

    asked: Asked
    body: Any
    key: str | None
    token: str | None
    since: str | None = None
    gone: Callable[[], bool] = lambda: False


def read(asked: Asked, body: bytes) -> Call:
    """Return the call. Raises NotUnderstoodError."""
    key, token = asked.header(b"idempotency-key"), asked.header(b"reservation-token")
    if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
        raise bodies.NotUnderstoodError
    if token is not None and len(token) > _LONGEST_TOKEN:
        raise bodies.NotUnderstoodError
    call = Call(asked, None, key, token)
    match asked.verb:
        case "reservations":
            call.body = bodies.understood(bodies.HOLD, body)
        case "confirm":
            call.body = bodies.understood(bodies.CONFIRM, body or b"{}") or bodies.Confirm()
        case "release":
            call.body = bodies.understood(bodies.RELEASE, body or b"{}") or bodies.Release()
        case "extend":
            call.body = bodies.understood(bodies.EXTEND, body)
        case "seats" if asked.query:
            found = _SINCE.fullmatch(asked.query)
            if found is None:
                raise bodies.NotUnderstoodError
            call.since = found[1].decode()
    return call


class Clerk:
    """Answers the calls."""

    def __init__(self, database: Database, seats: Seats) -> None:
        self._database = database
        self._seats = seats

    async def answer(self, call: Call, caller: Caller, desk: Desk) -> Answer:
        """Return the answer. Raises CapacityError, Forbidden, Http404."""
        match call.asked.verb:
            case "availability":
                return await self._availability(caller, desk)
            case "seats":
                return await self._seat_states(call, caller, desk)
            case "reservations":
                return await self._reserve(call, caller, desk)
            case _:
                return await self._change(call, caller, desk)

    async def visible(self, caller: Caller, desk: Desk, *, with_names: bool = False) -> Evening:
        """Return the performance. Raises Http404 where the caller may not see it."""
        found = await desk.evenings.ask(with_names)
        if found is None or not sees(caller, found.status, found.event_id):
            raise Http404
        return found

    async def _availability(self, caller: Caller, desk: Desk) -> Answer:
        status, answer = await desk.places.ask(None)
        if status == EventPerformance.Status.DRAFT:
            await self.visible(caller, desk)
        return answer

    async def _seat_states(self, call: Call, caller: Caller, desk: Desk) -> Answer:
        status, answer = await self._seats.states(desk.performance_id, call.since)
        if status == EventPerformance.Status.DRAFT:
            await self.visible(caller, desk)
        return answer

    async def _reserve(self, call: Call, caller: Caller, desk: Desk) -> Answer:
        try:
            wish = await self._wish(call, caller, desk)
            held: Held = await desk.holds.ask(wish)
        except (InvalidRequest, Refusal):
            await self.visible(caller, desk)  # who may not see it hears nothing else
            raise
        if not held.made:
            await self.visible(caller, desk)
        if call.gone():
            desk.give_back(wish, held)
        return Answer(201, held.body)

    async def _wish(self, call: Call, caller: Caller, desk: Desk) -> Wish:
        """Return the hold that is asked for. Raises InvalidRequest, Refusal, Http404.

        The engine grants nothing of a performance that is not on sale, so that whether the caller
        may see it is asked only where that could make a difference.
        """
        body: bodies.Hold = call.body
        require_modest(caller, sum(item.quantity or 1 for item in body.items), body.ttl_seconds)
        names = Names(desk.performance_id)
        if any(map(_is_named, body.items)):
            found = await self.visible(caller, desk, with_names=True)
            names = Names(desk.performance_id, sections=found.sections, types=found.types)
        key = engine_key(caller, call.key)
        items = [item.place() for item in body.items]
        wanted = Wanted(
            await self._seats.requests(names, desk.performance_id, items),
            ttl_seconds=body.ttl_seconds,
            customer=body.customer,
            channel=body.channel,
            actor=caller.actor,
            idempotency_key=key,
        )
        return Wish(prepared(desk.performance_id, wanted), key is not None, caller.actor)

    async def _change(self, call: Call, caller: Caller, desk: Desk) -> Answer:
        key: Any = call.asked.reservation_id
        found = opened(caller, key, await desk.reservations.ask(key), call.token)
        require_allowed(caller, found, call.asked.verb)
        statement, expected = _statement(call, caller, desk.performance_id, key)
        granted(await self._database.run(statement), expected)
        now = await desk.reservations.ask(key)
        if now is None:
            raise Http404
        return Answer(200, msgspec.json.encode(reservation_facts(now)))


def _statement(
    call: Call, caller: Caller, performance_id: UUID, reservation_id: UUID
) -> tuple[Statement, str]:
    """Return what the engine is asked, and the outcome that grants it. Raises InvalidRequest."""
    body, key = call.body, engine_key(caller, call.key)
    terms: dict[str, Any] = {
        "performance_id": performance_id,
        "reservation_id": reservation_id,
        "actor": caller.actor,
        "reason": body.reason,
        "idempotency_key": key,
    }
    match call.asked.verb:
        case "confirm":
            return confirm_statement(late=body.late, **terms), "confirmed"
        case "extend":
            return extend_statement(ttl_seconds=body.ttl_seconds, **terms), "extended"
        case _:
            parts = body.lines and [LinePart(part.line, part.quantity) for part in body.lines]
            return release_statement(lines=parts, **terms), "released"


def _is_named(item: bodies.Item) -> bool:
    """Tell whether the item has a name that is no id."""
    texts = (item.section, item.ticket_type)
    return any(text is not None and as_id(text) is None for text in texts)
