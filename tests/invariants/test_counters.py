"""Counters of sections and performances: read, filtered and ordered by, in one query."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import EventPerformance, EventSection
from fullhouse.events.services.open_performance import open_performance

pytestmark = pytest.mark.django_db


def test_values_are_the_sums_of_the_allocations(
    make_house: Callable[..., Any], django_assert_num_queries: Callable[[int], Any]
) -> None:
    house = make_house()

    with django_assert_num_queries(1):
        section = EventSection.objects.get(pk=house.section_id)
        counters = (
            section.available_capacity,
            section.reserved_capacity,
            section.sold_capacity,
        )
    assert counters == (58, 1, 1)

    with django_assert_num_queries(1):
        evening = EventPerformance.objects.get(pk=house.performance_id)
        counters = (
            evening.available_capacity,
            evening.reserved_capacity,
            evening.sold_capacity,
            evening.current_capacity,
        )
    assert counters == (58, 1, 1, 2)


def test_many_rows_take_one_query_too(
    make_house: Callable[..., Any], django_assert_num_queries: Callable[[int], Any]
) -> None:
    houses = [make_house() for _ in range(3)]
    ids = [house.performance_id for house in houses]

    with django_assert_num_queries(1):
        found = EventPerformance.objects.filter(pk__in=ids)
        assert [evening.current_capacity for evening in found] == [2, 2, 2]
    with django_assert_num_queries(1):
        sections = EventSection.objects.filter(performance__in=ids)
        assert [section.sold_capacity for section in sections] == [1, 1, 1]


def test_rows_are_filtered_and_ordered_by_counters(
    make_house: Callable[..., Any], django_assert_num_queries: Callable[[int], Any]
) -> None:
    house = make_house()
    open_performance(
        performance_id=house.performance_id,
        plan=HousePlan.from_configuration(
            {"sections": [{"name": "Box", "total_capacity": 4, "base_price": 1}]}
        ),
    )
    mine = EventSection.objects.filter(performance=house.performance_id)

    with django_assert_num_queries(2):
        assert [s.name for s in mine.order_by("available_capacity")] == ["Box", "Stalls"]
        assert [s.name for s in mine.order_by("-sold_capacity", "name")] == ["Stalls", "Box"]
    with django_assert_num_queries(2):
        assert [s.name for s in mine.filter(sold_capacity__gt=0)] == ["Stalls"]
        assert [s.name for s in mine.filter(available_capacity=F("total_capacity"))] == ["Box"]
    evenings = EventPerformance.objects.filter(pk=house.performance_id)
    with django_assert_num_queries(2):
        assert evenings.filter(available_capacity=62, current_capacity__lt=3).exists()
        assert not evenings.filter(available_capacity=0).exists()


def test_rows_without_places_count_zero(make_stage: Callable[..., Any]) -> None:
    evening = EventPerformance.objects.get(pk=make_stage().performance_id)
    assert (evening.available_capacity, evening.current_capacity) == (0, 0)


def test_a_row_that_was_just_made_reads_its_counters(make_stage: Callable[..., Any]) -> None:
    section = EventSection.objects.create(
        performance_id=make_stage().performance_id, name="Empty", base_price=1
    )
    assert section.available_capacity == 0
