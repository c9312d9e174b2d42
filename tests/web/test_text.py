"""Numbers, days and money in both languages; bars that fill exactly."""

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.utils import translation

from fullhouse.web.places import BAR_WIDTH, Places
from fullhouse.web.templatetags import fullhouse_text as text


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", ("12,345", "Sat 20 Mar 2027", "20:30", "42%")),
     ("fa", ("۱۲٬۳۴۵", "شنبه ۲۹ اسفند ۱۴۰۵", "۲۰:۳۰", "۴۲٪"))],
)  # fmt: skip
def test_each_language_writes_its_own(language: str, written: tuple[str, ...]) -> None:
    with translation.override(language):
        assert (
            text.number(12345),
            text.day(datetime.date(2027, 3, 20)),
            text.clock(datetime.time(20, 30)),
            text.percent(42),
        ) == written


def test_money_has_the_decimals_of_its_currency() -> None:
    with translation.override("en"):
        assert "1,234.50 <small>EUR" in text.money(Decimal("1234.5"), "EUR")
        assert "2,500,000 <small>IRR" in text.money(Decimal("2500000.00"), "IRR")
        assert text.money(None, "EUR") == ""


def test_money_in_persian_is_read_in_persian() -> None:
    with translation.override("fa"):
        assert text.money(Decimal("2500000.00"), "IRR") == (
            '<bdi class="money">۲٬۵۰۰٬۰۰۰ <small>ریال</small></bdi>'
        )


def test_rials_are_written_as_toman_where_the_site_says_so(settings: Any) -> None:
    settings.FULLHOUSE_TOMAN = True
    with translation.override("fa"):
        assert text.money(Decimal("2500000.00"), "IRR") == (
            '<bdi class="money">۲۵۰٬۰۰۰ <small>تومان</small></bdi>'
        )
    with translation.override("en"):
        assert "2.5 <small>Toman" in text.money(Decimal("25.00"), "IRR")
        assert "25.00 <small>EUR" in text.money(Decimal("25.00"), "EUR")


def test_a_currency_is_text_and_never_markup() -> None:
    assert "<b>" not in text.money(Decimal(1), "<b>")


def test_bar_parts_meet_and_fill_the_bar() -> None:
    parts = Places(total=7, available=3, reserved=3, sold=1, house=2).segments
    assert [part.kind for part in parts] == ["sold", "reserved", "house", "available"]
    for part, following in pairwise(parts):
        assert part.x + part.width == pytest.approx(following.x, abs=0.02)
    assert parts[-1].x + parts[-1].width == pytest.approx(BAR_WIDTH, abs=0.02)


def test_a_bar_of_nothing_is_empty() -> None:
    assert Places().segments == []
    assert Places().taken_percent == 0


def test_a_house_is_full_only_when_nothing_is_left() -> None:
    assert Places(total=1000, available=1, sold=999).taken_percent == 99
    assert Places(total=1000, sold=1000).taken_percent == 100
