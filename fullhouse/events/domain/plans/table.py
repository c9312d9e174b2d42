"""A plan as CSV, one line a seat or area, for spreadsheets. UTF-8, commas, a heading line.

section            needed; sections come in the order of their first line
row, seat          labels as given; `seat` empty: the line is an area of general admission
row_rank           lines of one section and rank are one row; empty: of one label
seat_rank          neighbours are one apart; empty: one more than the seat before
category, price    of the place; `price` is the seat's own
x, y               absolute
accessible, companion, restricted_view, premium    1, true, yes or بله; else 0, no, خیر, empty
guid               the seat's name across versions
area, places       of an area: its name and how many places it has
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from fullhouse.events.domain.configuration import PRICE_MOST
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans.document import (
    RANK_MOST,
    SEATS_MOST,
    Area,
    Plan,
    PlanSeat,
    PlanSection,
    Row,
    check,
)
from fullhouse.events.domain.plans.fields import Seen, nobody, number, text_or_none, too_large
from fullhouse.events.domain.plans.losses import Loss, losses
from fullhouse.events.domain.reading import Reader

FLAGS: Final = ("accessible", "companion", "restricted_view", "premium")
COLUMNS: Final = (
    "section", "row", "seat", "row_rank", "seat_rank", "category", "price", "x", "y", *FLAGS,
    "guid", "area", "places",
)  # fmt: skip
_YES: Final = frozenset({"1", "true", "yes", "بله"})
_NO: Final = frozenset({"", "0", "false", "no", "خیر"})


@dataclass
class _Open:
    """A section while its lines come in: rows by what tells them apart, in order."""

    rows: dict[object, list[tuple[int, PlanSeat]]] = field(default_factory=dict)
    labels: dict[object, tuple[str, int]] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    line: int = 0


def read(text: str, seen: Seen = nobody) -> Plan:
    """Return the plan in a CSV; it has no name. Raises InvalidRequest with line and column."""
    too_large(text)
    sections: dict[str, _Open] = {}
    for line, item in _lines(text.removeprefix("\ufeff")):
        name = item.text("section", least=1, most=100)
        section = sections.setdefault(name, _Open(line=line))
        if item.fields.get("seat"):
            _take_seat(section, item, line)
            seen(1)
        else:
            section.areas.append(_area(item))
    built = [_built(name, section) for name, section in sections.items()]
    places = [
        (section.line, lines) for section, (_, lines) in zip(sections.values(), built, strict=True)
    ]

    def where(number: int, row: int | None = None, seat: int | None = None) -> str:
        first, lines = places[number]
        return f"line {first if row is None else lines[row][seat or 0]}"

    return check(Plan(name="", sections=tuple(section for section, _ in built)), where)


def _lines(text: str) -> Iterator[tuple[int, Reader]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip().lower() for name in reader.fieldnames or ()]
        if unknown := [name for name in heading if name not in COLUMNS]:
            raise InvalidRequest(
                "line 1", f"columns {unknown} have no meaning; known are {', '.join(COLUMNS)}"
            )
        if "section" not in heading or len(set(heading)) < len(heading):
            raise InvalidRequest("line 1", "needs a column `section`, and each column once")
        reader.fieldnames = heading
        for number_, row in enumerate(reader):
            if number_ >= 2 * SEATS_MOST:
                raise InvalidRequest(f"line {reader.line_num}", "is beyond what a plan may have")
            if row.get(None) is not None:
                raise InvalidRequest(f"line {reader.line_num}", "has more cells than the heading")
            yield reader.line_num, _Cells(row, f"line {reader.line_num}")
    except csv.Error as error:
        raise InvalidRequest(f"line {reader.line_num + 1}", f"is not CSV: {error}") from error


class _Cells(Reader):
    """One line: texts, with numbers and truth values read out of them as JSON would have them."""

    def __init__(self, row: dict[str, Any], path: str) -> None:
        super().__init__({name: cell.strip() for name, cell in row.items() if cell}, path)
        for name in ("row_rank", "seat_rank", "places"):
            self._number(name, int)
        for name in ("x", "y"):
            self._number(name, _int_or_float)
        for name in FLAGS:
            self._flag(name)

    def _number(self, name: str, kind: Any) -> None:
        if cell := self.fields.get(name):
            try:
                self.fields = {**self.fields, name: kind(cell)}
            except ValueError:
                self.refuse(name, f"must be a number, not {cell!r:.60}")

    def _flag(self, name: str) -> None:
        cell = str(self.fields.get(name, "")).lower()
        if cell not in _YES | _NO:
            self.refuse(name, f"must be 1 or 0, yes or no, not {cell!r:.60}")
        self.fields = {**self.fields, name: cell in _YES}


def _int_or_float(cell: str) -> float:
    try:
        return int(cell)
    except ValueError:
        return float(cell)


def _take_seat(section: _Open, item: Reader, line: int) -> None:
    for name in ("area", "places"):
        if item.fields.get(name):
            item.refuse(name, "is for lines of areas; a line with a seat is one place")
    label = item.text("row", most=20, default="")
    given = _rank(item, "row_rank")
    key: object = given if given is not None else label
    if key not in section.rows:
        after = max((rank for _, rank in section.labels.values()), default=0)
        section.labels[key] = (label, given if given is not None else after + 1)
    elif section.labels[key][0] != label:
        item.refuse("row", f"row_rank {given} is row {section.labels[key][0]!r} already")
    seats = section.rows.setdefault(key, [])
    seats.append((line, _seat(item, seats[-1][1].rank + 1 if seats else 1)))


def _seat(item: Reader, next_rank: int) -> PlanSeat:
    return PlanSeat(
        seat_number=item.text("seat", least=1, most=20),
        rank=_rank(item, "seat_rank") or next_rank,
        guid=text_or_none(item, "guid", least=1, most=200),
        category=text_or_none(item, "category", least=1, most=100),
        price=item.amount("price", most=PRICE_MOST, decimals=2),
        x=number(item, "x"),
        y=number(item, "y"),
        accessible=item.flag("accessible"),
        companion=item.flag("companion"),
        restricted_view=item.flag("restricted_view"),
        premium=item.flag("premium"),
    )


def _rank(item: Reader, name: str) -> int | None:
    value = item.fields.get(name)
    if value is not None and not 1 <= value <= RANK_MOST:
        item.refuse(name, f"must be 1 to {RANK_MOST}, not {value}")
    return value


def _area(item: Reader) -> Area:
    for name in ("row", "row_rank", "seat_rank", "price", "x", "y", "guid", *FLAGS):
        if item.fields.get(name):
            item.refuse("seat", f"is missing, or {name} is too much: an area has places alone")
    return Area(
        name=item.text("area", most=100, default=""),
        capacity=item.places("places", least=1),
        category=text_or_none(item, "category", least=1, most=100),
    )


def _built(name: str, section: _Open) -> tuple[PlanSection, list[list[int]]]:
    rows, lines = [], []
    for key, seats in sorted(section.rows.items(), key=lambda one: section.labels[one[0]][1]):
        label, rank = section.labels[key]
        ordered = sorted(seats, key=lambda one: one[1].rank)
        rows.append(Row(row_number=label, rank=rank, seats=tuple(seat for _, seat in ordered)))
        lines.append([line for line, _ in ordered])
    return PlanSection(name=name, rows=tuple(rows), areas=tuple(section.areas)), lines


def write(plan: Plan) -> tuple[str, tuple[Loss, ...]]:
    """Return the plan as CSV, and what it could not hold."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for section in plan.sections:
        for row in section.rows:
            writer.writerows(_seat_cells(section, row, seat) for seat in row.seats)
        for area in section.areas:
            cells = {"section": section.name, "category": area.category or section.category}
            cells |= {"area": area.name, "places": str(area.capacity)}
            writer.writerow([cells.get(name) or "" for name in COLUMNS])
    return out.getvalue(), _lost(plan)


def _seat_cells(section: PlanSection, row: Row, seat: PlanSeat) -> list[object]:
    x = None if seat.x is None else seat.x + (row.x or 0) + (section.x or 0)
    y = None if seat.y is None else seat.y + (row.y or 0) + (section.y or 0)
    cells = (
        section.name, row.row_number, seat.seat_number, row.rank, seat.rank,
        seat.category or section.category, seat.price, x, y,
        *(1 if getattr(seat, flag) else None for flag in FLAGS), seat.guid, None, None,
    )  # fmt: skip
    return ["" if cell is None else cell for cell in cells]


def _lost(plan: Plan) -> tuple[Loss, ...]:
    parts = [(section, row) for section in plan.sections for row in section.rows]
    seats = [seat for _, row in parts for seat in row.seats]
    nodes: list[PlanSection | Row] = [*plan.sections, *(row for _, row in parts)]
    return losses(
        categories=len(plan.categories),
        orphan_rule=sum(not section.orphan_rule for section in plan.sections),
        focus=sum((one.focal_row_rank or one.focal_seat_rank) is not None for one in plan.sections),
        drawing=sum(bool(one.pretix) for one in nodes) + sum(bool(s.pretix) for s in seats),
        offsets=sum(one.x is not None or one.y is not None for one in nodes),
        section_categories=sum(section.category is not None for section in plan.sections),
        empty_rows=sum(not row.seats for _, row in parts),
        name=1,
    )
