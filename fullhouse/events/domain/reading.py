"""Reads plain JSON values one field at a time and says exactly where a mistake is.

Everything raises InvalidRequest(path, problem): the path as a person would point at it.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest

# PostgreSQL's integer: no house needs more places.
PLACES_MOST = 2_147_483_647


class Reader:
    """One JSON object and the path to it."""

    def __init__(self, value: object, path: str = "") -> None:
        self.path = path
        if not isinstance(value, Mapping):
            raise InvalidRequest(path or "configuration", f"must be an object, not {value!r:.60}")
        self.fields: Mapping[str, Any] = value

    def refuse(self, name: str, problem: str) -> NoReturn:
        """Raise InvalidRequest for one field of this object."""
        raise InvalidRequest(f"{self.path}.{name}" if self.path else name, problem)

    def only(self, names: Iterable[str]) -> None:
        """Refuse a field that has no meaning here: a misspelt one would be lost silently."""
        known = list(names)
        for name in self.fields:
            if name not in known:
                self.refuse(str(name), f"has no meaning here; known are {', '.join(known)}")

    def items(self, name: str) -> Iterator["Reader"]:
        """Yield the objects of a list; a missing or null list is empty."""
        value = self.fields.get(name)
        if value is None:
            return
        if not isinstance(value, list | tuple):
            self.refuse(name, f"must be a list, not {value!r:.60}")
        path = f"{self.path}.{name}" if self.path else name
        for index, item in enumerate(value):
            yield Reader(item, f"{path}[{index}]")

    def text(self, name: str, *, most: int, least: int = 0, default: str | None = None) -> str:
        """Return a text of `least` to `most` characters, blanks around it removed."""
        value = self.fields.get(name, default)
        stripped = value.strip() if isinstance(value, str) else None
        if stripped is None or not least <= len(stripped) <= most:
            self.refuse(name, f"must be a text of {least} to {most} characters, not {value!r:.60}")
        return stripped

    def currency(self, name: str) -> str:
        """Return an ISO 4217 code; USD where none is given."""
        value = self.fields.get(name, "USD")
        if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
            self.refuse(name, f"must be three capital letters such as EUR, not {value!r:.60}")
        return value

    def places_or_none(self, name: str, *, least: int) -> int | None:
        """Return a number of places, or None where none is given."""
        return None if self.fields.get(name) is None else self.places(name, least=least)

    def places(self, name: str, *, least: int) -> int:
        """Return a whole number of places."""
        value = self.fields.get(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not (least <= value <= PLACES_MOST)
        ):
            self.refuse(
                name,
                f"must be a whole number of places, {least} to {PLACES_MOST}, not {value!r:.60}",
            )
        return value

    def needed_amount(self, name: str, *, most: Decimal, decimals: int) -> Decimal:
        """Return a decimal number that has to be there."""
        amount = self.amount(name, most=most, decimals=decimals)
        if amount is None:
            self.refuse(name, f"is missing: a number from 0 to {most}")
        return amount

    def amount(self, name: str, *, most: Decimal, decimals: int) -> Decimal | None:
        """Return an exact decimal of 0 to `most`, or None where none is given.

        A float is read as it is written: 12.5, not its nearest binary fraction.
        """
        value = self.fields.get(name)
        if value is None:
            return None
        problem = (
            f"must be a number from 0 to {most}, at most {decimals} decimals, not {value!r:.60}"
        )
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            self.refuse(name, problem)
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            self.refuse(name, problem)
        if not amount.is_finite() or not 0 <= amount <= most or amount != round(amount, decimals):
            self.refuse(name, problem)
        return amount

    def identifier(self, name: str) -> UUID | None:
        """Return a UUID, or None where none is given."""
        value = self.fields.get(name)
        if value is None or isinstance(value, UUID):
            return value
        try:
            return UUID(str(value))
        except ValueError:
            self.refuse(name, f"must be a UUID or null, not {value!r:.60}")

    def flag(self, name: str) -> bool:
        """Return a truth value; False where none is given."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            self.refuse(name, f"must be true or false, not {value!r:.60}")
        return value

    def coordinate(self, name: str) -> float | None:
        """Return a finite number, or None where none is given."""
        value = self.fields.get(name)
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            self.refuse(name, f"must be a finite number, not {value!r:.60}")
        return float(value)
