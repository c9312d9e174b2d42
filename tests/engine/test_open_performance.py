"""open_performance: a whole house from one configuration, or nothing of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.engine.calls import as_json, call
from fullhouse.events.models import EventPerformance, EventSection, Movement, Seat
from fullhouse.events.services.audit import audit
from fullhouse.events.services.open_performance import OpenedPerformance, open_performance

from .houses import snapshot

pytestmark = pytest.mark.usefixtures("db_committed")


def seed(types: tuple[Any, ...]) -> dict[str, Any]:
    """VIP 300, Normal 800, Economy 400 with 150 numbered seats."""
    rows = [(row, seat) for row in "ABCDEFGHIJ" for seat in range(1, 16)]
    return {
        "sections": [
            section("VIP", 300, types[0]),
            section("Normal", 800, types[1]),
            section("Economy", 400, types[2])
            | {"seats": [{"row_number": r, "seat_number": str(s)} for r, s in rows]},
        ]
    }


def section(name: str, places: int, ticket_type: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "total_capacity": places,
        "base_price": "100.00",
        "ticket_types": [
            {"ticket_type_id": ticket_type and str(ticket_type), "allocated_capacity": places}
        ],
        **more,
    }


def build(stage: Any, configuration: dict[str, Any], **more: Any) -> OpenedPerformance:
    return open_performance(
        performance_id=stage.performance_id,
        plan=HousePlan.from_configuration(configuration),
        **more,
    )


def refusal(stage: Any, configuration: dict[str, Any]) -> Refusal:
    before = snapshot(stage.performance_id)
    with pytest.raises(Refusal) as caught:
        build(stage, configuration)
    assert snapshot(stage.performance_id) == before
    return caught.value


def test_the_house_of_the_seed(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(total_capacity=2000, types=("VIP", "Normal", "Economy"))

    opened = build(stage, seed(stage.ticket_type_ids))

    assert opened.max_capacity == 1500
    shape = [
        (
            s.name,
            s.total_capacity,
            [(a.allocated_capacity, a.unseated_available) for a in s.allocations],
        )
        for s in opened.sections
    ]
    assert shape == [
        ("VIP", 300, [(300, 300)]),
        ("Normal", 800, [(800, 800)]),
        ("Economy", 400, [(400, 250)]),
    ]
    performance = EventPerformance.objects.get(pk=stage.performance_id)
    assert (performance.max_capacity, performance.available_capacity) == (1500, 1500)
    assert Seat.objects.filter(performance=stage.performance_id).count() == 150
    made = Movement.objects.filter(performance=stage.performance_id)
    assert sorted(made.values_list("from_state", "to_state", "seat_id", "quantity")) == [
        (None, "available", None, 300),
        (None, "available", None, 400),
        (None, "available", None, 800),
    ]
    assert audit(performance_id=stage.performance_id) == ()


def test_what_is_left_over_goes_to_the_pool(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    adult = section("Stalls", 30, stage.ticket_type_ids[0])

    opened = build(stage, {"sections": [adult | {"total_capacity": 50}]})

    found = {a.ticket_type_id: a.allocated_capacity for a in opened.sections[0].allocations}
    assert found == {stage.ticket_type_ids[0]: 30, None: 20}


def test_without_a_total_a_section_is_its_types(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    plain = section("Stalls", 30, stage.ticket_type_ids[0])
    del plain["total_capacity"]

    assert build(stage, {"sections": [plain]}).max_capacity == 30


def test_sections_are_added_beside_those_that_are_there(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    build(stage, {"sections": [section("Stalls", 30), section("Circle", 20)]})

    opened = build(stage, {"sections": [section("Balcony", 10)]})

    assert opened.max_capacity == 60
    assert [s.name for s in opened.sections] == ["Balcony"]
    in_order = EventSection.objects.filter(performance=stage.performance_id)
    assert [s.name for s in in_order] == ["Stalls", "Circle", "Balcony"]
    assert audit(performance_id=stage.performance_id) == ()


def test_rows_and_seats_rank_in_the_order_given(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    seats = [("B", "10"), ("B", "2"), ("A", "1"), ("B", "1")]

    build(
        stage,
        {
            "sections": [
                section("Stalls", 4)
                | {
                    "seats": [
                        {"row_number": row, "seat_number": seat, "price": "7.50"}
                        for row, seat in seats
                    ]
                }
            ]
        },
    )

    found = Seat.objects.filter(performance=stage.performance_id).order_by("row_rank", "seat_rank")
    ranked = [(s.row_number, s.seat_number, s.row_rank, s.seat_rank) for s in found]
    assert ranked == [("B", "10", 1, 1), ("B", "2", 1, 2), ("B", "1", 1, 3), ("A", "1", 2, 1)]
    assert {s.price for s in found} == {Decimal("7.50")}


def test_a_modifier_that_is_not_given_is_the_ticket_types_own(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_tickettype SET price_modifier = 0.5 WHERE id = %s",
            [stage.ticket_type_ids[0]],
        )

    build(stage, {"sections": [section("Stalls", 5, stage.ticket_type_ids[0])]})

    found = EventSection.objects.get(performance=stage.performance_id)
    assert found.allocations.get().final_price == Decimal("50.00")


def test_one_name_is_one_section_in_any_spelling(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    build(stage, {"sections": [section("بالکن ۱", 5)]})

    said = refusal(stage, {"sections": [section("بالكن 1", 5), section("X", 1), section(" x", 1)]})

    assert (said.code, said.facts) == ("duplicate_section", {"names": ["بالكن 1", "x"]})


def test_types_beyond_the_section_are_refused_with_numbers(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage()

    said = refusal(stage, {"sections": [section("Stalls", 30) | {"total_capacity": 29}]})

    assert said.code == "over_section"
    assert said.facts == {"section": "Stalls", "total_capacity": 29, "allocated_capacity": 30}


def test_a_house_beyond_its_venue_is_refused_with_numbers(
    make_stage: Callable[..., Any],
) -> None:
    stage = make_stage(total_capacity=100)
    build(stage, {"sections": [section("Stalls", 60)]})

    said = refusal(stage, {"sections": [section("Circle", 41)]})

    assert said.code == "over_venue"
    assert said.facts == {"venue_capacity": 100, "max_capacity": 60, "added": 41, "needed": 101}


def test_a_ticket_type_of_another_event_is_unknown(make_stage: Callable[..., Any]) -> None:
    stage, other = make_stage(), make_stage()

    said = refusal(stage, {"sections": [section("Stalls", 5, other.ticket_type_ids[0])]})

    assert (said.code, said.facts["what"]) == ("unknown", "ticket type")
    assert said.facts["id"] == [str(other.ticket_type_ids[0])]


def test_one_seat_in_two_spellings_is_refused(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    seats = [{"row_number": "A", "seat_number": "۰۷"}, {"row_number": "a", "seat_number": "7"}]

    said = refusal(stage, {"sections": [section("Stalls", 5, seats=seats)]})

    assert said.code == "duplicate_seat"
    assert said.facts["section"] == "Stalls"


def test_more_seats_than_places_are_refused(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    seats = [{"seat_number": str(number)} for number in range(3)]

    said = refusal(stage, {"sections": [section("Stalls", 2, seats=seats)]})

    assert said.code == "seats_over_allocation"
    assert (said.facts["seats"], said.facts["allocated_capacity"]) == (3, 2)


def test_the_same_key_builds_once(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()
    plan = {"sections": [section("Stalls", 30)]}

    first = build(stage, plan, idempotency_key="open")
    second = build(stage, plan, idempotency_key="open")

    assert (first.replayed, second.replayed) == (False, True)
    assert first.sections == second.sections
    with pytest.raises(Refusal, match="key_reused"):
        build(stage, {"sections": [section("Circle", 30)]}, idempotency_key="open")


def test_an_unknown_performance_is_refused(make_stage: Callable[..., Any]) -> None:
    stage = make_stage()

    with pytest.raises(Refusal, match="unknown"):
        open_performance(
            performance_id=stage.event_id,
            plan=HousePlan.from_configuration({"sections": [section("Stalls", 1)]}),
        )


MISTAKES = [
    ({}, "sections"),
    ({"sections": [{}]}, "sections[0].name"),
    ({"sections": [section("A", 5), section("B", -1)]}, "sections[1].total_capacity"),
    ({"sections": [section("A", 5) | {"base_price": "1.234"}]}, "sections[0].base_price"),
    ({"sections": [section("A", 5) | {"currency": "usd"}]}, "sections[0].currency"),
    ({"sections": [section("A", 5) | {"color": "red"}]}, "sections[0].color"),
    (
        {"sections": [section("A", 5) | {"ticket_types": [{"allocated_capacity": True}]}]},
        "sections[0].ticket_types[0].allocated_capacity",
    ),
    (
        {
            "sections": [
                section("A", 5)
                | {"ticket_types": [{"ticket_type_id": None, "allocated_capacity": 1}] * 2}
            ]
        },
        "sections[0].ticket_types[1].ticket_type_id",
    ),
    (
        {"sections": [section("A", 5, seats=[{"seat_number": ""}])]},
        "sections[0].seats[0].seat_number",
    ),
    (
        {"sections": [section("A", 5, seats=[{"seat_number": "1", "price": -1}])]},
        "sections[0].seats[0].price",
    ),
]


@pytest.mark.parametrize(("configuration", "path"), MISTAKES, ids=[path for _, path in MISTAKES])
def test_a_mistake_is_named_by_its_path(configuration: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        HousePlan.from_configuration(configuration)
    assert caught.value.argument == path


@pytest.mark.parametrize(
    "configuration",
    [
        {},
        {"sections": []},
        {"sections": [section("", 5)]},
        {"sections": [section("A", 0)]},
        {"sections": [section("A", 5) | {"base_price": "-1"}]},
        {"sections": [section("A", 5) | {"base_price": "much"}]},
        {"sections": [section("A", 5) | {"ticket_types": [{"allocated_capacity": -1}]}]},
        {"sections": [section("A", 5, seats=[{"row_number": "A"}])]},
    ],
    ids=str,
)
def test_the_sql_refuses_what_cannot_be_meant(
    make_stage: Callable[..., Any], configuration: dict[str, Any]
) -> None:
    stage = make_stage()
    before = snapshot(stage.performance_id)

    with pytest.raises(InvalidRequest):
        call(
            "open_performance_v1",
            stage.performance_id,
            configuration=as_json(configuration),
            actor="",
            reason="",
        )
    assert snapshot(stage.performance_id) == before
