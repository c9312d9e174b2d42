"""Random histories of the waiting list, the house and handing over among holds and sales.

After each step engine and pure house agree on outcomes, counters, seats, lines, ledger and list.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import passing, sales, structure, waiting
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.house import Key, broken_rules
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.audit import audit
from fullhouse.events.services.comp import comp
from fullhouse.events.services.expire import expire
from fullhouse.events.services.hand_over import PassedLine, hand_over
from fullhouse.events.services.house import give_back, house
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import reserve

from .houses import loaded, set_deadline
from .list_steps import LIST_STEPS, answered, entries, name_offers, set_rows
from .test_histories import (
    FUTURE,
    NOW,
    Twins,
    _ask,
    _request,
    _same_line,
    agree,
    ask,
    index,
    picture,
    step_all_late,
    step_confirm,
    step_late,
    twins,
)

party = st.tuples(
    st.integers(1, 4), st.none() | index, st.none() | index, st.booleans(), st.integers(0, 2)
)
kinds = st.sampled_from(["sale", "sale", "comp", "house", "kill"])
step = st.one_of(
    st.tuples(st.just("reserve"), ask),
    st.tuples(st.just("reserve"), ask),
    st.tuples(st.just("join"), party),
    st.tuples(st.just("join"), party),
    st.tuples(st.sampled_from(["confirm", "release", "refund", "late", "give_back"]), index),
    st.tuples(st.just("all_late")),
    st.tuples(st.just("expire"), st.integers(1, 3)),
    st.tuples(st.just("keep"), index, st.integers(1, 3), st.sampled_from(["house", "kill"])),
    st.tuples(st.just("comp"), index, st.integers(1, 2)),
    st.tuples(st.just("pass"), index, kinds, st.booleans(), st.none() | st.tuples(index, index)),
    st.tuples(st.sampled_from(["withdraw", "skip", "back", "offer_to", "take"]), index),
    st.tuples(st.just("offer")),
)


@pytest.mark.parametrize("list_first", [True, False])
@given(history=st.lists(step, min_size=6, max_size=25))
@settings(max_examples=25)
def test_engine_and_pure_house_agree(
    db_committed: None,
    make_stage: Callable[..., Any],
    list_first: bool,
    history: list[tuple[Any, ...]],
) -> None:
    pair = twins(make_stage)
    pair.twin.waiting_list_first = list_first
    EventPerformance.objects.filter(pk=pair.performance_id).update(waiting_list_first=list_first)
    set_rows(pair)
    for verb, *arguments in history:
        STEPS[verb](pair, *arguments)
        name_offers(pair)
        assert picture(pair.twin) == picture(loaded(pair.performance_id))
        assert entries(pair) == {
            key: (entry.status, entry.offer) for key, entry in pair.twin.waiting.items()
        }
    assert audit(performance_id=pair.performance_id) == ()
    assert broken_rules(pair.twin) == []


def some(pair: Twins, number: int) -> UUID | None:
    return pair.holds[number % len(pair.holds)] if pair.holds else None


def step_reserve(pair: Twins, asked: tuple[str, int, int | None, int]) -> None:
    one = _ask(pair, *asked)
    try:
        made = reserve(performance_id=pair.performance_id, requests=[_request(one)])
    except Refusal as refusal:
        agree(refusal, waiting.reserve(pair.twin, "refused", [one], now=NOW, expires_at=FUTURE))
        return
    key = made.reservation_id
    set_deadline(key, FUTURE)
    outcome = waiting.reserve(pair.twin, key, [one], now=NOW, expires_at=FUTURE)
    assert outcome == {"outcome": "granted", "total": made.total}
    pair.holds.append(key)


def step_release(pair: Twins, number: int) -> None:
    if (key := some(pair, number)) is None:
        return
    named = {"performance_id": pair.performance_id, "reservation_id": key}
    if answered(pair, lambda: release(**named), lambda k: sales.release(pair.twin, k), key):
        sales.release(pair.twin, key)
        waiting.offer_freed(pair.twin, [key])


def step_refund(pair: Twins, number: int) -> None:
    if (key := some(pair, number)) is None:
        return
    named = {"performance_id": pair.performance_id, "reservation_id": key}
    if answered(pair, lambda: refund(**named), lambda k: sales.refund(pair.twin, k), key):
        sales.refund(pair.twin, key)
        waiting.offer_freed(pair.twin, [key])


def step_give_back(pair: Twins, number: int) -> None:
    if (key := some(pair, number)) is None:
        return
    named = {"performance_id": pair.performance_id, "reservation_id": key}
    twin = partial(structure.give_back, pair.twin)
    if answered(pair, lambda: give_back(**named), twin, key):
        structure.give_back(pair.twin, key)
        waiting.offer_freed(pair.twin, [key])


def step_expire(pair: Twins, limit: int) -> None:
    due = [key for key, hold in pair.twin.reservations.items() if hold.overdue(NOW)]
    due = sorted(due, key=lambda key: pair.twin.reservations[key].expires_at or 0)[:limit]
    swept = expire(performance_id=pair.performance_id, limit=limit)
    outcome = sales.expire(pair.twin, now=NOW, limit=limit)
    waiting.end_offers(pair.twin, due)
    waiting.offer_freed(pair.twin, due)
    assert (swept.holds, swept.places) == (outcome["holds"], outcome["places"])


def step_keep(pair: Twins, number: int, quantity: int, kind: Any) -> None:
    wanted = {pair.allocations[number % len(pair.allocations)]: quantity}
    twin = partial(structure.keep, pair.twin, quantities=wanted, seats=[], now=NOW, kind=kind)
    due = {key for key, hold in pair.twin.reservations.items() if hold.overdue(NOW)}
    made = answered(
        pair,
        lambda: house(
            performance_id=pair.performance_id, reason="press", quantities=wanted, kind=kind
        ),
        lambda key: keep_with_list(pair, twin, key, due),
        "refused",
    )
    if made:
        set_deadline(made.reservation_id, FUTURE)
        keep_with_list(pair, partial(twin, release_at=FUTURE), made.reservation_id, due)
        pair.holds.append(made.reservation_id)


def step_comp(pair: Twins, number: int, quantity: int) -> None:
    wanted = {pair.allocations[number % len(pair.allocations)]: quantity}
    twin = partial(passing.comp, pair.twin, quantities=wanted, seats=[], now=NOW)
    due = {key for key, hold in pair.twin.reservations.items() if hold.overdue(NOW)}
    made = answered(
        pair,
        lambda: comp(performance_id=pair.performance_id, reason="critics", quantities=wanted),
        lambda key: keep_with_list(pair, twin, key, due),
        "refused",
    )
    if made:
        keep_with_list(pair, twin, made.reservation_id, due)
        pair.holds.append(made.reservation_id)


def keep_with_list(
    pair: Twins, twin: Callable[[Key], dict[str, Any]], key: Key, due: set[Key]
) -> dict[str, Any]:
    """Set aside; where that must expire a hold and the list comes first, all due are expired."""
    outcome = twin(key)
    if outcome["outcome"] not in ("set_aside", "given"):
        return outcome
    ended = [k for k in due if pair.twin.reservations[k].status == "expired"]
    if ended and waiting._list_first(pair.twin, ended):
        ended = [*ended, *waiting.expire_all(pair.twin, NOW)]
    waiting.end_offers(pair.twin, ended)
    if ended:
        waiting.offer_freed(pair.twin, ended)
    return outcome


def step_pass(
    pair: Twins, number: int, kind: Any, sold: bool, part: tuple[int, int] | None
) -> None:
    if (key := some(pair, number)) is None:
        return
    ends = kind in ("sale", "comp")
    lines, wanted = None, None
    if part is not None:
        twin_lines = pair.twin.reservations[key].lines
        place = part[0] % len(twin_lines)
        quantity = part[1] % (twin_lines[place].quantity + 1) + 1
        if twin_lines[place].status != "reserved":
            return
        lines = [PassedLine(_same_line(pair, key, place), quantity)]
        wanted = {place: quantity}
    twin = partial(
        passing.hand_over, pair.twin, key, kind=kind, now=NOW, wanted=wanted, sold=sold and ends
    )
    made = answered(
        pair,
        lambda: hand_over(
            performance_id=pair.performance_id,
            reservation_id=key,
            kind=kind,
            reason="moved",
            lines=lines,
            sold=sold and ends,
            ttl_seconds=600 if ends and not sold else None,
        ),
        lambda new: twin(new),
        "refused",
    )
    if made:
        deadline = FUTURE if made.status == "reserved" else None
        if deadline:
            set_deadline(made.reservation_id, FUTURE)
        outcome = twin(made.reservation_id, expires_at=deadline)
        assert outcome == {
            "outcome": "handed_over",
            "quantity": made.quantity,
            "left": made.left,
        }
        pair.holds.append(made.reservation_id)


STEPS: dict[str, Callable[..., None]] = {
    "reserve": step_reserve,
    "confirm": step_confirm,
    "release": step_release,
    "refund": step_refund,
    "late": step_late,
    "all_late": step_all_late,
    "expire": step_expire,
    "keep": step_keep,
    "give_back": step_give_back,
    "comp": step_comp,
    "pass": step_pass,
    **LIST_STEPS,
}
