"""The types of events that webhooks tell of, and which of them a piece of the ledger is."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What happened; the names are stable."""

    LOW = "performance.low"
    SOLD_OUT = "performance.sold_out"
    BACK = "performance.back"
    CHANGED = "performance.changed"
    RESERVED = "reservation.reserved"
    EXTENDED = "reservation.extended"
    CONFIRMED = "reservation.confirmed"
    RELEASED = "reservation.released"
    EXPIRED = "reservation.expired"
    REFUNDED = "reservation.refunded"
    EXCHANGED = "reservation.exchanged"
    TRANSFERRED = "reservation.transferred"
    CAPACITY = "capacity.changed"
    AUDIT_FAILED = "audit.failed"
    PHASE_CHANGED = "migration.phase_changed"


#: What `webhooks test` sends; nobody subscribes to it.
TEST: Final = "webhook.test"
#: Other places instead.
_MOVED: Final = frozenset({"exchange", "reseat"})


def kind_of(
    operation: str, *, of_reservation: bool, lost: Collection[str], gained: Collection[str]
) -> Kind:
    """Return what one operation of one transaction was to one reservation, or to the house.

    `lost` and `gained` are the states that its places left and entered.
    """
    if not of_reservation:
        return Kind.CAPACITY
    if operation == "transfer":
        return Kind.TRANSFERRED
    if operation in _MOVED or ("sold" in lost and "sold" in gained):
        return Kind.EXCHANGED
    if "sold" in gained:
        return Kind.CONFIRMED
    if "sold" in lost:
        return Kind.REFUNDED
    if "reserved" in gained:
        return Kind.RESERVED
    return Kind.EXPIRED if operation == "expire" else Kind.RELEASED
