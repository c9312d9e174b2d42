"""Which anomalies the product must have on record, from what the oracle can prove."""

from uuid import UUID

from fullhouse.migration.models import Anomaly, MigrationRun

from .oracle.state import Expected

#: The oracle's word for a kind of dirt, and the product's kind for it.
KINDS = {
    "blank_section": "section_name_blank",
    "blocked": "seat_blocked",
    "booked_not_sold": "booked_but_not_sold",
    "capacities_encoded": "ticket_capacities_encoded_twice",
    "capacities_strange": "ticket_capacities_unknown_key",
    "capacities_unreadable": "ticket_capacities_unreadable",
    "currencies": "currency_mixed",
    "dangling": "booking_seat_missing",
    "double_sale": "double_sale",
    "empty": "performance_empty",
    "foreign_seat": "booking_seat_foreign",
    "foreign_type": "ticket_type_foreign",
    "general": "performance_without_seats",
    "inactive_type": "ticket_type_inactive",
    "negative_price": "price_negative",
    "soft_deleted_seat": "seat_soft_deleted",
    "sold_not_booked": "sold_without_booking",
    "twins": "seat_twins",
    "typeless_seat": "seat_without_ticket_type",
    "unknown_status": "status_unknown",
    "zero_price": "price_zero",
}


def unreported(run: MigrationRun, wanted: Expected) -> list[str]:
    """Return dirt that no anomaly of its performance speaks of."""
    reported: dict[str, set[UUID | None]] = {}
    for kind, performance in Anomaly.objects.filter(run=run).values_list("kind", "performance_id"):
        reported.setdefault(kind, set()).add(performance)
    return [
        f"{key}: {KINDS[dirt]} is not reported"
        for key, state in wanted.performances.items()
        for dirt in sorted(state.dirt & set(KINDS))
        if key not in reported.get(KINDS[dirt], set())
    ]
