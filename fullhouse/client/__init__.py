"""A typed client of the HTTP API, synchronous and asynchronous.

    from fullhouse.client import Client, Places

    with Client("https://tickets.example") as house:
        evening = next(house.performances(available=True))
        hold = house.reserve(evening.id, [Places(2, "Stalls", "Adult")])
        house.confirm(hold)

It stands alone: it needs httpx and msgspec, no Django and no database.
"""

from fullhouse.client.aio import AsyncClient
from fullhouse.client.calls import Handle, Ref
from fullhouse.client.conversation import Retries
from fullhouse.client.errors import FullhouseError, ProblemError, RefusedError, UnreachableError
from fullhouse.client.items import (
    BestAvailable,
    Item,
    Part,
    Places,
    Seat,
    SeatLabel,
    SeatOrdinal,
)
from fullhouse.client.seat_map import SeatMap
from fullhouse.client.stream import StreamEvent
from fullhouse.client.sync import Client

__all__ = [
    "AsyncClient",
    "BestAvailable",
    "Client",
    "FullhouseError",
    "Handle",
    "Item",
    "Part",
    "Places",
    "ProblemError",
    "Ref",
    "RefusedError",
    "Retries",
    "Seat",
    "SeatLabel",
    "SeatMap",
    "SeatOrdinal",
    "StreamEvent",
    "UnreachableError",
]
