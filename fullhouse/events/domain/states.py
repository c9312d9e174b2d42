"""The states of a reservation and of its lines, and the only ways between them.

    reserved --confirm--> sold --refund--> refunded
    reserved --release, give_back--> released
    reserved --expire---> expired

`reserved` and `sold` are live: they occupy places. The others are ends.
"""

from typing import Final, Literal

Status = Literal["reserved", "sold", "released", "expired", "refunded"]
Place = Literal["available", "reserved", "sold"]

LIVE: Final[frozenset[Status]] = frozenset({"reserved", "sold"})

TRANSITIONS: Final[dict[str, tuple[Status, Status]]] = {
    # operation: (from, to)
    "confirm": ("reserved", "sold"),
    "release": ("reserved", "released"),
    "expire": ("reserved", "expired"),
    "give_back": ("reserved", "released"),
    "refund": ("sold", "refunded"),
}
