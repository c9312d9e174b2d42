"""Lists that hold at a million rows: what is counted, searched and filtered has a bound.

Rows of a performance are looked at one evening at a time. Without an evening a list goes along an
index, newest or first rows first, and is searched only for what an index answers. In one evening
every filter, order and search is offered: they read that evening's rows and no others.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from fullhouse.events.models import EventPerformance

COUNTED: Final = 10_000
EVENINGS_OFFERED: Final = 20
EVENINGS_SEARCHED: Final = 200
IN: Final = "performance"

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
    ModelAdmin = admin.ModelAdmin[Any]
else:  # at run time Django's classes take no parameter
    AnyPaginator = Paginator
    ModelAdmin = admin.ModelAdmin


class CountsSoFar(AnyPaginator):
    """Counts at most `COUNTED` rows; what lies behind them is reached by a search or a filter."""

    @cached_property
    def _found(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by().values("pk")[: COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        """Return how many rows the pages lead to."""
        return min(self._found, COUNTED)

    @property
    def goes_on(self) -> bool:
        """Tell whether there are more rows than the pages lead to."""
        return self._found > COUNTED


def known(
    field: str, title: str | Promise, choices: Callable[[], Iterable[tuple[str, Any]]]
) -> Any:
    """Return a filter by values that the code knows: the table is not asked for what it holds."""

    class Known(admin.SimpleListFilter):
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return list(choices())

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    Known.title = title  # type: ignore[assignment]
    return Known


class Valued(admin.AllValuesFieldListFilter):
    """A filter by the values of a small table; rows without one are named too."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or self.empty_value_display}


class Evening(admin.SimpleListFilter):
    """One performance: the next ones are offered, and the one that was chosen."""

    title = _("performance")
    parameter_name = IN

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = EventPerformance._base_manager.select_related("event")
        yesterday = timezone.now().date() - datetime.timedelta(days=1)
        found = list(rows.filter(date__gte=yesterday).order_by("date", "id")[:EVENINGS_OFFERED])
        chosen = self.value()
        if chosen and chosen not in {str(each.pk) for each in found}:
            found = [*_guarded(lambda: list(rows.filter(pk=chosen))), *found]
        return [(str(each.pk), str(each)) for each in found]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        return _guarded(lambda: queryset.filter(performance=self.value()))


def _guarded(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except ValidationError as error:  # no UUID
        raise IncorrectLookupParameters from error


class ByEvening(ModelAdmin):
    """A list of rows of performances.

    `evening_filters` are offered in one evening. `label` is what a row is found by in all of them,
    exactly: the path to the performance and to the text, which are an index's first columns.
    """

    evening_filters: ClassVar[tuple[Any, ...]] = ()
    label: ClassVar[tuple[str, str] | None] = None

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (Evening, *(self.evening_filters if IN in request.GET else ()))

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return super().get_sortable_by(request) if IN in request.GET else ()

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """In one evening by all of `search_fields`; else by id, event title or `label`."""
        term = search_term.strip()
        if not term or IN in request.GET:
            return super().get_search_results(request, queryset, search_term)
        if wanted := _uuid(term):
            return queryset.filter(pk=wanted), False
        evenings = EventPerformance._base_manager.order_by("-date", "-id").values_list("pk")
        named = list(evenings.filter(event__title__icontains=term)[:EVENINGS_SEARCHED])
        if named:
            return queryset.filter(performance__in=[pk for (pk,) in named]), False
        return self.by_label(queryset, term), False

    @staticmethod
    def is_id(text: str) -> bool:
        """Tell whether a text is the id of a row."""
        return _uuid(text.strip()) is not None

    def by_label(self, queryset: Any, term: str) -> Any:
        """Return the rows whose label is `term`."""
        if self.label is None:
            return queryset.none()
        performance, text = self.label
        evenings = EventPerformance._base_manager.values("pk")
        return queryset.filter(**{f"{performance}__in": evenings, text: term})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
