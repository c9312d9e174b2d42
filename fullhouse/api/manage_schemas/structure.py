"""Sections, allocations and seats: how they are built and changed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from fullhouse.api.manage_schemas.kinds import (
    Modifier,
    Money,
    NeedsWhy,
    Places,
    Rank,
    SeatIds,
    Text,
    Why,
    stays,
)
from fullhouse.api.schemas import SeatLabel, SeatOrdinal, Strict

_Above0 = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
_Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class SeatIn(Strict):
    """A numbered seat. No price: its allocation's. No ranks: in the order given."""

    row_number: Text = Field(default="", max_length=20)
    seat_number: Text = Field(min_length=1, max_length=20)
    ticket_type_id: UUID | None = None
    price: Money | None = None
    is_accessible: bool = False
    is_companion: bool = False
    is_premium: bool = False
    has_restricted_view: bool = False
    x: _Coordinate | None = None
    y: _Coordinate | None = None
    row_rank: _Above0 | None = None
    seat_rank: _Above0 | None = None


class AllocationIn(Strict):
    """Places for one ticket type, or (null) for the pool, from which every type sells."""

    ticket_type_id: UUID | None
    allocated_capacity: Places
    price_modifier: Modifier | None = None


class SectionIn(Strict):
    """A section to build; what its total leaves over goes to its pool."""

    name: Text = Field(min_length=1, max_length=100)
    base_price: Money
    total_capacity: _Above0 | None = None
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    orphan_rule: bool = False
    focal_row_rank: _Above0 | None = None
    focal_seat_rank: _Above0 | None = None
    ticket_types: list[AllocationIn] = Field(default_factory=list, max_length=1000)
    seats: list[SeatIn] = Field(default_factory=list, max_length=100_000)


class SectionsIn(Why):
    """Sections to build beside those that are there, all or nothing."""

    sections: list[SectionIn] = Field(min_length=1, max_length=1000)


class OpenedOut(Schema):
    """What was built; `capacity` is of the whole performance."""

    performance: UUID
    capacity: int
    sections: list[UUID]


class AllocationRow(Schema):
    """An allocation in places; `ticket_type` null is the pool."""

    id: UUID
    ticket_type: UUID | None
    price_modifier: str
    price: str
    total: int
    available: int
    unseated: int
    reserved: int
    sold: int


class SectionRow(Schema):
    """A section and its allocations."""

    id: UUID
    performance: UUID
    name: str
    position: int
    base_price: str
    currency: str
    orphan_rule: bool
    focal_row_rank: int | None
    focal_seat_rank: int | None
    total: int
    allocations: list[AllocationRow]


class SectionChange(Why):
    """What changes of a section; places are resized by a call of their own."""

    name: Text = stays(min_length=1, max_length=100)
    position: Rank = stays()
    base_price: Money = stays()
    orphan_rule: bool = stays()
    focal_row_rank: Rank | None = None
    focal_seat_rank: Rank | None = None


class AllocationChange(Why):
    """The allocation's own price modifier."""

    price_modifier: Modifier


class ResizeIn(Why):
    """The new size in places. `remove_seats` go when it shrinks; `allocation` takes the change."""

    capacity: Places
    allocation: UUID | None = None
    remove_seats: SeatIds = Field(default_factory=list)


class ResizeAllocationIn(Why):
    """The new size in places. `remove_seats` go when it shrinks."""

    capacity: Places
    remove_seats: SeatIds = Field(default_factory=list)


class ResizedOut(Schema):
    """The sizes after it; `change` is what was added, below 0 what was taken."""

    section: UUID
    allocation: UUID | None
    allocated: int | None
    section_total: int
    capacity: int
    change: int


class ReallocateIn(Why):
    """Unsold places to another ticket type of the section; null: to its pool."""

    to_ticket_type: Text | None = Field(max_length=100, description="id, name or code")
    quantity: Places = 0
    seats: SeatIds = Field(default_factory=list)


class ReallocatedOut(Schema):
    """What moved, and both sizes after it."""

    from_allocation: UUID
    to_allocation: UUID
    quantity: int
    seats: int
    from_total: int
    to_total: int


class SeatValues(Strict):
    """What is set; what is left out stays. `price` null: the allocation's."""

    price: Money | None = None
    is_accessible: bool = stays()
    is_companion: bool = stays()
    is_premium: bool = stays()
    has_restricted_view: bool = stays()
    row_rank: Rank = stays()
    seat_rank: Rank = stays()
    x: _Coordinate | None = None
    y: _Coordinate | None = None


class SeatEditIn(Strict):
    """Seats by id, label or ordinal, and what they get."""

    seats: list[UUID | SeatLabel | SeatOrdinal] = Field(min_length=1, max_length=10_000)
    values: SeatValues


class SeatEditsIn(NeedsWhy):
    """Edits in their order, all or nothing."""

    edits: list[SeatEditIn] = Field(min_length=1, max_length=1000)


class SeatsEditedOut(Schema):
    """How many seats were named, and the plan version after it."""

    seats: int
    plan_version: int
