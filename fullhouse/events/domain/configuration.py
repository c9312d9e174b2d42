"""What a performance is to be built of: sections, their allocations and seats. Pure values.

`HousePlan.from_configuration` reads the plain shape that people and programs write
(`{"sections": [{"name": ..., "ticket_types": [...]}]}`) and names the exact place of a mistake,
such as `sections[1].ticket_types[0].allocated_capacity`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fullhouse.events.domain.reading import Reader

# The columns' limits: numeric(12, 2) and numeric(12, 6).
PRICE_MOST = Decimal("9999999999.99")
MODIFIER_MOST = Decimal("999999.999999")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """A numbered seat. `price` None: its allocation's. No ticket type: the section's only
    allocation, or its pool. Ranks None: in the order given; neighbours are one apart.
    """

    row_number: str = ""
    seat_number: str
    ticket_type_id: UUID | None = None
    price: Decimal | None = None
    is_accessible: bool = False
    is_companion: bool = False
    is_premium: bool = False
    has_restricted_view: bool = False
    x: float | None = None
    y: float | None = None
    row_rank: int | None = None
    seat_rank: int | None = None

    @classmethod
    def read(cls, item: Reader) -> "SeatPlan":
        """Return the seat that `item` describes; raises InvalidRequest with its path."""
        item.only(cls.__slots__)
        return cls(
            row_number=item.text("row_number", most=20, default=""),
            seat_number=item.text("seat_number", least=1, most=20),
            ticket_type_id=item.identifier("ticket_type_id"),
            price=item.amount("price", most=PRICE_MOST, decimals=2),
            is_accessible=item.flag("is_accessible"),
            is_companion=item.flag("is_companion"),
            is_premium=item.flag("is_premium"),
            has_restricted_view=item.flag("has_restricted_view"),
            x=item.coordinate("x"),
            y=item.coordinate("y"),
            row_rank=item.places_or_none("row_rank", least=1),
            seat_rank=item.places_or_none("seat_rank", least=1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPlan:
    """Places of a section for one ticket type, or for its pool (None).

    `price_modifier` multiplies the section's base price; None: the ticket type's own.
    """

    ticket_type_id: UUID | None
    allocated_capacity: int
    price_modifier: Decimal | None = None

    @classmethod
    def read(cls, item: Reader) -> "AllocationPlan":
        """Return the allocation that `item` describes; raises InvalidRequest with its path."""
        item.only(cls.__slots__)
        return cls(
            ticket_type_id=item.identifier("ticket_type_id"),
            allocated_capacity=item.places("allocated_capacity", least=0),
            price_modifier=item.amount("price_modifier", most=MODIFIER_MOST, decimals=6),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPlan:
    """A section. `total_capacity` None: its ticket types together; more goes to its pool.

    `orphan_rule`: buyers may not leave a single free seat. The focal ranks say where its best
    places are; None: the first row, the row's middle.
    """

    name: str
    base_price: Decimal
    total_capacity: int | None = None
    currency: str = "USD"
    orphan_rule: bool = False
    focal_row_rank: int | None = None
    focal_seat_rank: int | None = None
    ticket_types: tuple[AllocationPlan, ...] = ()
    seats: tuple[SeatPlan, ...] = ()

    @classmethod
    def read(cls, item: Reader) -> "SectionPlan":
        """Return the section that `item` describes; raises InvalidRequest with its path."""
        item.only(cls.__slots__)
        section = cls(
            name=item.text("name", least=1, most=100),
            base_price=item.needed_amount("base_price", most=PRICE_MOST, decimals=2),
            total_capacity=item.places_or_none("total_capacity", least=1),
            currency=item.currency("currency"),
            orphan_rule=item.flag("orphan_rule"),
            focal_row_rank=item.places_or_none("focal_row_rank", least=1),
            focal_seat_rank=item.places_or_none("focal_seat_rank", least=1),
            ticket_types=tuple(map(AllocationPlan.read, item.items("ticket_types"))),
            seats=tuple(map(SeatPlan.read, item.items("seats"))),
        )
        section.check(item)
        return section

    def check(self, item: Reader) -> None:
        """Refuse a section without places and a ticket type that is there twice."""
        if self.total_capacity is None and not self.allocated_capacity:
            item.refuse("total_capacity", "is missing, and no ticket type has places either")
        seen: set[UUID | None] = set()
        for index, allocation in enumerate(self.ticket_types):
            if allocation.ticket_type_id in seen:
                named = allocation.ticket_type_id or "the pool"
                item.refuse(f"ticket_types[{index}].ticket_type_id", f"{named} is there twice")
            seen.add(allocation.ticket_type_id)

    @property
    def allocated_capacity(self) -> int:
        """Places of all ticket types together."""
        return sum(allocation.allocated_capacity for allocation in self.ticket_types)


@dataclass(frozen=True, slots=True)
class HousePlan:
    """The sections to build, in house order."""

    sections: tuple[SectionPlan, ...]

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any]) -> "HousePlan":
        """Read `{"sections": [...]}`.

        Raises InvalidRequest whose `argument` is the path of the first mistake.
        """
        reader = Reader(configuration)
        reader.only(("sections",))
        sections = tuple(map(SectionPlan.read, reader.items("sections")))
        if not sections:
            reader.refuse("sections", "a list of at least one section is needed")
        return cls(sections)

    def as_configuration(self) -> dict[str, Any]:
        """Return the plain shape again, as JSON values; what is None is left out."""
        return {"sections": [dict(_plain(section)) for section in self.sections]}


def _plain(plan: SectionPlan | AllocationPlan | SeatPlan) -> Iterator[tuple[str, Any]]:
    for name in plan.__slots__:
        value = getattr(plan, name)
        if isinstance(value, tuple):
            yield name, [dict(_plain(part)) for part in value]
        elif isinstance(value, UUID | Decimal):
            yield name, str(value)
        elif value is not None and value is not False:
            yield name, value
