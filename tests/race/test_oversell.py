"""Sixteen processes on the last places: exactly as many are granted as there are."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from engine.houses import Part, build, faults, wait_for_waiter

from fullhouse.events.engine.sql_files import SQL_ROOT, schema

from . import clients

pytestmark = pytest.mark.race
PROCESSES, TRIES, PLACES = 16, 20, 100


def rush(
    crowd: Any, conninfo: str, performance: UUID, allocation: UUID, statement: str
) -> Counter[str]:
    """Let 16 x 20 tries loose on the places; return how often each outcome came."""
    own = (conninfo, performance, allocation, TRIES, statement)
    all_of_them = crowd(clients.take_places, [own] * PROCESSES)
    all_of_them.start()
    seen: Counter[str] = Counter()
    for answer in all_of_them.answers():
        seen.update(answer)
    return seen


def verdict(performance: UUID, seen: Counter[str]) -> list[str]:
    """The race's check: what was granted is what there was, and the books agree."""
    wrong = faults(performance)
    if seen["granted"] != PLACES:
        wrong.append(f"{seen['granted']} of {PLACES} places granted")
    return wrong


@pytest.mark.parametrize(
    "statement",
    [clients.RESERVE, clients.RESERVE.replace("CALL reserve_early", "SELECT reserve").replace(
        ", p_outcome => NULL", "")],
    ids=["early release", "plain"],
)  # fmt: skip
def test_exactly_the_places_that_there_are(
    make_stage: Callable[..., Any], conninfo: str, crowd: Any, statement: str
) -> None:
    performance = make_stage().performance_id
    (allocation,) = build(performance, Part(None, PLACES)).allocation_ids
    seen = rush(crowd, conninfo, performance, allocation, statement)
    assert verdict(performance, seen) == []
    assert seen == {"granted": PLACES, "sold_out": PROCESSES * TRIES - PLACES}


def test_each_seat_is_sold_once(make_stage: Callable[..., Any], conninfo: str, crowd: Any) -> None:
    performance = make_stage().performance_id
    seats = list(build(performance, Part(None, 40, seats=40)).seat_ids[0])
    buyers = crowd(clients.take_seats, [(conninfo, performance, seats, seed) for seed in range(8)])
    buyers.start()
    bought = Counter(seat for answer in buyers.answers() for seat in answer)
    assert bought == Counter(str(seat) for seat in seats)
    assert faults(performance) == []


@pytest.fixture
def broken_reserve(db_committed: None) -> Iterator[str]:
    """A copy of the hot path without its check: it reads, then writes what it read."""
    sound = (SQL_ROOT / "functions" / "reserve_one_v1.sql").read_text(encoding="utf-8")
    guard = "\n          AND unseated_available >= p_quantity;\n    IF NOT FOUND"
    assert guard in sound
    broken = sound.replace(guard, ";\n    IF NOT FOUND")
    for column in ("available_capacity", "unseated_available", "reserved_capacity"):
        broken = broken.replace(f"SET {column} = {column}", f"SET {column} = seen.{column}")
        broken = broken.replace(f"    {column} = {column}", f"    {column} = seen.{column}")
    broken = broken.replace(
        "    UPDATE {schema}.events_sectiontickettype\n",
        "    SELECT * INTO seen FROM {schema}.events_sectiontickettype WHERE id = p_allocation;\n"
        "    IF seen.unseated_available < p_quantity THEN\n"
        "        RETURN jsonb_build_object('outcome', 'sold_out');\n"
        "    END IF;\n"
        "    UPDATE {schema}.events_sectiontickettype\n",
    )
    broken = broken.replace("DECLARE\n", "DECLARE\n    seen {schema}.events_sectiontickettype;\n")
    broken = broken.replace("{schema}.reserve_one_v1(", "scratch.reserve_one_v1(")
    broken = broken.replace(
        "LANGUAGE plpgsql AS", "LANGUAGE plpgsql SET fullhouse.engine = 'on' AS"
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS scratch CASCADE; CREATE SCHEMA scratch")
        cursor.execute(broken.replace("{schema}", schema()))
    yield (
        "SELECT coalesce(scratch.reserve_one_v1(%(performance)s, gen_random_uuid(),"
        " (%(requests)s::jsonb -> 0 ->> 'allocation_id')::uuid, 1, %(ttl)s, 'sale', %(reference)s,"
        " NULL, '', '', 'race', ''), '{\"outcome\": \"sold_out\"}')"
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA scratch CASCADE")


def test_reading_and_then_writing_sells_the_last_place_twice(
    make_stage: Callable[..., Any], conninfo: str, broken_reserve: str
) -> None:
    """Two who read before either wrote: without the check in the UPDATE both have the place."""
    performance = make_stage().performance_id
    (allocation,) = build(performance, Part(None, 1)).allocation_ids
    asked = [{"allocation_id": str(allocation), "quantity": 1}]
    outcomes: list[str] = []

    def buy() -> None:
        with clients.connect(conninfo) as own:
            outcomes.append(clients.hold(own, performance, asked, broken_reserve)["outcome"])

    second = threading.Thread(target=buy)
    with clients.connect(conninfo) as first, first.transaction():
        outcomes.append(clients.hold(first, performance, asked, broken_reserve)["outcome"])
        second.start()
        wait_for_waiter(conninfo, first)
    second.join()
    assert outcomes == ["granted", "granted"]
    assert faults(performance) != []
