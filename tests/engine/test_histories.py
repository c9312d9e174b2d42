"""Random histories of every hold verb, against the engine and against the pure house at once.

After each step the outcomes agree, and so do counters, seats, reservations, lines and ledger.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import holds, late, sales
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.holds import Ask
from fullhouse.events.domain.house import House, Key, broken_rules
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.extend import extend
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.events.services.release import ReleaseLine, release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .houses import Part, build, faults, loaded, set_deadline, snapshot

NOW = 2_000_000_000  # later than any deadline in the past, sooner than any granted one
FUTURE = NOW + 1
HALF = Decimal("0.5")


@dataclass
class Twins:
    """The stored performance and its twin, with the names that both know things by."""

    performance_id: UUID
    twin: House
    allocations: list[UUID]
    sections: list[UUID]
    seats: list[UUID]
    types: list[UUID]
    holds: list[UUID] = field(default_factory=list)
    overdue: int = 0


def twins(make_stage: Callable[..., Any]) -> Twins:
    """Make the same small house twice: two sections, two types, a pool, numbered places."""
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    parts = {
        "Stalls": (
            Part(adult, 4, seats=1),
            Part(student, 3, modifier=HALF),
            Part(None, 3, seats=1),
        ),
        "Balcony": (Part(adult, 2), Part(None, 1, seats=1)),
    }
    twin = House(types={adult: Decimal(1), student: Decimal(1)})
    made = Twins(stage.performance_id, twin, [], [], [], [adult, student])
    for name, section_parts in parts.items():
        built = build(stage.performance_id, *section_parts, name=name)
        twin.add_section(built.section_id, Decimal("20.00"))
        made.sections.append(built.section_id)
        for part, key, seats in zip(
            section_parts, built.allocation_ids, built.seat_ids, strict=True
        ):
            twin.add_allocation(
                key, built.section_id, part.ticket_type_id, part.places, seats, part.modifier
            )
            made.allocations.append(key)
            made.seats.extend(seats)
    return made


index = st.integers(0, 99)
ask = st.one_of(
    st.tuples(st.just("seat"), index, st.none() | index, st.just(1)),
    st.tuples(st.just("allocation"), index, st.none() | index, st.integers(1, 4)),
    st.tuples(st.just("section"), index, index, st.integers(1, 5)),
)
part = st.tuples(index, st.none() | st.integers(1, 3))
step = st.one_of(
    st.tuples(st.just("reserve"), st.lists(ask, min_size=1, max_size=2)),
    st.tuples(st.just("reserve"), st.lists(ask, min_size=1, max_size=2)),
    st.tuples(st.sampled_from(["confirm", "release", "late", "late"]), index),
    st.tuples(st.just("all_late")),
    st.tuples(st.just("refund"), index, st.none() | part),
    st.tuples(st.just("release_part"), index, part),
    st.tuples(st.sampled_from(["confirm_late", "confirm_late"]), index),
    st.tuples(st.just("extend"), index, st.sampled_from([50, 1000, 7200])),
    st.tuples(st.just("ceiling"), st.sampled_from([60, 3600])),
    st.tuples(st.just("expire"), st.integers(1, 3)),
)


@given(st.lists(step, min_size=4, max_size=25))
@settings(max_examples=60)
def test_engine_and_pure_house_agree(
    db_committed: None, make_stage: Callable[..., Any], history: list[tuple[Any, ...]]
) -> None:
    pair = twins(make_stage)
    for verb, *arguments in history:
        STEPS[verb](pair, *arguments)
        assert picture(pair.twin) == picture(loaded(pair.performance_id))
    assert faults(pair.performance_id) == []
    assert broken_rules(pair.twin) == []


def step_reserve(pair: Twins, asked: list[tuple[str, int, int | None, int]]) -> None:
    asks = list(dict.fromkeys(_ask(pair, *one) for one in asked))
    keys = [(a.seat,) if a.seat else (a.allocation, a.section, a.ticket_type) for a in asks]
    if len(set(keys)) < len(keys):
        return  # the same places twice: not a request that can be meant
    requests = [_request(one) for one in asks]
    try:
        made = reserve(performance_id=pair.performance_id, requests=requests)
    except Refusal as refusal:
        agree(refusal, holds.reserve(pair.twin, "refused", asks, now=NOW, expires_at=FUTURE))
        return
    # What the engine granted must be granted here too, under the same name and at the same price.
    key = made.reservation_id
    set_deadline(key, FUTURE)
    outcome = holds.reserve(pair.twin, key, asks, now=NOW, expires_at=FUTURE)
    assert outcome == {"outcome": "granted", "total": made.total}
    pair.holds.append(key)


def _ask(pair: Twins, what: str, number: int, kind: int | None, quantity: int) -> Ask:
    sold_as = None if kind is None else pair.types[kind % 2]
    named = {"seat": pair.seats, "allocation": pair.allocations, "section": pair.sections}[what]
    return Ask(quantity, ticket_type=sold_as, **{what: named[number % len(named)]})


def _request(one: Ask) -> Places | SeatRequest:
    sold_as: Any = one.ticket_type
    if one.seat is not None:
        return SeatRequest(one.seat, sold_as)  # type: ignore[arg-type]
    return Places(one.quantity, one.allocation, one.section, sold_as)  # type: ignore[arg-type]


def step_late(pair: Twins, number: int) -> None:
    """Let the deadline of a hold pass; each next one is a second less overdue."""
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    if pair.twin.reservations[key].status != "reserved":
        return
    pair.overdue += 1
    set_deadline(key, 1_000_000_000 + pair.overdue)
    pair.twin.reservations[key].expires_at = 1_000_000_000 + pair.overdue


def step_all_late(pair: Twins) -> None:
    """Let every deadline pass: no sweeper has run for a while."""
    for number in range(len(pair.holds)):
        step_late(pair, number)


def step_confirm(pair: Twins, number: int) -> None:
    both(pair, number, confirm, lambda key: sales.confirm(pair.twin, key, now=NOW))


def step_release(pair: Twins, number: int) -> None:
    both(pair, number, release, lambda key: sales.release(pair.twin, key))


def step_confirm_late(pair: Twins, number: int) -> None:
    def engine(**named: UUID) -> Any:
        return confirm(**named, late=True)

    both(pair, number, engine, lambda key: late.confirm_late(pair.twin, key, now=NOW))


def step_release_part(pair: Twins, number: int, part: tuple[int, int | None]) -> None:
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    place, quantity = part[0] % len(pair.twin.reservations[key].lines), part[1]
    line_id = _same_line(pair, key, place)

    def engine(**named: UUID) -> Any:
        return release(**named, lines=[ReleaseLine(line_id, quantity)])

    both(pair, number, engine, lambda k: sales.release(pair.twin, k, {place: quantity}))


def step_ceiling(pair: Twins, seconds: int) -> None:
    """Let the performance limit its holds to `seconds`."""
    EventPerformance.objects.filter(pk=pair.performance_id).update(hold_ceiling_seconds=seconds)
    pair.twin.hold_ceiling_seconds = seconds


def step_extend(pair: Twins, number: int, ttl_seconds: int) -> None:
    """Extend a hold that was made just now and has 100 seconds left, unless it is overdue."""
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    hold = pair.twin.reservations[key]
    live = hold.status == "reserved" and not hold.overdue(NOW)
    if live:
        set_deadline(key, time.time() + 100)
        hold.created_at, hold.expires_at = NOW, NOW + 100
    outcome = late.extend(pair.twin, key, ttl_seconds, now=NOW)
    try:
        done = extend(
            performance_id=pair.performance_id, reservation_id=key, ttl_seconds=ttl_seconds
        )
    except Refusal as refusal:
        agree(refusal, outcome)
    else:
        assert ("extended", done.capped) == (outcome["outcome"], outcome["capped"])
    if live:
        set_deadline(key, FUTURE)
        hold.expires_at = FUTURE


def step_expire(pair: Twins, limit: int) -> None:
    swept = expire(performance_id=pair.performance_id, limit=limit)
    outcome = sales.expire(pair.twin, now=NOW, limit=limit)
    assert (swept.holds, swept.places, swept.more) == (
        outcome["holds"],
        outcome["places"],
        outcome["more"],
    )


def step_refund(pair: Twins, number: int, part: tuple[int, int | None] | None) -> None:
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    lines: list[RefundLine] | None = None
    wanted: dict[int, int | None] | None = None
    if part is not None:
        twin_lines = pair.twin.reservations[key].lines
        place, quantity = part[0] % len(twin_lines), part[1]
        line_id = _same_line(pair, key, place)
        lines, wanted = [RefundLine(line_id, quantity)], {place: quantity}

    def engine(**named: UUID) -> Any:
        return refund(**named, lines=lines)

    both(pair, number, engine, lambda k: sales.refund(pair.twin, k, wanted))


def _same_line(pair: Twins, key: UUID, place: int) -> UUID:
    """Return the stored line that equals the twin's line of that number."""
    one = pair.twin.reservations[key].lines[place]
    wanted = (one.allocation, one.seat, one.ticket_type, one.quantity, one.status)
    for line_id, reservation, allocation, seat, kind, quantity, _, status, _ in snapshot(
        pair.performance_id
    )["lines"]:
        if reservation == key and (allocation, seat, kind, quantity, status) == wanted:
            return UUID(str(line_id))
    raise AssertionError(f"no stored line is {wanted}")


def both(
    pair: Twins, number: int, engine: Callable[..., Any], twin: Callable[[Key], dict[str, Any]]
) -> None:
    """Run a verb on one hold on both sides and compare what they answer."""
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    try:
        done = engine(performance_id=pair.performance_id, reservation_id=key)
    except Refusal as refusal:
        agree(refusal, twin(key))
        return
    outcome = twin(key)
    assert done.places == outcome["places"]
    if "amount" in outcome:
        assert (done.amount, done.status) == (outcome["amount"], outcome["status"])


def agree(refusal: Refusal, outcome: dict[str, Any]) -> None:
    assert refusal.code == outcome.pop("outcome")
    for name, value in outcome.items():
        said = refusal.facts[name]
        assert said == _as_json(value), name


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return {name: _as_json(item) for name, item in value.items()}
    return str(value) if isinstance(value, UUID) else value


def picture(house: House) -> dict[str, Any]:
    """Return everything that must be equal; ids of lines and the order of a batch may differ."""
    return {
        "counters": {
            key: (a.available, a.unseated, a.reserved, a.sold)
            for key, a in house.allocations.items()
        },
        "totals": {key: section.total for key, section in house.sections.items()},
        "seats": {key: seat.status for key, seat in house.seats.items()},
        "reservations": {
            key: (r.status, r.kind, r.expires_at, Counter(map(repr, r.lines)))
            for key, r in house.reservations.items()
        },
        "ledger": Counter(house.ledger),
        "notes": Counter(house.notes),
    }


STEPS: dict[str, Callable[..., None]] = {
    "reserve": step_reserve,
    "confirm": step_confirm,
    "release": step_release,
    "late": step_late,
    "all_late": step_all_late,
    "refund": step_refund,
    "expire": step_expire,
    "confirm_late": step_confirm_late,
    "release_part": step_release_part,
    "extend": step_extend,
    "ceiling": step_ceiling,
}
