"""The legacy rows, as a dumpdata file gives them. Nothing is corrected here."""

import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Venue:
    """A house and what it says it holds."""

    id: UUID
    total_capacity: int


@dataclass(frozen=True, slots=True)
class Event:
    """A show."""

    id: UUID
    venue_id: UUID
    currency: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class TicketType:
    """What a buyer chooses; `code` is the legacy column `ticket_type`."""

    id: UUID
    event_id: UUID
    name: str
    code: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Performance:
    """One evening."""

    id: UUID
    event_id: UUID
    is_active: bool
    is_available: bool
    max_capacity: int
    current_capacity: int
    ticket_capacities: Any


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat row, whatever it says."""

    id: UUID
    performance_id: UUID
    ticket_type_id: UUID | None
    section: str
    row: str
    number: str
    status: str | None
    price: Decimal | None
    currency: str
    created_at: datetime
    is_active: bool

    @property
    def order(self) -> tuple[datetime, UUID]:
        """Which of two is the first."""
        return self.created_at, self.id


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking row, its documents still unread."""

    id: UUID
    performance_id: UUID
    reference: str
    status: str
    is_active: bool
    created_at: datetime
    participants: int
    unit_price: Decimal
    total_price: Decimal | None
    selected_seats: Any
    breakdown: Any

    @property
    def order(self) -> tuple[datetime, UUID]:
        """Which of two is the first."""
        return self.created_at, self.id

    @property
    def is_sale(self) -> bool:
        """It counts, as sold places."""
        return self.is_active and self.status in ("confirmed", "completed")

    @property
    def is_hold(self) -> bool:
        """It counts, as held places."""
        return self.is_active and self.status == "pending"


@dataclass(slots=True)
class Legacy:
    """All rows of one legacy system."""

    venues: dict[UUID, Venue] = field(default_factory=dict)
    events: dict[UUID, Event] = field(default_factory=dict)
    types: dict[UUID, TicketType] = field(default_factory=dict)
    performances: dict[UUID, Performance] = field(default_factory=dict)
    seats: dict[UUID, Seat] = field(default_factory=dict)
    bookings: dict[UUID, Booking] = field(default_factory=dict)

    def types_of(self, performance: Performance) -> list[TicketType]:
        """The types of its event, inactive ones too, in the order of their ids."""
        kinds = [t for t in self.types.values() if t.event_id == performance.event_id]
        return sorted(kinds, key=lambda kind: kind.id)


def read_dump(source: Path | list[dict[str, Any]]) -> Legacy:
    """Read a dumpdata file (.json or .json.gz) or its rows; models of other tables are skipped."""
    rows = source if isinstance(source, list) else _load(source)
    legacy = Legacy()
    for row in rows:
        model, key, values = row["model"].lower(), row["pk"], row["fields"]
        if model == "events.venue":
            legacy.venues[UUID(key)] = Venue(UUID(key), values["total_capacity"])
        elif model == "events.event":
            legacy.events[UUID(key)] = _event(UUID(key), values)
        elif model == "events.tickettype":
            legacy.types[UUID(key)] = _type(UUID(key), values)
        elif model == "events.eventperformance":
            legacy.performances[UUID(key)] = _performance(UUID(key), values)
        elif model == "events.seat":
            legacy.seats[UUID(key)] = _seat(UUID(key), values)
        elif model == "events.eventbooking":
            legacy.bookings[UUID(key)] = _booking(UUID(key), values)
    return legacy


def _load(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return list(json.load(file))
    return list(json.loads(path.read_text(encoding="utf-8")))


def _event(key: UUID, values: dict[str, Any]) -> Event:
    return Event(key, UUID(values["venue"]), values["currency"], values["is_active"])


def _type(key: UUID, values: dict[str, Any]) -> TicketType:
    return TicketType(
        id=key,
        event_id=UUID(values["event"]),
        name=values["name"],
        code=values["ticket_type"] or "",
        is_active=values["is_active"],
    )


def _performance(key: UUID, values: dict[str, Any]) -> Performance:
    return Performance(
        id=key,
        event_id=UUID(values["event"]),
        is_active=values["is_active"],
        is_available=values["is_available"],
        max_capacity=values["max_capacity"],
        current_capacity=values["current_capacity"],
        ticket_capacities=values["ticket_capacities"],
    )


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _moment(value: str | None) -> datetime:
    """A row that does not say when it was made comes last."""
    return datetime.fromisoformat(value) if value else datetime.max.replace(tzinfo=UTC)


def _seat(key: UUID, values: dict[str, Any]) -> Seat:
    kind = values["ticket_type"]
    return Seat(
        id=key,
        performance_id=UUID(values["performance"]),
        ticket_type_id=UUID(kind) if kind else None,
        section=values["section"] or "",
        row=values["row_number"] or "",
        number=values["seat_number"] or "",
        status=values["status"],
        price=_money(values["price"]),
        currency=values["currency"] or "",
        created_at=_moment(values["created_at"]),
        is_active=values["is_active"],
    )


def _booking(key: UUID, values: dict[str, Any]) -> Booking:
    return Booking(
        id=key,
        performance_id=UUID(values["performance"]),
        reference=values["booking_reference"] or "",
        status=values["status"] or "",
        is_active=values["is_active"],
        created_at=_moment(values["created_at"]),
        participants=values["participants_count"] or 0,
        unit_price=_money(values["unit_price"]) or Decimal(0),
        total_price=_money(values["total_price"]),
        selected_seats=values["selected_seats"],
        breakdown=values["ticket_breakdown"],
    )
