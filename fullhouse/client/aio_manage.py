"""Building and changing the house, with a `manage` key: the same calls, awaited."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from fullhouse.client import manage_calls as calls
from fullhouse.client import manage_structs as structs
from fullhouse.client.aio_driver import Driver


class Manage:
    """`client.manage`: the basics; `client.do` makes any other call."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def create_venue(
        self,
        name: str,
        total_capacity: int,
        *,
        city: str = "",
        country: str = "",
        time_zone: str = "UTC",
        idempotency_key: str | None = None,
    ) -> structs.Venue:
        """Make a venue of so many places."""
        return await self._driver.do(
            calls.create_venue(
                name,
                total_capacity,
                city=city,
                country=country,
                time_zone=time_zone,
                key=idempotency_key,
            )
        )

    async def create_event(
        self, venue: UUID, title: str, slug: str, *, idempotency_key: str | None = None
    ) -> structs.EventRow:
        """Make an event at a venue."""
        return await self._driver.do(calls.create_event(venue, title, slug, key=idempotency_key))

    async def create_ticket_type(
        self,
        event: UUID,
        name: str,
        *,
        code: str = "",
        price_modifier: Decimal = Decimal(1),
        places_per_ticket: int = 1,
        idempotency_key: str | None = None,
    ) -> structs.TicketTypeRow:
        """Make a ticket type of an event."""
        return await self._driver.do(
            calls.create_ticket_type(
                event,
                name,
                code=code,
                price_modifier=price_modifier,
                places_per_ticket=places_per_ticket,
                key=idempotency_key,
            )
        )

    async def create_performance(
        self,
        event: UUID,
        date: datetime.date,
        start_time: datetime.time,
        sections: Sequence[calls.Section] = (),
        *,
        status: str = "on_sale",
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.PerformanceRow:
        """Make an evening (local to the venue) with its sections and seats, all or nothing."""
        return await self._driver.do(
            calls.create_performance(
                event,
                date,
                start_time,
                sections,
                status=status,
                reason=reason,
                key=idempotency_key,
            )
        )

    async def sections(self, performance: UUID) -> list[structs.SectionRow]:
        """Return the sections of a performance with their allocations."""
        return (await self._driver.do(calls.sections(performance))).items

    async def resize_section(
        self,
        performance: UUID,
        section: UUID,
        capacity: int,
        *,
        remove_seats: Sequence[UUID] = (),
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Resized:
        """Give a section a new size, never below what is reserved or sold."""
        return await self._driver.do(
            calls.resize_section(
                performance,
                section,
                capacity,
                remove_seats=remove_seats,
                reason=reason,
                key=idempotency_key,
            )
        )

    async def reallocate(
        self,
        performance: UUID,
        allocation: UUID,
        to_ticket_type: UUID | str | None,
        quantity: int = 0,
        *,
        seats: Sequence[UUID] = (),
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> structs.Reallocated:
        """Move unsold places to another ticket type of the section; None: to its pool."""
        return await self._driver.do(
            calls.reallocate(
                performance,
                allocation,
                to_ticket_type,
                quantity,
                seats=seats,
                reason=reason,
                key=idempotency_key,
            )
        )
