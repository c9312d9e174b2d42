"""What one process of a race for the waiting list does: all that frees, offers, takes, passes on.

Spawned: arguments are plain values, and nothing here imports Django.
"""

import random
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg

from . import clients
from .clients import BUSY, connect

HAND_OVER = (
    "SELECT hand_over_v1(%s, %s, NULL, %s, false, %s, NULL, %s, NULL, '', '', '', 'race', 'moved')"
)


def storm(
    pipe: Connection, conninfo: str, house: dict[str, Any], seconds: float, seed: int
) -> None:
    """Sell, free, wait, offer, take and pass on at random; send outcomes and what went wrong."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    known: clients.Known = []
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                verb, outcome = chance.choice(STEPS)(connection, chance, house, known)
                seen[f"{verb}: {outcome}"] += 1
            except psycopg.Error as error:
                state = error.sqlstate or "no SQLSTATE"
                seen[f"error {state}"] += 1
                if state not in BUSY:
                    wrong.append(f"{state} {error}")
    pipe.send((seen, wrong))


def grab(pipe: Connection, conninfo: str, performance: UUID, seats: list[str]) -> None:
    """Try to have each seat, over and over, until told to stop; send how often one was granted."""
    granted = 0
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        while not pipe.poll():
            for seat in seats:
                outcome = clients.hold(connection, performance, [{"seat_id": seat}])
                granted += outcome["outcome"] == "granted"
        pipe.recv()
    pipe.send(granted)


def pass_on(connection: Any, performance: UUID, reservation: str, kind: str) -> dict[str, Any]:
    ttl = 600 if kind == "sale" else None
    values = [performance, reservation, kind, ttl, uuid4().hex]
    row = connection.execute(HAND_OVER, values).fetchone()
    return dict(row[0])


def _call(connection: Any, statement: str, *values: Any) -> dict[str, Any]:
    return dict(connection.execute(statement, values).fetchone()[0])


def _join(connection: Any, chance: random.Random, house: dict[str, Any], known: Any) -> Any:
    outcome = _call(
        connection,
        "SELECT join_waiting_v1(%s, %s, %s, %s, %s, '', '', 60, NULL, 'race', '')",
        house["performance"],
        chance.choice([*house["sections"], None]),
        chance.choice([house["type"], None]),
        chance.randint(1, 4),
        chance.random() < 0.5,
    )
    if outcome["outcome"] == "joined":
        house["entries"].append(outcome["entry_id"])
    return "join", outcome["outcome"]


def _offer(connection: Any, chance: random.Random, house: dict[str, Any], known: Any) -> Any:
    entry = chance.choice(house["entries"]) if house["entries"] and chance.random() < 0.5 else None
    statement = "SELECT offer_waiting_v1(%s, %s, NULL, 'race', 'in turn or not')"
    return "offer", _call(connection, statement, house["performance"], entry)["outcome"]


def _take(connection: Any, chance: random.Random, house: dict[str, Any], known: Any) -> Any:
    if not house["entries"]:
        return "take", "none"
    statement = "SELECT take_offer_v1(%s, %s, NULL, %s, %s, %s, '', 'race', '')"
    sold = chance.random() < 0.5
    values = (chance.choice(house["entries"]), sold, None if sold else 60, uuid4().hex)
    outcome = _call(connection, statement, house["performance"], *values)
    if outcome["outcome"] == "taken":
        known.append((outcome["reservation_id"], outcome["lines"]))
    return "take", outcome["outcome"]


def _withdraw(connection: Any, chance: random.Random, house: dict[str, Any], known: Any) -> Any:
    if not house["entries"]:
        return "withdraw", "none"
    entry = chance.choice(house["entries"])
    statement = "SELECT withdraw_waiting_v1(%s, %s, NULL, false, 'race', '')"
    return "withdraw", _call(connection, statement, house["performance"], entry)["outcome"]


def _pass_on(connection: Any, chance: random.Random, house: dict[str, Any], known: Any) -> Any:
    held = [*house["kept"], *(key for key, _ in known)]
    if not held:
        return "hand_over", "none"
    kind = chance.choice(("sale", "house", "kill"))
    outcome = pass_on(connection, house["performance"], chance.choice(held), kind)
    if outcome["outcome"] == "handed_over":
        house["kept"].append(outcome["reservation_id"])
    return "hand_over", outcome["outcome"]


STEPS: tuple[Any, ...] = (
    *(clients._reserve,) * 6, *(clients._confirm,) * 2, *(clients._release,) * 2,
    *(clients._refund,) * 3, clients._expire, clients._keep, clients._give_back,
    *(_join,) * 3, *(_offer,) * 2, *(_take,) * 3, _withdraw, *(_pass_on,) * 2,
)  # fmt: skip
