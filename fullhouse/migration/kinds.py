"""Every kind of contradiction that a plan can find: what is proposed, and whether it is asked.

`apply` needs no answer: the proposal follows from the reading rules and loses nothing. `ask` waits
for one. No kind blocks: with every proposal accepted, every data set of the layout migrates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fullhouse.migration.models import Anomaly


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contradiction. `proposal` is the decision that is taken when it is accepted."""

    name: str
    proposal: str
    policy: str


def _ask(name: str, proposal: str) -> Kind:
    return Kind(name, proposal, Anomaly.Policy.ASK.value)


def _apply(name: str, proposal: str) -> Kind:
    return Kind(name, proposal, Anomaly.Policy.APPLY.value)


_KINDS: Final = (
    # Sections and labels
    _ask("section_spellings_merged", "merge_and_keep_spellings"),
    _ask("section_name_blank", "one_named_section"),
    _ask("section_not_given", "keep_own_section"),
    _ask("label_too_long", "shorten"),
    # Seats
    _ask("seat_twins", "keep_one_seat_by_rank"),
    _ask("double_sale", "first_keeps_seat_second_overbooked"),
    _ask("double_hold", "first_keeps_seat_second_overbooked"),
    _ask("status_unknown", "keep_for_house"),
    _apply("seat_blocked", "keep_for_house"),
    _ask("seat_soft_deleted", "keep_sold_else_for_house"),
    _ask("seat_without_performance", "leave_out"),
    # Ticket types
    _apply("seat_without_ticket_type", "use_pool"),
    _ask("ticket_type_missing", "use_pool"),
    _ask("ticket_type_foreign", "use_pool"),
    _ask("ticket_type_inactive", "use_pool"),
    _ask("ticket_type_without_event", "leave_out"),
    _ask("event_without_ticket_types", "make_default_type"),
    _apply("price_modifier_odd", "use_seat_prices"),
    # Capacity
    _ask("ticket_capacities_unreadable", "leave_out"),
    _apply("ticket_capacities_encoded_twice", "decode"),
    _ask("ticket_capacities_unknown_key", "section_of_pool"),
    _ask("ticket_capacities_over_house", "one_section_of_pool"),
    _apply("ticket_capacities_differ", "trust_seats"),
    _ask("capacity_mismatch", "trust_places"),
    _apply("current_capacity_wrong", "recount"),
    _ask("performance_empty", "keep_empty"),
    _apply("performance_without_seats", "sections_without_seats"),
    _ask("venue_too_small", "raise_venue"),
    _ask("places_overbooked", "keep_and_grow"),
    # Money
    _ask("currency_mixed", "keep_prices_commonest_currency"),
    _ask("price_zero", "keep_zero"),
    _ask("price_negative", "use_base_price"),
    _ask("price_missing", "use_base_price"),
    _ask("price_not_exact", "round_or_use_base_price"),
    _apply("base_price_default", "use_100"),
    # Soft-deleted, missing, unreadable
    _ask("performance_unreadable", "leave_out"),
    _ask("performance_soft_deleted", "close"),
    _ask("event_soft_deleted", "close"),
    _apply("performance_not_available", "close"),
    _ask("venue_soft_deleted", "keep"),
    _ask("event_missing", "make_placeholder"),
    _ask("venue_missing", "make_placeholder"),
    _ask("date_missing", "use_created_date"),
    _ask("performances_at_once", "tell_apart_by_seconds"),
    # Bookings
    _apply("booking_cancelled", "leave_out"),
    _ask("booking_status_unknown", "leave_out"),
    _ask("booking_soft_deleted", "leave_out"),
    _ask("booking_without_performance", "leave_out"),
    _ask("booking_empty", "leave_out"),
    _ask("booking_seat_missing", "sell_without_seat"),
    _ask("booking_seat_foreign", "sell_without_seat"),
    _apply("booking_without_seats", "sell_without_seat"),
    _ask("booking_count_mismatch", "trust_breakdown_then_participants"),
    _ask("booking_breakdown_unreadable", "trust_participants"),
    _ask("booking_seats_unreadable", "sell_without_seat"),
    _ask("booking_label_unresolved", "sell_without_seat"),
    _ask("booked_but_not_sold", "sell"),
    _apply("sold_without_booking", "unattributed_sale"),
    _apply("hold_without_booking", "hold_without_expiry"),
    _ask("booking_amount_differs", "keep_prices"),
    _ask("booking_reference_repeated", "add_id_to_reference"),
)

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _KINDS}
