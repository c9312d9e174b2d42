"""What the house keeps and gives away, sales channels and rules, the waiting list."""

from __future__ import annotations

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from fullhouse.api.manage_schemas.kinds import (
    Moment,
    NeedsWhy,
    Quantity,
    SomePlaces,
    Text,
    Why,
    stays,
)
from fullhouse.api.schemas import LinePart, SeatLabel, SeatOrdinal, Strict


class PlacesIn(NeedsWhy):
    """Places without a number by allocation, and seats by id, label or ordinal."""

    quantities: list[Quantity] = Field(default_factory=list, max_length=1000)
    seats: list[UUID | SeatLabel | SeatOrdinal] = Field(default_factory=list, max_length=10_000)


class HouseIn(PlacesIn):
    """Places to set aside for `owner` (a department, not a person), or not for sale (`kill`)."""

    kind: Literal["house", "kill"] = "house"
    owner: Text = Field(default="", max_length=100)
    release_at: Moment | None = None


class AmendIn(NeedsWhy):
    """For whom, why (`purpose`) or until when; what is left out stays."""

    owner: Text = stays(max_length=100)
    purpose: Text = stays(min_length=1, max_length=255)
    release_at: Moment | None = None


class GiveBackIn(Why):
    """Which lines are given back; null is all of them."""

    lines: list[UUID] | None = Field(default=None, min_length=1, max_length=10_000)


class CompIn(PlacesIn):
    """Places to give away to `recipient`."""

    recipient: Text = Field(default="", max_length=255)


class HandOverIn(NeedsWhy):
    """Places that are kept become a sale, a hold, a comp, or are kept otherwise, in one step."""

    kind: Literal["sale", "comp", "house", "kill", "channel"]
    lines: list[LinePart] | None = Field(default=None, min_length=1, max_length=1000)
    sold: bool = False
    ttl_seconds: int | None = Field(default=None, ge=1, le=604_800, strict=True)
    release_at: Moment | None = None
    customer: Text = Field(default="", max_length=255)
    channel: Text = Field(default="", max_length=50)
    owner: Text = Field(default="", max_length=100)


class KeptLine(Schema):
    """Places of one allocation; with a seat, exactly that one."""

    id: UUID
    allocation: UUID
    seat: UUID | None
    quantity: int


class KeptRow(Schema):
    """What is set aside or given away; `places` are all of its lines."""

    id: UUID
    reference: str
    kind: str
    status: str
    owner: str
    channel: str
    purpose: str
    release_at: datetime.datetime | None
    places: int
    lines: list[KeptLine]


class KeptRows(Schema):
    """What is kept now, by id."""

    items: list[KeptRow]
    next: str | None


class GivenBackOut(Schema):
    """`places` are free again, `left` are still set aside."""

    id: UUID
    places: int
    left: int


class AllotIn(PlacesIn):
    """Places that only `channel` sells until `release_at`; null: until they are released."""

    channel: Text = Field(min_length=1, max_length=50)
    release_at: Moment | None = None
    owner: Text = Field(default="", max_length=100)


class ChannelTimeIn(Why):
    """Another release time; null: until they are released by hand."""

    release_at: Moment | None


class ReleaseChannelIn(Why):
    """All that this channel has set aside."""

    channel: Text = Field(min_length=1, max_length=50)


class ChannelReleasedOut(Schema):
    """So many places of so many reservations are everybody's again."""

    channel: str
    reservations: int
    places: int


_Limit = Field(default=None, ge=1, le=100_000, strict=True)


class RuleIn(Why):
    """The rule of a ticket type (id, name or code), or, null, of the whole order. In tickets."""

    ticket_type: Text | None = Field(default=None, max_length=100)
    sales_open_at: Moment | None = None
    sales_close_at: Moment | None = None
    min_per_order: int | None = _Limit
    max_per_order: int | None = _Limit
    max_per_customer: int | None = _Limit


class RuleRow(Schema):
    """A rule; `ticket_type` null speaks of the whole order."""

    id: UUID
    ticket_type: UUID | None
    sales_open_at: datetime.datetime | None
    sales_close_at: datetime.datetime | None
    min_per_order: int | None
    max_per_order: int | None
    max_per_customer: int | None


class RuleRows(Schema):
    """The rules of a performance."""

    items: list[RuleRow]


class JoinIn(Why):
    """A party of `quantity`, all or none; section and ticket type null: any."""

    quantity: SomePlaces
    section: Text | None = Field(default=None, max_length=100)
    ticket_type: Text | None = Field(default=None, max_length=100)
    together: bool = True
    customer: Text = Field(default="", max_length=255)
    contact: Text = Field(default="", max_length=255)
    offer_seconds: int = Field(default=3600, ge=60, le=604_800, strict=True)


class JoinedOut(Schema):
    """The entry, how many are `ahead`, and the party's secret."""

    id: UUID
    token: str
    ahead: int
    joined_at: datetime.datetime


class WaitingRow(Schema):
    """An entry of the waiting list."""

    id: UUID
    status: str
    quantity: int
    section: UUID | None
    ticket_type: UUID | None
    together: bool
    customer: str
    contact: str
    joined_at: datetime.datetime
    offer: UUID | None


class WaitingRows(Schema):
    """Entries in the order of joining."""

    items: list[WaitingRow]
    next: str | None


class OfferIn(Strict):
    """For how long the places are held; null: as the entry says."""

    reason: Text = Field(default="", max_length=255)
    offer_seconds: int | None = Field(default=None, ge=60, le=604_800, strict=True)


class OfferedOut(Schema):
    """Places held for an entry; `passed` entries were before it."""

    entry: UUID
    reservation: UUID
    reference: str
    expires_at: datetime.datetime
    places: int
    passed: int
    total: str
    currency: str


class SkipIn(NeedsWhy):
    """Pass the entry over, or (`skip` false) let it back to the place it had."""

    skip: bool = True


class WithdrawIn(Why):
    """`erase` deletes customer, contact and secret as well."""

    erase: bool = False


class EntryOut(Schema):
    """The entry's status now; `places` of an offer were given up."""

    id: UUID
    status: str
    places: int = 0
    erased: bool = False


class TakeIn(Why):
    """The party takes what it was offered: `sold` at once, or held for `ttl_seconds`."""

    sold: bool = False
    ttl_seconds: int | None = Field(default=None, ge=1, le=604_800, strict=True)
    channel: Text = Field(default="", max_length=50)
