"""Buy two places, then give them back: python examples/client_buy.py http://localhost:8000

With a key of the scope `sell` as the second argument it may also do what buyers may not.
"""

import sys

from fullhouse.client import BestAvailable, Client, Places, RefusedError
from fullhouse.client.structs import Availability


def places_of(house: Availability) -> Places | None:
    """Return two unnumbered places of a ticket type, if there are any."""
    for section in house.sections:
        for kind in section.ticket_types:
            if kind.ticket_type and kind.unseated >= 2:
                return Places(2, section=section.id, ticket_type=kind.ticket_type)
    return None


def main(url: str, key: str | None = None) -> int:
    with Client(url, key) as house:
        evening = next(house.performances(available=True), None)
        if evening is None:
            print("Nothing is on sale.")
            return 1
        print(f"{evening.event.title}, {evening.starts_at:%Y-%m-%d}: {evening.available} left")
        wanted = places_of(house.availability(evening.id)) or BestAvailable(2)
        try:
            hold = house.reserve(evening.id, [wanted], channel="example")
        except RefusedError as refusal:
            print(f"Refused: {refusal}")
            return 1
        print(f"Held {hold.reference} for {hold.total} {hold.currency} until {hold.expires_at}")
        sale = house.confirm(hold)
        print(f"Sold: {sale.status}")
        back = house.refund(sale, reason="example")
        print(f"Given back: {back.status}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
