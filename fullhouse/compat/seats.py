"""A seat as old code reads it. Read only: seats change hands by reserve, confirm and refund."""

from uuid import UUID

from fullhouse.compat.arguments import as_id
from fullhouse.compat.deprecation import replaced_by
from fullhouse.compat.sides import on_authority
from fullhouse.compat.values import SeatView, TicketType
from fullhouse.compat.where import Where

_FREE_SEATS = "fullhouse.events.services.availability.free_seats"


class Seat:
    """A seat by its key; also by the key of a row that was the same seat and was merged.

    Each attribute is read anew. Raises Refusal `unknown` for a seat that is not there.
    """

    def __init__(self, pk: UUID, where: Where) -> None:
        self.pk = pk
        self._where = where

    def __repr__(self) -> str:
        return f"seat({str(self.pk)!r})"

    @property
    @replaced_by(_FREE_SEATS)
    def section(self) -> str:
        """The name of the section as it stands now, whatever the legacy spelling was."""
        return self._view().section

    @property
    @replaced_by(_FREE_SEATS)
    def is_available(self) -> bool:
        """Whether the seat itself is free; a hold past its deadline does not count."""
        return self._view().is_available

    @property
    @replaced_by(_FREE_SEATS)
    def status(self) -> str:
        """available, reserved, sold, or blocked (kept by the house)."""
        return self._view().status

    @property
    @replaced_by(_FREE_SEATS)
    def ticket_type(self) -> TicketType | None:
        """The ticket type that the seat belongs to; None: any type may be sold on it."""
        return self._view().ticket_type

    def _view(self) -> SeatView:
        return on_authority(self._where, lambda side: side.seat(self.pk))


def seat(row: object, *, using: str | None = None, legacy_schema: str | None = None) -> Seat:
    """Return the seat of a row or id; nothing is read yet. Raises InvalidArgument."""
    return Seat(as_id("seat", row), Where.of(using, legacy_schema))
