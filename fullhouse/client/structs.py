"""What the API answers. Prices are exact decimals, times aware, a bare `quantity` is places.

Members that a newer server adds are passed over.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was told; it does not change."""


class Page(Answer, Generic[T], frozen=True, kw_only=True):
    """Some rows of a list; `next` is the cursor of those after them."""

    items: list[T]
    next: str | None = None


class Venue(Answer, frozen=True, kw_only=True):
    """A house; `total_capacity` is places of one performance."""

    id: UUID
    name: str
    city: str
    country: str
    time_zone: str
    total_capacity: int


class TicketType(Answer, frozen=True, kw_only=True):
    """What a buyer chooses; one ticket takes `places_per_ticket` places."""

    id: UUID
    name: str
    code: str
    places_per_ticket: int = 1


class Event(Answer, frozen=True, kw_only=True):
    """A show with its venue and the ticket types on offer."""

    id: UUID
    title: str
    slug: str
    venue: Venue
    ticket_types: list[TicketType]


class EventRef(Answer, frozen=True, kw_only=True):
    """The event of a performance."""

    id: UUID
    title: str
    slug: str


class Performance(Answer, frozen=True, kw_only=True):
    """One evening, in places; `starts_at` has the venue's offset."""

    id: UUID
    event: EventRef
    venue: Venue
    starts_at: datetime.datetime
    status: str
    sales_open_at: datetime.datetime | None = None
    sales_close_at: datetime.datetime | None = None
    total: int
    available: int
    reserved: int
    sold: int


class TypeAvailability(Answer, frozen=True, kw_only=True):
    """An allocation; `ticket_type` None is the pool, from which every type may be sold."""

    allocation: UUID
    ticket_type: UUID | None
    name: str | None
    total: int
    available: int
    unseated: int
    reserved: int
    sold: int
    price: Decimal


class SectionAvailability(Answer, frozen=True, kw_only=True):
    """A section; its numbers are the sums over its ticket types."""

    id: UUID
    name: str
    currency: str
    total: int
    available: int
    reserved: int
    sold: int
    ticket_types: list[TypeAvailability]


class Availability(Answer, frozen=True, kw_only=True):
    """A performance at one instant."""

    performance: UUID
    status: str
    total: int
    available: int
    reserved: int
    sold: int
    sections: list[SectionAvailability]


class Line(Answer, frozen=True, kw_only=True):
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
    unit_price: Decimal
    amount: Decimal


class Choice(Answer, frozen=True, kw_only=True):
    """How the best seats were chosen; `rejected` counts the rows passed over, by reason."""

    parts: int
    leaves_single: bool
    restricted_view: bool
    rejected: dict[str, int]


class Reservation(Answer, frozen=True, kw_only=True):
    """A hold or a sale. `token` is the buyer's secret: keep it, and keep it out of logs.

    The server tells it once; the client carries it on from one answer to the next.
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
    lines: list[Line]
    total: Decimal
    currency: str
    choice: Choice | None = None


class Exchange(Answer, frozen=True, kw_only=True):
    """`difference` = `total` - `given_up`: positive is to be paid, negative to be given back."""

    reservation: Reservation
    given_up: Decimal
    total: Decimal
    difference: Decimal
    currency: str


class PlanSection(Answer, frozen=True, kw_only=True):
    """A section with numbered seats; its seats follow each other in the order."""

    id: UUID
    name: str
    seats: int


class SeatPlan(Answer, frozen=True, kw_only=True):
    """The seats of a performance by column: the n-th of each is the seat of ordinal n, from 0."""

    performance: UUID
    plan_version: int
    sections: list[PlanSection]
    ids: list[UUID]
    rows: list[str]
    numbers: list[str]
    row_ranks: list[int]
    seat_ranks: list[int]
    xs: list[float | None]
    ys: list[float | None]
    flags: str


class Offer(Answer, frozen=True, kw_only=True):
    """What a seat costs: one ticket of `places_per_ticket` seats. No type: sold as any."""

    allocation: UUID
    section: UUID
    ticket_type: UUID | None
    price: Decimal
    currency: str
    places_per_ticket: int = 1


class SeatStates(Answer, frozen=True, kw_only=True):
    """A letter a seat: a available, r reserved, s sold; with `ordinals` only those seats."""

    performance: UUID
    plan_version: int
    version: str
    status: str
    states: str
    ordinals: list[int] | None = None
    offers: list[Offer] | None = None
    offer_runs: list[tuple[int, int]] | None = None


class ProblemKind(Answer, frozen=True, kw_only=True):
    """A code of a problem and the sentence it brings."""

    code: str
    detail: str
