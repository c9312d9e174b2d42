"""Small legacy data sets, in the shape that `dumpdata` gives them."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

Row = dict[str, Any]

EARLY, LATE = "2025-07-01T12:00:00Z", "2025-07-02T12:00:00Z"


@dataclass(slots=True)
class House:
    """One venue with one event; later rows have higher ids, and nothing shares ids with others."""

    total_capacity: int = 2000
    currency: str = "USD"
    types: Sequence[str] = ("VIP", "Normal")
    event_active: bool = True
    rows: list[Row] = field(default_factory=list)
    type_ids: dict[str, UUID] = field(default_factory=dict)
    _base: int = field(default_factory=lambda: uuid.uuid4().int >> 32 << 32)
    _made: int = 0
    venue_id: UUID = field(init=False)
    event_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        category = self._row("events.eventcategory", slug=f"music-{self._base}", icon="", color="#")
        venue = self._venue()
        self.event_id = self.event(venue, category, is_active=self.event_active)
        for name in self.types:
            self.type_ids[name] = self.ticket_type(name)

    def _id(self) -> UUID:
        self._made += 1
        return UUID(int=self._base + self._made)

    def _row(self, model: str, **values: Any) -> UUID:
        key = values.pop("id", None) or self._id()
        stamps = {"created_at": EARLY, "updated_at": EARLY, "is_active": True}
        fields = {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in {**stamps, **values}.items()
        }
        self.rows.append({"model": model, "pk": str(key), "fields": fields})
        return UUID(str(key))

    def _translation(self, of: str, master: UUID, **texts: str) -> None:
        key = uuid.uuid4().int >> 65
        fields = {"language_code": "fa", "master": str(master), **texts}
        self.rows.append({"model": f"events.{of}translation", "pk": key, "fields": fields})

    def _venue(self) -> UUID:
        self.venue_id = self._row(
            "events.venue",
            slug=f"hall-{self._base}",
            image="",
            website="",
            city="Tehran",
            country="Iran",
            coordinates=None,
            total_capacity=self.total_capacity,
            facilities=[],
        )
        self._translation("venue", self.venue_id, name="تالار بزرگ", description="", address="")
        return self.venue_id

    def event(self, venue: UUID, category: UUID, *, is_active: bool = True) -> UUID:
        """Add an event."""
        key = self._row(
            "events.event",
            slug=f"concert-{self._base}-{self._made}",
            image="",
            price="100.00",
            currency=self.currency,
            city="Tehran",
            country="Iran",
            is_featured=False,
            is_popular=False,
            style="music",
            door_open_time="18:00:00",
            start_time="19:00:00",
            end_time="22:00:00",
            age_restriction=None,
            gallery=[],
            category=category,
            venue=venue,
            is_active=is_active,
        )
        texts = ("description", "short_description", "highlights", "rules", "required_items")
        self._translation("event", key, title="کنسرت", **dict.fromkeys(texts, ""))
        return key

    def other_event(self) -> UUID:
        """Add a second event in the same venue."""
        category = UUID(self.rows[0]["pk"])
        return self.event(self.venue_id, category)

    def ticket_type(self, name: str, *, event: UUID | None = None, **values: Any) -> UUID:
        """Add a ticket type; `ticket_type` is its code."""
        given = {"ticket_type": "", "price_modifier": "0.00", "capacity": 100, **values}
        return self._row(
            "events.tickettype",
            name=name,
            description="",
            benefits=[],
            age_min=None,
            age_max=None,
            event=event or self.event_id,
            **given,
        )

    def performance(self, max_capacity: int = 0, parts: Any = None, **values: Any) -> UUID:
        """Add a performance, each on a day of its own; `parts` is `ticket_capacities`."""
        days = sum(row["model"] == "events.eventperformance" for row in self.rows)
        day = f"2025-{9 + days // 28:02}-{1 + days % 28:02}"
        given = {"is_available": True, "current_capacity": 0, "event": self.event_id, **values}
        return self._row(
            "events.eventperformance",
            start_date=day,
            end_date=day,
            date=day,
            start_time="19:00:00",
            end_time="22:00:00",
            max_capacity=max_capacity,
            is_special=False,
            ticket_capacities={} if parts is None else parts,
            **given,
        )

    def seat(
        self, performance: UUID, label: str = "A-1-1", status: str = "available", **values: Any
    ) -> UUID:
        """Add a seat by its label `section-row-number`; `kind` names its type, or is an id."""
        section, row, number = label.rsplit("-", 2)
        kind = values.pop("kind", None)
        labels = {"section": section, "row_number": row, "seat_number": number}
        given = {**labels, "price": "100.00", "currency": self.currency, **values}
        return self._row(
            "events.seat",
            status=status,
            performance=performance,
            ticket_type=self.type_ids.get(kind, kind),
            is_wheelchair_accessible=False,
            is_premium=False,
            **given,
        )

    def seats(self, performance: UUID, section: str, count: int, **values: Any) -> list[UUID]:
        """Add a row of seats numbered from 01."""
        return [
            self.seat(performance, f"{section}-1-{number:02}", **values)
            for number in range(1, count + 1)
        ]

    def booking(
        self,
        performance: UUID,
        named: Any = (),
        breakdown: Any = (),
        *,
        status: str = "confirmed",
        people: int | None = None,
        **values: Any,
    ) -> str:
        """Add a booking and return its reference; ids and labels in `named`, or any JSON."""
        if isinstance(named, list | tuple):
            named = [str(one) if isinstance(one, UUID) else one for one in named]
        listed = len(named) if isinstance(named, list) else 0
        count = listed if people is None else people
        reference = values.pop("reference", f"B{self._made}")
        given = {"unit_price": "100.00", "total_price": f"{100 * count}.00", **values}
        self._row(
            "events.eventbooking",
            booking_date="2025-09-01",
            booking_time="19:00:00",
            participants_count=count,
            currency=self.currency,
            status=status,
            booking_reference=reference,
            selected_seats=named,
            ticket_breakdown=list(breakdown) if isinstance(breakdown, tuple) else breakdown,
            selected_options=[],
            options_total="0.00",
            special_requirements="",
            event=self.event_id,
            user=uuid.uuid4(),
            performance=performance,
            **given,
        )
        return str(reference)

    def places(self, kind: str | None, quantity: Any = 1, **values: Any) -> Row:
        """A breakdown entry that names a type of this event."""
        key = str(self.type_ids[kind]) if kind in self.type_ids else None
        return {"name": kind or "", "price": 100.0, "quantity": quantity, "ticket_type_id": key} | (
            values
        )

    def write(self, path: Path) -> Path:
        """Write the rows as a dumpdata file, one row a line."""
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in self.rows)
        path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        return path
