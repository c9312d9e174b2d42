"""Random histories with tickets of several places, limits and sales channels, on both sides.

As test_histories: after each step the outcomes agree, and so does everything that is stored.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from fullhouse.events.domain import channels, holds, sales
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.holds import Ask
from fullhouse.events.domain.house import House, Rule, broken_rules
from fullhouse.events.models import EventPerformance, ReservationLine, TicketType
from fullhouse.events.services.channels import allot_channel, release_channel
from fullhouse.events.services.expire import expire
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.sales_rules import drop_rule, set_rule

from .houses import Part, build, faults, loaded, set_deadline
from .test_histories import (
    FUTURE,
    HALF,
    NOW,
    Twins,
    agree,
    picture,
    step_all_late,
    step_confirm,
    step_late,
    step_release,
)

FAMILY = 2
BASE = Decimal("20.01")


def twins(make_stage: Callable[..., Any]) -> Twins:
    """Make the same small house twice: adults, families of two at one price, and a pool."""
    stage = make_stage(types=("Adult", "Family"))
    adult, family = stage.ticket_type_ids
    TicketType.objects.filter(pk=family).update(places_per_ticket=FAMILY)
    parts = (
        Part(adult, 9, seats=3),
        Part(family, 12, seats=6, modifier=HALF),
        Part(None, 7, seats=2),
    )
    built = build(stage.performance_id, *parts, base_price=BASE)
    twin = House(types={adult: Decimal(1), family: Decimal(1)}, sizes={family: FAMILY})
    twin.add_section(built.section_id, BASE)
    made = Twins(stage.performance_id, twin, [], [built.section_id], [], [adult, family])
    for part, key, seats in zip(parts, built.allocation_ids, built.seat_ids, strict=True):
        twin.add_allocation(
            key, built.section_id, part.ticket_type_id, part.places, seats, part.modifier
        )
        made.allocations.append(key)
        made.seats.extend(seats)
    return made


def history(seed: int) -> list[tuple[Any, ...]]:
    """Return steps: what is shared comes first, then mostly buyers of it."""
    chance = random.Random(seed)
    shared = [chance.choice((_allot, _allot, _rule))(chance) for _ in range(3)]
    rest = chance.choices((_buy, _one_hold, _allot, _rule, _rare), (14, 5, 1, 1, 1), k=22)
    return shared + [step(chance) for step in rest]


def _buy(chance: random.Random) -> tuple[Any, ...]:
    asked: list[tuple[str, int, int | None, int]] = []
    for _ in range(chance.choice((1, 1, 2))):
        what, number = chance.choice(("seat", "allocation", "section")), chance.randrange(99)
        kind = number if what == "section" else chance.choice((None, None, number))
        quantity = 1 if what == "seat" else chance.choice((1, 2, 2, 2, 4))
        asked.append((what, number, kind, quantity))
    if chance.random() < 0.2:  # a table
        first = chance.randrange(99)
        asked = [("seat", first + place, None, 1) for place in range(FAMILY)]
    customer, channel = chance.choice(("mina", "omid", "")), chance.choice(("web", "desk", ""))
    return "reserve", asked, customer, channel


def _one_hold(chance: random.Random) -> tuple[Any, ...]:
    return chance.choice(("confirm", "release", "late")), chance.randrange(99)


def _allot(chance: random.Random) -> tuple[Any, ...]:
    seats = [chance.randrange(99) for _ in range(chance.randrange(3))]
    return "allot", chance.randrange(99), chance.randrange(4), seats


def _rule(chance: random.Random) -> tuple[Any, ...]:
    limits = (chance.choice((None, None, 2)), *(chance.choice((None, 2, 3)) for _ in range(2)))
    return "rule", chance.randrange(99), *limits, chance.random() < 0.1


def _rare(chance: random.Random) -> tuple[Any, ...]:
    return chance.choice(
        (("all_late",), ("release_channel", "web"), ("no_rule", chance.randrange(99)))
    )


def test_engine_and_pure_house_agree(db_committed: None, make_stage: Callable[..., Any]) -> None:
    seen: Counter[str] = Counter()
    for seed in range(20):
        pair = twins(make_stage)
        for verb, *arguments in history(seed):
            seen[str(STEPS[verb](pair, *arguments))] += 1
            assert picture(pair.twin) == picture(stored(pair.performance_id)), f"history {seed}"
            flag = EventPerformance.objects.get(pk=pair.performance_id).has_rules
            assert flag or not (pair.twin.rules or live_channels(pair.twin))
        assert faults(pair.performance_id) == []
        assert broken_rules(pair.twin) == []
        kinds = [line for one in pair.twin.reservations.values() for line in one.lines]
        seen["family"] += any(line.places_per_ticket == FAMILY for line in kinds)
        seen["table"] += any(
            line.seat and line.ticket_type == pair.types[1] and line.unit_price * 2 < BASE
            for line in kinds
        )
        seen["hand over"] += any(entry.operation == "hand_over" for entry in pair.twin.ledger)
    assert min(seen[what] for what in WORTH_SEEING) > 0, seen


# What the histories are for: without it they would prove nothing.
WORTH_SEEING = (
    "granted", "sold_out", "seat_taken", "not_whole_tickets", "over_limit order",
    "over_limit customer", "under_minimum", "customer_needed", "closed", "set_aside", "released",
    "family", "table", "hand over",
)  # fmt: skip


def live_channels(house: House) -> list[Any]:
    return [
        key
        for key, one in house.reservations.items()
        if one.kind == "channel" and one.status == "reserved"
    ]


def stored(performance_id: UUID) -> House:
    """Return the stored performance, with what a ticket of each line takes."""
    house = loaded(performance_id)
    sizes: dict[UUID, list[int]] = {}
    rows = ReservationLine.objects.filter(performance_id=performance_id).order_by("id")
    for row in rows:
        sizes.setdefault(row.reservation_id, []).append(row.places_per_ticket)
    for key, of_lines in sizes.items():
        for line, size in zip(house.reservations[key].lines, of_lines, strict=True):
            line.places_per_ticket = size
    return house


def step_reserve(
    pair: Twins, asked: list[tuple[str, int, int | None, int]], customer: str, channel: str
) -> str:
    asks = list(dict.fromkeys(_ask(pair, *one) for one in asked))
    keys = [(a.seat,) if a.seat else (a.allocation, a.section, a.ticket_type) for a in asks]
    if len(set(keys)) < len(keys):
        return "the same places twice: not a request that can be meant"
    said = {"customer": customer, "channel": channel}
    try:
        made = reserve(
            performance_id=pair.performance_id, requests=[_request(one) for one in asks], **said
        )
    except Refusal as refusal:
        outcome = holds.reserve(pair.twin, "refused", asks, now=NOW, expires_at=FUTURE, **said)
        said_by_whom = refusal.code, refusal.facts.get("per")
        agree(refusal, outcome)
        return " ".join(str(word) for word in said_by_whom if word)
    key = made.reservation_id
    set_deadline(key, FUTURE)
    outcome = holds.reserve(pair.twin, key, asks, now=NOW, expires_at=FUTURE, **said)
    assert outcome == {"outcome": "granted", "total": made.total}
    assert made.total == sum(line.amount for line in made.lines)
    pair.holds.append(key)
    return "granted"


def _ask(pair: Twins, what: str, number: int, kind: int | None, quantity: int) -> Ask:
    sold_as = None if kind is None else pair.types[kind % 2]
    named = {"seat": pair.seats, "allocation": pair.allocations, "section": pair.sections}[what]
    return Ask(quantity, ticket_type=sold_as, **{what: named[number % len(named)]})


def _request(one: Ask) -> Places | SeatRequest:
    sold_as: Any = one.ticket_type
    if one.seat is not None:
        return SeatRequest(one.seat, sold_as)  # type: ignore[arg-type]
    return Places(one.quantity, one.allocation, one.section, sold_as)  # type: ignore[arg-type]


def step_allot(pair: Twins, number: int, quantity: int, seats: list[int]) -> str:
    """Sweep, so that nothing overdue is in the way, then set places aside on both sides."""
    expire(performance_id=pair.performance_id, limit=1000)
    sales.expire(pair.twin, now=NOW, limit=1000)
    allocation = pair.allocations[number % 3]
    places = {allocation: quantity} if quantity else {}
    named = list(dict.fromkeys(pair.seats[one % len(pair.seats)] for one in seats))
    if not places and not named:
        return "nothing"
    channel = ("web", "desk")[number % 2]
    prices = {
        key: holds.price_of(pair.twin, key, pair.twin.allocations[key].ticket_type)
        for key in pair.allocations
    }
    asked: dict[str, Any] = {"channel": channel, "places": places, "seats": named}
    asked |= {"prices": prices, "release_at": FUTURE}
    try:
        made = allot_channel(
            performance_id=pair.performance_id,
            channel=channel,
            quantities=places,
            seat_ids=named,
            reason="part",
        )
    except Refusal as refusal:
        agree(refusal, {"outcome": channels.allot(pair.twin, "refused", **asked)["outcome"]})
        return refusal.code
    set_deadline(made.reservation_id, FUTURE)
    assert channels.allot(pair.twin, made.reservation_id, **asked)["outcome"] == "set_aside"
    pair.holds.append(made.reservation_id)
    return "set_aside"


def step_release_channel(pair: Twins, channel: str) -> str:
    try:
        done = release_channel(performance_id=pair.performance_id, channel=channel)
    except Refusal as refusal:
        agree(refusal, channels.release(pair.twin, channel))
        return refusal.code
    assert channels.release(pair.twin, channel)["places"] == done.places
    return "released"


def step_rule(
    pair: Twins, number: int, least: int | None, most: int | None, each: int | None, shut: bool
) -> None:
    kind = [*pair.types, None][number % 3]
    if least is not None:
        most = None if most is None else max(least, most)
        each = None if each is None else max(least, each)
    if least is None and most is None and each is None:
        return
    opens = FUTURE if shut else None
    set_rule(
        performance_id=pair.performance_id,
        ticket_type_id=kind,
        sales_open_at=None if opens is None else datetime.fromtimestamp(opens, UTC),
        min_per_order=least,
        max_per_order=most,
        max_per_customer=each,
    )
    pair.twin.rules[kind] = Rule(opens, None, least, most, each)


def step_no_rule(pair: Twins, number: int) -> None:
    kind = [*pair.types, None][number % 3]
    if pair.twin.rules.pop(kind, None):
        drop_rule(performance_id=pair.performance_id, ticket_type_id=kind)


STEPS: dict[str, Callable[..., str | None]] = {
    "reserve": step_reserve,
    "confirm": step_confirm,
    "release": step_release,
    "late": step_late,
    "all_late": step_all_late,
    "allot": step_allot,
    "release_channel": step_release_channel,
    "rule": step_rule,
    "no_rule": step_no_rule,
}
