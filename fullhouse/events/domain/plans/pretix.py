"""The seating-plan JSON of pretix, version 0.0.1: zones are our sections, and lead both ways.

What only that format knows (uuids, label templates, drawing) is checked and kept as it is, so
that a file read and written again says the same. It cannot hold general admission,
accessibility, companions, views, prices or ranks; `write` lists what was left out.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans.document import (
    CATEGORIES_MOST,
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
    known_kind,
    members,
    nobody,
    number,
    text_or_none,
    whole,
)
from fullhouse.events.domain.plans.losses import Loss, losses
from fullhouse.events.domain.plans.pretix_drawing import check_area
from fullhouse.events.domain.reading import Reader

_ZONE_EXTRA: Final = ("zone_id", "uuid", "areas")
_ROW_EXTRA: Final = ("row_label", "seat_label", "uuid", "row_number_position")
_SEAT_EXTRA: Final = ("uuid", "start_direction", "radius")


def zone_path(section: int, row: int | None = None, seat: int | None = None) -> str:
    """Return where something of ours is in the file."""
    path = f"zones[{section}]"
    if row is not None:
        path += f".rows[{row}]"
    return path if seat is None else f"{path}.seats[{seat}]"


def read(text: str, seen: Seen = nobody) -> Plan:
    """Return the plan in a pretix file. Raises InvalidRequest with the place of a mistake."""
    item = json_object(text)
    item.only(("name", "zones", "categories", "size"))
    for name in ("zones", "categories"):
        if item.fields.get(name) is None:
            item.refuse(name, "is missing: a list")
    size = members(item, "size")
    size.only(("width", "height"))
    categories = tuple(map(_category, item.items("categories")))
    if len(categories) > CATEGORIES_MOST:
        item.refuse("categories", f"at most {CATEGORIES_MOST}, not {len(categories)}")
    plan = Plan(
        name=item.text("name", least=1, most=200),
        width=_pixels(size, "width"),
        height=_pixels(size, "height"),
        categories=categories,
        sections=tuple(_zone(one, seen) for one in item.items("zones")),
    )
    return check(plan, zone_path)


def _pixels(size: Reader, name: str) -> int:
    value = whole(size, name, least=0, most=1_000_000)
    if value is None:
        size.refuse(name, "is missing: pixels")
    return value


def _category(item: Reader) -> Category:
    item.only(("name", "color"))
    return Category(
        name=item.text("name", least=1, most=100),
        color=text_or_none(item, "color", least=1, most=100),
    )


def _zone(item: Reader, seen: Seen) -> PlanSection:
    item.only(("name", "zone_id", "uuid", "position", "rows", "areas"))
    if item.fields.get("rows") is None:
        item.refuse("rows", "is missing: a list")
    _texts(item, "zone_id", "uuid")
    for area in item.items("areas"):
        check_area(area)
    rows: list[Row] = []
    for one in item.items("rows"):
        rows.append(_row(one, len(rows) + 1))
        seen(len(rows[-1].seats))
    x, y = _position(item)
    return PlanSection(
        name=item.text("name", least=1, most=100),
        x=x,
        y=y,
        rows=tuple(rows),
        pretix=_kept(item, _ZONE_EXTRA),
    )


def _row(item: Reader, rank: int) -> Row:
    item.only(("row_number", "position", "seats", *_ROW_EXTRA))
    _texts(item, "row_label", "seat_label", "uuid")
    known_kind(item, "row_number_position", ("start", "end", "both", None))
    if item.fields.get("seats") is None:
        item.refuse("seats", "is missing: a list")
    x, y = _position(item) if "position" in item.fields else (None, None)
    return Row(
        row_number=item.text("row_number", most=20),
        rank=rank,
        x=x,
        y=y,
        seats=tuple(_seat(one, place + 1) for place, one in enumerate(item.items("seats"))),
        pretix=_kept(item, _ROW_EXTRA),
    )


def _seat(item: Reader, rank: int) -> PlanSeat:
    item.only(("seat_guid", "seat_number", "position", "category", *_SEAT_EXTRA))
    _texts(item, "uuid")
    known_kind(item, "start_direction", ("<", ">", "<>", None))
    number(item, "radius")
    guid = item.fields.get("seat_guid")
    if not isinstance(guid, str) or guid != guid.strip() or not 2 <= len(guid) <= 200:
        item.refuse("seat_guid", f"must be 2 to 200 characters, no blank around, not {guid!r:.60}")
    x, y = _position(item)
    return PlanSeat(
        seat_number=item.text("seat_number", least=1, most=20),
        rank=rank,
        guid=guid,
        category=item.text("category", least=1, most=100),
        x=x,
        y=y,
        pretix=_kept(item, _SEAT_EXTRA),
    )


def _position(item: Reader) -> tuple[float, float]:
    position = members(item, "position")
    position.only(("x", "y"))
    x, y = number(position, "x"), number(position, "y")
    if x is None or y is None:
        position.refuse("x" if x is None else "y", "is missing: a number")
    return x, y


def _texts(item: Reader, *names: str) -> None:
    for name in names:
        text_or_none(item, name, most=200)


def _kept(item: Reader, names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: item.fields[name] for name in names if name in item.fields}


def write(plan: Plan) -> tuple[str, tuple[Loss, ...]]:
    """Return the plan as a pretix file, and what it could not hold.

    Raises InvalidRequest for a plan without a numbered seat: there would be nothing in it.
    """
    if not plan.seats:
        raise InvalidRequest("sections", "this format holds numbered seats only, and has none here")
    names = {category.name for category in plan.categories}
    used = dict.fromkeys(
        seat.category or section.category or section.name
        for section in plan.sections
        for seat in section.seats
    )
    made = [name for name in used if name not in names] if not _all_given(plan) else []
    given = {seat.guid for section in plan.sections for seat in section.seats if seat.guid}
    document = {
        "name": plan.name,
        "zones": [_zone_document(section, given) for section in plan.sections],
        "categories": [
            {"name": one.name} if one.color is None else {"name": one.name, "color": one.color}
            for one in plan.categories
        ]
        + [{"name": name} for name in made],
        "size": {"width": plan.width or 0, "height": plan.height or 0},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", _lost(plan)


def _all_given(plan: Plan) -> bool:
    return all(seat.category for section in plan.sections for seat in section.seats)


def _zone_document(section: PlanSection, guids: set[str]) -> dict[str, Any]:
    return {
        "name": section.name,
        "position": {"x": section.x or 0, "y": section.y or 0},
        "rows": [_row_document(section, row, guids) for row in section.rows],
        **section.pretix,
    }


def _row_document(section: PlanSection, row: Row, guids: set[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"row_number": row.row_number}
    if row.x is not None and row.y is not None:
        made["position"] = {"x": row.x, "y": row.y}
    made["seats"] = [
        {
            "seat_guid": _guid(section, row, seat, guids),
            "seat_number": seat.seat_number,
            "position": {"x": seat.x or 0, "y": seat.y or 0},
            "category": seat.category or section.category or section.name,
            **seat.pretix,
        }
        for seat in row.seats
    ]
    return {**made, **row.pretix}


def _guid(section: PlanSection, row: Row, seat: PlanSeat, guids: set[str]) -> str:
    if seat.guid is not None and len(seat.guid) >= 2:
        return seat.guid
    name = f"{section.name}-{row.row_number}-{seat.seat_number}"
    while name in guids:
        name += "+"
    guids.add(name)
    return name


def _lost(plan: Plan) -> tuple[Loss, ...]:
    seats = [seat for section in plan.sections for seat in section.seats]
    rows = [row for section in plan.sections for row in section.rows]
    return losses(
        areas=sum(len(section.areas) for section in plan.sections),
        accessible=sum(seat.accessible for seat in seats),
        companion=sum(seat.companion for seat in seats),
        restricted_view=sum(seat.restricted_view for seat in seats),
        premium=sum(seat.premium for seat in seats),
        seat_prices=sum(seat.price is not None for seat in seats),
        category_prices=sum(one.price is not None for one in plan.categories),
        section_categories=sum(one.category is not None for one in plan.sections),
        ranks=sum(_has_gaps(row) for row in rows)
        + sum(
            any(row.rank != place for place, row in enumerate(section.rows, 1))
            for section in plan.sections
        ),
        orphan_rule=sum(not section.orphan_rule for section in plan.sections),
        focus=sum((one.focal_row_rank or one.focal_seat_rank) is not None for one in plan.sections),
        guids=sum(seat.guid is None or len(seat.guid) < 2 for seat in seats),
    )


def _has_gaps(row: Row) -> bool:
    return any(seat.rank != place for place, seat in enumerate(row.seats, 1))
