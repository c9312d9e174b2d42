"""The Python surface of the old ticketing system, over whichever side is authoritative.

    from fullhouse.compat import capacity_manager, performance, seat

    performance(evening).book_capacity(2)

It imports no models and needs no place in INSTALLED_APPS: a project with an app labelled
`events` of its own uses it over a database alias. Before the cut-over every call works on the
legacy tables, after it on Fullhouse's SQL functions; the side is chosen anew for each call, in
the call's own transaction. Every call warns (DeprecationWarning) and names the one to use next.
"""

from fullhouse.compat.arguments import CapacityWarning, InvalidArgument
from fullhouse.compat.capacity import Performance, PerformanceCapacity, performance
from fullhouse.compat.manager import CapacityManager, capacity_manager
from fullhouse.compat.seats import Seat, seat
from fullhouse.compat.sides import authority
from fullhouse.compat.values import Allocation, Hold, SeatView, Section, TicketType, Validation

__all__ = [
    "Allocation",
    "CapacityManager",
    "CapacityWarning",
    "Hold",
    "InvalidArgument",
    "Performance",
    "PerformanceCapacity",
    "Seat",
    "SeatView",
    "Section",
    "TicketType",
    "Validation",
    "authority",
    "capacity_manager",
    "performance",
    "seat",
]
