"""The staff console over every model: what the engine keeps is read here, never typed in.

Imported by Django's autodiscovery; each module registers its models.
"""

from fullhouse.events.admin import (
    accounts,
    capacity,
    catalogue,
    ledger,
    performances,
    plans,
    reservations,
    sales_rules,
    waiting,
)

__all__ = [
    "accounts",
    "capacity",
    "catalogue",
    "ledger",
    "performances",
    "plans",
    "reservations",
    "sales_rules",
    "waiting",
]
