"""Days of the solar calendar; the pairs are of the official calendars of Iran."""

import datetime

import pytest

from fullhouse.language.jalali import FIRST, LAST, from_jalali, to_jalali


@pytest.mark.parametrize(
    ("gregorian", "solar"),
    [
        ((1979, 2, 11), (1357, 11, 22)),
        ((1989, 6, 3), (1368, 3, 13)),
        ((2000, 1, 1), (1378, 10, 11)),
        ((2017, 3, 20), (1395, 12, 30)),
        ((2021, 3, 20), (1399, 12, 30)),
        ((2021, 3, 21), (1400, 1, 1)),
        ((2024, 3, 20), (1403, 1, 1)),
        ((2025, 3, 20), (1403, 12, 30)),
        ((2025, 3, 21), (1404, 1, 1)),
        ((2026, 9, 22), (1405, 6, 31)),
        ((2026, 9, 23), (1405, 7, 1)),
        ((2029, 3, 20), (1408, 1, 1)),
        ((2030, 3, 21), (1409, 1, 1)),
    ],
)
def test_known_days(gregorian: tuple[int, int, int], solar: tuple[int, int, int]) -> None:
    assert to_jalali(datetime.date(*gregorian)) == solar


def test_each_day_follows_the_one_before() -> None:
    day, before = FIRST, to_jalali(FIRST)
    assert before is not None
    while day < LAST:
        day += datetime.timedelta(days=1)
        solar = to_jalali(day)
        assert solar is not None
        assert from_jalali(*solar) == day
        if solar.day > 1:
            assert solar == (before.year, before.month, before.day + 1)
        elif solar.month > 1:
            assert (solar.year, solar.month) == (before.year, before.month + 1)
            assert before.day == (31 if before.month <= 6 else 30)
        else:
            assert (solar.year, before.month) == (before.year + 1, 12)
            assert before.day in (29, 30)
        before = solar


@pytest.mark.parametrize("outside", [FIRST - datetime.timedelta(1), LAST + datetime.timedelta(1)])
def test_outside_the_years_of_the_rule_there_is_no_answer(outside: datetime.date) -> None:
    assert to_jalali(outside) is None


@pytest.mark.parametrize(
    "none",
    [
        (1404, 12, 30),
        (1405, 7, 31),
        (1405, 13, 1),
        (1405, 0, 1),
        (1405, 1, 0),
        (1177, 1, 1),
        (1634, 1, 1),
    ],
)
def test_what_is_no_day_is_none(none: tuple[int, int, int]) -> None:
    assert from_jalali(*none) is None
