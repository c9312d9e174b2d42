"""What one process does while a house is repaired: sells, and keeps what it was told."""

from collections import Counter
from multiprocessing.connection import Connection
from uuid import UUID

from .clients import confirm, connect, hold


def sell(
    pipe: Connection, conninfo: str, performance: UUID, allocation: UUID, seats: list[UUID]
) -> None:
    """Sell a place and a seat in turn; send how often each outcome came, and which sales."""
    seen: Counter[str] = Counter()
    sold: list[str] = []
    with connect(conninfo) as connection:
        pipe.send("ready")
        pipe.recv()
        for seat in seats:
            for asked in (
                {"allocation_id": str(allocation), "quantity": 1},
                {"seat_id": str(seat)},
            ):
                outcome = hold(connection, performance, [asked])
                seen[outcome["outcome"]] += 1
                if outcome["outcome"] == "granted":
                    assert confirm(connection, performance, outcome["reservation_id"]) == (
                        "confirmed"
                    )
                    sold.append(outcome["reservation_id"])
    pipe.send((dict(seen), sold))
