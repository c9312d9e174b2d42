"""Which contradictions a sample holds and how often, dealt evenly instead of by luck.

Each kind has a rate per opportunity at `dirty` 1; the numbers are the kinds of the legacy layout.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Final

#: kind: rate per event, performance, section, seat or booking (see the groups) at `dirty` 1.
RATES: Final[dict[str, float]] = {
    # 1. section names, per section
    "section_spelling": 0.25,
    "section_blank": 0.05,
    # 2. the same physical seat twice, per seat
    "twin_exact": 0.003,
    "twin_spelling": 0.004,
    "twin_contradicting": 0.004,
    "twin_both_sold": 0.003,
    # 3. status outside the list, per seat
    "status_unknown": 0.006,
    # 4. ticket types, per seat and per event
    "seat_type_null": 0.05,
    "seat_type_foreign": 0.01,
    "type_inactive": 0.10,
    "event_without_types": 0.08,
    # 5. ticket_capacities, per performance with seats
    "capacities_by_id": 0.04,
    "capacities_by_code": 0.04,
    "capacities_full_house_each": 0.04,
    "capacities_unknown_keys": 0.04,
    "capacities_texts": 0.04,
    "capacities_persian_digits": 0.04,
    "capacities_negative": 0.04,
    "capacities_null_value": 0.04,
    "capacities_float": 0.04,
    "capacities_nested": 0.04,
    "capacities_list": 0.04,
    "capacities_json_null": 0.04,
    "capacities_double_encoded": 0.04,
    "capacities_empty": 0.04,
    "capacities_name_variant": 0.04,
    # 6. performances without seats, one more per performance with seats
    "general_admission": 0.06,
    "general_admission_max_only": 0.04,
    "general_admission_below_max": 0.04,
    "general_admission_above_max": 0.04,
    "performance_empty": 0.04,
    # 7. numbers of a performance; the venue's per event
    "max_capacity_wrong": 0.15,
    "current_capacity_wrong": 0.15,
    "current_capacity_remaining": 0.15,
    "over_venue": 0.10,
    # 8. prices, per section, seat and event
    "section_currencies": 0.08,
    "section_prices": 0.10,
    "price_zero": 0.005,
    "price_negative": 0.003,
    "modifier_zero": 0.10,
    # 9. soft deletion, per seat, performance, event and booking
    "seat_inactive": 0.02,
    "performance_inactive": 0.05,
    "event_inactive": 0.08,
    "venue_inactive": 0.08,
    "booking_inactive": 0.02,
    # 10. and 11. bookings, per booking of a performance with seats
    "sold_without_booking": 0.30,
    "booked_available": 0.03,
    "seat_dangling": 0.03,
    "seat_of_other_performance": 0.03,
    "count_mismatch": 0.05,
    "double_booked": 0.03,
    "booking_without_seats": 0.04,
    "booking_cancelled": 0.04,
    "booking_pending_available": 0.02,
    # 10. and 12. shapes of selected_seats, per booking
    "seats_as_ids": 0.10,
    "seats_as_labels": 0.05,
    "seats_json_null": 0.02,
    "seats_null_inside": 0.02,
    "seats_double_encoded": 0.02,
    "seats_garbage": 0.02,
    # 10. and 12. shapes of ticket_breakdown, per booking
    "breakdown_by_name": 0.04,
    "breakdown_by_id": 0.04,
    "breakdown_persian_digits": 0.03,
    "breakdown_empty": 0.05,
    "breakdown_json_null": 0.02,
    "breakdown_double_encoded": 0.02,
    "breakdown_garbage": 0.02,
}

CAPACITIES: Final = tuple(kind for kind in RATES if kind.startswith("capacities_"))
WITHOUT_SEATS: Final = (
    "general_admission",
    "general_admission_max_only",
    "general_admission_below_max",
    "general_admission_above_max",
    "performance_empty",
)
CURRENT: Final = ("current_capacity_wrong", "current_capacity_remaining")
SEATS_SHAPES: Final = (
    "seats_as_ids",
    "seats_as_labels",
    "seats_json_null",
    "seats_null_inside",
    "seats_double_encoded",
    "seats_garbage",
)
BREAKDOWN_SHAPES: Final = tuple(kind for kind in RATES if kind.startswith("breakdown_"))


class Dealer:
    """Deals each kind at its rate times `dirty` (0 to 1), spread evenly over the opportunities.

    With n opportunities a kind comes up rate x dirty x n times, give or take one. What could not
    be put in is given back, so that `counts` says what is really there.
    """

    def __init__(self, rng: random.Random, dirty: float) -> None:
        self._rates = {kind: rate * dirty for kind, rate in RATES.items()}
        self._due = {kind: rng.random() for kind in RATES}
        self.counts: Counter[str] = Counter(dict.fromkeys(RATES, 0))

    def share(self, kind: str, opportunities: int = 1) -> int:
        """How many of these opportunities are dirty in this way."""
        self._due[kind] += self._rates[kind] * opportunities
        taken = int(self._due[kind])
        self._due[kind] -= taken
        self.counts[kind] += taken
        return taken

    def hit(self, kind: str) -> bool:
        """Whether this one opportunity is dirty; a surplus waits for the next one."""
        self._due[kind] += self._rates[kind]
        if not self._rates[kind] or self._due[kind] < 1:
            return False
        self._due[kind] -= 1
        self.counts[kind] += 1
        return True

    def pick(self, kinds: tuple[str, ...]) -> str | None:
        """At most one of kinds that exclude each other; the others wait for their turn."""
        for kind in kinds:
            self._due[kind] += self._rates[kind]
        kind = max(kinds, key=lambda each: self._due[each])
        if not self._rates[kind] or self._due[kind] < 1:
            return None
        self._due[kind] -= 1
        self.counts[kind] += 1
        return kind

    def give_back(self, kind: str, times: int = 1) -> None:
        """Undo a deal that could not be put in; it is due again."""
        self._due[kind] += times
        self.counts[kind] -= times
