"""The house in which the snippets of the pages run."""

from typing import Any

import pytest

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import Reservation
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reserve import Places, SeatRequest, reserve


@pytest.fixture
def house_for_snippets(db: None, make_stage: Any) -> dict[str, object]:
    """Names that a page may use without making them: a small open performance and a hold."""
    stage = make_stage(total_capacity=2000, types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    seats = [{"row_number": "A", "seat_number": str(number)} for number in range(1, 21)]
    plan = HousePlan.from_configuration(
        {
            "sections": [
                {
                    "name": "Stalls",
                    "total_capacity": 300,
                    "base_price": "100.00",
                    "ticket_types": [
                        {"ticket_type_id": str(adult), "allocated_capacity": 200},
                        {
                            "ticket_type_id": str(student),
                            "allocated_capacity": 80,
                            "price_modifier": "0.5",
                        },
                    ],
                    "seats": seats,
                }
            ]
        }
    )
    opened = open_performance(performance_id=stage.performance_id, plan=plan)
    section = opened.sections[0]
    by_type = {one.ticket_type_id: one.allocation_id for one in section.allocations}
    hold = reserve(
        performance_id=stage.performance_id,
        requests=[Places(allocation_id=by_type[adult], quantity=1)],
    )
    from fullhouse.events.models import Seat

    chairs = list(Seat.objects.filter(section_id=section.section_id).order_by("seat_rank"))
    return {
        "stage": stage,
        "performance_id": stage.performance_id,
        "section_id": section.section_id,
        "allocation_id": by_type[adult],
        "other_allocation_id": by_type[student],
        "pool_allocation_id": by_type[None],
        "ticket_type_id": adult,
        "seat_id": chairs[0].pk,
        "seat_ids": [chair.pk for chair in chairs[1:4]],
        "reservation_id": hold.reservation_id,
        "reservation": Reservation.objects.get(pk=hold.reservation_id),
        "Places": Places,
        "SeatRequest": SeatRequest,
    }
