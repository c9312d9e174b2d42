"""Counters of sections and performances: sums over allocations, never stored.

The default managers add them to every query, so that they can be filtered and ordered by and
cannot drift. One scalar subquery each: no join, so no row is counted twice, and no N+1.
"""

from typing import Any, TypeVar, cast

from django.db import models
from django.db.models.functions import Coalesce

_Row = TypeVar("_Row", bound=models.Model)

LEAF_COUNTERS = ("available_capacity", "reserved_capacity", "sold_capacity")


def _sum_over_allocations(expression: Any, **link: Any) -> Coalesce:
    from fullhouse.events.models.capacity import SectionTicketType

    leaves = SectionTicketType.objects.filter(**link).order_by().values(*link)
    total = leaves.annotate(total=models.Sum(expression)).values("total")
    return Coalesce(models.Subquery(total), 0, output_field=models.IntegerField())


def section_counters() -> dict[str, Coalesce]:
    """Return the annotations of one section, by name."""
    section = models.OuterRef("pk")
    return {name: _sum_over_allocations(name, section=section) for name in LEAF_COUNTERS}


def performance_counters() -> dict[str, Coalesce]:
    """Return the annotations of one performance; `current_capacity` is reserved + sold."""
    outer = models.OuterRef("pk")
    sums = {name: _sum_over_allocations(name, performance=outer) for name in LEAF_COUNTERS}
    used = models.F("reserved_capacity") + models.F("sold_capacity")
    sums["current_capacity"] = _sum_over_allocations(used, performance=outer)
    return sums


class SectionManager(models.Manager[_Row]):
    """Sections with their counters."""

    def get_queryset(self) -> models.QuerySet[_Row]:
        """Return every section, annotated."""
        rows = super().get_queryset().annotate(**section_counters())
        return cast("models.QuerySet[_Row]", rows)


class PerformanceManager(models.Manager[_Row]):
    """Performances with their counters."""

    def get_queryset(self) -> models.QuerySet[_Row]:
        """Return every performance, annotated."""
        rows = super().get_queryset().annotate(**performance_counters())
        return cast("models.QuerySet[_Row]", rows)


class Counter:
    """Reads a counter of a row that came without annotations (just made, or by foreign key).

    A non-data descriptor: the annotation, set on the instance by the query, comes first.
    """

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self.name = name

    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Any:
        if row is None:
            return self
        found = owner._default_manager.using(row._state.db).filter(pk=row.pk)
        return found.values_list(self.name, flat=True).first() or 0
