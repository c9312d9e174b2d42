"""Whole halls from parameters: blocks of straight or curved rows side by side, flags, areas.

Pure. Numbering and labels are those of `make.py`; here a block gets its place in the hall, its
curve and the seats that are special. The stage is at the top, where y is smallest.
"""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.names import name_key, seat_key
from fullhouse.events.domain.plans.document import (
    Area,
    Category,
    Plan,
    PlanSeat,
    PlanSection,
    Row,
    check,
)
from fullhouse.events.domain.plans.make import Block, make_plan

Side = Literal["middle", "left", "right"]
SIDES: Final[tuple[Side, ...]] = ("middle", "left", "right")
# A front row round more than half a circle would sit behind the stage.
CURVE_MOST: Final = 180
BLOCKS_MOST: Final = 100
_PITCH: Final = 25.0  # of a block that names none, in the plan's units
_GANGWAY: Final = 2  # seats wide
_AREA_WIDTH: Final = 20  # seats wide: an area's depth follows from its places


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A block and how it stands. `curve`: degrees that its front row bends round the stage.

    `side`: left and right ones stand beside the last middle one. The flags are lists of seats,
    `A-1` or, for neighbours in a row, `A-1..4`. `price` of its category, where it has one.
    """

    block: Block
    side: Side = "middle"
    curve: int = 0
    accessible: tuple[str, ...] = ()
    companion: tuple[str, ...] = ()
    restricted_view: tuple[str, ...] = ()
    premium: tuple[str, ...] = ()
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """An area of general admission as a section of its own."""

    area: Area
    side: Side = "middle"
    price: Decimal | None = None


def generate(name: str, parts: tuple[Stand | Floor, ...]) -> Plan:
    """Return the plan of these parts, from the stage towards the back.

    Raises InvalidRequest whose argument is `parts[n]`, or a parameter of it.
    """
    if not 1 <= len(parts) <= BLOCKS_MOST:
        raise InvalidRequest("parts", f"1 to {BLOCKS_MOST} blocks, not {len(parts)}")
    made = [_made(name, part, f"parts[{number}]") for number, part in enumerate(parts)]
    placed = _placed(parts, made)
    plan = Plan(name=name, categories=_categories(parts), sections=tuple(placed))
    return check(plan, lambda number, *_: f"parts[{number}]")


def _made(name: str, part: Stand | Floor, where: str) -> PlanSection:
    if part.side not in SIDES:
        raise InvalidRequest(f"{where}.side", f"must be one of {', '.join(SIDES)}")
    if isinstance(part, Floor):
        area = part.area
        return PlanSection(name=area.name, category=area.category, areas=(area,))
    if not 0 <= part.curve <= CURVE_MOST:
        raise InvalidRequest(f"{where}.curve", f"must be 0 to {CURVE_MOST}, not {part.curve}")
    try:
        section = make_plan(name, blocks=(part.block,)).sections[0]
    except InvalidRequest as invalid:
        argument = invalid.argument.replace("blocks[0]", where)
        raise InvalidRequest(argument, invalid.problem) from invalid
    return _bent(_flagged(section, part, where), part)


def _flagged(section: PlanSection, part: Stand, where: str) -> PlanSection:
    wanted: dict[tuple[int, int], dict[str, Any]] = {}
    for flag in ("accessible", "companion", "restricted_view", "premium"):
        for label in getattr(part, flag):
            for place in _meant(section, label, f"{where}.{flag}"):
                wanted.setdefault(place, {})[flag] = True
    if not wanted:
        return section
    rows = []
    for j, row in enumerate(section.rows):
        seats = tuple(
            replace(seat, **wanted[j, k]) if (j, k) in wanted else seat
            for k, seat in enumerate(row.seats)
        )
        rows.append(replace(row, seats=seats))
    return replace(section, rows=tuple(rows))


def _meant(section: PlanSection, label: str, where: str) -> list[tuple[int, int]]:
    """Return the places in the section of `A-1`, or of `A-1..4`, both ends included."""
    row_label, _, numbers = label.strip().rpartition("-")
    first, _, last = numbers.partition("..")
    wanted = [seat_key(end) for end in (first, last or first)]
    for j, row in enumerate(section.rows):
        if name_key(row.row_number) != name_key(row_label):
            continue
        known = [seat_key(seat.seat_number) for seat in row.seats]
        if all(end in known for end in wanted):
            low, high = sorted(known.index(end) for end in wanted)
            return [(j, k) for k in range(low, high + 1)]
    raise InvalidRequest(where, f"block {section.name!r} has no seat {label.strip()!r:.60}")


def _bent(section: PlanSection, part: Stand) -> PlanSection:
    """Put each seat at its place, the middle of its row at x 0."""
    pitch = part.block.pitch
    width = _span(section) * pitch
    radius = width / math.radians(part.curve) if part.curve and width else None
    rows = []
    for depth, row in enumerate(section.rows):
        seats = tuple(_seated(seat, width, radius, depth * pitch) for seat in row.seats)
        rows.append(replace(row, seats=seats))
    return replace(section, rows=tuple(rows))


def _seated(seat: PlanSeat, width: float, radius: float | None, depth: float) -> PlanSeat:
    along = (seat.x or 0) - width / 2
    if radius is None:
        return replace(seat, x=round(along, 2), y=0.0)
    own = radius + depth
    angle = along / own
    return replace(seat, x=round(own * math.sin(angle), 2), y=round(own * (math.cos(angle) - 1), 2))


def _span(section: PlanSection) -> int:
    """Return the width of the rows, in seats."""
    return max((row.seats[-1].rank - 1 for row in section.rows if row.seats), default=0)


def _placed(parts: tuple[Stand | Floor, ...], made: list[PlanSection]) -> list[PlanSection]:
    """Give each section its offset: middle ones behind each other, the others beside those."""
    placed = []
    behind = top = 0.0
    edges = {"left": 0.0, "right": 0.0}
    for part, section in zip(parts, made, strict=True):
        pitch = part.block.pitch if isinstance(part, Stand) else _PITCH
        low, high, front, back = _box(section, pitch)
        if part.side == "middle":
            x, top = 0.0, behind
            edges = {"left": low, "right": high}
        elif part.side == "left":
            x = edges["left"] - _GANGWAY * pitch - high
            edges["left"] = x + low
        else:
            x = edges["right"] + _GANGWAY * pitch - low
            edges["right"] = x + high
        y = top - front
        behind = max(behind, y + back + (_GANGWAY + 1) * pitch)
        placed.append(replace(section, x=round(x, 2), y=round(y, 2)))
    return placed


def area_size(places: int, pitch: float = _PITCH) -> tuple[float, float]:
    """Return width and depth at which an area of so many places is drawn, in the plan's units."""
    width = min(_AREA_WIDTH, max(4, math.ceil(math.sqrt(places) * 1.6)))
    return width * pitch, min(_AREA_WIDTH, max(3, math.ceil(places / width / 2))) * pitch


def _box(section: PlanSection, pitch: float) -> tuple[float, float, float, float]:
    """Return how far the section reaches: least x, most x, least y, most y."""
    if not section.rows:
        width, depth = area_size(section.places, pitch)
        return -width / 2, width / 2, 0.0, depth
    spots = [
        ((row.x or 0) + (seat.x or 0), (row.y or 0) + (seat.y or 0))
        for row in section.rows
        for seat in _ends(row)
    ]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return min(xs), max(xs), min(ys), max(ys)


def _ends(row: Row) -> tuple[PlanSeat, ...]:
    return (row.seats[0], row.seats[len(row.seats) // 2], row.seats[-1])


def _categories(parts: tuple[Stand | Floor, ...]) -> tuple[Category, ...]:
    """Return the categories named, each at the first price that a part gives for it."""
    prices: dict[str, Decimal | None] = {}
    for part in parts:
        named = part.block.category if isinstance(part, Stand) else part.area.category
        if named and prices.get(named) is None:
            prices[named] = part.price
    return tuple(Category(name=name, price=price) for name, price in prices.items())
