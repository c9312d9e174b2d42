"""The past is what it was: the replayed ledger gives each earlier house again."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fullhouse.events.domain import holds, sales, structure
from fullhouse.events.domain.house import House
from fullhouse.events.domain.time_machine import Places, Timed, counters_at, seats_at

from .test_house import ASKS, NAMES, small_house

STEP = st.one_of(
    st.tuples(st.just("reserve"), NAMES, ASKS),
    st.tuples(st.sampled_from(["confirm", "release", "refund"]), NAMES, st.none()),
    st.tuples(st.just("keep"), NAMES, st.integers(1, 2)),
)


def pictured(house: House) -> tuple[dict[Any, Any], dict[Any, Any]]:
    return (
        {
            key: Places(one.available, one.unseated, one.reserved, one.sold)
            for key, one in house.allocations.items()
        },
        {key: (seat.allocation, seat.status) for key, seat in house.seats.items()},
    )


@given(st.lists(STEP, min_size=1, max_size=12))
def test_each_earlier_house_comes_again(steps: list[tuple[str, str, Any]]) -> None:
    house = small_house()
    ledger = [Timed(0, entry) for entry in house.ledger]
    past = [pictured(house)]
    for at, (verb, name, about) in enumerate(steps, start=1):
        told = len(house.ledger)
        if verb == "reserve":
            holds.reserve(house, name, about, now=0, expires_at=1)
        elif verb == "keep" and name not in house.reservations:
            structure.keep(house, name, {"adult": about}, (), now=0)
        elif verb != "keep":
            {"confirm": sales.confirm, "release": sales.release, "refund": sales.refund}[verb](
                house, name, **({"now": 0} if verb == "confirm" else {})
            )
        ledger += [Timed(at, entry) for entry in house.ledger[told:]]
        past.append(pictured(house))
    seats = {key: seat.allocation for key, seat in house.seats.items()}
    for at, was in enumerate(past):
        assert (counters_at(ledger, seats, at), seats_at(ledger, seats, at)) == was
    assert counters_at(ledger, seats, -1) == seats_at(ledger, seats, -1) == {}
