"""The payment step: `FULLHOUSE_PAYMENT` names a class with these three methods.

A buyer confirms -> `begin` tells where to pay, or that nothing is to be paid here -> the buyer
comes back to `Order.return_url` -> `finish` tells whether the money came -> the hold is sold,
also late where its places can still be had. Where they cannot, `give_back` is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `reservation_id` names it: a second `begin` is for the same payment."""

    performance_id: UUID
    reservation_id: UUID
    reference: str
    amount: Decimal
    currency: str
    title: str
    return_url: str


@dataclass(frozen=True, slots=True)
class Paid:
    """The money came; `receipt` is the gateway's name for it and goes into the sale's reason."""

    receipt: str = ""


class Payment(Protocol):
    """What the box office asks of a gateway. It may raise `NotPaid` with words for the buyer."""

    def begin(self, request: HttpRequest, order: Order) -> str | Paid:
        """Return the address to send the buyer to, or Paid where there is nothing to wait for."""

    def finish(self, request: HttpRequest, order: Order) -> Paid:
        """Return Paid; the same for the same order, however often the buyer comes back."""

    def give_back(self, order: Order, paid: Paid) -> None:
        """Return the money: the places were gone when it came."""


class NotPaid(Exception):  # noqa: N818 - an answer, not an error
    """The buyer did not pay; the text says why, in the buyer's language."""


class AtOnce:
    """Takes no money: whoever confirms has paid. For demos, free events and pay-at-the-door."""

    def begin(self, request: HttpRequest, order: Order) -> str | Paid:
        return Paid()

    def finish(self, request: HttpRequest, order: Order) -> Paid:
        return Paid()

    def give_back(self, order: Order, paid: Paid) -> None:
        return None


def payment() -> Payment:
    """Return the configured payment step. Raises ImportError where the path leads nowhere."""
    made: Payment = import_string(settings.FULLHOUSE_PAYMENT)()
    return made
