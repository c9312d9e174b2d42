"""Reading the fields that plan formats share; mistakes are named by their place in the file."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans.document import BYTES_MOST, COORDINATE_MOST
from fullhouse.events.domain.reading import Reader

# Told after each row, with the number of its seats.
Seen = Callable[[int], object]


def nobody(seats: int) -> None:
    """Watch nothing."""


def json_object(text: str) -> Reader:
    """Return the object that a JSON file holds. Raises InvalidRequest with line and column."""
    too_large(text)
    try:
        return Reader(json.loads(text, parse_constant=_no_constant), "")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidRequest(place, f"is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise InvalidRequest("file", "is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise InvalidRequest("file", f"is not JSON: {error}") from error


def too_large(text: str) -> None:
    """Refuse a file that no plan needs."""
    if len(text) > BYTES_MOST:
        most = BYTES_MOST // (1024 * 1024)
        raise InvalidRequest("file", f"at most {most} MiB, this one has {len(text)} characters")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def number(item: Reader, name: str) -> float | None:
    """Return a coordinate as it is written, whole or not; None where none is given."""
    if item.coordinate(name) is None:
        return None
    value: float = item.fields[name]
    if abs(value) > COORDINATE_MOST:
        item.refuse(name, f"must be within {COORDINATE_MOST} either way, not {value!r:.60}")
    return value


def whole(item: Reader, name: str, *, least: int, most: int) -> int | None:
    """Return a whole number, or None where none is given."""
    value = item.fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        item.refuse(name, f"must be a whole number, {least} to {most}, not {value!r:.60}")
    return value


def text_or_none(item: Reader, name: str, *, most: int, least: int = 0) -> str | None:
    """Return a text, or None where none is given."""
    return None if item.fields.get(name) is None else item.text(name, least=least, most=most)


def members(item: Reader, name: str) -> Reader:
    """Return the object in a field; raises InvalidRequest where it is none."""
    path = f"{item.path}.{name}" if item.path else name
    return Reader(item.fields.get(name), path)


def known_kind(item: Reader, name: str, allowed: tuple[Any, ...]) -> None:
    """Refuse a value that is none of `allowed`."""
    value = item.fields.get(name)
    if value not in allowed or isinstance(value, bool):
        said = ", ".join("null" if one is None else str(one) for one in allowed)
        item.refuse(name, f"must be one of {said}, not {value!r:.60}")
