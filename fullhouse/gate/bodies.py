"""What the gate understands of a body: a part of what `api.schemas` allows, never more.

Anything else, and anything that is wrong, is Django's to answer: so the reasons are its own.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

from fullhouse.api import schemas
from fullhouse.api.routes.naming import Place


class NotUnderstoodError(Exception):
    """The gate leaves this request to Django."""


_Name = Annotated[str, Meta(max_length=100)]
_Reason = Annotated[str, Meta(max_length=255)]
_Quantity = Annotated[int, Meta(ge=1, le=100_000)]
_Seconds = Annotated[int, Meta(ge=1, le=604_800)]


class Ordinal(Struct, forbid_unknown_fields=True):
    """A seat by its place in the order of a plan version."""

    plan_version: Annotated[int, Meta(ge=0)]
    ordinal: Annotated[int, Meta(ge=0, le=1_000_000)]


class Item(Struct, forbid_unknown_fields=True):
    """Places of a section, or a seat by id or ordinal."""

    section: _Name | None = None
    seat: UUID | Ordinal | None = None
    ticket_type: _Name | None = None
    quantity: _Quantity | None = None

    def place(self) -> Place:
        """Return it as the API names it."""
        if not isinstance(self.seat, Ordinal):
            place: Any = self
            return cast(Place, place)
        seat = schemas.SeatOrdinal.model_construct(
            plan_version=self.seat.plan_version, ordinal=self.seat.ordinal
        )
        return schemas.PlaceIn.model_construct(
            section=self.section, seat=seat, ticket_type=self.ticket_type, quantity=self.quantity
        )


class Hold(Struct, forbid_unknown_fields=True):
    """A hold of all items or none."""

    items: Annotated[list[Item], Meta(min_length=1, max_length=1000)]
    ttl_seconds: _Seconds = 600
    customer: Annotated[str, Meta(max_length=255)] = ""
    channel: Annotated[str, Meta(max_length=50)] = ""


class Part(Struct, forbid_unknown_fields=True):
    """A line, or some of its places."""

    line: UUID
    quantity: _Quantity | None = None


class Confirm(Struct, forbid_unknown_fields=True):
    """Sell a hold."""

    late: bool = False
    reason: _Reason = ""


class Release(Struct, forbid_unknown_fields=True):
    """Give a hold back."""

    lines: Annotated[list[Part], Meta(min_length=1, max_length=1000)] | None = None
    reason: _Reason = ""


class Extend(Struct, forbid_unknown_fields=True):
    """Give a hold more time."""

    ttl_seconds: _Seconds
    reason: _Reason = ""


Body = TypeVar("Body")

HOLD: Decoder[Hold] = Decoder(Hold)
CONFIRM: Decoder[Confirm | None] = Decoder(Confirm | None)
RELEASE: Decoder[Release | None] = Decoder(Release | None)
EXTEND: Decoder[Extend] = Decoder(Extend)


def understood(decoder: Decoder[Body], body: bytes) -> Body:
    """Return the body. Raises NotUnderstoodError."""
    try:
        return decoder.decode(body)
    except (DecodeError, UnicodeDecodeError) as error:
        raise NotUnderstoodError from error
