"""Many processes that want the best seats: none twice, and nobody refused while seats are left."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from engine.houses import faults
from engine.rows import Drawn, draw
from psycopg.types.json import Jsonb

from . import clients

pytestmark = pytest.mark.race
PROCESSES = 8
SECONDS = float(os.environ.get("FULLHOUSE_STORM_SECONDS", "60")) / 6
BEST = (
    "CALL best_available_early_v1(p_performance => %s, p_party => %s, p_ttl_seconds => %s,"
    " p_kind => 'sale', p_reference => %s, p_token_hash => NULL, p_customer => '',"
    " p_channel => '', p_actor => 'race', p_reason => '', p_outcome => NULL)"
)


def best(
    connected: psycopg.Connection[Any], performance: UUID, ttl: int = 600, **party: Any
) -> dict[str, Any]:
    """Ask for the best seats; return the outcome."""
    row = connected.execute(BEST, [performance, Jsonb(party), ttl, uuid4().hex]).fetchone()
    assert row is not None
    return dict(row[0])


def buy_all(pipe: Connection, conninfo: str, performance: UUID, seats: int) -> None:
    """Ask until refused; send the seats held and the refusal."""
    held: list[str] = []
    with clients.connect(conninfo) as connected:
        pipe.send("ready")
        pipe.recv()
        while (outcome := best(connected, performance, quantity=seats))["outcome"] == "granted":
            held += [line["seat_id"] for line in outcome["lines"]]
    pipe.send((held, outcome))


def come_and_go(
    pipe: Connection, conninfo: str, drawn: dict[str, Any], seconds: float, seed: int
) -> None:
    """Hold, buy, give back and let fall due, by choice and by name; send what went wrong."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    mine: list[str] = []
    performance = drawn["performance"]
    with clients.connect(conninfo) as connected:
        pipe.send("ready")
        pipe.recv()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                did = _step(connected, chance, performance, drawn["seats"], mine)
                seen[did] += 1
            except psycopg.Error as error:
                seen[f"error {error.sqlstate}"] += 1
                if error.sqlstate not in clients.BUSY:
                    wrong.append(f"{error.sqlstate} {error}")
    pipe.send((seen, wrong))


def _step(
    connected: psycopg.Connection[Any],
    chance: random.Random,
    performance: UUID,
    seats: list[str],
    mine: list[str],
) -> str:
    kind = chance.random()
    ttl = chance.choice((1, 60))
    if kind < 0.4:
        outcome = best(connected, performance, ttl, quantity=chance.randint(1, 4),
                       split=chance.random() < 0.3)  # fmt: skip
    elif kind < 0.6:
        asked = [{"seat_id": seat} for seat in chance.sample(seats, chance.randint(1, 3))]
        outcome = clients.hold(connected, performance, asked, ttl=ttl)
    elif kind < 0.7:
        expire = "SELECT expire_v1(%s, 20, 'race', '')"
        row = connected.execute(expire, [performance]).fetchone()
        return f"expire: {row and row[0]['outcome']}"
    elif not mine:
        return "nothing to do"
    elif kind < 0.75:
        return f"confirm: {clients.confirm(connected, performance, mine.pop())}"
    else:
        release = "CALL release_early_v1(%s, %s, 'race', '', p_outcome => NULL)"
        row = connected.execute(release, [performance, mine.pop()]).fetchone()
        return f"release: {row and row[0]['outcome']}"
    if outcome["outcome"] == "granted":
        mine.append(outcome["reservation_id"])
    return f"{'best' if 'rejected' in outcome else 'named'}: {outcome['outcome']}"


def audited(drawn: Drawn) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_v1(%s)", [drawn.performance_id])
        return cursor.fetchall()


@pytest.mark.parametrize(("rows", "seats"), [(20, 4), (2, 1), (1, 2)])
def test_every_seat_is_held_once_and_nobody_is_refused_before(
    make_stage: Callable[..., Any], conninfo: str, crowd: Any, db_committed: None,
    rows: int, seats: int,
) -> None:  # fmt: skip
    drawn = draw(make_stage, *["oooo oooooooo"] * rows)
    own = (conninfo, drawn.performance_id, seats)
    buyers = crowd(buy_all, [own] * PROCESSES)
    buyers.start()
    held: Counter[str] = Counter()
    for bought, refusal in buyers.answers():
        held.update(bought)
        assert refusal["outcome"] == "sold_out", refusal
    assert held == Counter(str(seat) for seat in drawn.seats.values())
    assert faults(drawn.performance_id) == []
    assert audited(drawn) == []


def test_a_storm_of_choosers_and_others(
    make_stage: Callable[..., Any], conninfo: str, crowd: Any, db_committed: None
) -> None:
    drawn = draw(make_stage, *["oooo ooooooo"] * 12, orphan_rule=True)
    house = {"performance": drawn.performance_id, "seats": list(map(str, drawn.seats.values()))}
    all_of_them = crowd(come_and_go, [(conninfo, house, SECONDS, n) for n in range(PROCESSES)])
    all_of_them.start()
    seen: Counter[str] = Counter()
    for outcomes, wrong in all_of_them.answers(SECONDS + 120):
        assert wrong == [], wrong[:3]
        seen.update(outcomes)
    assert faults(drawn.performance_id) == [], json.dumps(seen)
    assert audited(drawn) == []
    happened = {name for name in seen if seen[name]}
    assert {"best: granted", "named: granted", "release: released"} <= happened, json.dumps(seen)
