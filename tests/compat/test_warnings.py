"""Every old call warns at the caller's line and names a new call that exists."""

import contextlib
import importlib
import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from fullhouse.compat import PerformanceCapacity, capacity_manager, performance, seat
from fullhouse.events.domain.errors import Refusal

from .conftest import Evening

CALLS: dict[str, Callable[[Evening], Any]] = {
    "available_capacity": lambda e: performance(e.performance).available_capacity,
    "is_full": lambda e: performance(e.performance).is_full,
    "is_available": lambda e: performance(e.performance).is_available,
    "ticket_capacities": lambda e: performance(e.performance).ticket_capacities,
    "can_book": lambda e: performance(e.performance).can_book(1),
    "book_capacity": lambda e: performance(e.performance).book_capacity(1),
    "release_capacity": lambda e: performance(e.performance).release_capacity(1),
    "section_name": lambda e: performance(e.performance).section_name("VIP"),
    "section": lambda e: seat(e.seats[0]).section,
    "Seat.is_available": lambda e: seat(e.seats[0]).is_available,
    "status": lambda e: seat(e.seats[0]).status,
    "ticket_type": lambda e: seat(e.seats[0]).ticket_type,
    "create_performance_capacity": lambda e: capacity_manager.create_performance_capacity(
        e.performance, {"sections": [{"name": "Box", "total_capacity": 1, "base_price": 1}]}
    ),
    "reserve_seats": lambda e: capacity_manager.reserve_seats(e.performance, e.vip, "VIP", 1),
    "get_available_seats": lambda e: capacity_manager.get_available_seats(e.performance),
    "get_capacity_summary": lambda e: capacity_manager.get_capacity_summary(e.performance),
    "validate_migration": lambda e: capacity_manager.validate_migration(),
}


def _warned(call: Callable[[Evening], Any], evening: Evening) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.suppress(Refusal):
            call(evening)
    return [each for each in caught if each.category is DeprecationWarning]


@pytest.mark.parametrize("name", CALLS)
def test_each_call_warns_once_at_the_callers_line(name: str, old_evening: Evening) -> None:
    (warning,) = _warned(CALLS[name], old_evening)
    assert warning.filename == __file__
    named = re.search(r"Call (fullhouse(?:\.\w+)+)", str(warning.message))
    assert named is not None
    module, _, function = named[1].rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


def test_other_warnings_point_at_the_caller_too(new_evening: Evening) -> None:
    evening = performance(new_evening.performance)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert not evening.release_capacity(1)
    assert {each.filename for each in caught} == {__file__}


def test_nothing_is_done_where_warnings_are_errors(old_evening: Evening) -> None:
    evening = performance(old_evening.performance)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        with pytest.raises(DeprecationWarning):
            evening.book_capacity(1)
        warnings.simplefilter("ignore", DeprecationWarning)
        assert evening.available_capacity == 100


def test_the_warning_is_in_the_active_language(old_evening: Evening) -> None:
    with translation.override("fa"):
        (warning,) = _warned(CALLS["can_book"], old_evening)
    assert "فرا بخوانید" in str(warning.message)


def test_a_hosts_model_gets_the_calls_by_mixing_them_in(old_evening: Evening) -> None:
    class Evening(PerformanceCapacity):
        pk = old_evening.performance
        is_available = "a column of the model"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        evening = Evening()
        assert evening.book_capacity(40)
        assert (evening.available_capacity, evening.is_available) == (60, "a column of the model")
