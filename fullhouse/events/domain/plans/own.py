"""Our own JSON: everything that a plan holds, and nothing else.

Fields at their default are left out, so that equal plans give equal texts; `digest` is of that
text with sorted keys.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from fullhouse.events.domain.configuration import PRICE_MOST
from fullhouse.events.domain.plans.document import (
    CATEGORIES_MOST,
    RANK_MOST,
    Area,
    Category,
    Plan,
    PlanSeat,
    PlanSection,
    Row,
    check,
)
from fullhouse.events.domain.plans.fields import (
    Seen,
    json_object,
    members,
    nobody,
    number,
    text_or_none,
    whole,
)
from fullhouse.events.domain.reading import Reader

FORMAT: Final = "fullhouse-plan"
VERSION: Final = 1
_FLAGS: Final = ("accessible", "companion", "restricted_view", "premium")
_CATEGORY: Final = ("name", "color", "price")
_SEAT: Final = (
    "seat_number", "rank", "guid", "category", "price", "x", "y", *_FLAGS, "pretix",
)  # fmt: skip
_ROW: Final = ("row_number", "rank", "x", "y", "seats", "pretix")
_AREA: Final = ("name", "capacity", "category")
_FOCUS: Final = ("focal_row_rank", "focal_seat_rank")
_SECTION: Final = (
    "name", "category", "orphan_rule", *_FOCUS, "x", "y", "rows", "areas", "pretix",
)  # fmt: skip
_PLAN: Final = ("format", "version", "name", "width", "height", "categories", "sections")


def read(text: str, seen: Seen = nobody) -> Plan:
    """Return the plan in a file of ours. Raises InvalidRequest with the place of a mistake."""
    return from_document(json_object(text).fields, seen)


def from_document(document: Mapping[str, Any], seen: Seen = nobody) -> Plan:
    """Return the plan in a document of ours. Raises InvalidRequest."""
    item = Reader(document)
    item.only(_PLAN)
    if item.fields.get("format") != FORMAT:
        item.refuse("format", f"must be {FORMAT!r}, not {item.fields.get('format')!r:.60}")
    if item.fields.get("version") != VERSION:
        item.refuse("version", f"must be {VERSION}, not {item.fields.get('version')!r:.60}")
    categories = tuple(map(_category, item.items("categories")))
    if len(categories) > CATEGORIES_MOST:
        item.refuse("categories", f"at most {CATEGORIES_MOST}, not {len(categories)}")
    return check(
        Plan(
            name=item.text("name", least=1, most=200),
            width=whole(item, "width", least=0, most=1_000_000),
            height=whole(item, "height", least=0, most=1_000_000),
            categories=categories,
            sections=tuple(_section(one, seen) for one in item.items("sections")),
        )
    )


def _category(item: Reader) -> Category:
    item.only(_CATEGORY)
    return Category(
        name=item.text("name", least=1, most=100),
        color=text_or_none(item, "color", least=1, most=100),
        price=item.amount("price", most=PRICE_MOST, decimals=2),
    )


def _section(item: Reader, seen: Seen) -> PlanSection:
    item.only(_SECTION)
    rows: list[Row] = []
    for one in item.items("rows"):
        rows.append(_row(one, rows[-1].rank + 1 if rows else 1))
        seen(len(rows[-1].seats))
    return PlanSection(
        name=item.text("name", least=1, most=100),
        category=text_or_none(item, "category", least=1, most=100),
        orphan_rule=item.flag("orphan_rule") if "orphan_rule" in item.fields else True,
        focal_row_rank=whole(item, "focal_row_rank", least=1, most=RANK_MOST),
        focal_seat_rank=whole(item, "focal_seat_rank", least=1, most=RANK_MOST),
        x=number(item, "x"),
        y=number(item, "y"),
        rows=tuple(rows),
        areas=tuple(map(_area, item.items("areas"))),
        pretix=_extra(item),
    )


def _row(item: Reader, next_rank: int) -> Row:
    item.only(_ROW)
    seats: list[PlanSeat] = []
    for one in item.items("seats"):
        seats.append(_seat(one, seats[-1].rank + 1 if seats else 1))
    return Row(
        row_number=item.text("row_number", most=20, default=""),
        rank=_rank(item, next_rank),
        x=number(item, "x"),
        y=number(item, "y"),
        seats=tuple(seats),
        pretix=_extra(item),
    )


def _seat(item: Reader, next_rank: int) -> PlanSeat:
    item.only(_SEAT)
    return PlanSeat(
        seat_number=item.text("seat_number", least=1, most=20),
        rank=_rank(item, next_rank),
        guid=text_or_none(item, "guid", least=1, most=200),
        category=text_or_none(item, "category", least=1, most=100),
        price=item.amount("price", most=PRICE_MOST, decimals=2),
        x=number(item, "x"),
        y=number(item, "y"),
        accessible=item.flag("accessible"),
        companion=item.flag("companion"),
        restricted_view=item.flag("restricted_view"),
        premium=item.flag("premium"),
        pretix=_extra(item),
    )


def _rank(item: Reader, next_rank: int) -> int:
    return whole(item, "rank", least=1, most=RANK_MOST) or next_rank


def _area(item: Reader) -> Area:
    item.only(_AREA)
    return Area(
        name=item.text("name", most=100, default=""),
        capacity=item.places("capacity", least=1),
        category=text_or_none(item, "category", least=1, most=100),
    )


def _extra(item: Reader) -> Mapping[str, Any]:
    return {} if item.fields.get("pretix") is None else dict(members(item, "pretix").fields)


def write(plan: Plan) -> str:
    """Return the plan as a file of ours."""
    return json.dumps(as_document(plan), ensure_ascii=False, separators=(",", ":")) + "\n"


def digest(plan: Plan) -> str:
    """Return the SHA-256 of what the plan holds, in hexadecimal; its name is not part of it."""
    document = {**as_document(plan), "name": ""}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values; amounts are texts, so that they stay exact."""
    document = {"format": FORMAT, "version": VERSION, **_set(plan, _PLAN[2:5])}
    if plan.categories:
        document["categories"] = [_set(one, _CATEGORY) for one in plan.categories]
    document["sections"] = [_section_document(one) for one in plan.sections]
    return document


def _section_document(section: PlanSection) -> dict[str, Any]:
    made = _set(section, ("name", "category", *_FOCUS, "x", "y", "pretix"))
    if not section.orphan_rule:
        made["orphan_rule"] = False
    if section.rows:
        made["rows"] = [_rows(row, rank) for rank, row in _pairs(section.rows)]
    if section.areas:
        made["areas"] = [_set(area, _AREA) for area in section.areas]
    return made


def _rows(row: Row, next_rank: int) -> dict[str, Any]:
    made = _set(row, ("row_number", "x", "y", "pretix"))
    if row.rank != next_rank:
        made["rank"] = row.rank
    if row.seats:
        made["seats"] = [_seat_document(seat, rank) for rank, seat in _pairs(row.seats)]
    return made


def _seat_document(seat: PlanSeat, next_rank: int) -> dict[str, Any]:
    made = _set(seat, ("seat_number", "guid", "category", "price", "x", "y", *_FLAGS, "pretix"))
    if seat.rank != next_rank:
        made["rank"] = seat.rank
    return made


def _pairs(ranked: Any) -> Any:
    """Yield each with the rank it would have without saying so."""
    expected = 1
    for one in ranked:
        yield expected, one
        expected = one.rank + 1


def _set(node: Any, names: tuple[str, ...]) -> dict[str, Any]:
    made = {}
    for name in names:
        value = getattr(node, name)
        if value is None or value is False or value == "" or value == {}:
            continue
        made[name] = str(value) if isinstance(value, Decimal) else value
    return made
