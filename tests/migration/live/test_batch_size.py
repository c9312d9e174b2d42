"""A batch grows and shrinks towards its time, within bounds, and never by one odd measurement."""

from hypothesis import given
from hypothesis import strategies as st

from fullhouse.migration.live.batch_size import (
    LEAST_SEATS,
    MOST_SEATS,
    MOST_UNITS,
    TARGET_MS,
    BatchSize,
)


def learned(*batches: tuple[int, float]) -> BatchSize:
    size = BatchSize()
    for seats, milliseconds in batches:
        size.learn(seats, milliseconds)
    return size


def test_a_slow_batch_halves_at_most_and_a_quick_one_grows_by_half_at_most() -> None:
    first = BatchSize().seats
    assert learned((first, TARGET_MS * 100)).seats == first // 2
    assert learned((first, 0.01)).seats == first * 1.5
    assert learned((first, TARGET_MS)).seats == first


def test_a_batch_that_was_not_full_makes_the_next_no_larger() -> None:
    first = BatchSize().seats
    assert learned((first // 2 - 1, 1.0)).seats == first
    assert learned((first // 2 - 1, TARGET_MS * 2)).seats == first // 2


@given(
    st.lists(
        st.tuples(st.integers(1, 2 * MOST_SEATS), st.floats(0, 60_000, allow_nan=False)),
        max_size=60,
    )
)
def test_it_stays_within_its_bounds(batches: list[tuple[int, float]]) -> None:
    size = learned(*batches)
    assert LEAST_SEATS <= size.seats <= MOST_SEATS
    assert size.units == MOST_UNITS == 500


@given(st.floats(5.0, 1_000.0))
def test_it_settles_where_a_batch_takes_its_time(seats_per_ms: float) -> None:
    size = BatchSize()
    for _ in range(60):
        size.learn(size.seats, size.seats / seats_per_ms)
    wanted = min(max(TARGET_MS * seats_per_ms, LEAST_SEATS), MOST_SEATS)
    assert abs(size.seats - wanted) <= wanted * 0.02


def test_a_batch_is_measured_by_its_own_clock_and_a_failed_one_is_not() -> None:
    times = iter([10.0, 10.3, 20.0])
    size = BatchSize(clock=lambda: next(times))
    with size.measured() as batch:
        batch.seats = size.seats
    assert round(size.last_ms) == 300
    assert size.seats == 1_000
    try:
        with size.measured() as batch:
            batch.seats = 5
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert size.seats == 1_000


def test_an_empty_batch_teaches_nothing() -> None:
    size = BatchSize()
    before = size.seats
    with size.measured():
        pass
    assert size.seats == before
