"""The states of a reservation and of its lines, and the only ways between them.

    reserved --confirm--> sold --refund--> refunded
    reserved --release, give_back, hand_over, withdraw_waiting--> released
    reserved --expire---> expired --retake--> reserved

`reserved` and `sold` are live: they occupy places. The others are ends, but for a hold that is
confirmed late: what it held is taken again, if all of it can be had, and sold in the same step.
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
    "retake": ("expired", "reserved"),
    "give_back": ("reserved", "released"),
    "hand_over": ("reserved", "released"),
    "withdraw_waiting": ("reserved", "released"),
    "release_channel": ("reserved", "released"),
    "refund": ("sold", "refunded"),
}
