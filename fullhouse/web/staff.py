"""Who may see what the house keeps to itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from fullhouse.events.staff_groups import READ_TAKEOVERS


def is_staff(request: HttpRequest) -> bool:
    """Tell whether an active member of staff asks."""
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))


def may_read_reports(request: HttpRequest) -> bool:
    """Tell whether the rows of a takeover may be shown: they name bookings of real people.

    Staff with the permission may; everyone may where `FULLHOUSE_PUBLIC_REPORTS` says that the data
    are made up.
    """
    allowed = is_staff(request) and request.user.has_perm(READ_TAKEOVERS)
    return allowed or bool(getattr(settings, "FULLHOUSE_PUBLIC_REPORTS", False))
