"""Fullhouse's SQL functions, from the cut-over on: the same calls, and places that add up."""

from fullhouse.compat.fullhouse_side.lists import Lists
from fullhouse.compat.fullhouse_side.sales import Sales
from fullhouse.compat.fullhouse_side.whole import Whole


class FullhouseSide(Sales, Lists, Whole):
    """Everything that compat offers, over Fullhouse."""


__all__ = ["FullhouseSide"]
