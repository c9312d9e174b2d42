"""Steps of the waiting list, on the engine and on the pure house at once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fullhouse.events.domain import waiting
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.house import Entry, Key
from fullhouse.events.models import WaitingEntry
from fullhouse.events.services.waiting_list import (
    join_waiting_list,
    skip_waiting,
    withdraw_waiting,
)
from fullhouse.events.services.waiting_offers import offer_waiting, take_offer

from .houses import set_deadline
from .test_histories import FUTURE, NOW, Twins, agree


def set_rows(pair: Twins) -> None:
    """Put all seats of a section side by side in one row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for rank, seat in enumerate(pair.seats):
            cursor.execute(
                "UPDATE events_seat SET row_number = 'A', seat_number = %s, seat_rank = %s"
                " WHERE id = %s",
                [str(rank), rank, seat],
            )
            pair.twin.seats[seat].row, pair.twin.seats[seat].rank = "A", rank


def entries(pair: Twins) -> dict[UUID, tuple[str, UUID | None]]:
    rows = WaitingEntry.objects.filter(performance=pair.performance_id)
    return {row.pk: (row.status, row.offer_id) for row in rows}


def name_offers(pair: Twins) -> None:
    """Let the twin call its new offers as the engine does, and give both the same deadline."""
    stored = entries(pair)
    for key, entry in pair.twin.waiting.items():
        old, real = entry.offer, stored[key][1]  # type: ignore[index]
        if not isinstance(old, tuple) or real is None:
            continue
        pair.twin.reservations = {
            real if each == old else each: one for each, one in pair.twin.reservations.items()
        }
        pair.twin.ledger = [
            replace(each, reservation=real) if each.reservation == old else each
            for each in pair.twin.ledger
        ]
        entry.offer = real
        pair.twin.reservations[real].expires_at = FUTURE
        set_deadline(real, FUTURE)
        pair.holds.append(real)


def answered(
    pair: Twins, engine: Callable[[], Any], twin: Callable[[Key], dict[str, Any]], key: Key
) -> Any:
    """Run a verb on both sides; return what the engine granted, None where both refuse."""
    try:
        done = engine()
    except Refusal as refusal:
        agree(refusal, twin(key))
        return None
    return done


def step_join(pair: Twins, wish: tuple[int, int | None, int | None, bool, int]) -> None:
    quantity, section, kind, together, who = wish
    entry = Entry(
        quantity,
        None if section is None else pair.sections[section % len(pair.sections)],
        None if kind is None else pair.types[kind % len(pair.types)],
        together,
        "" if who == 0 else f"customer {who}",
    )
    made = answered(
        pair,
        lambda: join_waiting_list(
            performance_id=pair.performance_id,
            quantity=entry.quantity,
            section_id=entry.section,  # type: ignore[arg-type]
            ticket_type_id=entry.ticket_type,  # type: ignore[arg-type]
            together=entry.together,
            customer=entry.customer,
        ),
        lambda key: waiting.join(pair.twin, key, entry),
        "refused",
    )
    if made:
        outcome = waiting.join(pair.twin, made.entry_id, entry)
        assert outcome == {"outcome": "joined", "ahead": made.ahead}


def an_entry(pair: Twins, number: int) -> Any:
    known = list(pair.twin.waiting)
    return known[number % len(known)] if known else None


def step_entry(
    pair: Twins,
    number: int,
    engine: Callable[..., Any],
    twin: Callable[[Any], dict[str, Any]],
) -> None:
    """Run a verb of one entry that tells nothing but that it was done."""
    if (key := an_entry(pair, number)) is None:
        return
    if answered(pair, lambda: engine(performance_id=pair.performance_id, entry_id=key), twin, key):
        assert twin(key)["outcome"] not in ("not_waiting", "nothing_fits")


def step_withdraw(pair: Twins, number: int) -> None:
    step_entry(pair, number, withdraw_waiting, lambda key: waiting.withdraw(pair.twin, key))


def step_skip(pair: Twins, number: int) -> None:
    engine = partial(skip_waiting, reason="no answer")
    step_entry(pair, number, engine, lambda key: waiting.skip(pair.twin, key))


def step_back(pair: Twins, number: int) -> None:
    engine = partial(skip_waiting, reason="called back", skip=False)
    step_entry(pair, number, engine, lambda key: waiting.skip(pair.twin, key, back=True))


def step_offer_to(pair: Twins, number: int) -> None:
    engine = partial(offer_waiting, reason="came from far")
    step_entry(pair, number, engine, lambda key: waiting.offer(pair.twin, key, now=NOW))


def step_offer(pair: Twins) -> None:
    made = answered(
        pair,
        lambda: offer_waiting(performance_id=pair.performance_id),
        lambda _: waiting.offer(pair.twin, None, now=NOW),
        None,
    )
    if made:
        outcome = waiting.offer(pair.twin, None, now=NOW)
        assert outcome == {"outcome": "offered", "entry": made.entry_id}


def step_take(pair: Twins, number: int) -> None:
    if (key := an_entry(pair, number)) is None:
        return
    made = answered(
        pair,
        lambda: take_offer(performance_id=pair.performance_id, entry_id=key),
        lambda k: waiting.take(pair.twin, k, "refused", now=NOW, expires_at=FUTURE),
        key,
    )
    if made:
        set_deadline(made.reservation_id, FUTURE)
        outcome = waiting.take(pair.twin, key, made.reservation_id, now=NOW, expires_at=FUTURE)
        assert outcome == {"outcome": "taken", "quantity": made.quantity}
        pair.holds.append(made.reservation_id)


LIST_STEPS: dict[str, Callable[..., None]] = {
    "join": step_join,
    "withdraw": step_withdraw,
    "skip": step_skip,
    "back": step_back,
    "offer": step_offer,
    "offer_to": step_offer_to,
    "take": step_take,
}
