"""Places as the pages show them: counted, added up, drawn as a bar. No database here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

BAR_WIDTH = 1000


class Segment(NamedTuple):
    """A part of a bar: `kind` names its colour, `x` and `width` are of `BAR_WIDTH`."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a part of the house; `available + reserved + sold = total`.

    Holds past their deadline count as available: they no longer stand in a buyer's way. `house`
    is the part of `reserved` that the house keeps.
    """

    total: int = 0
    available: int = 0
    reserved: int = 0
    sold: int = 0
    house: int = 0

    def __add__(self, other: Places) -> Places:
        return Places(
            self.total + other.total,
            self.available + other.available,
            self.reserved + other.reserved,
            self.sold + other.sold,
            self.house + other.house,
        )

    @property
    def taken_percent(self) -> int:
        """Whole percents of the places that are reserved or sold; 100 only when none is left."""
        return (self.reserved + self.sold) * 100 // self.total if self.total else 0

    @property
    def segments(self) -> list[Segment]:
        """The bar from its start: sold, reserved, kept by the house, available."""
        parts = {
            "sold": self.sold,
            "reserved": self.reserved - self.house,
            "house": self.house,
            "available": self.available,
        }
        made, x = [], 0.0
        for kind, places in parts.items():
            if places <= 0 or not self.total:
                continue
            width = places * BAR_WIDTH / self.total
            made.append(Segment(kind, round(x, 2), round(width, 2)))
            x += width
        return made
