"""A plan as a drawing: paths by category, rings round special seats, boxes for areas. Pure.

Seats are dots of a path (a line of no length with round ends), so that a row is some hundred
letters; a house of more than `DOTS_MOST` seats is drawn by its rows.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

from fullhouse.events.domain.plans.document import Plan, PlanSeat, PlanSection, Row
from fullhouse.events.domain.plans.generate import area_size

DOTS_MOST: Final = 20_000
COLOURS: Final = 8
_PITCH: Final = 25.0


@dataclass(frozen=True, slots=True)
class Path:
    """Seats of one look: `colour` counts from 0, -1 is the ring of accessible ones."""

    colour: int
    d: str


@dataclass(frozen=True, slots=True)
class Box:
    """An area of general admission."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    name: str
    places: int

    @property
    def middle(self) -> float:
        """Where its name stands, along."""
        return self.x + self.width / 2

    @property
    def centre(self) -> float:
        """And down."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Label:
    """A section's name and places, above it."""

    x: float
    y: float
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A category of the legend; '' is without one."""

    colour: int
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing in the plan's units; `dot` is a seat's width. `rows`: drawn by rows."""

    box: str
    dot: float
    text: float
    stage: str
    paths: tuple[Path, ...]
    areas: tuple[Box, ...]
    labels: tuple[Label, ...]
    kinds: tuple[Kind, ...]
    accessible: int
    rows: bool


_Spot = tuple[float, float]


def drawn(plan: Plan) -> Picture:
    """Return the drawing of a plan. Sections without a place of their own stand below the rest."""
    return _Drawing(plan).picture()


class _Drawing:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.counted: Counter[str] = Counter()
        self.parts: dict[int, list[str]] = {}
        self.boxes: list[Box] = []
        self.labels: list[Label] = []
        self.low = [math.inf, math.inf]
        self.high = [-math.inf, -math.inf]
        self.by_rows = plan.seats > DOTS_MOST
        self.accessible = 0
        self.steps: list[float] = []
        for section in plan.sections:
            for area in section.areas:
                self.counted[area.category or section.category or ""] += area.capacity
            for seat in section.seats:
                self.counted[seat.category or section.category or ""] += 1
        names = [one.name for one in plan.categories if one.name in self.counted]
        names += [name for name in self.counted if name not in names]
        self.colours = {name: number % COLOURS for number, name in enumerate(names)}

    def picture(self) -> Picture:
        for section in self.plan.sections:
            self._section(section)
        dot = sorted(self.steps)[len(self.steps) // 2] if self.steps else _PITCH
        pad = dot * 2
        (left, top), (right, bottom) = self.low, self.high
        text = max((right - left) / 46, dot * 0.9)
        top -= text * 2.6
        middle, half = (left + right) / 2, max((right - left) / 5, dot * 3)
        stage = f"M{middle - half:.0f} {top:.0f}Q{middle:.0f} {top - text:.0f} "
        stage += f"{middle + half:.0f} {top:.0f}"
        box = (left - pad, top - text - pad, right - left + 2 * pad, bottom - top + text + 2 * pad)
        return Picture(
            box=" ".join(f"{one:.0f}" for one in box),
            dot=round(dot * (0.72 if not self.by_rows else 0.5), 2),
            text=round(text, 1),
            stage=stage,
            paths=tuple(
                Path(colour, "".join(d)) for colour, d in sorted(self.parts.items(), reverse=True)
            ),
            areas=tuple(self.boxes),
            labels=tuple(self.labels),
            kinds=tuple(
                Kind(colour, name, self.counted[name]) for name, colour in self.colours.items()
            ),
            accessible=self.accessible,
            rows=self.by_rows,
        )

    def _section(self, section: PlanSection) -> None:
        begun = self.high[1] > -math.inf
        x = section.x or 0.0
        y = self.high[1] + 3 * _PITCH if section.y is None and begun else section.y or 0.0
        placed = all(seat.x is not None and seat.y is not None for seat in section.seats)
        start = x if placed else x - (max(seat.rank for seat in section.seats) + 1) * _PITCH / 2
        for number, row in enumerate(section.rows):
            spots = [self._spot(seat, row, number, start, y, placed) for seat in row.seats]
            self._row(section, row, spots)
            if number == 0 and spots:
                middle = (spots[0][0] + spots[-1][0]) / 2
                level = min(one for _, one in spots) - _PITCH * 0.9
                self.labels.append(Label(middle, level, section.name, section.places))
        self._areas(section, x, self.high[1] + _PITCH if section.rows else y)

    def _areas(self, section: PlanSection, x: float, under: float) -> None:
        for area in section.areas:
            width, depth = area_size(area.capacity)
            colour = self.colours[area.category or section.category or ""]
            left = x - width / 2
            self.boxes.append(Box(left, under, width, depth, colour, area.name, area.capacity))
            self._grow([(left, under), (left + width, under + depth)])
            under += depth + _PITCH

    def _spot(
        self, seat: PlanSeat, row: Row, number: int, x: float, y: float, placed: bool
    ) -> _Spot:
        if not placed:
            return x + seat.rank * _PITCH, y + number * _PITCH
        return x + (row.x or 0) + (seat.x or 0), y + (row.y or 0) + (seat.y or 0)

    def _row(self, section: PlanSection, row: Row, spots: list[_Spot]) -> None:
        self._grow(spots)
        if len(spots) > 1 and len(self.steps) < 500:
            self.steps.append(math.dist(spots[0], spots[1]))
        if self.by_rows and spots:
            colour = self.colours[row.seats[0].category or section.category or ""]
            line = "L".join(f"{x:.0f} {y:.0f}" for x, y in (*spots[::4], spots[-1]))
            self.parts.setdefault(colour, []).append(f"M{line}")
        for seat, (x, y) in zip(row.seats, spots, strict=True):
            colour = self.colours[seat.category or section.category or ""]
            if not self.by_rows:
                self.parts.setdefault(colour, []).append(f"M{x:.1f} {y:.1f}h0")
            if seat.accessible:
                self.accessible += 1
                self.parts.setdefault(-1, []).append(f"M{x:.1f} {y:.1f}h0")

    def _grow(self, spots: list[_Spot]) -> None:
        for spot in spots:
            for axis in (0, 1):
                self.low[axis] = min(self.low[axis], spot[axis])
                self.high[axis] = max(self.high[axis], spot[axis])
