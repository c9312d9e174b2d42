"""Seating plans: kept versions, and the terms on which they go on sale."""

from __future__ import annotations

import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from fullhouse.api.manage_schemas.kinds import Money, Text, Why

_Category = Annotated[str, Field(max_length=200)]


class PlanRow(Schema):
    """A version of a plan; `new` false: the same plan was there already."""

    id: UUID
    name: str
    version: int
    digest: str
    seats: int
    places: int
    venue: UUID | None
    source_format: str
    created_at: datetime.datetime
    new: bool = False


class PlanRows(Schema):
    """Plans by name and version."""

    items: list[PlanRow]
    next: str | None


class ApplyIn(Why):
    """A version of a plan and its terms: prices by category, else `price`.

    `ticket_types` gives the places of a category to one type (id, name or code); all others go to
    the pool, from which every type sells.
    """

    plan: UUID
    price: Money | None = None
    prices: dict[_Category, Money] = Field(default_factory=dict, max_length=1000)
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    ticket_types: dict[_Category, Text] = Field(default_factory=dict, max_length=1000)


class ChangePlanIn(ApplyIn):
    """`dry_run`: say what would change, and change nothing."""

    dry_run: bool = False


class UnseatedChange(Schema):
    """Places without a number that a section gains, or loses, below 0."""

    section: str
    change: int


class ChangedPlanOut(Schema):
    """What changed, or would: seats added, removed, changed; places in all."""

    performance: UUID
    added: int
    removed: int
    updated: int
    unseated: list[UnseatedChange]
    new_sections: list[str]
    emptied_sections: list[str]
    capacity: int
    dry_run: bool
