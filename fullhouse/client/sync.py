"""The client for programs that wait."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from uuid import UUID

from fullhouse.client import calls, seat_map, structs
from fullhouse.client.calls import Handle
from fullhouse.client.items import Item, Part, Places, Seat
from fullhouse.client.seat_map import SeatMap
from fullhouse.client.stream import StreamEvent
from fullhouse.client.sync_driver import Driver
from fullhouse.client.sync_manage import Manage

PAGE = 200


class Client(Driver):
    """Calls of `/api/v1/`, typed. Use it in a `with`, or close it. Threads may share one.

    Every call raises the errors of `fullhouse.client.errors`. Every write has an Idempotency-Key,
    made up unless you give one, and is sent again on 429, 502, 503, 504 and a lost connection.
    """

    @property
    def manage(self) -> Manage:
        """Calls that build and change the house; they need a `manage` key."""
        return Manage(self)

    def events(self) -> Iterator[structs.Event]:
        """Yield events by title, page by page as they are needed."""
        return self.pages(lambda cursor: calls.events(cursor, PAGE))

    def event(self, event_id: UUID) -> structs.Event:
        """Return one event."""
        return self.do(calls.event(event_id))

    def performances(
        self,
        *,
        event: UUID | None = None,
        since: datetime.date | None = None,
        until: datetime.date | None = None,
        available: bool = False,
    ) -> Iterator[structs.Performance]:
        """Yield performances by date, both days included; `available`: on sale with places."""
        return self.pages(
            lambda cursor: calls.performances(
                event=event,
                since=since,
                until=until,
                available=available,
                cursor=cursor,
                limit=PAGE,
            )
        )

    def performance(self, performance_id: UUID) -> structs.Performance:
        """Return one performance with its places."""
        return self.do(calls.performance(performance_id))

    def availability(self, performance_id: UUID) -> structs.Availability:
        """Return what can be had now, by section and ticket type."""
        return self.do(calls.availability(performance_id))

    def problems(self) -> list[structs.ProblemKind]:
        """Return every code that a problem may have, with its sentence."""
        return self.do(calls.problems())

    def seat_map(self, performance_id: UUID) -> SeatMap:
        """Read the seats of a performance; `refresh` keeps them up to date."""
        return self.follow(seat_map.load(performance_id))

    def refresh(self, seats: SeatMap) -> list[int]:
        """Bring a seat map up to date and return the ordinals of the seats that changed."""
        return self.follow(seat_map.refresh(seats))

    def reserve(
        self,
        performance_id: UUID,
        items: Sequence[Item],
        *,
        ttl_seconds: int = 600,
        customer: str = "",
        channel: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Reservation:
        """Hold places, all or none, until a deadline."""
        return self.do(
            calls.reserve(
                performance_id,
                items,
                ttl_seconds=ttl_seconds,
                customer=customer,
                channel=channel,
                key=idempotency_key,
            )
        )

    def reservation(self, handle: Handle) -> structs.Reservation:
        """Return a reservation as it stands."""
        return self.do(calls.reservation(handle))

    def confirm(
        self,
        handle: Handle,
        *,
        late: bool = False,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Reservation:
        """Sell a hold; `late`: also after the deadline, if every place can be had again."""
        return self.do(calls.confirm(handle, late=late, reason=reason, key=idempotency_key))

    def extend(
        self,
        handle: Handle,
        ttl_seconds: int,
        *,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Reservation:
        """Move the deadline to so many seconds from now."""
        return self.do(calls.extend(handle, ttl_seconds, reason=reason, key=idempotency_key))

    def release(
        self,
        handle: Handle,
        lines: Sequence[Part] | None = None,
        *,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Reservation:
        """Give a hold back: all of it, or lines, or places of lines."""
        return self.do(calls.release(handle, lines, reason=reason, key=idempotency_key))

    def refund(
        self,
        handle: Handle,
        lines: Sequence[Part] | None = None,
        *,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Reservation:
        """Take sold places back: all, or lines, or places of lines."""
        return self.do(calls.refund(handle, lines, reason=reason, key=idempotency_key))

    def exchange(
        self,
        handle: Handle,
        items: Sequence[Places | Seat],
        lines: Sequence[Part] | None = None,
        *,
        to: UUID | None = None,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Exchange:
        """Give lines up (all, if none are named) for other places, all or nothing."""
        return self.do(
            calls.exchange(handle, items, lines, to=to, reason=reason, key=idempotency_key)
        )

    def stream(
        self, performance_id: UUID, last_event_id: str | None = None
    ) -> Iterator[StreamEvent]:
        """Yield what happens, for as long as you listen; a broken connection is resumed."""
        return self.listen(f"performances/{performance_id}/stream", last_event_id)
