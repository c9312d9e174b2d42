"""The sales curve: places sold over time, folded from the ledger and drawn as a path."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    Q,
    Sum,
    Value,
    When,
)

from fullhouse.events.models import Movement

WIDTH: Final = 720
HEIGHT: Final = 200
STEPS: Final = 96
TABLE_ROWS: Final = 12
_SOLD = Movement.State.SOLD
_OF_SALES = Q(from_state=_SOLD) | Q(to_state=_SOLD)


@dataclass(frozen=True, slots=True)
class Step:
    """At `at` (the end of the step) `sold` places were sold in all, `change` of them in it."""

    at: datetime.datetime
    change: int
    sold: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The steps, and the marks of both axes. `most` is the top of the vertical one."""

    steps: tuple[Step, ...]
    most: int

    @property
    def line(self) -> str:
        """The path of a stair: what is sold stays so until the next sale."""
        first, last = self.steps[0].at, self.steps[-1].at
        span = (last - first).total_seconds() or 1
        path: list[str] = []
        before = 0
        for step in self.steps:
            x = (step.at - first).total_seconds() / span * WIDTH
            if path:
                path.append(f"L{x:.1f} {self._y(before)}")
            path.append(f"{'L' if path else 'M'}{x:.1f} {self._y(step.sold)}")
            before = step.sold
        if len(self.steps) == 1:
            path.append(f"L{WIDTH} {self._y(before)}")
        return "".join(path)

    @property
    def area(self) -> str:
        """The same, closed along the ground."""
        return f"{self.line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z"

    @property
    def marks(self) -> tuple[int, ...]:
        """Marks of the vertical axis, from the top."""
        return (self.most, self.most // 2, 0)

    @property
    def days(self) -> tuple[datetime.datetime, ...]:
        """Marks of the horizontal axis, from the start."""
        first, last = self.steps[0].at, self.steps[-1].at
        return (first, first + (last - first) / 2, last)

    @property
    def table(self) -> tuple[Step, ...]:
        """The same in words: a dozen steps that add up to the whole."""
        size = -(-len(self.steps) // TABLE_ROWS)
        ends = self.steps[size - 1 :: size]
        if ends[-1] is not self.steps[-1]:
            ends = (*ends, self.steps[-1])
        before, rows = 0, []
        for step in ends:
            rows.append(Step(step.at, step.sold - before, step.sold))
            before = step.sold
        return tuple(rows)

    def _y(self, sold: int) -> str:
        return f"{HEIGHT - sold / self.most * HEIGHT:.1f}"


def curve_of(performance_id: UUID) -> Curve | None:
    """Return the curve of a performance, None where nothing was ever sold. Two queries."""
    sales = Movement.objects.filter(_OF_SALES, performance=performance_id).order_by()
    ends = sales.aggregate(first=Min("at"), last=Max("at"))
    if ends["first"] is None:
        return None
    span = max((ends["last"] - ends["first"]) / STEPS, datetime.timedelta(seconds=1))
    begin = Func(
        Value(span, output_field=DurationField()),
        F("at"),
        Value(ends["first"], output_field=DateTimeField()),
        function="date_bin",
        output_field=DateTimeField(),
    )
    change = Sum(
        Case(
            When(Q(from_state=_SOLD, to_state=_SOLD), then=0),
            When(to_state=_SOLD, then=F("quantity")),
            When(from_state=_SOLD, then=-F("quantity")),
            default=0,
            output_field=IntegerField(),
        )
    )
    binned = sales.annotate(begin=begin).values_list("begin").annotate(change=change)
    steps, sold = [], 0
    for at, moved in binned.order_by("begin"):
        sold += moved
        steps.append(Step(min(at + span, ends["last"]), moved, sold))
    if not any(step.sold for step in steps):
        return None
    return Curve(tuple(steps), rounded(max(step.sold for step in steps)))


def rounded(most: int) -> int:
    """Return a round number from `most` up that halves evenly: 2, 4, 6, 8, 10, 20, 40, ..."""
    scale = 1
    while most > 10 * scale:
        scale *= 10
    return next(scale * times for times in (2, 4, 6, 8, 10) if scale * times >= most)
