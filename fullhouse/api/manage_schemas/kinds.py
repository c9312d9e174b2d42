"""Values that management bodies share: texts, money, moments, places."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema

from fullhouse.api.schemas import Strict


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain a NUL character")
    return text


def _of_our_time(moment: datetime.datetime) -> datetime.datetime:
    if not 1900 <= moment.year <= 2999:
        raise ValueError("must be between the years 1900 and 2999")
    return moment


def _of_our_days(day: datetime.date) -> datetime.date:
    if not 1900 <= day.year <= 2999:
        raise ValueError("must be between the years 1900 and 2999")
    return day


def _local(time: datetime.time) -> datetime.time:
    if time.tzinfo is not None:
        raise ValueError("is local to the venue: leave the time zone out")
    return time


Text = Annotated[str, AfterValidator(_no_nul)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
Day = Annotated[datetime.date, AfterValidator(_of_our_days)]
# In a contract the format "time" has an offset.
_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}
LocalTime = Annotated[datetime.time, AfterValidator(_local), WithJsonSchema(_CLOCK)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Modifier = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]
Places = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
SomePlaces = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Rank = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
SeatIds = Annotated[list[UUID], Field(max_length=10_000)]


def stays(**limits: Any) -> Any:
    """A member of a change: left out it stays, null is not a value of it."""
    return Field(default=None, **limits)


class Why(Strict):
    """Why it is done: kept beside the change, without personal data."""

    reason: Text = Field(default="", max_length=255)


class NeedsWhy(Strict):
    """Why it is done: needed here, kept beside the change, without personal data."""

    reason: Text = Field(min_length=1, max_length=255)


class Quantity(Strict):
    """Places without a seat number of one allocation."""

    allocation: UUID
    quantity: SomePlaces
