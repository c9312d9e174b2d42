"""Random legacy houses in which every rule of reading meets every other, from a seed."""

import json
import random
from typing import Any
from uuid import UUID, uuid4

from .builders import EARLY, LATE, House

SECTIONS = ["بالکن", "بالكن", " بالکن", "همکف ۱", "همكف 1", "VIP", "vip ", "V.I.P", "", " ", "A-B"]
NUMBERS = ["1", "01", "۱", "2", "02", "٢", "3", "4", "05", "10"]
STATUSES = ["available"] * 8 + ["sold"] * 5 + ["reserved", "blocked"] * 2 + ["SOLD", "hold", ""]
PRICES = ["50.00"] * 8 + ["60.00"] * 3 + ["75.25", "0.00", "-5.00", "112.50"]
BOOKED = ["confirmed"] * 5 + ["completed", "pending", "pending", "cancelled", "Confirmed"]
COUNTS: list[Any] = [1, 2, 3, "2", "۳", 2.0, 0, -1, None, 1.5, "x", {"n": 1}, [2], True]


def scrambled(seed: int, performances: int = 12, most_seats: int = 40) -> House:
    """Return a house whose performances contradict themselves in every known way."""
    return _Scrambler(seed).house(performances, most_seats)


class _Scrambler:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seats: list[tuple[UUID, str, UUID]] = []

    def house(self, performances: int, most_seats: int) -> House:
        """Fill a house: performances first, then bookings across all of them."""
        chance = self.random
        types = ["VIP", "Normal", "کودک"][: chance.randint(0, 3)]
        house = House(total_capacity=chance.choice([10, 60, 2000]), types=types)
        codes = chance.sample(["child", "eco"], 2)
        house.type_ids["Coded"] = house.ticket_type("Coded", ticket_type=codes[0])
        house.type_ids["Old"] = house.ticket_type("Old", is_active=False)
        other = house.ticket_type("Elsewhere", event=house.other_event())
        evenings = [self._performance(house, codes) for _ in range(performances)]
        for evening in evenings:
            if chance.random() < 0.7:
                self._seats(house, evening, chance.randint(1, most_seats), other)
        for evening in evenings:
            for _ in range(chance.randint(0, 8)):
                self._booking(house, evening)
        return house

    def _performance(self, house: House, codes: list[str]) -> UUID:
        chance = self.random
        evening = house.performance(
            chance.choice([0, 5, 20, 40, 100]),
            is_active=chance.random() < 0.9,
            current_capacity=chance.choice([0, 7]),
        )
        house.rows[-1]["fields"]["ticket_capacities"] = self._parts(house, codes)
        return evening

    def _parts(self, house: House, codes: list[str]) -> Any:
        chance = self.random
        names = [*house.type_ids, *map(str, house.type_ids.values()), *codes, " vip", "Ghost", ""]
        chosen = chance.sample(names, chance.randint(0, min(4, len(names))))
        parts = {name: chance.choice([5, 10, 20, 40, *COUNTS]) for name in chosen}
        odd: list[Any] = [None, [], {}, [parts], json.dumps(parts), 7, "VIP", True]
        return chance.choice(odd) if chance.random() < 0.3 else parts

    def _seats(self, house: House, evening: UUID, count: int, foreign: UUID) -> None:
        chance = self.random
        kinds: list[Any] = [None, None, foreign, *house.type_ids]
        sections = chance.sample(SECTIONS, chance.randint(1, 5))
        labels = {
            (chance.choice(sections), chance.choice(["1", "۱", "B"]), chance.choice(NUMBERS))
            for _ in range(count)
        }
        for section, row, number in sorted(labels):
            label = f"{section}-{row}-{number}"
            seat = house.seat(
                evening,
                label,
                chance.choice(STATUSES),
                kind=chance.choice(kinds),
                price=chance.choice(PRICES),
                currency=chance.choice(["USD"] * 6 + ["EUR"]),
                created_at=chance.choice([EARLY, EARLY, LATE]),
                is_active=chance.random() < 0.9,
            )
            self.seats.append((seat, label, evening))

    def _booking(self, house: House, evening: UUID) -> None:
        chance = self.random
        own = [seat for seat in self.seats if seat[2] == evening]
        named = [self._named(own) for _ in range(chance.choice([0, 1, 1, 2, 3]))]
        shapes: list[Any] = [None, 5, json.dumps(named), {}, "nothing"]
        cents = chance.choice([0, 5000, 10000, 10001, 15050, 20000, 7])
        house.booking(
            evening,
            chance.choice(shapes) if chance.random() < 0.15 else named,
            self._breakdown(house),
            status=chance.choice(BOOKED),
            people=chance.choice([0, 1, 1, 2, 2, 3, 5]),
            unit_price=chance.choice(["50.00", "60.00", "33.33"]),
            total_price=f"{cents / 100:.2f}",
            created_at=chance.choice([EARLY, EARLY, LATE]),
            is_active=chance.random() < 0.9,
        )

    def _named(self, own: list[tuple[UUID, str, UUID]]) -> Any:
        chance = self.random
        if not own or chance.random() < 0.15:
            foreign = [str(chance.choice(self.seats)[0])] if self.seats else []
            return chance.choice([str(uuid4()), "Z-9-99", None, 7, {"seat_id": None}, *foreign])
        seat, label, _ = chance.choice(own)
        shown = {"seat_id": str(seat), "price": chance.choice([50.0, "60.00", None, -1])}
        return chance.choice([shown, shown, str(seat), label])

    def _breakdown(self, house: House) -> Any:
        chance = self.random
        kinds = [None, *house.type_ids]
        entries: Any = [
            house.places(chance.choice(kinds), chance.choice([1, 1, 2, *COUNTS]))
            for _ in range(chance.choice([0, 0, 1, 1, 2]))
        ]
        if chance.random() < 0.1:
            entries = chance.choice([None, [None], 3, {"quantity": 2}, json.dumps(entries)])
        return entries
