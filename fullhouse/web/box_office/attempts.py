"""How often one address may try to find a reservation, counted in this process."""

from __future__ import annotations

import time
from typing import Final

from django.http import HttpRequest

from fullhouse.doors.address import address_of, counted_as
from fullhouse.doors.windows import Windows

# A person mistypes a few times. 50 bits at ten a minute last longer than any evening.
A_MINUTE: Final = 10

_windows = Windows()


def may_try(request: HttpRequest, reference: str) -> bool:
    """Count an attempt and tell whether it may be made: by who asks, and by what is asked for."""
    now = time.monotonic()
    by_address = _windows.hit(("find", counted_as(address_of(request))), A_MINUTE, now)
    by_reference = _windows.hit(("find-reference", reference.upper()[:100]), A_MINUTE, now)
    return by_address.granted and by_reference.granted


def forget() -> None:
    """Start every window anew."""
    _windows.forget()
