"""Seats named by a person: `A-12, A-13` to the rows they mean."""

from __future__ import annotations

import re
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.names import name_key, seat_key
from fullhouse.events.models import Seat
from fullhouse.language.writing import filled

_BETWEEN = re.compile(r"[,،;\n]+")
SEATS_AT_ONCE = 500


def seats_named(text: str, performance_id: UUID, section_id: UUID) -> list[UUID]:
    """Return the seats of a section by `row-number`, apart by commas; spelling is forgiven.

    Raises ValidationError naming what is no seat of this section.
    """
    wanted = {_key(label): label.strip() for label in _BETWEEN.split(text) if label.strip()}
    if len(wanted) > SEATS_AT_ONCE:
        raise ValidationError(filled(_("At most %d seats at once."), SEATS_AT_ONCE))
    if not wanted:
        return []
    rows = Seat.objects.filter(performance=performance_id, section=section_id)
    known = {
        (name_key(row), seat_key(number)): pk
        for pk, row, number in rows.values_list("pk", "row_number", "seat_number")
    }
    missing = [label for key, label in wanted.items() if key not in known]
    if missing:
        raise ValidationError(filled(_("No such seat in this section: %s"), ", ".join(missing)))
    return [known[key] for key in wanted]


def _key(label: str) -> tuple[str, str]:
    row, _dash, number = label.strip().rpartition("-")
    return name_key(row), seat_key(number)
