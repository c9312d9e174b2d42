"""Price arithmetic without a database: exact, in minor units, and shown as people count."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullhouse.events.domain.pricing import final_price, line_amount, minor_units, shares, shown

amounts = st.decimals(0, 10**9, places=2)


@given(amount=amounts, parts=st.integers(1, 50), currency=st.sampled_from(["USD", "IRR", "JPY"]))
def test_shares_add_up_and_differ_by_the_rest_alone(
    amount: Decimal, parts: int, currency: str
) -> None:
    price = final_price(amount, Decimal(1), currency)
    split = shares(price, parts, currency)
    assert sum(split) == price
    assert len(split) == parts
    assert all(share == split[-1] for share in split[1:])
    step = Decimal(1).scaleb(-minor_units(currency))
    assert 0 <= split[0] - split[-1] < parts * step
    assert all(share % step == 0 for share in split)


@given(price=amounts, tickets=st.integers(1, 1000), size=st.integers(1, 20))
def test_an_amount_is_tickets_times_price(price: Decimal, tickets: int, size: int) -> None:
    assert line_amount(price, tickets * size, size) == price * tickets


@pytest.mark.parametrize(
    ("base", "modifier", "currency", "price"),
    [
        ("10.01", "0.5", "USD", "5.01"),
        ("10.00", "0.33325", "EUR", "3.33"),
        ("250000.00", "1.15", "IRR", "287500"),
        ("100000.00", "0.333333", "IRR", "33333"),
        ("0.05", "0.1", "USD", "0.01"),
        ("3.125", "1", "KWD", "3.13"),
        ("20.00", "0", "USD", "0.00"),
    ],
)
def test_a_price_is_rounded_once_half_up(
    base: str, modifier: str, currency: str, price: str
) -> None:
    assert str(final_price(Decimal(base), Decimal(modifier), currency)) == price


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("2500000.00", "IRR", "250000 IRT"),
        ("25.00", "IRR", "2.5 IRT"),
        ("25.00", "USD", "25.00 USD"),
    ],
)
def test_rials_are_shown_as_toman(amount: str, currency: str, text: str) -> None:
    value, unit = shown(Decimal(amount), currency, toman=True)
    assert f"{value} {unit}" == text


def test_rials_are_shown_as_rials_where_nobody_asks() -> None:
    assert shown(Decimal("2500000.00"), "IRR") == (Decimal(2500000), "IRR")
