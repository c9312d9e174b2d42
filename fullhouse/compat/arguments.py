"""What the old calls accept: rows or ids, whole positive counts, and no price of the caller's."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fullhouse.compat.words import say
from fullhouse.events.domain.errors import InvalidRequest

_PRICES: Final = frozenset({"price", "prices", "unit_price", "total_price", "base_price"})


class InvalidArgument(InvalidRequest, ValueError):  # noqa: N818 - family of CapacityError
    """A call that cannot be meant: the old system took it, and lost places or money by it."""


class CapacityWarning(UserWarning):
    """A refusal of a call whose answer is a bare False: the text says why."""


def as_id(argument: str, row: object) -> UUID:
    """Return the key of a row, or the key itself. Raises InvalidArgument."""
    key = getattr(row, "pk", row)
    if isinstance(key, UUID):
        return key
    try:
        return UUID(key if isinstance(key, str) else "")
    except ValueError:
        raise InvalidArgument(argument, say("key", value=repr(row)[:80])) from None


def as_count(argument: str, count: object) -> int:
    """Return a number of places, 1 or more.

    Raises InvalidArgument: zero says nothing, and the old calls with a negative count freed
    other people's places.
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InvalidArgument(argument, say("count", value=repr(count)[:80]))
    return count


def no_price(call: str, others: Mapping[str, Any]) -> None:
    """Refuse a price that comes with a call; raises InvalidArgument, else TypeError."""
    for name in others:
        if name in _PRICES:
            raise InvalidArgument(name, say("price_of_caller"))
        raise TypeError(f"{call}() got an unexpected keyword argument {name!r}")
