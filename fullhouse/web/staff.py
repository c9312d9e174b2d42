"""Who may see what the house keeps to itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def is_staff(request: HttpRequest) -> bool:
    """Tell whether an active member of staff asks."""
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))


def may_read_reports(request: HttpRequest) -> bool:
    """Tell whether the rows of a takeover may be shown: they name bookings of real people.

    Staff may; everyone may where `FULLHOUSE_PUBLIC_REPORTS` says that the data are made up.
    """
    return is_staff(request) or bool(getattr(settings, "FULLHOUSE_PUBLIC_REPORTS", False))
