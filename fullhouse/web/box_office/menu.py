"""What a performance has to sell: sections, ticket types, prices and what is left of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fullhouse.events.domain.pricing import final_price
from fullhouse.events.models import TicketType
from fullhouse.events.services.availability import (
    SectionAvailability,
    TypeAvailability,
    availability,
)
from fullhouse.web.places import Places
from fullhouse.web.sorting import sorted_by_name


@dataclass(frozen=True, slots=True)
class Choice:
    """Tickets of one type in one section; `price` is of a ticket of `places_per_ticket` places.

    `ticket_type_id` None: of no type, from the allocation. `left` counts the tickets that can be
    had without a number now.
    """

    section_id: UUID
    ticket_type_id: UUID | None
    allocation_id: UUID | None
    name: str | None
    price: Decimal
    places_per_ticket: int
    left: int

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        kind = self.ticket_type_id or self.allocation_id
        return f"n-{self.section_id.hex}-{kind.hex if kind else ''}"


@dataclass(frozen=True, slots=True)
class Section:
    """A section as buyers see it; `numbered` of its free places are seats to choose.

    `pool_price` is what a seat of its pool costs as no type; None: it has no pool. `all_pool`:
    it has nothing else.
    """

    id: UUID
    name: str
    currency: str
    places: Places
    numbered: int
    seated: bool
    pool_price: Decimal | None
    all_pool: bool
    choices: tuple[Choice, ...]

    @property
    def price_from(self) -> Decimal | None:
        return min((choice.price for choice in self.choices), default=None)

    @property
    def price_to(self) -> Decimal | None:
        return max((choice.price for choice in self.choices), default=None)

    @property
    def by_quantity(self) -> tuple[Choice, ...]:
        """The choices that are had by quantity now."""
        return tuple(choice for choice in self.choices if choice.left)

    @property
    def of_pool(self) -> tuple[Choice, ...]:
        """As what a numbered seat of the pool may be sold."""
        if self.pool_price is None:
            return ()
        found = (each for each in self.choices if each.ticket_type_id)
        return tuple(each for each in found if each.places_per_ticket == 1)


@dataclass(frozen=True, slots=True)
class Menu:
    """A performance as buyers see it, in places, at one instant."""

    performance_id: UUID
    status: str
    places: Places
    sections: tuple[Section, ...]
    types: tuple[TicketType, ...]

    @property
    def numbered(self) -> int:
        """How many numbered seats are free."""
        return sum(section.numbered for section in self.sections)

    @property
    def by_quantity(self) -> tuple[Section, ...]:
        """The sections with places that are had by quantity now."""
        return tuple(section for section in self.sections if section.by_quantity)

    @property
    def seated(self) -> bool:
        """Whether any place has a number, free or not."""
        return any(section.seated for section in self.sections)

    @property
    def typed(self) -> bool:
        """Whether any free seat is of a type already; those of a pool need to be told theirs."""
        return any(section.numbered and not section.all_pool for section in self.sections)

    def choice(self, field: str) -> Choice | None:
        """Return the choice with this name in a form."""
        found = (each for section in self.sections for each in section.choices)
        return next((each for each in found if each.field == field), None)

    def section(self, section_id: UUID) -> Section | None:
        """Return a section by its id."""
        return next((each for each in self.sections if each.id == section_id), None)


def menu_of(performance_id: UUID, event_id: UUID, seated: frozenset[UUID]) -> Menu:
    """Return what there is to sell, in two queries. `seated` are the sections with numbers.

    Raises Refusal: unknown.
    """
    found = availability(performance_id=performance_id)
    types = sorted_by_name(
        list(TicketType.objects.filter(event=event_id, is_active=True)), lambda each: each.name
    )
    sections = tuple(_section(each, types, each.section_id in seated) for each in found.sections)
    return Menu(
        performance_id=performance_id,
        status=found.status,
        places=sum((section.places for section in sections), Places()),
        sections=sections,
        types=tuple(types),
    )


def _section(row: SectionAvailability, types: Sequence[TicketType], seated: bool) -> Section:
    unseated = sum(each.unseated_available for each in row.ticket_types)
    return Section(
        id=row.section_id,
        name=row.name,
        currency=row.currency,
        places=Places(
            total=row.total_capacity,
            available=row.available_capacity,
            reserved=row.reserved_capacity,
            sold=row.sold_capacity,
        ),
        numbered=row.available_capacity - unseated,
        seated=seated,
        pool_price=next((e.final_price for e in row.ticket_types if not e.ticket_type_id), None),
        all_pool=all(each.ticket_type_id is None for each in row.ticket_types),
        choices=tuple(_choices(row, types)),
    )


def _choices(row: SectionAvailability, types: Sequence[TicketType]) -> list[Choice]:
    own = {each.ticket_type_id: each for each in row.ticket_types}
    pool = own.get(None)
    found = []
    for kind in types:
        mine = own.get(kind.pk)
        if mine is None and pool is None:
            continue
        found.append(_choice(row, kind, mine, pool))
    if pool is not None and not types:
        left = pool.unseated_available
        found.append(
            Choice(row.section_id, None, pool.allocation_id, None, pool.final_price, 1, left)
        )
    return found


def _choice(
    row: SectionAvailability,
    kind: TicketType,
    mine: TypeAvailability | None,
    pool: TypeAvailability | None,
) -> Choice:
    """A type is had from its own allocation and then from the pool, whole tickets from each."""
    size = kind.places_per_ticket
    price = (
        mine.final_price if mine else final_price(row.base_price, kind.price_modifier, row.currency)
    )
    left = sum(each.unseated_available // size for each in (mine, pool) if each)
    return Choice(row.section_id, kind.pk, None, kind.name, price, size, left)
