"""From the names in a request to the ids that the services take."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from fullhouse.api.schemas import PartyIn, SeatLabel, SeatOrdinal
from fullhouse.api.seat_cache import plan_of
from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.names import name_key
from fullhouse.events.models import EventSection, Seat, SectionAlias, TicketType
from fullhouse.events.services.best_available import Party
from fullhouse.events.services.reserve import Places, SeatRequest


class Place(Protocol):
    """What `PlaceIn` names, in the words of whichever server read it."""

    @property
    def section(self) -> str | None: ...
    @property
    def seat(self) -> UUID | SeatLabel | SeatOrdinal | None: ...
    @property
    def ticket_type(self) -> str | None: ...
    @property
    def quantity(self) -> int | None: ...


class Names:
    """The sections and ticket types of one performance, read once and only if names are used."""

    def __init__(
        self,
        performance_id: UUID,
        *,
        sections: dict[str, UUID] | None = None,
        types: dict[str, UUID] | None = None,
    ) -> None:
        """`sections` and `types` by `name_key`, where they have been read already."""
        self._performance_id = performance_id
        self._sections = sections
        self._types = types

    def requests(self, items: Sequence[Place]) -> list[Places | SeatRequest]:
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

    def seats(self, given: Sequence[UUID | SeatLabel | SeatOrdinal]) -> list[UUID]:
        """Return seats by id, label or ordinal, in their order. Raises Refusal `unknown`."""
        labelled = self._seats([one for one in given if isinstance(one, SeatLabel)])
        return [self._seat(one, labelled) for one in given]

    def section(self, text: str) -> UUID:
        """Return a section by id or by any of its spellings. Raises Refusal `unknown`."""
        if given := as_id(text):
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
        if given := as_id(text):
            return given
        if self._types is None:
            found = TicketType.objects.filter(event__performances=self._performance_id)
            self._types = type_names([(each.pk, each.name, each.code) for each in found])
        try:
            return self._types[name_key(text)]
        except KeyError:
            raise Refusal("unknown", {"what": "ticket type", "id": text}) from None

    def _request(
        self, number: int, item: Place, seats: dict[tuple[UUID, str, str], UUID]
    ) -> Places | SeatRequest:
        kind = self.ticket_type(item.ticket_type) if item.ticket_type else None
        if (item.seat is None) == (item.section is None):
            raise InvalidRequest(f"items.{number}", "give either section or seat")
        if item.seat is not None:
            if item.quantity not in (None, 1):
                raise InvalidRequest(f"items.{number}.quantity", "a seat is one place")
            return SeatRequest(self._seat(item.seat, seats), kind)
        if item.quantity is None:
            raise InvalidRequest(f"items.{number}.quantity", "how many places? 1 or more")
        if kind is None:
            raise InvalidRequest(
                f"items.{number}.ticket_type", "a section's places are sold as a ticket type"
            )
        return Places(
            item.quantity, section_id=self.section(item.section or ""), ticket_type_id=kind
        )

    def _seat(
        self,
        seat: UUID | SeatLabel | SeatOrdinal,
        labelled: dict[tuple[UUID, str, str], UUID],
    ) -> UUID:
        if isinstance(seat, UUID):
            return seat
        if isinstance(seat, SeatOrdinal):
            return self._by_ordinal(seat)
        found = labelled.get((self.section(seat.section), seat.row, seat.number))
        if found is None:
            text = f"{seat.section} {seat.row}-{seat.number}"
            raise Refusal("unknown", {"what": "seat", "id": text})
        return found

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


def type_names(types: Sequence[tuple[UUID, str, str]]) -> dict[str, UUID]:
    """Return ticket types (id, name, code) by `name_key`; a name goes before another's code."""
    names = {name_key(code): key for key, _, code in types if code}
    return names | {name_key(name): key for key, name, _ in types}


# The same few sections and types are asked for all evening.
@lru_cache(maxsize=4096)
def as_id(text: str) -> UUID | None:
    """Return the id that the text is, else None."""
    try:
        return UUID(text)
    except ValueError:
        return None
