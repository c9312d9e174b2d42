"""A house to look at: two sections, three allocations, a sale, holds, places kept back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reserve import Places, reserve

CUSTOMER = "Mina Private"
REASON = "camera platform"


@dataclass(frozen=True, slots=True)
class Stall:
    """The house by its ids. Stalls: Adult 100 (10 numbered), pool 20. Balcony: Student 50."""

    venue_id: UUID
    event_id: UUID
    performance_id: UUID
    stalls_id: UUID
    balcony_id: UUID
    adult_id: UUID
    pool_id: UUID
    student_id: UUID
    sale_id: UUID
    sale_reference: str
    hold_id: UUID
    house_id: UUID


@pytest.fixture
def make_house(make_stage: Any) -> Any:
    """Return a maker: 5 places sold, 3 held, 4 kept by the house, all of the Adult allocation."""

    def make() -> Stall:
        stage = make_stage(total_capacity=500, types=("Adult", "Student"))
        adult, student = stage.ticket_type_ids
        opened = open_performance(
            performance_id=stage.performance_id,
            plan=HousePlan.from_configuration(_configuration(str(adult), str(student))),
        )
        by_name = {section.name: section for section in opened.sections}
        stalls, balcony = by_name["Stalls"], by_name["Balcony"]
        leaves = {
            (section.name, leaf.ticket_type_id): leaf.allocation_id
            for section in (stalls, balcony)
            for leaf in section.allocations
        }
        performance_id, adult_id = stage.performance_id, leaves["Stalls", adult]
        sale = _held(performance_id, adult_id, 5)
        confirm(performance_id=performance_id, reservation_id=sale.reservation_id)
        hold = _held(performance_id, adult_id, 3)
        kept = house(performance_id=performance_id, quantities={adult_id: 4}, reason=REASON)
        return Stall(
            stage.venue_id,
            stage.event_id,
            performance_id,
            stalls.section_id,
            balcony.section_id,
            adult_id,
            leaves["Stalls", None],
            leaves["Balcony", student],
            sale.reservation_id,
            sale.reference,
            hold.reservation_id,
            kept.reservation_id,
        )

    return make


@pytest.fixture
def stall(db: None, make_house: Any) -> Stall:
    return make_house()


@pytest.fixture
def staff_client(db: None) -> Client:
    """A browser in which a superuser is logged in (without a password: hashing one is slow)."""
    user = User.objects.create(username="admin", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    return client


def _held(performance_id: UUID, allocation_id: UUID, quantity: int) -> Any:
    return reserve(
        performance_id=performance_id,
        requests=[Places(quantity=quantity, allocation_id=allocation_id)],
        customer=CUSTOMER,
        actor="till-7",
    )


def _configuration(adult: str, student: str) -> dict[str, Any]:
    numbers = map(str, range(1, 11))
    seats = [{"row_number": "A", "seat_number": n, "ticket_type_id": adult} for n in numbers]
    return {
        "sections": [
            {
                "name": "Stalls",
                "total_capacity": 120,
                "base_price": "20.00",
                "currency": "USD",
                "ticket_types": [
                    {"ticket_type_id": adult, "allocated_capacity": 100},
                    {"ticket_type_id": None, "allocated_capacity": 20},
                ],
                "seats": seats,
            },
            {
                "name": "Balcony",
                "total_capacity": 50,
                "base_price": "1000.00",
                "currency": "USD",
                "ticket_types": [
                    {"ticket_type_id": student, "allocated_capacity": 50, "price_modifier": "0.5"}
                ],
            },
        ]
    }
