"""Amounts in plain texts of the admin: a column, a message."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from fullhouse.events.domain.pricing import shown
from fullhouse.language.writing import currency_word, number


def amount_and_word(amount: Decimal, currency: str) -> tuple[str, str]:
    """Write an amount and its currency; rials as Toman where the site says so."""
    value, code = shown(amount, currency, toman=getattr(settings, "FULLHOUSE_TOMAN", False))
    return number(value), currency_word(code)


def priced(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency."""
    return " ".join(amount_and_word(amount, currency))
