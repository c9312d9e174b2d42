"""Houses to begin with: what most halls look like, to be changed block by block."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: Final[tuple[tuple[str, Promise], ...]] = (
    ("room", gettext_lazy("A room")),
    ("theatre", gettext_lazy("A theatre")),
    ("club", gettext_lazy("A club")),
    ("arena", gettext_lazy("An arena")),
)


def preset(name: str) -> list[dict[str, Any]]:
    """Return the blocks of a house by name, in the reader's language; else one room."""
    made = {"theatre": _theatre, "club": _club, "arena": _arena}.get(name)
    return made() if made else [_block(_("Hall"), 10, 16)]


def _block(name: str, rows: int, seats: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "rows": rows, "seats_per_row": seats, "category": name, **more}


def _theatre() -> list[dict[str, Any]]:
    return [
        _block(
            _("Stalls"),
            14,
            22,
            curve=35,
            numbering="odd_even",
            aisles_after="11",
            accessible="A-1, A-2",
        ),
        _block(_("Left boxes"), 6, 4, side="left"),
        _block(_("Right boxes"), 6, 4, side="right", right_to_left=True),
        _block(_("Balcony"), 6, 26, curve=35, first_row=15),
    ]


def _club() -> list[dict[str, Any]]:
    floor = {"name": _("Standing"), "places": 600, "category": _("Standing"), "rows": None}
    return [{**floor, "seats_per_row": None}, _block(_("Gallery"), 3, 24, curve=20)]


def _arena() -> list[dict[str, Any]]:
    floor = {"name": _("Standing"), "places": 2000, "category": _("Standing"), "rows": None}
    numbers = {"row_labels": "numbers"}
    return [
        {**floor, "seats_per_row": None},
        _block(_("West"), 20, 18, side="left", **numbers),
        _block(_("East"), 20, 18, side="right", right_to_left=True, **numbers),
        _block(_("Lower tier"), 16, 50, curve=40, aisles_after="16, 34", **numbers),
        _block(_("Upper tier"), 14, 64, curve=40, aisles_after="21, 43", first_row=17, **numbers),
    ]
