"""From the names in a request to the ids that the services take."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fullhouse.api.schemas import PartyIn, PlaceIn, SeatLabel, SeatOrdinal
from fullhouse.api.seat_cache import plan_of
from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.names import name_key
from fullhouse.events.models import EventSection, Seat, SectionAlias, TicketType
from fullhouse.events.services.best_available import Party
from fullhouse.events.services.reserve import Places, SeatRequest


class Names:
    """The sections and ticket types of one performance, read once and only if names are used."""

    def __init__(self, performance_id: UUID) -> None:
        self._performance_id = performance_id
        self._sections: dict[str, UUID] | None = None
        self._types: dict[str, UUID] | None = None

    def requests(self, items: Sequence[PlaceIn]) -> list[Places | SeatRequest]:
        """Return what `reserve` takes. Raises InvalidRequest, Refusal `unknown`."""
        labels = [item.seat for item in items if isinstance(item.seat, SeatLabel)]
        seats = self._seats(labels)
        return [self._request(number, item, seats) for number, item in enumerate(items)]

    def party(self, asked: PartyIn) -> Party:
        """Return what `best_available` takes. Raises Refusal `unknown`."""
        sections, kinds = asked.sections, asked.ticket_types
        return Party(
            quantity=asked.quantity,
            sections=None if sections is None else tuple(map(self.section, sections)),
            ticket_types=None if kinds is None else tuple(map(self.ticket_type, kinds)),
            accessible=asked.accessible,
            split=asked.split,
            restricted_view=asked.restricted_view,
        )

    def section(self, text: str) -> UUID:
        """Return a section by id or by any of its spellings. Raises Refusal `unknown`."""
        if given := _as_id(text):
            return given
        if self._sections is None:
            aliases = SectionAlias.objects.filter(performance=self._performance_id)
            found = EventSection._base_manager.filter(performance=self._performance_id)
            self._sections = {name_key(each.spelling): each.section_id for each in aliases}
            self._sections |= {each.name_key: each.pk for each in found}
        try:
            return self._sections[name_key(text)]
        except KeyError:
            raise Refusal("unknown", {"what": "section", "id": text}) from None

    def ticket_type(self, text: str) -> UUID:
        """Return a ticket type by id, name or code. Raises Refusal `unknown`."""
        if given := _as_id(text):
            return given
        if self._types is None:
            found = TicketType.objects.filter(event__performances=self._performance_id)
            self._types = {}
            for each in found:
                self._types |= {name_key(each.code): each.pk} if each.code else {}
            self._types |= {name_key(each.name): each.pk for each in found}
        try:
            return self._types[name_key(text)]
        except KeyError:
            raise Refusal("unknown", {"what": "ticket type", "id": text}) from None

    def _request(
        self, number: int, item: PlaceIn, seats: dict[tuple[UUID, str, str], UUID]
    ) -> Places | SeatRequest:
        kind = self.ticket_type(item.ticket_type) if item.ticket_type else None
        if (item.seat is None) == (item.section is None):
            raise InvalidRequest(f"items.{number}", "give either section or seat")
        if item.seat is not None:
            if item.quantity not in (None, 1):
                raise InvalidRequest(f"items.{number}.quantity", "a seat is one place")
            if isinstance(item.seat, UUID):
                return SeatRequest(item.seat, kind)
            if isinstance(item.seat, SeatOrdinal):
                return SeatRequest(self._by_ordinal(item.seat), kind)
            label = item.seat
            found = seats.get((self.section(label.section), label.row, label.number))
            if found is None:
                text = f"{label.section} {label.row}-{label.number}"
                raise Refusal("unknown", {"what": "seat", "id": text})
            return SeatRequest(found, kind)
        if item.quantity is None:
            raise InvalidRequest(f"items.{number}.quantity", "how many places? 1 or more")
        if kind is None:
            raise InvalidRequest(
                f"items.{number}.ticket_type", "a section's places are sold as a ticket type"
            )
        return Places(
            item.quantity, section_id=self.section(item.section or ""), ticket_type_id=kind
        )

    def _by_ordinal(self, seat: SeatOrdinal) -> UUID:
        ids = plan_of(self._performance_id, seat.plan_version).ids
        if seat.ordinal >= len(ids):
            raise Refusal("unknown", {"what": "seat", "id": str(seat.ordinal)})
        return ids[seat.ordinal]

    def _seats(self, labels: Sequence[SeatLabel]) -> dict[tuple[UUID, str, str], UUID]:
        if not labels:
            return {}
        rows = Seat.objects.filter(
            performance=self._performance_id,
            section__in={self.section(label.section) for label in labels},
            row_number__in={label.row for label in labels},
            seat_number__in={label.number for label in labels},
        )
        return {(row.section_id, row.row_number, row.seat_number): row.pk for row in rows}


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
