"""The tables: catalogue, capacity, reservations, ledger."""

from fullhouse.events.models.capacity import (
    EventSection,
    Seat,
    SectionAlias,
    SectionTicketType,
)
from fullhouse.events.models.catalogue import Event, EventPerformance, TicketType, Venue
from fullhouse.events.models.ledger import Movement, Note, Operation
from fullhouse.events.models.notice import Notice
from fullhouse.events.models.plan import SeatingPlan
from fullhouse.events.models.reservation import LineStatus, Reservation, ReservationLine
from fullhouse.events.models.rules import SalesRule
from fullhouse.events.models.waiting import WaitingEntry

__all__ = [
    "Event",
    "EventPerformance",
    "EventSection",
    "LineStatus",
    "Movement",
    "Note",
    "Notice",
    "Operation",
    "Reservation",
    "ReservationLine",
    "SalesRule",
    "Seat",
    "SeatingPlan",
    "SectionAlias",
    "SectionTicketType",
    "TicketType",
    "Venue",
    "WaitingEntry",
]
