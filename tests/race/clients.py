"""What one process of a race does: its own connection, real commits, the engine's SQL.

Spawned: arguments are plain values, and nothing here imports Django.
"""

import json
import random
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

RESERVE = (
    "CALL reserve_early_v1(p_performance => %(performance)s, p_requests => %(requests)s,"
    " p_ttl_seconds => %(ttl)s, p_kind => 'sale', p_reference => %(reference)s,"
    " p_token_hash => NULL, p_customer => '', p_channel => '', p_actor => 'race',"
    " p_reason => '', p_outcome => NULL)"
)
# Locks that cost somebody his turn; anything else that the server refuses is a failure.
BUSY = frozenset({"55P03"})


def connect(conninfo: str) -> psycopg.Connection[Any]:
    return psycopg.connect(conninfo, autocommit=True)


def hold(
    connection: psycopg.Connection[Any],
    performance: UUID,
    requests: list[dict[str, Any]],
    statement: str = RESERVE,
    ttl: int = 600,
) -> dict[str, Any]:
    """Try one hold; return the outcome."""
    values = {
        "performance": performance,
        "requests": Jsonb(requests),
        "reference": uuid4().hex,
        "ttl": ttl,
    }
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return dict(row[0])


def take_places(
    pipe: Connection, conninfo: str, performance: UUID, allocation: UUID, tries: int, statement: str
) -> None:
    """Try `tries` times for one place; send how often each outcome came."""
    seen: Counter[str] = Counter()
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        for _ in range(tries):
            asked = [{"allocation_id": str(allocation), "quantity": 1}]
            seen[hold(connection, performance, asked, statement)["outcome"]] += 1
    pipe.send(seen)


def take_requests(
    pipe: Connection,
    conninfo: str,
    performance: UUID,
    requests: list[dict[str, Any]],
    tries: int,
    statement: str = RESERVE,
) -> None:
    """Try `tries` times for the same requests; send how often each outcome came."""
    seen: Counter[str] = Counter()
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        for _ in range(tries):
            seen[hold(connection, performance, requests, statement)["outcome"]] += 1
    pipe.send(seen)


def take_seats(
    pipe: Connection, conninfo: str, performance: UUID, seats: list[UUID], seed: int
) -> None:
    """Try for all seats, three at a time in an order of its own, and buy what is held."""
    chance = random.Random(seed)
    bought: list[str] = []
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        for _ in range(len(seats)):
            asked = [{"seat_id": str(seat)} for seat in chance.sample(seats, 3)]
            outcome = hold(connection, performance, asked)
            if outcome["outcome"] == "granted":
                confirm(connection, performance, outcome["reservation_id"])
                bought += [line["seat_id"] for line in outcome["lines"]]
        for seat in chance.sample(seats, len(seats)):
            outcome = hold(connection, performance, [{"seat_id": str(seat)}])
            if outcome["outcome"] == "granted":
                confirm(connection, performance, outcome["reservation_id"])
                bought.append(str(seat))
    pipe.send(bought)


def confirm(connection: psycopg.Connection[Any], performance: UUID, reservation: str) -> str:
    row = connection.execute(
        "CALL confirm_early_v1(p_performance => %s, p_reservation => %s, p_actor => 'race',"
        " p_reason => '', p_outcome => NULL)",
        [performance, reservation],
    ).fetchone()
    assert row is not None
    return str(row[0]["outcome"])


def report_holds(pipe: Connection, conninfo: str, performance: UUID, allocation: UUID) -> None:
    """Hold one place after another; tell each id that was acknowledged, until cut off."""
    asked = [{"allocation_id": str(allocation), "quantity": 1}]
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        try:
            while True:
                outcome = hold(connection, performance, asked)
                assert outcome["outcome"] == "granted", outcome
                pipe.send(outcome["reservation_id"])
        except psycopg.OperationalError:
            pipe.send(None)


def storm(
    pipe: Connection, conninfo: str, house: dict[str, Any], seconds: float, seed: int
) -> None:
    """Do everything at random until the time is up; send the outcomes and what went wrong."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    known: list[tuple[str, list[dict[str, Any]]]] = []
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                verb, outcome = STEPS[chance.randrange(len(STEPS))](
                    connection, chance, house, known
                )
                seen[f"{verb}: {outcome}"] += 1
            except psycopg.Error as error:
                state = error.sqlstate or "no SQLSTATE"
                seen[f"error {state}"] += 1
                if state not in BUSY:
                    wrong.append(f"{state} {error}")
    pipe.send((seen, wrong))


Known = list[tuple[str, list[dict[str, Any]]]]
Step = tuple[str, str]


def _reserve(
    connection: psycopg.Connection[Any], chance: random.Random, house: dict[str, Any], known: Known
) -> Step:
    asked: dict[str, dict[str, Any]] = {}
    for _ in range(chance.randint(1, 4)):
        kind = chance.random()
        if kind < 0.4:
            seat = chance.choice(house["seats"])
            asked[seat] = {"seat_id": seat}
        elif kind < 0.8:
            place = chance.choice(house["allocations"])
            asked[place] = {"allocation_id": place, "quantity": chance.randint(1, 3)}
        else:
            section = chance.choice(house["sections"])
            asked[section] = {
                "section_id": section,
                "ticket_type_id": house["type"],
                "quantity": chance.randint(1, 3),
            }
    # Some holds live one second, so that the storm is full of overdue ones.
    outcome = hold(
        connection, house["performance"], list(asked.values()), ttl=chance.choice((1, 60))
    )
    if outcome["outcome"] == "granted":
        known.append((outcome["reservation_id"], outcome["lines"]))
    return "reserve", outcome["outcome"]


def _call(connection: psycopg.Connection[Any], statement: str, *values: Any) -> str:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return str(row[0]["outcome"])


def _confirm(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    if not known:
        return "confirm", "none"
    return "confirm", confirm(connection, house["performance"], chance.choice(known)[0])


def _release(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    if not known:
        return "release", "none"
    key = known[chance.randrange(len(known))][0]
    statement = "CALL release_early_v1(%s, %s, 'race', '', p_outcome => NULL)"
    return "release", _call(connection, statement, house["performance"], key)


def _release_some(
    connection: Any, chance: random.Random, house: dict[str, Any], known: Known
) -> Step:
    if not known:
        return "release some", "none"
    key, lines = chance.choice(known)
    some = Jsonb([{"line_id": chance.choice(lines)["id"], "quantity": 1}])
    statement = "CALL release_early_v1(%s, %s, 'race', '', p_lines => %s, p_outcome => NULL)"
    return "release some", _call(connection, statement, house["performance"], key, some)


def _confirm_late(
    connection: Any, chance: random.Random, house: dict[str, Any], known: Known
) -> Step:
    if not known:
        return "confirm late", "none"
    key = chance.choice(known)[0]
    statement = "CALL confirm_early_v1(%s, %s, 'race', '', p_late => true, p_outcome => NULL)"
    return "confirm late", _call(connection, statement, house["performance"], key)


def _extend(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    if not known:
        return "extend", "none"
    key = chance.choice(known)[0]
    statement = "SELECT extend_v1(%s, %s, %s, 'race', '')"
    seconds = chance.choice((2, 120))
    return "extend", _call(connection, statement, house["performance"], key, seconds)


def _refund(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    lines: list[dict[str, Any]] = []
    if house["overbooked"] and chance.random() < 0.2:
        key = chance.choice(house["overbooked"])
    elif known:
        key, lines = chance.choice(known)
    else:
        return "refund", "none"
    some = (
        None if chance.random() < 0.5 or not lines else [{"line_id": lines[0]["id"], "quantity": 1}]
    )
    return "refund", _call(
        connection,
        "SELECT refund_v1(%s, %s, %s, 'race', '')",
        house["performance"],
        key,
        None if some is None else Jsonb(some),
    )


def _expire(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    statement = "SELECT expire_v1(%s, %s, 'race', '')"
    return "expire", _call(connection, statement, house["performance"], chance.randint(1, 20))


def _keep(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    places = chance.sample(house["allocations"], 2)
    seats = chance.sample(house["seats"], 2)
    row = connection.execute(
        "SELECT house_v1(%s, %s::uuid[], %s::integer[], %s::uuid[], 'race', 'camera')",
        [house["performance"], places, [1, 1], seats],
    ).fetchone()
    if "reservation_id" in row[0]:
        house["kept"].append(row[0]["reservation_id"])
    return "house", row[0]["outcome"]


def _give_back(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    if not house["kept"]:
        return "give_back", "none"
    key = house["kept"].pop()
    statement = "SELECT give_back_v1(%s, %s, NULL, 'race', 'camera gone')"
    return "give_back", _call(connection, statement, house["performance"], key)


def _resize(connection: Any, chance: random.Random, house: dict[str, Any], known: Known) -> Step:
    return "resize", _call(
        connection,
        "SELECT resize_v1(%s, 'allocation', NULL, %s, %s, NULL, 'race', '')",
        house["performance"],
        chance.choice(house["allocations"]),
        chance.randint(20, 40),
    )


def _reallocate(
    connection: Any, chance: random.Random, house: dict[str, Any], known: Known
) -> Step:
    return "reallocate", _call(
        connection,
        "SELECT reallocate_v1(%s, %s, %s, %s, NULL, 'race', '')",
        house["performance"],
        chance.choice(house["allocations"]),
        chance.choice((house["type"], None)),
        chance.randint(1, 3),
    )


STEPS = (
    *(_reserve,) * 8, *(_confirm,) * 4, *(_release,) * 3, *(_refund,) * 3, _expire,
    *(_confirm_late,) * 3, _release_some, *(_extend,) * 2,
    _keep, _give_back, _resize, _reallocate,
)  # fmt: skip


def as_text(seen: Counter[str]) -> str:
    return json.dumps(dict(sorted(seen.items())), indent=1)
