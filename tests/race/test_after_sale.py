"""After the sale, at once: exchanges that cross, swaps, seasons, a cancelling in between."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from engine.houses import Part, build, counters, faults

from fullhouse.events.services.cancel import cancel_performance
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, reserve

from . import clients, exchanges

pytestmark = pytest.mark.race
SECONDS = 3.0
TURNS = 30


@pytest.fixture
def database(db_committed: None) -> str:
    return str(connection.settings_dict["NAME"])


@pytest.fixture
def house(db_committed: None, make_stage: Callable[..., Any]) -> dict[str, Any]:
    """Two sections of twelve seats and some places without a number: small, so that all meet."""
    performance = make_stage().performance_id
    built = [build(performance, Part(None, 18, seats=12), name=name) for name in ("Left", "Right")]
    return {
        "performance": performance,
        "allocations": [str(section.allocation_ids[0]) for section in built],
        "seats": [str(seat) for section in built for seat in section.seat_ids[0]],
    }


def audit(performance: UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_v1(%s)", [performance])
        return cursor.fetchall()


def test_exchanges_that_go_opposite_ways_do_not_deadlock(
    make_stage: Callable[..., Any], database: str, crowd: Any
) -> None:
    """Two sales travel between two performances, one each way, and every step is granted.

    Tried with the order broken (`together` locking the performances as they are given, the one that
    is left first): two that cross wait for each other, and the server ends one as a deadlock, which
    is a Conflict here. The subscribers of the season below find the same mutant.
    """
    places = []
    for _ in range(2):
        performance = make_stage().performance_id
        places.append((performance, build(performance, Part(None, 10)).allocation_ids[0]))
    own = []
    for number in range(2):
        ways = places if number % 2 else places[::-1]
        held = reserve(performance_id=ways[0][0], requests=[Places(1, ways[0][1])])
        confirm(performance_id=ways[0][0], reservation_id=held.reservation_id)
        own.append((database, ways, held.reservation_id, TURNS))
    travellers = crowd(exchanges.to_and_fro, own)
    travellers.start()
    assert travellers.answers() == [[], []]
    for performance, pool in places:
        assert counters(pool) == (9, 9, 0, 1)
        assert faults(performance) == []
        assert audit(performance) == []


def test_swaps_and_everything_else_after_the_sale(
    house: dict[str, Any], conninfo: str, crowd: Any
) -> None:
    storm = crowd(exchanges.storm, [(conninfo, house, SECONDS, seed) for seed in range(3)])
    storm.start()
    seen: Counter[str] = Counter()
    for outcomes, wrong in storm.answers():
        assert wrong == [], wrong[:3]
        seen.update(outcomes)
    assert faults(house["performance"]) == [], clients.as_text(seen)
    assert audit(house["performance"]) == []
    assert {
        "_exchange: exchanged", "_exchange: seat_taken", "_reseat: reseated",
        "_transfer: transferred", "_refund: refunded",
    } <= {name for name in seen if seen[name]}, clients.as_text(seen)  # fmt: skip


def test_nobody_has_half_a_season(
    make_stage: Callable[..., Any], database: str, crowd: Any
) -> None:
    """Two subscribers want every seat of a season; each is one's in all performances."""
    pools, seats = {}, {}
    for _ in range(3):
        performance = make_stage().performance_id
        built = build(performance, Part(None, 12, seats=12))
        pools[performance], seats[performance] = built.allocation_ids[0], built.seat_ids[0]
    wanted = [{key: row[number] for key, row in seats.items()} for number in range(12)]
    backwards = [dict(reversed(seat.items())) for seat in wanted]
    subscribers = crowd(exchanges.seasons, [(database, wanted), (database, backwards)])
    subscribers.start()
    answers = subscribers.answers()
    assert [wrong for _, wrong in answers] == [[], []]
    assert sorted(number for won, _ in answers for number in won) == list(range(12))
    for performance, pool in pools.items():
        assert counters(pool) == (0, 0, 12, 0)
        assert faults(performance) == []


def test_nothing_stays_sold_in_a_performance_that_is_cancelled(
    house: dict[str, Any], conninfo: str, crowd: Any
) -> None:
    """Cancelled in the middle of a storm: no sale outlives it, and the books are clean."""
    storm = crowd(exchanges.storm, [(conninfo, house, SECONDS, seed) for seed in range(3)])
    storm.start()
    with clients.connect(conninfo) as observer:
        query = "SELECT count(*) FROM events_movement WHERE performance_id = %s"
        while observer.execute(query, [house["performance"]]).fetchone()[0] < 100:
            pass
        cancel_performance(performance_id=house["performance"], reason="storm")
        for _, wrong in storm.answers():
            assert wrong == [], wrong[:3]
        sold = observer.execute(
            "SELECT count(*) FROM events_reservationline"
            " WHERE performance_id = %s AND status = 'sold'",
            [house["performance"]],
        ).fetchone()
    assert sold == (0,)
    assert faults(house["performance"]) == []
    assert audit(house["performance"]) == []
