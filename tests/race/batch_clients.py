"""What one process does in a race of batches against single buyers.

Spawned: arguments are plain values, and nothing here imports Django.
"""

import random
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from .clients import BUSY, connect, hold

MANY = "CALL reserve_many_early_v1(%s, %s, NULL)"
FORMS = ("quantity", "quantity", "quantity", "seat", "section", "bad")


def request(chance: random.Random, house: dict[str, Any], forms: tuple[str, ...]) -> dict[str, Any]:
    """Return one buyer's request of a batch; some live a second, some share a key."""
    form = chance.choice(forms)
    asked: dict[str, Any] = {"allocation_id": chance.choice(house["allocations"])}
    asked["quantity"] = chance.randint(1, 3) if form != "bad" else 0
    if form == "seat":
        asked = {"seat_id": chance.choice(house["seats"])}
    elif form == "section":
        asked = {"section_id": house["section"], "ticket_type_id": house["type"], "quantity": 2}
    wanted: dict[str, Any] = {
        "requests": [asked],
        "ttl_seconds": chance.choice((1, 600)),
        "kind": "sale",
        "reference": uuid4().hex,
    }
    if chance.random() < 0.3:
        wanted |= {"key": f"key {chance.randrange(200)}", "digest": "00"}
    return wanted


def buy(
    pipe: Connection, conninfo: str, house: dict[str, Any], rounds: int, seed: int, size: int
) -> None:
    """Send batches of `size` (0: single reserves), end some holds; tell what came of it."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    performance = UUID(house["performance"])
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        for turn in range(rounds):
            try:
                granted = _round(connection, chance, performance, house, size, seen)
                for answer in chance.sample(granted, len(granted) // 2):
                    _end(connection, chance, performance, answer["reservation_id"], seen)
                if turn % 5 == 0:
                    connection.execute("SELECT expire_v1(%s, 10, 'race', '')", [performance])
            except psycopg.Error as error:
                seen[f"error {error.sqlstate}"] += 1
                if error.sqlstate not in BUSY:
                    wrong.append(f"{error.sqlstate} {error}")
    pipe.send((seen, wrong))


def _round(
    connection: psycopg.Connection[Any],
    chance: random.Random,
    performance: UUID,
    house: dict[str, Any],
    size: int,
    seen: Counter[str],
) -> list[dict[str, Any]]:
    if size:
        forms = FORMS if chance.random() < 0.5 else FORMS[:1]
        batch = [request(chance, house, forms) for _ in range(size)]
        row = connection.execute(MANY, [performance, Jsonb(batch)]).fetchone()
        assert row is not None
        answers = row[0]["answers"]
        assert len(answers) == size
    else:
        asked = request(chance, house, ("quantity", "seat", "section"))
        answers = [hold(connection, performance, asked["requests"], ttl=asked["ttl_seconds"])]
    seen.update(answer["outcome"] for answer in answers)
    return [one for one in answers if one["outcome"] == "granted" and "replayed" not in one]


def _end(
    connection: psycopg.Connection[Any],
    chance: random.Random,
    performance: UUID,
    reservation: str,
    seen: Counter[str],
) -> None:
    late = "CALL confirm_early_v1(%s, %s, 'race', '', p_late => true, p_outcome => NULL)"
    free = "CALL release_early_v1(%s, %s, 'race', '', p_outcome => NULL)"
    statement = late if chance.random() < 0.2 else free
    row = connection.execute(statement, [performance, reservation]).fetchone()
    assert row is not None
    seen[row[0]["outcome"]] += 1
