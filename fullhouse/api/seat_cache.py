"""Seat maps as this process last read them: many lookers, one query.

The states of a performance are read at most once in `FULLHOUSE_SEATS_MAX_AGE_MS`, by one thread
while the others wait; what changed since a version is told from the versions seen here. Nothing
is decided on them: a hold is granted by the engine alone.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.services.seat_maps import SeatPlan, SeatStates, seat_plan, seat_states

# 60,000 seats: 60 kB a version and 10 MB a plan.
_PERFORMANCES: Final = 32
_VERSIONS: Final = 16
_PLANS: Final = 8


@dataclass(slots=True)
class _Seen:
    lock: threading.Lock = field(default_factory=threading.Lock)
    latest: SeatStates | None = None
    read_at: float = 0.0
    versions: OrderedDict[str, SeatStates] = field(default_factory=OrderedDict)


_guard = threading.Lock()
_seen: OrderedDict[UUID, _Seen] = OrderedDict()
_plans: OrderedDict[tuple[UUID, int], SeatPlan] = OrderedDict()


def states_of(performance_id: UUID) -> SeatStates:
    """Return the states of a performance, as old as allowed. Raises Refusal `unknown`; Conflict."""
    seen = _entry(performance_id)
    with seen.lock:
        oldest = time.monotonic() - settings.FULLHOUSE_SEATS_MAX_AGE_MS / 1000
        if seen.latest is None or seen.read_at <= oldest:
            begun = time.monotonic()
            seen.latest = seat_states(performance_id=performance_id)
            seen.read_at = begun
            seen.versions[seen.latest.version] = seen.latest
            while len(seen.versions) > _VERSIONS:
                seen.versions.popitem(last=False)
        return seen.latest


def fresh_states_of(performance_id: UUID) -> SeatStates | None:
    """Return the states if they were read recently enough, without waiting and without a query."""
    seen = _seen.get(performance_id)
    oldest = time.monotonic() - settings.FULLHOUSE_SEATS_MAX_AGE_MS / 1000
    return seen.latest if seen and seen.read_at > oldest else None


def known_plan_of(performance_id: UUID, plan_version: int) -> SeatPlan | None:
    """Return the plan in that version if it is in memory."""
    return _plans.get((performance_id, plan_version))


def changed_since(now: SeatStates, version: str) -> list[int] | None:
    """Return the ordinals whose state changed since `version`.

    None where this process has not seen that version, or more than states changed since.
    """
    before = _entry(now.performance_id).versions.get(version)
    if (
        before is None
        or (before.plan_version, before.status, before.offers) != _beside_states(now)
        or before.offer_of != now.offer_of
    ):
        return None
    pairs = zip(before.states, now.states, strict=True)
    return [ordinal for ordinal, (was, now_is) in enumerate(pairs) if was != now_is]


def plan_of(performance_id: UUID, plan_version: int) -> SeatPlan:
    """Return the plan in that version. Raises Refusal `plan_moved` where it is another one now."""
    key = performance_id, plan_version
    with _guard:
        if key in _plans:
            _plans.move_to_end(key)
            return _plans[key]
    found = seat_plan(performance_id=performance_id)
    if found.plan_version != plan_version:
        raise Refusal("plan_moved", {"plan_version": plan_version, "now": found.plan_version})
    with _guard:
        _plans[key] = found
        while len(_plans) > _PLANS:
            _plans.popitem(last=False)
    return found


def _beside_states(of: SeatStates) -> tuple[object, ...]:
    return of.plan_version, of.status, of.offers


def _entry(performance_id: UUID) -> _Seen:
    with _guard:
        seen = _seen.setdefault(performance_id, _Seen())
        _seen.move_to_end(performance_id)
        while len(_seen) > _PERFORMANCES:
            _seen.popitem(last=False)
        return seen
