"""What the admins share: refusals become messages, rows are kept by the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.problems import in_words
from fullhouse.events.admin.reasons import (
    ActionsNeedReasons,
    ChangesWithReasons,
    DeletesWithReasons,
)
from fullhouse.events.admin.scale import CountsSoFar
from fullhouse.events.admin.widgets import ReadersFields
from fullhouse.events.domain.errors import CapacityError, InvalidRequest, Refusal
from fullhouse.events.domain.messages import codes, explain
from fullhouse.events.engine.failures import failure
from fullhouse.events.models.counters import LEAF_COUNTERS
from fullhouse.events.services import catalogue
from fullhouse.language import formats, writing

ACTOR_MOST = 100  # the ledger's column

formats.put_on()

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:  # at run time Django's classes take no parameter
    ModelAdmin = admin.ModelAdmin


class RefusalsAsMessages(ReadersFields, ActionsNeedReasons):
    """A write that a trigger or constraint refuses ends with its message, not with a 500.

    The rules are deferred to the commit, so they speak after the form has been found valid.
    """

    show_full_result_count: ClassVar[bool] = False
    list_per_page: ClassVar[int] = 50
    # Counts beside the filters would count whole tables.
    show_facets = admin.ShowFacets.NEVER
    paginator = CountsSoFar
    change_list_template = "admin/fullhouse/change_list.html"

    def __init__(self, model: Any, admin_site: admin.AdminSite) -> None:
        """A column that leads to another table is called what that is called, in each language."""
        super().__init__(model, admin_site)
        for field in model._meta.fields:
            if field.is_relation and field._verbose_name is None and field.related_model != model:
                field.verbose_name = field.related_model._meta.verbose_name

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
        except (DatabaseError, CapacityError) as error:
            if request.method != "POST":
                raise
            told = failure(error) if isinstance(error, DatabaseError) else error
            sentence = in_own_words(told)
            self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


def in_own_words(error: CapacityError) -> str:
    """Return any error of a service in the reader's language."""
    if isinstance(error, Refusal):
        return explained(error)
    if isinstance(error, InvalidRequest) and writing.is_persian():
        return in_words(error)
    return str(error)


def explained(refusal: Refusal) -> str:
    """Return a refusal in the reader's language."""
    if refusal.code not in codes():
        return str(refusal)
    return explain(refusal.code, writing.facts(refusal.facts), get_language() or "en")


class KeptByService(RefusalsAsMessages, ChangesWithReasons, DeletesWithReasons):
    """Rows of the catalogue: written and deleted by the service that the API uses too."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep the row; of a performance's row a note says what it was."""
        if not change:
            catalogue.keep(obj, new=True)
            return
        fields = [obj._meta.get_field(name) for name in form.values_changed()]
        changes = {field.attname: getattr(obj, field.attname) for field in fields}
        actor = request.user.get_username()[:ACTOR_MOST]
        catalogue.change(
            type(obj), obj.pk, changes, actor=actor, reason=form.cleaned_data["reason"]
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Keep the rows that stand under this one."""
        for row in formset.save(commit=False):
            catalogue.keep(row, new=row._state.adding)
        for row in formset.deleted_objects:
            catalogue.discard(row)
        formset.save_m2m()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        catalogue.discard(obj)


class ReadOnly(RefusalsAsMessages):
    """Rows that only the engine writes: seen, searched, never edited by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EngineOwned(KeptByService):
    """Rows that the engine makes and takes away; some of their columns may be edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def counter(name: str, title: str | Any) -> Callable[[Any, Any], str]:
    """Return an admin column of a counter: read from the query, ordered by in the query."""

    @admin.display(description=title, ordering=name)
    def column(_self: Any, row: Any) -> str:
        return writing.number(getattr(row, name))

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
