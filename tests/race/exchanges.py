"""What one process of a race after the sale does: exchange, reseat, transfer, seasons.

Spawned. Within one performance it speaks the engine's SQL; what is composed over several goes
through the services, for which the process sets Django up, on the database that it is told.
"""

import random
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from . import clients


def set_up(database: str) -> None:
    """Let the services of this process work on that database."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()


def to_and_fro(
    pipe: Connection, database: str, places: list[tuple[UUID, UUID]], sale: UUID, times: int
) -> None:
    """Exchange one sale from performance to performance and back; send what was not granted."""
    set_up(database)
    from fullhouse.events.services.exchange import exchange
    from fullhouse.events.services.reserve import Places

    wrong: list[str] = []
    pipe.send("ready")
    pipe.recv()
    for turn in range(times):
        (here, _), (there, pool) = places[turn % 2], places[(turn + 1) % 2]
        try:
            sale = exchange(
                performance_id=here,
                reservation_id=sale,
                to_performance_id=there,
                requests=[Places(1, allocation_id=pool)],
            ).reservation_id
        except Exception as error:
            wrong.append(repr(error))
            break
    pipe.send(wrong)


def seasons(pipe: Connection, database: str, seats: list[dict[UUID, UUID]]) -> None:
    """Try to hold each seat in all performances; send the numbers won and what went wrong."""
    set_up(database)
    from fullhouse.events.domain.errors import Refusal
    from fullhouse.events.services.reserve import SeatRequest
    from fullhouse.events.services.season import reserve_season

    won: list[int] = []
    wrong: list[str] = []
    pipe.send("ready")
    pipe.recv()
    for number, seat in enumerate(seats):
        try:
            reserve_season(requests={key: [SeatRequest(one)] for key, one in seat.items()})
            won.append(number)
        except Refusal as refusal:
            if refusal.code != "season_refused":
                wrong.append(repr(refusal))
        except Exception as error:
            wrong.append(repr(error))
    pipe.send((won, wrong))


def storm(
    pipe: Connection, conninfo: str, house: dict[str, Any], seconds: float, seed: int
) -> None:
    """Buy, exchange, reseat, transfer and refund at random; send what came of it."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    with clients.connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            step = chance.choice((_buy, _exchange, _exchange, _reseat, _transfer, _refund))
            try:
                seen[f"{step.__name__}: {step(connection, chance, house)}"] += 1
            except psycopg.Error as error:
                seen[f"error {error.sqlstate}"] += 1
                if error.sqlstate not in clients.BUSY:
                    wrong.append(f"{error.sqlstate} {error}")
    pipe.send((seen, wrong))


def _call(connection: psycopg.Connection[Any], statement: str, *values: Any) -> str:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return str(row[0]["outcome"])


def _wish(chance: random.Random, house: dict[str, Any]) -> list[dict[str, Any]]:
    if chance.random() < 0.6:
        return [{"seat_id": seat} for seat in chance.sample(house["seats"], 2)]
    return [{"allocation_id": chance.choice(house["allocations"]), "quantity": 2}]


def _live(connection: psycopg.Connection[Any], house: dict[str, Any]) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT reservation_id, id, seat_id FROM events_reservationline"
        " WHERE performance_id = %s AND status IN ('reserved', 'sold')",
        [house["performance"]],
    ).fetchall()


def _buy(connection: Any, chance: random.Random, house: dict[str, Any]) -> str:
    outcome = clients.hold(
        connection, house["performance"], _wish(chance, house), ttl=chance.choice((1, 60))
    )
    if outcome["outcome"] == "granted" and chance.random() < 0.8:
        return clients.confirm(connection, house["performance"], outcome["reservation_id"])
    return str(outcome["outcome"])


def _exchange(connection: Any, chance: random.Random, house: dict[str, Any]) -> str:
    live = _live(connection, house)
    if not live:
        return "none"
    key, line, _ = chance.choice(live)
    return _call(
        connection,
        "SELECT exchange_v1(%s, %s, %s, %s, 'race', '')",
        house["performance"],
        key,
        Jsonb([{"line_id": str(line)}]) if chance.random() < 0.5 else None,
        Jsonb(_wish(chance, house)),
    )


def _reseat(connection: Any, chance: random.Random, house: dict[str, Any]) -> str:
    """Let two parties swap seats, and a third take any."""
    seated = [row for row in _live(connection, house) if row[2]]
    if len(seated) < 3:
        return "none"
    (_, one, here), (_, two, there), (_, three, _) = chance.sample(seated, 3)
    free = chance.choice([seat for seat in house["seats"] if seat not in (str(here), str(there))])
    moves = [(one, there), (two, here), (three, free)]
    return _call(
        connection,
        "SELECT reseat_v1(%s, %s, 'race', 'broken')",
        house["performance"],
        Jsonb([{"line_id": str(line), "seat_id": str(seat)} for line, seat in moves]),
    )


def _transfer(connection: Any, chance: random.Random, house: dict[str, Any]) -> str:
    live = _live(connection, house)
    if not live:
        return "none"
    key, line, _ = chance.choice(live)
    return _call(
        connection,
        "SELECT transfer_v1(%s, %s, %s, 'grace', %s, sha256('x'), 'race', '')",
        house["performance"],
        key,
        Jsonb([{"line_id": str(line)}]),
        uuid4().hex,
    )


def _refund(connection: Any, chance: random.Random, house: dict[str, Any]) -> str:
    live = _live(connection, house)
    if not live:
        return "none"
    key, line, _ = chance.choice(live)
    lines = Jsonb([{"line_id": str(line)}])
    statement = "SELECT refund_v1(%s, %s, %s, 'race', '')"
    return _call(connection, statement, house["performance"], key, lines)
