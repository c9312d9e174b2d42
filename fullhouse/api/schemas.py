"""What goes over the wire. Prices are exact decimals as text, times ISO 8601 with an offset."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class Strict(Schema):
    """A body: an unknown member is refused, so that a slip of the pen does not sell."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """RFC 9457. `code` is stable; `facts` say what is left, which seats are taken."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any]


class VenueOut(Schema):
    """A house; `total_capacity` is places of one performance."""

    id: UUID
    name: str
    city: str
    country: str
    time_zone: str
    total_capacity: int


class TicketTypeOut(Schema):
    """What a buyer chooses; one ticket takes `places_per_ticket` places."""

    id: UUID
    name: str
    code: str
    places_per_ticket: int


class EventOut(Schema):
    """A show with its venue and the ticket types on offer."""

    id: UUID
    title: str
    slug: str
    venue: VenueOut
    ticket_types: list[TicketTypeOut]


class EventPage(Schema):
    """Events by title; `next` is the cursor of the following page, null on the last."""

    items: list[EventOut]
    next: str | None


class EventRef(Schema):
    """The event of a performance."""

    id: UUID
    title: str
    slug: str


class PerformanceOut(Schema):
    """One evening, in places; `starts_at` has the venue's offset.

    Holds past their deadline count as available.
    """

    id: UUID
    event: EventRef
    venue: VenueOut
    starts_at: datetime.datetime
    status: str
    sales_open_at: datetime.datetime | None
    sales_close_at: datetime.datetime | None
    total: int
    available: int
    reserved: int
    sold: int


class PerformancePage(Schema):
    """Performances by date; `next` is the cursor of the following page, null on the last."""

    items: list[PerformanceOut]
    next: str | None


class TypeAvailabilityOut(Schema):
    """An allocation; `ticket_type` null is the pool, from which every type may be sold."""

    allocation: UUID
    ticket_type: UUID | None
    name: str | None
    total: int
    available: int
    unseated: int
    reserved: int
    sold: int
    price: str


class SectionAvailabilityOut(Schema):
    """A section; its numbers are the sums over its ticket types."""

    id: UUID
    name: str
    currency: str
    total: int
    available: int
    reserved: int
    sold: int
    ticket_types: list[TypeAvailabilityOut]


class AvailabilityOut(Schema):
    """A performance at one instant."""

    performance: UUID
    status: str
    total: int
    available: int
    reserved: int
    sold: int
    sections: list[SectionAvailabilityOut]


class SeatLabel(Strict):
    """A seat as it is written on the ticket."""

    section: str = Field(max_length=100)
    row: str = Field(max_length=20)
    number: str = Field(max_length=20)


class SeatOrdinal(Strict):
    """A seat by its place in the order of a plan version."""

    plan_version: int = Field(ge=0, strict=True)
    ordinal: int = Field(ge=0, le=1_000_000, strict=True)


class PlaceIn(Strict):
    """Either `section` with `quantity` places, or one `seat`, by id, label or ordinal.

    `section` and `ticket_type` are ids or names. A section's places need a ticket type; a seat
    needs one only where it belongs to the section's pool.
    """

    section: str | None = Field(default=None, max_length=100)
    seat: UUID | SeatLabel | SeatOrdinal | None = None
    ticket_type: str | None = Field(default=None, max_length=100)
    quantity: int | None = Field(default=None, ge=1, le=100_000, strict=True)


class PartyIn(Strict):
    """`quantity` neighbouring seats, the best that are free; names in order of preference.

    `accessible`: how many are wheelchair places, with companions beside them. `split`: in several
    rows if no row has room. `restricted_view`: as good as any.
    """

    quantity: int = Field(ge=1, le=100, strict=True)
    sections: list[str] | None = Field(default=None, min_length=1, max_length=100)
    ticket_types: list[str] | None = Field(default=None, min_length=1, max_length=100)
    accessible: int = Field(default=0, ge=0, le=100, strict=True)
    split: bool = False
    restricted_view: bool = False


class ItemIn(PlaceIn):
    """A place, or `best_available`: then it is the only item."""

    best_available: PartyIn | None = None


class ReservationIn(Strict):
    """A hold of all items or none."""

    items: list[ItemIn] = Field(min_length=1, max_length=1000)
    ttl_seconds: int = Field(default=600, ge=1, le=604_800, strict=True)
    customer: str = Field(default="", max_length=255)
    channel: str = Field(default="", max_length=50)


class LineOut(Schema):
    """Places of a reservation in one allocation; `amount` is what they cost together."""

    id: UUID
    status: str
    section: UUID
    section_name: str
    ticket_type: UUID | None
    ticket_type_name: str | None
    seat: UUID | None
    row: str | None
    number: str | None
    quantity: int
    unit_price: str
    amount: str


class ChoiceOut(Schema):
    """How the best seats were chosen; `rejected` counts the rows passed over, by reason."""

    parts: int
    leaves_single: bool
    restricted_view: bool
    rejected: dict[str, int]


class ReservationOut(Schema):
    """A hold or a sale. `token` is the buyer's secret: whoever has it may act on the reservation.

    It is told with the hold (again for the same Idempotency-Key) and is null everywhere else.
    """

    id: UUID
    performance: UUID
    reference: str
    token: str | None = None
    kind: str
    status: str
    customer: str
    channel: str
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    lines: list[LineOut]
    total: str
    currency: str
    choice: ChoiceOut | None = None


class LinePart(Strict):
    """A line, or `quantity` of its places."""

    line: UUID
    quantity: int | None = Field(default=None, ge=1, le=100_000, strict=True)


class LinesIn(Strict):
    """Which lines; null is all of them. `reason` is kept in the ledger."""

    lines: list[LinePart] | None = Field(default=None, min_length=1, max_length=1000)
    reason: str = Field(default="", max_length=255)


class ConfirmIn(Strict):
    """`late`: also after the deadline, if every place can be had again."""

    late: bool = False
    reason: str = Field(default="", max_length=255)


class ExtendIn(Strict):
    """The new deadline, in seconds from now, at most to the performance's ceiling."""

    ttl_seconds: int = Field(ge=1, le=604_800, strict=True)
    reason: str = Field(default="", max_length=255)


class ExchangeIn(Strict):
    """`items` instead of `lines` (null: all), in this performance or in the performance `to`."""

    items: list[PlaceIn] = Field(min_length=1, max_length=1000)
    lines: list[LinePart] | None = Field(default=None, min_length=1, max_length=1000)
    to: UUID | None = None
    reason: str = Field(default="", max_length=255)


class ExchangeOut(Schema):
    """The reservation that holds the new places; in another performance it is a new one.

    `difference` = `total` - `given_up`: positive is to be paid, negative to be given back.
    """

    reservation: ReservationOut
    given_up: str
    total: str
    difference: str
    currency: str


class PlanSectionOut(Schema):
    """A section with numbered seats; its seats follow each other in the order."""

    id: UUID
    name: str
    seats: int


class SeatPlanOut(Schema):
    """The seats of a performance by column: the n-th of each is the seat of ordinal n, from 0.

    It never changes: another order is another `plan_version`. `flags` has a hexadecimal digit a
    seat, the sum of 1 accessible, 2 companion, 4 premium, 8 restricted view.
    """

    performance: UUID
    plan_version: int
    sections: list[PlanSectionOut]
    ids: list[UUID]
    rows: list[str]
    numbers: list[str]
    row_ranks: list[int]
    seat_ranks: list[int]
    xs: list[float | None]
    ys: list[float | None]
    flags: str


class OfferOut(Schema):
    """What a seat costs: one ticket of `places_per_ticket` seats. No type: sold as any."""

    allocation: UUID
    section: UUID
    ticket_type: UUID | None
    price: str
    currency: str
    places_per_ticket: int


class SeatStatesOut(Schema):
    """A letter a seat in the order of the plan: a available, r reserved, s sold.

    With `?since=` a version that is still known: `ordinals` are the seats that changed and
    `states` theirs; without, `ordinals` is null, `states` are all, `offers` what they cost, and
    `offer_runs` pairs of an index into `offers` and for how many seats on end it holds.
    """

    performance: UUID
    plan_version: int
    version: str
    status: str
    states: str
    ordinals: list[int] | None = None
    offers: list[OfferOut] | None = None
    offer_runs: list[tuple[int, int]] | None = None
