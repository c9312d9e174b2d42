"""A house whose rules are attacked: one section, a type and its pool, seats, holds and sales."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.services.availability import free_seats
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reserve import SeatRequest, reserve


@dataclass(frozen=True, slots=True)
class House:
    """Venue 100; a section of 60: 40 for a type, 10 of them numbered, and 20 in its pool.

    One seat is sold (`sold_seat_id`), one reserved, the others are free.
    """

    venue_id: UUID
    event_id: UUID
    performance_id: UUID
    ticket_type_id: UUID
    section_id: UUID
    allocation_id: UUID
    pool_id: UUID
    sold_seat_id: UUID
    reserved_seat_id: UUID
    free_seat_id: UUID
    sold_line_id: UUID
    hold_id: UUID


@pytest.fixture
def make_house(make_stage: Any) -> Any:
    """Return a maker of houses; needs `db` or `db_committed` beside it."""

    def make(*, total_capacity: int = 100) -> House:
        stage = make_stage(total_capacity=total_capacity)
        opened = open_performance(
            performance_id=stage.performance_id,
            plan=HousePlan.from_configuration(
                {
                    "sections": [
                        {
                            "name": "Stalls",
                            "total_capacity": 60,
                            "base_price": "20.00",
                            "ticket_types": [
                                {
                                    "ticket_type_id": str(stage.ticket_type_ids[0]),
                                    "allocated_capacity": 40,
                                }
                            ],
                            "seats": [
                                {
                                    "row_number": "A",
                                    "seat_number": str(number),
                                    "ticket_type_id": str(stage.ticket_type_ids[0]),
                                }
                                for number in range(1, 11)
                            ],
                        }
                    ]
                }
            ),
        )
        section = opened.sections[0]
        of_type = {each.ticket_type_id: each.allocation_id for each in section.allocations}
        seats = free_seats(performance_id=stage.performance_id, section_id=section.section_id)
        holds = [
            reserve(
                performance_id=stage.performance_id,
                requests=[SeatRequest(seat.seat_id)],
                ttl_seconds=3600,
            )
            for seat in seats[:2]
        ]
        confirm(performance_id=stage.performance_id, reservation_id=holds[0].reservation_id)
        return House(
            venue_id=stage.venue_id,
            event_id=stage.event_id,
            performance_id=stage.performance_id,
            ticket_type_id=stage.ticket_type_ids[0],
            section_id=section.section_id,
            allocation_id=of_type[stage.ticket_type_ids[0]],
            pool_id=of_type[None],
            sold_seat_id=seats[0].seat_id,
            reserved_seat_id=seats[1].seat_id,
            free_seat_id=seats[2].seat_id,
            sold_line_id=holds[0].lines[0].line_id,
            hold_id=holds[1].reservation_id,
        )

    return make
