"""Whatever is changed by hand has a reason, and the history of the row says who and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import PROTECT
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.language.writing import isolated

REASON_MOST = 255  # the ledger's column
TIES_TOLD = 3

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:  # at run time Django's classes take no parameter
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm


def reason_field(*, required: bool = True) -> forms.CharField:
    """Return the field for the reason of a change."""
    return forms.CharField(label=_("Reason"), max_length=REASON_MOST, required=required)


class ReasonForm(ModelForm):
    """A row as edited by hand, and why; a new row needs no reason."""

    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields.pop("reason", None)

    def values_changed(self) -> list[str]:
        """Return the names of the row's own fields that were changed."""
        return [name for name in self.changed_data if name != "reason"]


class ReasonActionForm(ActionForm):
    """The choice of an action on the chosen rows, and why."""

    # Asked for by `response_action`, which can say what is missing.
    reason = reason_field(required=False)


class ActionsNeedReasons(ModelAdmin):
    """Actions on chosen rows: never on rows that nobody has seen, never without a reason."""

    action_form = ReasonActionForm

    def get_actions(self, request: HttpRequest) -> Any:
        """Leave out Django's own deletion of many rows: it knows no services and no reasons."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any) -> Any:
        here = HttpResponseRedirect(request.get_full_path())
        reason = request.POST.get("reason", "").strip()[:REASON_MOST]
        if not reason:
            messages.error(request, _("Say why: an action needs a reason. Nothing was done."))
            return here
        if request.POST.get("select_across") == "1":
            messages.error(request, _("Choose the rows of one page. Nothing was done."))
            return here
        chosen = list(queryset.filter(pk__in=request.POST.getlist("_selected_action")))
        done = super().response_action(request, queryset, *args)
        action = self.get_actions(request).get(request.POST.get("action", ""))
        for row in chosen if action else ():
            self.log_change(request, row, f"{action[2]}: {reason}")
        return done


class DeletesWithReasons(ModelAdmin):
    """One row at a time; what hangs on it is looked for, not loaded."""

    delete_confirmation_template = "admin/fullhouse/delete_confirmation.html"

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.POST.get("reason", "").strip():
            messages.error(request, _("Say why: deleting needs a reason. Nothing was done."))
            return HttpResponseRedirect(request.get_full_path())
        return super().delete_view(request, *args, **kwargs)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return LogEntry.objects.log_actions(
            user_id=request.user.pk or 0,
            queryset=queryset,
            action_flag=DELETION,
            change_message=request.POST.get("reason", "").strip()[:REASON_MOST],
        )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Tell a few of the rows that hang on a row; a performance may have a million."""
        ties = [
            f"{capfirst(relation.related_model._meta.verbose_name)}: {isolated(row)}"
            for each in objs
            for relation in each._meta.related_objects
            if relation.on_delete is PROTECT
            for row in relation.related_model._base_manager.filter(
                **{relation.field.name: each}
            ).order_by()[:TIES_TOLD]
        ]
        name = str(self.opts.verbose_name_plural)
        return [str(each) for each in objs], {name: len(objs)}, set(), ties


def _called(label: str) -> str:
    """Return a field's English label in the reader's language; Django asks for it capitalised."""
    lower = label[:1].lower() + label[1:]
    called = gettext(lower)
    return gettext(label) if called == lower else called


class ChangesWithReasons(ModelAdmin):
    """Changes of one row in Django's own form."""

    form = ReasonForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [each for each in super().get_fields(request, obj) if each != "reason"]
        asked = obj is not None and self.has_change_permission(request, obj)
        return [*fields, "reason"] if asked else fields

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Say what was changed and why, in the words of who did it."""
        reason = form.cleaned_data.get("reason", "")
        form.changed_data = [name for name in form.changed_data if name != "reason"]
        message = super().construct_change_message(request, form, formsets, add)
        if add or not reason:
            return message
        for part in message:
            for what in part.values():
                what["fields"] = [_called(each) for each in what.get("fields", ())]
        said = LogEntry(change_message=json.dumps(message)).get_change_message()
        return f"{said} {reason}"
