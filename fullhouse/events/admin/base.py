"""What the admins share: refusals of the database become messages, engine rows stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from fullhouse.events.engine.failures import failure
from fullhouse.events.models.counters import LEAF_COUNTERS

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:  # at run time Django's classes take no parameter
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


class RefusalsAsMessages(ModelAdmin):
    """A write that a trigger or constraint refuses ends with its message, not with a 500.

    The rules are deferred to the commit, so they speak after the form has been found valid.
    """

    show_full_result_count: ClassVar[bool] = False
    list_per_page: ClassVar[int] = 50

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with_super = super().changeform_view
        return self._guarded(request, lambda: with_super(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with_super = super().delete_view
        return self._guarded(request, lambda: with_super(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with_super = super().changelist_view
        return self._guarded(request, lambda: with_super(request, *args, **kwargs))

    def _guarded(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return view()
        except DatabaseError as error:
            if request.method != "POST":
                raise
            self.message_user(request, str(failure(error)), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class ReadOnly(RefusalsAsMessages):
    """Rows that only the engine writes: seen, searched, never edited by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EngineOwned(RefusalsAsMessages):
    """Rows that the engine makes and takes away; some of their columns may be edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def counter(name: str, title: str | Any) -> Callable[[Any, Any], int]:
    """Return an admin column of a counter: read from the query, ordered by in the query."""

    @admin.display(description=title, ordering=name)
    def column(_self: Any, row: Any) -> int:
        value: int = getattr(row, name)
        return value

    return column


class Counters(ModelAdmin):
    """Columns of places for models that have the counters (stored or as annotations)."""

    available = counter(LEAF_COUNTERS[0], _("available"))
    reserved = counter(LEAF_COUNTERS[1], _("reserved"))
    sold = counter(LEAF_COUNTERS[2], _("sold"))


class HasFreePlaces(admin.SimpleListFilter):
    """Filter by whether a place is left, in the same query as the list."""

    title = _("free places")
    parameter_name = "free"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("some")), ("no", _("none"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.filter(available_capacity__gt=0)
        if self.value() == "no":
            return queryset.filter(available_capacity=0)
        return queryset
