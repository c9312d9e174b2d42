"""A seating plan: sections of rows of seats, and areas of general admission.

Loss-free: what only another format knows (its uuids, its drawing) travels in `pretix` of the
node it belongs to. Order is house order: sections as listed, rows by `rank`, seats by `rank`
within their row. Neighbours have ranks one apart, so that an aisle is a jump in rank; labels
are never read as numbers. Positions are in the plan's own units and relative: a seat's to its
row, a row's to its section.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.names import name_key, seat_key

# Each limit keeps one request in memory and one plan in one row: the largest stadiums have about
# 150,000 seats in some hundred blocks.
SEATS_MOST: Final = 200_000
SECTIONS_MOST: Final = 2_000
ROWS_MOST: Final = 5_000  # of one section
CATEGORIES_MOST: Final = 500
BYTES_MOST: Final = 64 * 1024 * 1024
COORDINATE_MOST: Final = 1_000_000
RANK_MOST: Final = 1_000_000

Extra = Mapping[str, Any]
Where = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A price class. `price` of one place is a proposal; applying the plan may give another."""

    name: str
    color: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeat:
    """A numbered place. `guid` is its name across versions and formats, unique in the plan."""

    seat_number: str
    rank: int
    guid: str | None = None
    category: str | None = None
    price: Decimal | None = None
    x: float | None = None
    y: float | None = None
    accessible: bool = False
    companion: bool = False
    restricted_view: bool = False
    premium: bool = False
    pretix: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Seats side by side. Two rows may bear one label: blocks apart from each other."""

    row_number: str
    rank: int
    seats: tuple[PlanSeat, ...] = ()
    x: float | None = None
    y: float | None = None
    pretix: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """General admission: `capacity` places without a number."""

    name: str
    capacity: int
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSection:
    """A part of the house. `category` is that of its seats and areas that name none.

    The focal ranks say where its best places are; None: the first row, the row's middle.
    """

    name: str
    category: str | None = None
    orphan_rule: bool = True
    focal_row_rank: int | None = None
    focal_seat_rank: int | None = None
    x: float | None = None
    y: float | None = None
    rows: tuple[Row, ...] = ()
    areas: tuple[Area, ...] = ()
    pretix: Extra = field(default_factory=dict)

    @property
    def seats(self) -> Iterator[PlanSeat]:
        """Its seats in house order."""
        return (seat for row in self.rows for seat in row.seats)

    @property
    def unseated(self) -> int:
        """Places without a number."""
        return sum(area.capacity for area in self.areas)

    @property
    def places(self) -> int:
        """All its places."""
        return sum(len(row.seats) for row in self.rows) + self.unseated


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole house."""

    name: str
    width: int | None = None
    height: int | None = None
    categories: tuple[Category, ...] = ()
    sections: tuple[PlanSection, ...] = ()

    @property
    def seats(self) -> int:
        """Numbered places."""
        return sum(len(row.seats) for section in self.sections for row in section.rows)

    @property
    def places(self) -> int:
        """All places."""
        return sum(section.places for section in self.sections)


def own_path(section: int, row: int | None = None, seat: int | None = None) -> str:
    """Return where something is in our own JSON."""
    path = f"sections[{section}]"
    if row is not None:
        path += f".rows[{row}]"
    return path if seat is None else f"{path}.seats[{seat}]"


def check(plan: Plan, where: Where = own_path) -> Plan:
    """Return the plan if it can be meant as a whole; `where` names places in the file read.

    Raises InvalidRequest: too large, without a place, two sections, seats or guids of one name
    (in any spelling), ranks that do not rise.
    """
    if not plan.sections:
        raise InvalidRequest("sections", "a plan needs at least one section")
    if plan.seats > SEATS_MOST or len(plan.sections) > SECTIONS_MOST:
        raise InvalidRequest(
            "sections",
            f"at most {SECTIONS_MOST} sections and {SEATS_MOST} seats, not {len(plan.sections)} "
            f"and {plan.seats}",
        )
    _once((c.name for c in plan.categories), "categories", "category")
    keys: dict[str, int] = {}
    guids: dict[str, str] = {}
    for number, section in enumerate(plan.sections):
        if (key := name_key(section.name)) in keys:
            raise InvalidRequest(
                where(number),
                f"{section.name!r} is {where(keys[key])} already, perhaps in another spelling",
            )
        keys[key] = number
        if not section.places:
            raise InvalidRequest(where(number), f"section {section.name!r} has no place")
        _check_section(section, number, where, guids)
    return plan


def _check_section(section: PlanSection, number: int, where: Where, guids: dict[str, str]) -> None:
    if len(section.rows) > ROWS_MOST:
        raise InvalidRequest(where(number), f"at most {ROWS_MOST} rows, not {len(section.rows)}")
    _once((area.name for area in section.areas), where(number), "area")
    seen: dict[tuple[str, str], str] = {}
    row_rank = 0
    for j, row in enumerate(section.rows):
        if row.rank <= row_rank:
            raise InvalidRequest(where(number, j), f"rank {row.rank} does not rise ({row_rank})")
        row_rank = row.rank
        row_key = name_key(row.row_number)
        seat_rank = 0
        for k, seat in enumerate(row.seats):
            if seat.rank <= seat_rank:
                raise InvalidRequest(
                    where(number, j, k), f"rank {seat.rank} does not rise ({seat_rank})"
                )
            seat_rank = seat.rank
            names = (row_key, seat_key(seat.seat_number))
            here = where(number, j, k)
            if names in seen:
                raise InvalidRequest(
                    here,
                    f"seat {row.row_number}-{seat.seat_number} of section {section.name!r} is "
                    f"{seen[names]} already, perhaps in another spelling",
                )
            seen[names] = here
            if seat.guid is not None and seat.guid in guids:
                raise InvalidRequest(here, f"guid {seat.guid!r} is {guids[seat.guid]} already")
            if seat.guid is not None:
                guids[seat.guid] = here


def _once(names: Iterator[str], where: str, what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidRequest(where, f"{what} {name!r} is there twice")
        seen.add(name)
