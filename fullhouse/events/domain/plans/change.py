"""What a change of plan comes to: the pure twin of `change_plan_v1`."""

from dataclasses import dataclass

from fullhouse.events.domain.names import name_key, seat_key
from fullhouse.events.domain.plans.document import Plan


@dataclass(frozen=True, slots=True)
class Taken:
    """A held or sold seat, by its labels."""

    section: str
    row_number: str
    seat_number: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    """Seats that are made and that go, the places of the house then, and what it may not orphan."""

    added: int
    removed: int
    places: int
    orphans: tuple[Taken, ...]


def planned_change(present: Plan, wanted: Plan, taken: frozenset[Taken]) -> PlanChange:
    """Return what changing to `wanted` would do to seats, which are the same in any spelling."""
    here, there = _keys(present), _keys(wanted)
    orphans = tuple(
        sorted(
            (seat for seat in taken if _key(seat) not in there),
            key=lambda seat: (seat.section, seat.row_number, seat.seat_number),
        )
    )
    return PlanChange(len(there - here), len(here - there), wanted.places, orphans)


def _keys(plan: Plan) -> set[tuple[str, str, str]]:
    return {
        _key(Taken(section.name, row.row_number, seat.seat_number))
        for section in plan.sections
        for row in section.rows
        for seat in row.seats
    }


def _key(seat: Taken) -> tuple[str, str, str]:
    return name_key(seat.section), name_key(seat.row_number), seat_key(seat.seat_number)
