"""The tables: catalogue, capacity, reservations, ledger."""

from fullhouse.events.models.capacity import (
    EventSection,
    Seat,
    SectionAlias,
    SectionTicketType,
)
from fullhouse.events.models.catalogue import Event, EventPerformance, TicketType, Venue
from fullhouse.events.models.ledger import Movement, Operation
from fullhouse.events.models.reservation import LineStatus, Reservation, ReservationLine

__all__ = [
    "Event",
    "EventPerformance",
    "EventSection",
    "LineStatus",
    "Movement",
    "Operation",
    "Reservation",
    "ReservationLine",
    "Seat",
    "SectionAlias",
    "SectionTicketType",
    "TicketType",
    "Venue",
]
