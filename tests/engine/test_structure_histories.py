"""Random histories of the structural verbs among holds and sales, against the pure house."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import structure
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.house import broken_rules
from fullhouse.events.services.audit import audit
from fullhouse.events.services.house import give_back, house
from fullhouse.events.services.reallocate import reallocate
from fullhouse.events.services.resize import resize_allocation, resize_section

from .houses import loaded
from .test_histories import NOW, STEPS, Twins, agree, index, picture, step, twins

VENUE = 16  # the house of `twins` has 13 places

seats = st.lists(index, max_size=2, unique=True)
structural = st.one_of(
    st.tuples(st.just("keep"), index, st.integers(0, 3), seats),
    st.tuples(st.just("give_back"), index, st.none() | index),
    st.tuples(st.just("resize_allocation"), index, st.integers(0, 6), seats),
    st.tuples(st.just("resize_section"), index, st.integers(0, 14), st.booleans()),
    st.tuples(st.just("reallocate"), index, st.integers(0, 2), st.integers(0, 3), seats),
)


@given(st.lists(st.one_of(step, structural, structural), min_size=4, max_size=20))
@settings(max_examples=60)
def test_engine_and_pure_house_agree(
    db_committed: None, make_stage: Callable[..., Any], history: list[tuple[Any, ...]]
) -> None:
    pair = twins(partial(make_stage, total_capacity=VENUE))
    for verb, *arguments in history:
        (STRUCTURAL.get(verb) or STEPS[verb])(pair, *arguments)
        assert picture(pair.twin) == picture(loaded(pair.performance_id))
    assert audit(performance_id=pair.performance_id) == ()
    assert broken_rules(pair.twin) == []


def _some(pool: list[UUID], numbers: list[int]) -> list[UUID]:
    return list(dict.fromkeys(pool[number % len(pool)] for number in numbers)) if pool else []


def step_keep(pair: Twins, number: int, quantity: int, numbers: list[int]) -> None:
    wanted = _some(pair.seats, numbers)
    quantities = {pair.allocations[number % len(pair.allocations)]: quantity} if quantity else {}
    if not wanted and not quantities:
        return
    try:
        kept = house(
            performance_id=pair.performance_id,
            reason="press",
            quantities=quantities,
            seat_ids=wanted,
        )
    except Refusal as refusal:
        agree(refusal, structure.keep(pair.twin, "refused", quantities, wanted, now=NOW))
        return
    key = kept.reservation_id
    outcome = structure.keep(pair.twin, key, quantities, wanted, now=NOW)
    assert outcome == {"outcome": "set_aside", "quantity": kept.quantity}
    pair.holds.append(key)


def step_give_back(pair: Twins, number: int, part: int | None) -> None:
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    lines = line_ids = None
    if part is not None:
        # A line with a seat is the same one on both sides without looking further.
        seated = [
            (place, line)
            for place, line in enumerate(pair.twin.reservations[key].lines)
            if line.seat is not None and line.status == "reserved"
        ]
        if not seated:
            return
        place, line = seated[part % len(seated)]
        lines, line_ids = [place], [_line_of(key, line.seat)]
    try:
        done = give_back(performance_id=pair.performance_id, reservation_id=key, line_ids=line_ids)
    except Refusal as refusal:
        agree(refusal, structure.give_back(pair.twin, key, lines))
        return
    assert structure.give_back(pair.twin, key, lines) == {
        "outcome": "given_back",
        "quantity": done.quantity,
        "left": done.left,
    }


def _line_of(reservation: UUID, seat: Any) -> UUID:
    from fullhouse.events.models import ReservationLine

    return ReservationLine.objects.get(reservation=reservation, seat=seat).pk


def step_resize_allocation(pair: Twins, number: int, capacity: int, numbers: list[int]) -> None:
    key = pair.allocations[number % len(pair.allocations)]
    goes = pair.twin.allocations[key].allocated - capacity
    wanted = _some(pair.seats, numbers)[: max(goes, 0)]
    _resize(
        pair,
        lambda: resize_allocation(
            performance_id=pair.performance_id,
            allocation_id=key,
            allocated_capacity=capacity,
            remove_seat_ids=wanted,
        ),
        section=pair.twin.allocations[key].section,
        allocation=key,
        whole_section=False,
        capacity=capacity,
        seats=wanted,
    )


def step_resize_section(pair: Twins, number: int, capacity: int, to_pool: bool) -> None:
    section = pair.sections[number % len(pair.sections)]
    inside = [key for key, one in pair.twin.allocations.items() if one.section == section]
    key: Any = None if to_pool else inside[number % len(inside)]
    _resize(
        pair,
        lambda: resize_section(
            performance_id=pair.performance_id,
            section_id=section,
            total_capacity=capacity,
            allocation_id=key,
        ),
        section=section,
        allocation=key,
        whole_section=True,
        capacity=capacity,
        seats=[],
    )


def _resize(pair: Twins, engine: Callable[[], Any], **target: Any) -> None:
    more = {"venue_capacity": VENUE, "now": NOW}
    try:
        done = engine()
    except Refusal as refusal:
        agree(refusal, structure.resize(pair.twin, **target, **more))
        return
    outcome = structure.resize(pair.twin, **target, **more, made=done.allocation_id)
    assert outcome == {"outcome": "resized", "change": done.change}
    for seat in target["seats"]:
        pair.seats.remove(seat)


def step_reallocate(pair: Twins, number: int, kind: int, quantity: int, numbers: list[int]) -> None:
    key = pair.allocations[number % len(pair.allocations)]
    to_type = [*pair.types, None][kind]
    wanted = _some(pair.seats, numbers)
    if not quantity and not wanted:
        return
    try:
        done = reallocate(
            performance_id=pair.performance_id,
            allocation_id=key,
            to_ticket_type_id=to_type,
            quantity=quantity,
            seat_ids=wanted,
        )
    except Refusal as refusal:
        agree(refusal, structure.reallocate(pair.twin, key, to_type, quantity, wanted, now=NOW))
        return
    outcome = structure.reallocate(
        pair.twin, key, to_type, quantity, wanted, now=NOW, made=done.to_allocation_id
    )
    assert outcome == {"outcome": "reallocated", "quantity": quantity, "seats": len(wanted)}
    if done.to_allocation_id not in pair.allocations:
        pair.allocations.append(done.to_allocation_id)


STRUCTURAL: dict[str, Callable[..., None]] = {
    "keep": step_keep,
    "give_back": step_give_back,
    "resize_allocation": step_resize_allocation,
    "resize_section": step_resize_section,
    "reallocate": step_reallocate,
}
