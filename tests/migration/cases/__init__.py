"""Small contradictions, each with what must come of it, written by hand from the rules."""

from . import bookings, general, labels, money, seats
from .registry import CASES, SPECIAL, Check

__all__ = ["CASES", "SPECIAL", "Check", "bookings", "general", "labels", "money", "seats"]
