"""The capacity of a performance as old code asks for it: by id, or mixed into a host's model."""

import warnings
from typing import Any
from uuid import UUID

from fullhouse.compat.arguments import CapacityWarning, as_count, as_id
from fullhouse.compat.deprecation import replaced_by
from fullhouse.compat.sides import on_authority
from fullhouse.compat.values import Standing
from fullhouse.compat.where import Where
from fullhouse.compat.words import refused
from fullhouse.events.domain.errors import Refusal

_AVAILABILITY = "fullhouse.events.services.availability.availability"
_SELL = "fullhouse.events.services.reserve.reserve, then services.confirm.confirm"
_REFUND = "fullhouse.events.services.refund.refund"


class PerformanceCapacity:
    """The old attributes of a performance, for anything with a `pk`: mix it into your model.

    Each is read anew, from the side that is authoritative; nothing of the instance is written.
    Columns of the model itself (`is_available`, `ticket_capacities`) stay the model's own.
    Raises Refusal `unknown` for a performance that is not there, Conflict, EngineFault.
    """

    pk: Any
    compat_using: str | None = None
    compat_legacy_schema: str | None = None

    @property
    @replaced_by(_AVAILABILITY)
    def available_capacity(self) -> int:
        """Places that are neither reserved nor sold, numbered seats included."""
        return self._standing().available_capacity

    @property
    @replaced_by(_AVAILABILITY)
    def is_full(self) -> bool:
        """Whether no place is left."""
        return self._standing().available_capacity <= 0

    @property
    @replaced_by(f"{_AVAILABILITY} (status)")
    def is_available(self) -> bool:
        """Whether it is on sale now."""
        return self._standing().is_available

    @property
    @replaced_by(_AVAILABILITY)
    def ticket_capacities(self) -> dict[str, int]:
        """Places by ticket type's name; what is missing to the whole is sold as any type."""
        return on_authority(self._where(), lambda side: side.ticket_capacities(self._id()))

    @replaced_by(_AVAILABILITY)
    def can_book(self, count: int) -> bool:
        """Whether book_capacity(count) would sell now; raises InvalidArgument below 1."""
        wanted = as_count("count", count)
        standing = self._standing()
        return standing.is_available and standing.bookable >= wanted

    @replaced_by(_SELL)
    def book_capacity(self, count: int) -> bool:
        """Sell `count` places without numbers, wherever there are some, all or nothing.

        False: not so many are left, or it is not on sale; then nothing has moved.
        Raises InvalidArgument for a count below 1.
        """
        wanted = as_count("count", count)
        try:
            on_authority(self._where(), lambda side: side.book(self._id(), wanted))
        except Refusal as refusal:
            if refusal.code == "unknown":
                raise
            return False
        return True

    @replaced_by(_REFUND)
    def release_capacity(self, count: int) -> bool:
        """Give back `count` places that book_capacity took, the latest first, all or nothing.

        False, with a CapacityWarning: it took fewer; nothing has moved.
        Raises InvalidArgument for a count below 1.
        """
        wanted = as_count("count", count)
        try:
            on_authority(self._where(), lambda side: side.release(self._id(), wanted))
        except Refusal as refusal:
            if refusal.code == "unknown":
                raise
            # Past the wrapper of replaced_by, to the line of the caller.
            warnings.warn(refused(refusal), CapacityWarning, stacklevel=3)
            return False
        return True

    @replaced_by("fullhouse.events.services.availability.availability (sections)")
    def section_name(self, spelling: str) -> str:
        """Return the name under which a section stands now, from any of its spellings.

        Raises Refusal `unknown`.
        """
        return on_authority(self._where(), lambda side: side.section_name(self._id(), spelling))

    def _standing(self) -> Standing:
        return on_authority(self._where(), lambda side: side.standing(self._id()))

    def _id(self) -> UUID:
        return as_id("performance", self.pk)

    def _where(self) -> Where:
        return Where.of(self.compat_using, self.compat_legacy_schema)


class Performance(PerformanceCapacity):
    """A performance by its key alone."""

    def __init__(self, pk: UUID, using: str | None, legacy_schema: str | None) -> None:
        self.pk = pk
        self.compat_using = using
        self.compat_legacy_schema = legacy_schema

    def __repr__(self) -> str:
        return f"performance({str(self.pk)!r})"


def performance(
    row: object, *, using: str | None = None, legacy_schema: str | None = None
) -> Performance:
    """Return the performance of a row or id; nothing is read yet. Raises InvalidArgument."""
    return Performance(as_id("performance", row), using, legacy_schema)
