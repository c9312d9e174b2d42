"""Fields and inputs of Django's own forms: read and written in the reader's digits, each named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext

from fullhouse.language.fields import (
    AmountField,
    ClockField,
    ClockInput,
    DayField,
    DayInput,
    MomentField,
    MomentInput,
    NumberInput,
    WholeNumberField,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    InlineAdmin = admin.TabularInline[Any, Any]
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:  # at run time Django's classes take no parameter
    ModelAdmin = admin.ModelAdmin
    InlineAdmin = admin.TabularInline
    InlineFormSet = BaseInlineFormSet

OVERRIDES: Final[dict[type[models.Field[Any, Any]], dict[str, Any]]] = {
    models.IntegerField: {"form_class": WholeNumberField, "widget": NumberInput},
    models.FloatField: {"widget": NumberInput},
    models.DecimalField: {"form_class": AmountField, "widget": NumberInput},
    models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
    models.DateField: {"form_class": DayField, "widget": DayInput},
    models.TimeField: {"form_class": ClockField, "widget": ClockInput},
}


class _Placeheld:
    """Says what it is for where nothing is chosen; Django leaves that empty."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)  # type: ignore[misc]
        return {**attrs, "data-placeholder": gettext("Choose")}


class ChooseOne(_Placeheld, AutocompleteSelect):
    """One row, searched for."""


class ChooseSeveral(_Placeheld, AutocompleteSelectMultiple):
    """Several rows, searched for."""


class ReadersFields(ModelAdmin):
    """Django's own form of a row."""

    formfield_overrides = OVERRIDES

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChooseOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChooseSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class _NamedCells(InlineFormSet):
    """Each cell of a table of inputs is called as its column; Django gives it no label."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", str(field.label or ""))


class TabularInline(InlineAdmin):
    """Rows beneath a row."""

    formset = _NamedCells
    formfield_overrides = OVERRIDES
