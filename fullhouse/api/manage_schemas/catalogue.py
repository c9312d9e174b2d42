"""Venues, events, ticket types, performances as rows. In a change, what is left out stays."""

from __future__ import annotations

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from fullhouse.api.manage_schemas.kinds import (
    Day,
    LocalTime,
    Modifier,
    Moment,
    NeedsWhy,
    Places,
    Text,
    Why,
    stays,
)
from fullhouse.api.manage_schemas.structure import SectionIn
from fullhouse.api.schemas import Strict, VenueOut

Status = Literal["draft", "on_sale", "closed"]


class VenueIn(Strict):
    """A house; `total_capacity` is the most places that one performance may have."""

    name: Text = Field(min_length=1, max_length=255)
    city: Text = Field(default="", max_length=100)
    country: Text = Field(default="", max_length=100)
    total_capacity: Places
    time_zone: Text = Field(default="UTC", max_length=64, description="an IANA name: Asia/Tehran")


class VenueChange(Why):
    """What changes of a venue."""

    name: Text = stays(min_length=1, max_length=255)
    city: Text = stays(max_length=100)
    country: Text = stays(max_length=100)
    total_capacity: Places = stays()
    time_zone: Text = stays(max_length=64)


class VenuePage(Schema):
    """Venues by name."""

    items: list[VenueOut]
    next: str | None


class EventIn(Strict):
    """A show; `slug` is its part of an address, unique."""

    venue: UUID
    title: Text = Field(min_length=1, max_length=255)
    slug: Text = Field(min_length=1, max_length=255)


class EventChange(Why):
    """What changes of an event; its venue only to one that holds its largest performance."""

    venue: UUID = stays()
    title: Text = stays(min_length=1, max_length=255)
    slug: Text = stays(min_length=1, max_length=255)


class EventRow(Schema):
    """An event as a row."""

    id: UUID
    venue: UUID
    title: str
    slug: str


class EventRows(Schema):
    """Events by title."""

    items: list[EventRow]
    next: str | None


class TicketTypeIn(Strict):
    """What a buyer chooses; `price_modifier` multiplies a section's base price."""

    name: Text = Field(min_length=1, max_length=100)
    code: Text = Field(default="", max_length=50)
    price_modifier: Modifier = Field(default=1, validate_default=True)
    places_per_ticket: int = Field(default=1, ge=1, le=1000, strict=True)
    is_active: bool = True


class TicketTypeChange(Why):
    """What changes of a ticket type; what was sold keeps its price and its places."""

    name: Text = stays(min_length=1, max_length=100)
    code: Text = stays(max_length=50)
    price_modifier: Modifier = stays()
    places_per_ticket: int = stays(ge=1, le=1000, strict=True)
    is_active: bool = stays()


class TicketTypeRow(Schema):
    """A ticket type as a row."""

    id: UUID
    event: UUID
    name: str
    code: str
    price_modifier: str
    places_per_ticket: int
    is_active: bool


class TicketTypeRows(Schema):
    """Ticket types by name."""

    items: list[TicketTypeRow]
    next: str | None


class PerformanceIn(Why):
    """An evening with its whole capacity tree, made together or not at all.

    `date` and `start_time` are local to the venue. Without `sections` it has no places yet.
    """

    event: UUID
    date: Day
    start_time: LocalTime
    status: Status = "on_sale"
    sales_open_at: Moment | None = None
    sales_close_at: Moment | None = None
    hold_ceiling_seconds: int = Field(default=3600, ge=1, le=2_147_483_647, strict=True)
    waiting_list_first: bool = False
    accessible_release_at: Moment | None = None
    sections: list[SectionIn] = Field(default_factory=list, max_length=1000)


class PerformanceChange(Why):
    """What changes of a performance. To put off or cancel it has calls of its own."""

    date: Day = stays()
    start_time: LocalTime = stays()
    status: Status = stays()
    sales_open_at: Moment | None = None
    sales_close_at: Moment | None = None
    hold_ceiling_seconds: int = stays(ge=1, le=2_147_483_647, strict=True)
    waiting_list_first: bool = stays()
    accessible_release_at: Moment | None = None


class PerformanceRow(Schema):
    """A performance as a row; `capacity` is all its places."""

    id: UUID
    event: UUID
    date: datetime.date
    start_time: LocalTime
    status: str
    sales_open_at: datetime.datetime | None
    sales_close_at: datetime.datetime | None
    hold_ceiling_seconds: int
    waiting_list_first: bool
    accessible_release_at: datetime.datetime | None
    capacity: int
    plan: UUID | None
    plan_version: int


class PerformanceRows(Schema):
    """Performances by date, drafts among them."""

    items: list[PerformanceRow]
    next: str | None


class PostponeIn(NeedsWhy):
    """To another date (and time, else the same), or, without a date, to an open one."""

    date: Day | None = None
    start_time: LocalTime | None = None


class RefundDueOut(Schema):
    """A sale that has to be paid back."""

    reservation: UUID
    reference: str
    kind: str
    places: int
    amount: str
    currency: str


class RefundsDueOut(Schema):
    """What is to be paid back; `amounts` by currency, of all. After cancelling it is one list."""

    refunds: list[RefundDueOut]
    amounts: dict[str, str]
    next: str | None


class CancelledOut(Schema):
    """`refunded` places were sold, `released` were held or kept."""

    performance: UUID
    refunded: int
    released: int
    due: RefundsDueOut
