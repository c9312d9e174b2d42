"""The shapes that JSON columns of the legacy layout are found in: capacities, seats, breakdowns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fullhouse.migration.legacy.sample.names import persian_digits


@dataclass(frozen=True, slots=True)
class Part:
    """The places that a performance gives to one ticket type."""

    type_id: str
    name: str
    code: str
    places: int


def capacities(style: str | None, parts: Sequence[Part], full_house: int) -> object:
    """Return `ticket_capacities`; None is the clean style: places by type name."""
    by_name: dict[str, object] = {part.name: part.places for part in parts}
    first, full = (parts[0].name if parts else "VIP"), max(full_house, 1)
    match style:
        case "capacities_by_id":
            return {part.type_id: part.places for part in parts}
        case "capacities_by_code":
            return {part.code: part.places for part in parts}
        case "capacities_full_house_each":
            return {part.name: full for part in parts} or {first: full}
        case "capacities_unknown_keys":
            return {**by_name, "Backstage": 10, "مهمان": 5}
        case "capacities_texts":
            return {name: str(places) for name, places in by_name.items()} or {first: str(full)}
        case "capacities_persian_digits":
            digits = {part.name: persian_digits(str(part.places)) for part in parts}
            return digits or {first: persian_digits(str(full))}
        case "capacities_negative":
            return {**by_name, first: -full}
        case "capacities_null_value":
            return {**by_name, first: None}
        case "capacities_float":
            return {**by_name, first: full / 2 + 0.5}
        case "capacities_nested":
            return {"types": {name: {"capacity": n} for name, n in by_name.items()}}
        case "capacities_list":
            return [{"name": part.name, "capacity": part.places} for part in parts]
        case "capacities_json_null":
            return None
        case "capacities_double_encoded":
            return json.dumps(by_name, ensure_ascii=False)
        case "capacities_empty":
            return {}
        case "capacities_name_variant":
            return {f" {part.name.upper()} ": part.places for part in parts}
        case _:
            return by_name


def selected_seats(shape: str | None, seats: Sequence[dict[str, object]]) -> object:
    """Return `selected_seats`; None is the clean shape: a list of objects with `seat_id`."""
    match shape:
        case "seats_as_ids":
            return [seat["seat_id"] for seat in seats]
        case "seats_as_labels":
            return [
                f"{seat['section']}-{seat['row_number']}-{seat['seat_number']}" for seat in seats
            ]
        case "seats_json_null":
            return None
        case "seats_null_inside":
            return [None, *seats]
        case "seats_double_encoded":
            return json.dumps(seats, ensure_ascii=False)
        case "seats_garbage":
            return {"seats": "see e-mail", "count": [len(seats)]}
        case _:
            return list(seats)


def breakdown(shape: str | None, lines: Sequence[dict[str, object]]) -> object:
    """Return `ticket_breakdown`; None is the clean shape: a list of lines a type."""
    match shape:
        case "breakdown_by_name":
            return {str(line["name"]): line["quantity"] for line in lines}
        case "breakdown_by_id":
            return {str(line["ticket_type_id"]): line["quantity"] for line in lines}
        case "breakdown_persian_digits":
            return [{**line, "quantity": persian_digits(str(line["quantity"]))} for line in lines]
        case "breakdown_empty":
            return []
        case "breakdown_json_null":
            return None
        case "breakdown_double_encoded":
            return json.dumps(lines, ensure_ascii=False)
        case "breakdown_garbage":
            return "2x VIP?"
        case _:
            return list(lines)
