"""Every call of the API as a value: method, path, body, and what it answers. Sends nothing."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from fullhouse.client import structs
from fullhouse.client.items import Item, Part, Places, Seat, as_items

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ref:
    """A reservation by its ids, and the token that opens it; an API key needs none."""

    performance: UUID
    id: UUID
    token: str | None = None


Handle: TypeAlias = Ref | structs.Reservation


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request. `key` makes it safe to repeat; reading always is."""

    method: str
    path: str
    answer: type[T]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    after: Callable[[T], T] | None = None

    def read(self, content: bytes) -> T:
        """Return the answer. Raises msgspec.DecodeError."""
        told = msgspec.json.decode(content, type=self.answer)
        return self.after(told) if self.after else told


def events(cursor: str | None, limit: int) -> Call[structs.Page[structs.Event]]:
    """Events by title."""
    return Call("GET", "events", structs.Page[structs.Event], _query(cursor=cursor, limit=limit))


def event(event_id: UUID) -> Call[structs.Event]:
    """One event."""
    return Call("GET", f"events/{event_id}", structs.Event)


def performances(
    *,
    event: UUID | None,
    since: datetime.date | None,
    until: datetime.date | None,
    available: bool,
    cursor: str | None,
    limit: int,
) -> Call[structs.Page[structs.Performance]]:
    """Performances by date."""
    query = _query(event=event, until=until, cursor=cursor, limit=limit)
    query |= {"from": str(since)} if since else {}
    query |= {"to": query.pop("until")} if until else {}
    query |= {"available": "true"} if available else {}
    return Call("GET", "performances", structs.Page[structs.Performance], query)


def performance(performance_id: UUID) -> Call[structs.Performance]:
    """One performance with its places."""
    return Call("GET", f"performances/{performance_id}", structs.Performance)


def availability(performance_id: UUID) -> Call[structs.Availability]:
    """What can be had now, by section and ticket type."""
    return Call("GET", f"performances/{performance_id}/availability", structs.Availability)


def seats(performance_id: UUID, since: str | None) -> Call[structs.SeatStates]:
    """The states of all numbered seats, or what changed since a version."""
    path = f"performances/{performance_id}/seats"
    return Call("GET", path, structs.SeatStates, _query(since=since))


def plan(performance_id: UUID, plan_version: int) -> Call[structs.SeatPlan]:
    """The numbered seats in their order."""
    return Call("GET", f"performances/{performance_id}/plans/{plan_version}", structs.SeatPlan)


def problems() -> Call[list[structs.ProblemKind]]:
    """Every code and its sentence."""
    return Call("GET", "problems", list[structs.ProblemKind])


def reserve(
    performance_id: UUID,
    items: Sequence[Item],
    *,
    ttl_seconds: int,
    customer: str,
    channel: str,
    key: str | None,
) -> Call[structs.Reservation]:
    """Hold places, all or none."""
    body = {
        "items": as_items(items),
        "ttl_seconds": ttl_seconds,
        "customer": customer,
        "channel": channel,
    }
    path = f"performances/{performance_id}/reservations"
    return Call("POST", path, structs.Reservation, body=body, key=key_or_new(key))


def reservation(handle: Handle) -> Call[structs.Reservation]:
    """A reservation as it stands."""
    return Call(
        "GET",
        _path(handle),
        structs.Reservation,
        headers=_token(handle),
        after=_with_token(handle),
    )


def confirm(
    handle: Handle, *, late: bool, reason: str, key: str | None
) -> Call[structs.Reservation]:
    """Sell a hold."""
    return _act(handle, "confirm", {"late": late, "reason": reason}, key)


def extend(
    handle: Handle, ttl_seconds: int, *, reason: str, key: str | None
) -> Call[structs.Reservation]:
    """Give a hold more time."""
    return _act(handle, "extend", {"ttl_seconds": ttl_seconds, "reason": reason}, key)


def release(
    handle: Handle, lines: Sequence[Part] | None, *, reason: str, key: str | None
) -> Call[structs.Reservation]:
    """Give a hold back."""
    return _act(handle, "release", {"lines": lines, "reason": reason}, key)


def refund(
    handle: Handle, lines: Sequence[Part] | None, *, reason: str, key: str | None
) -> Call[structs.Reservation]:
    """Take sold places back."""
    return _act(handle, "refund", {"lines": lines, "reason": reason}, key)


def exchange(
    handle: Handle,
    items: Sequence[Places | Seat],
    lines: Sequence[Part] | None,
    *,
    to: UUID | None,
    reason: str,
    key: str | None,
) -> Call[structs.Exchange]:
    """Other places instead."""
    body = {"items": items, "lines": lines, "to": to, "reason": reason}

    def keep_token(told: structs.Exchange) -> structs.Exchange:
        same = told.reservation.id == handle.id
        token = handle.token if same else None
        if told.reservation.token is not None or token is None:
            return told
        kept = msgspec.structs.replace(told.reservation, token=token)
        return msgspec.structs.replace(told, reservation=kept)

    return Call(
        "POST",
        f"{_path(handle)}/exchange",
        structs.Exchange,
        body=body,
        headers=_token(handle),
        key=key_or_new(key),
        after=keep_token,
    )


def _act(handle: Handle, verb: str, body: Any, key: str | None) -> Call[structs.Reservation]:
    return Call(
        "POST",
        f"{_path(handle)}/{verb}",
        structs.Reservation,
        body=body,
        headers=_token(handle),
        key=key_or_new(key),
        after=_with_token(handle),
    )


def _path(handle: Handle) -> str:
    return f"performances/{handle.performance}/reservations/{handle.id}"


def _token(handle: Handle) -> dict[str, str]:
    return {} if handle.token is None else {"Reservation-Token": handle.token}


def _with_token(handle: Handle) -> Callable[[structs.Reservation], structs.Reservation]:
    def keep(told: structs.Reservation) -> structs.Reservation:
        return told if told.token else msgspec.structs.replace(told, token=handle.token)

    return keep


def key_or_new(given: str | None) -> str:
    """Return the caller's idempotency key, else a new one."""
    return given or uuid.uuid4().hex


def _query(**given: object) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if value is not None}
