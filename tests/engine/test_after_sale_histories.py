"""Random histories with everything that may happen after a sale, on the engine and the pure house.

The steps of `test_histories` go on meanwhile. After each step both agree on the outcome, counters,
seats, reservations, lines and ledger; at the end the performance is cancelled, and audited.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import after_sale
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.house import broken_rules
from fullhouse.events.services.cancel import cancel_performance
from fullhouse.events.services.exchange import exchange
from fullhouse.events.services.refund import RefundLine
from fullhouse.events.services.reseat import reseat
from fullhouse.events.services.reserve import Places, SeatRequest
from fullhouse.events.services.transfer import transfer

from . import test_histories as base
from .houses import faults, loaded

some = st.none() | base.part
after = st.one_of(
    st.tuples(st.just("exchange"), base.index, st.lists(base.ask, min_size=1, max_size=2), some),
    st.tuples(st.just("exchange"), base.index, st.lists(base.ask, min_size=1, max_size=2), some),
    st.tuples(st.just("reseat"), st.lists(st.tuples(base.index, base.index), max_size=3)),
    st.tuples(st.just("transfer"), base.index, some),
)


@given(st.lists(st.one_of(base.step, after, after), min_size=10, max_size=25))
@settings(max_examples=40)
def test_engine_and_pure_house_agree(
    db_committed: None, make_stage: Callable[..., Any], history: list[tuple[Any, ...]]
) -> None:
    pair = base.twins(make_stage)
    for number, seat in enumerate(pair.seats[:2]):  # so that there is something to change
        base.step_reserve(pair, [("seat", number, None, 1)])
        base.step_reserve(pair, [("allocation", number, None, 2)])
        assert pair.twin.seats[seat].status == "reserved"
    base.step_confirm(pair, 0)
    base.step_confirm(pair, 1)
    for verb, *arguments in history:
        {**base.STEPS, **STEPS}[verb](pair, *arguments)
        assert base.picture(pair.twin) == base.picture(loaded(pair.performance_id))
    done = cancel_performance(performance_id=pair.performance_id, reason="storm")
    outcome = after_sale.cancel(pair.twin)
    assert (done.refunded, done.released) == (outcome["refunded"], outcome["released"])
    assert base.picture(pair.twin) == base.picture(loaded(pair.performance_id))
    assert faults(pair.performance_id) == []
    assert broken_rules(pair.twin) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_v1(%s)", [pair.performance_id])
        assert cursor.fetchall() == []


def step_exchange(
    pair: base.Twins, number: int, asked: list[Any], some: tuple[int, int | None] | None
) -> None:
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    asks = list(dict.fromkeys(base._ask(pair, *one) for one in asked))
    keys = [(a.seat,) if a.seat else (a.allocation, a.section, a.ticket_type) for a in asks]
    if len(set(keys)) < len(keys):
        return  # the same places twice: not a request that can be meant
    requests: list[Places | SeatRequest] = [base._request(one) for one in asks]
    lines, wanted = part_of(pair, key, some)

    def twin() -> dict[str, Any]:
        return after_sale.exchange(pair.twin, key, asks, wanted, now=base.NOW)

    try:
        done = exchange(
            performance_id=pair.performance_id, reservation_id=key, requests=requests, lines=lines
        )
    except Refusal as refusal:
        base.agree(refusal, twin())
        return
    outcome = twin()
    assert (done.given_up, done.total) == (outcome["given_up"], outcome["total"])
    assert done.difference == Decimal(done.total) - done.given_up


def step_reseat(pair: base.Twins, chosen: list[tuple[int, int]]) -> None:
    """Move seat lines, live or not, to any seats; only what can be meant is asked."""
    known = [
        (key, place)
        for key in pair.holds
        for place, line in enumerate(pair.twin.reservations[key].lines)
        if line.seat is not None or len(chosen) == 1  # alone, what has no seat is asked for too
    ]
    if not known or not chosen:
        return
    wanted = {known[line % len(known)]: pair.seats[seat % len(pair.seats)] for line, seat in chosen}
    if len(set(wanted.values())) < len(wanted):
        return
    stored = {base._same_line(pair, key, place): seat for (key, place), seat in wanted.items()}
    if len(stored) < len(wanted):
        return  # two ended lines that look alike
    order = sorted(wanted, key=lambda where: base._same_line(pair, where[0], where[1]))
    moves = {where: wanted[where] for where in order}
    try:
        reseat(performance_id=pair.performance_id, moves=stored, reason="broken")
    except Refusal as refusal:
        base.agree(refusal, after_sale.reseat(pair.twin, moves, now=base.NOW))
        return
    assert after_sale.reseat(pair.twin, moves, now=base.NOW) == {"outcome": "reseated"}


def step_transfer(pair: base.Twins, number: int, some: tuple[int, int | None] | None) -> None:
    if not pair.holds:
        return
    key = pair.holds[number % len(pair.holds)]
    lines, wanted = part_of(pair, key, some)
    try:
        done = transfer(
            performance_id=pair.performance_id, reservation_id=key, customer="grace", lines=lines
        )
    except Refusal as refusal:
        base.agree(refusal, after_sale.transfer(pair.twin, key, "x", "grace", wanted, now=base.NOW))
        return
    outcome = after_sale.transfer(
        pair.twin, key, done.reservation_id, "grace", wanted, now=base.NOW
    )
    assert (outcome["places"], outcome["split"]) == (done.places, done.origin_id is not None)
    if done.origin_id is not None:
        pair.holds.append(done.reservation_id)


def part_of(
    pair: base.Twins, key: UUID, some: tuple[int, int | None] | None
) -> tuple[list[RefundLine] | None, dict[int, int | None] | None]:
    """Return one line of a reservation, whole or some places of it, as each side names it."""
    if some is None:
        return None, None
    place = some[0] % len(pair.twin.reservations[key].lines)
    return [RefundLine(base._same_line(pair, key, place), some[1])], {place: some[1]}


STEPS: dict[str, Callable[..., None]] = {
    "exchange": step_exchange,
    "reseat": step_reseat,
    "transfer": step_transfer,
}
