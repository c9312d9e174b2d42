"""A seat map that is kept up to date: the plan once, then only what changed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from fullhouse.client import calls
from fullhouse.client.items import SeatOrdinal
from fullhouse.client.structs import Offer, SeatPlan, SeatStates

T = TypeVar("T")
# Calls to make one after the other; the driver gives back what each answered.
Plan: TypeAlias = Generator[calls.Call[Any], Any, T]


@dataclass(slots=True)
class SeatMap:
    """The numbered seats of a performance, as last told. Only a hold says that a seat is yours.

    `states` has a letter a seat: a available, r reserved, s sold; `offer_of` is an index into
    `offers` a seat. Change nothing here: `client.refresh(seat_map)` does.
    """

    plan: SeatPlan
    version: str
    status: str
    states: str
    offers: list[Offer]
    offer_of: list[int]

    def __len__(self) -> int:
        return len(self.states)

    def state(self, ordinal: int) -> str:
        """Return a seat's letter."""
        return self.states[ordinal]

    def offer(self, ordinal: int) -> Offer:
        """Return what a seat costs, and as what it is sold."""
        return self.offers[self.offer_of[ordinal]]

    def free(self) -> Iterator[int]:
        """Yield the ordinals of the seats that can be had."""
        return (ordinal for ordinal, state in enumerate(self.states) if state == "a")

    def address(self, ordinal: int) -> SeatOrdinal:
        """Return how a reservation names the seat."""
        return SeatOrdinal(self.plan.plan_version, ordinal)


def load(performance_id: UUID) -> Plan[SeatMap]:
    """Read a seat map whole."""
    told: SeatStates = yield calls.seats(performance_id, None)
    plan: SeatPlan = yield calls.plan(performance_id, told.plan_version)
    return SeatMap(
        plan=plan,
        version=told.version,
        status=told.status,
        states=told.states,
        offers=told.offers or [],
        offer_of=_offers(told),
    )


def refresh(seat_map: SeatMap) -> Plan[list[int]]:
    """Bring a seat map up to date; returns the ordinals whose state changed.

    Where the plan itself changed, the map is read anew and all of its seats are told.
    """
    told: SeatStates = yield calls.seats(seat_map.plan.performance, seat_map.version)
    if told.plan_version != seat_map.plan.plan_version:
        plan: SeatPlan = yield calls.plan(seat_map.plan.performance, told.plan_version)
        seat_map.plan = plan
        changed = list(range(len(told.states)))
        _replace(seat_map, told)
        return changed
    if told.ordinals is None:
        pairs = enumerate(zip(seat_map.states, told.states, strict=True))
        changed = [ordinal for ordinal, (before, now) in pairs if before != now]
        _replace(seat_map, told)
        return changed
    states = list(seat_map.states)
    for ordinal, state in zip(told.ordinals, told.states, strict=True):
        states[ordinal] = state
    seat_map.states = "".join(states)
    seat_map.version, seat_map.status = told.version, told.status
    return list(told.ordinals)


def _replace(seat_map: SeatMap, told: SeatStates) -> None:
    seat_map.version, seat_map.status = told.version, told.status
    seat_map.states = told.states
    seat_map.offers, seat_map.offer_of = told.offers or [], _offers(told)


def _offers(told: SeatStates) -> list[int]:
    return [offer for offer, count in told.offer_runs or () for _ in range(count)]
