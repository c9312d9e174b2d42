"""`clean()` says the rule as a form error before the database has to."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fullhouse.events.models import Event, EventPerformance, EventSection, Venue

pytestmark = pytest.mark.django_db


def errors(row: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return dict(caught.value.message_dict)


def test_i1_a_venue_below_its_largest_performance(make_house: Callable[..., Any]) -> None:
    venue = Venue.objects.get(pk=make_house().venue_id)
    venue.total_capacity = 59

    said = errors(venue)

    assert list(said) == ["total_capacity"]
    assert all(word in said["total_capacity"][0] for word in ("I1", "59", "60"))
    venue.total_capacity = 60
    venue.full_clean()


def test_i1_an_event_at_a_venue_too_small(make_house: Callable[..., Any]) -> None:
    event = Event.objects.get(pk=make_house().event_id)
    event.venue = Venue.objects.create(name="Hut", total_capacity=59)

    said = errors(event)

    assert list(said) == ["venue"]
    assert all(word in said["venue"][0] for word in ("I1", "59", "60"))


def test_i1_a_performance_moved_to_an_event_at_a_venue_too_small(
    make_house: Callable[..., Any],
) -> None:
    performance = EventPerformance.objects.get(pk=make_house().performance_id)
    hut = Venue.objects.create(name="Hut", total_capacity=59)
    performance.event = Event.objects.create(venue=hut, title="Small", slug="small")

    said = errors(performance)

    assert list(said) == ["event"]
    assert all(word in said["event"][0] for word in ("I1", "59", "60"))


def test_a_section_name_that_is_there_in_another_spelling(
    make_house: Callable[..., Any],
) -> None:
    house = make_house()
    twin = EventSection(performance_id=house.performance_id, name="S T A L L S", base_price=1)

    assert "Stalls" in errors(twin)["name"][0]


def test_a_row_without_its_parents_is_a_form_error_not_a_crash() -> None:
    assert {"name", "total_capacity"} <= set(errors(Venue()))
    assert {"venue", "title"} <= set(errors(Event()))
    assert {"event", "date"} <= set(errors(EventPerformance()))
    assert {"performance", "name"} <= set(errors(EventSection()))
    assert EventPerformance(date=datetime.date(2027, 1, 1)).max_capacity == 0
