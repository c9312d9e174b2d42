"""One action on one row: the form, its effect looked at beforehand, then done with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fullhouse.events.admin.cancel_forms import CancelForm
from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.cancel import RefundsDue, refunds_due
from fullhouse.events.services.plans import document_of
from fullhouse.web.console.access import console_page
from fullhouse.web.console.action_forms import dressed
from fullhouse.web.console.actions import MODELS, Action, action_named
from fullhouse.web.console.plan_picture import drawn
from fullhouse.web.console.preview import Preview, tried


@require_http_methods(["GET", "HEAD", "POST"])
@console_page()
def act(request: HttpRequest, subject: str, row_id: UUID, name: str) -> HttpResponse:
    """Show the form; on POST look (`step` look) or do it (`step` do).

    What the service refuses stays in the form with its numbers, and nothing has moved. What would
    no longer do what was `seen` is not done but shown anew.
    """
    action = action_named(subject, name)
    if action is None:
        raise Http404
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    row = _row(action, row_id)
    form = dressed(action.form(row, request.POST or None))
    # What was done may be why it no longer applies; whoever asks again is told what was done.
    if not action.applies(row) and not form.answered():
        messages.warning(request, _("“%s” can no longer be done here.") % action.label)
        return redirect(_back(action, row))
    looked: Preview | None = None
    doing = request.POST.get("step") == "do"
    if request.method == "POST" and (form.is_valid() or doing):
        seen = request.POST.get("seen", "") if doing else None
        looked = tried(form, _touched(form, row), request.user.get_username(), seen=seen)
        if looked.done:
            messages.success(request, looked.told or "")
            return redirect(_back(action, row))
    context = {
        "action": action,
        "row": row,
        "performance": _performance(row),
        "form": form,
        "preview": looked,
        "stale": doing and looked is not None and looked.told is not None,
        "back": _back(action, row),
        **_picture(form),
        "due": _due(action, looked, row),
        "refused": request.method == "POST" and bool(form.errors),
    }
    return render(request, "fullhouse/console/action.html", context)


def _row(action: Action, row_id: UUID) -> Any:
    model = MODELS[action.subject]
    beside = {
        "performance": ("event__venue",),
        "section": ("performance__event__venue",),
        "allocation": ("performance__event__venue", "section", "ticket_type"),
        "reservation": ("performance__event__venue",),
    }[action.subject]
    return get_object_or_404(model._default_manager.select_related(*beside), pk=row_id)


def _performance(row: Any) -> EventPerformance:
    found: EventPerformance = row if isinstance(row, EventPerformance) else row.performance
    return found


def _touched(form: DeskForm, row: Any) -> set[UUID]:
    """Return the performances whose places the form may move: an exchange has two."""
    data: dict[str, Any] = getattr(form, "cleaned_data", {})
    there = getattr(data.get("allocation"), "performance_id", None)
    return {_performance(row).pk} | ({there} if there else set())


def _picture(form: DeskForm) -> dict[str, Any]:
    """Return the plan that a change of plan is about, drawn; nothing for other forms."""
    chosen = form.cleaned_data.get("plan") if form.is_bound else None
    if chosen is None:
        return {}
    made = document_of(chosen)
    return {"plan": made, "picture": drawn(made)}


def _due(action: Action, looked: Preview | None, row: Any) -> RefundsDue | None:
    """Return the sales that a cancellation would have to pay back, once it is looked at."""
    if action.form is not CancelForm or looked is None or looked.told is None:
        return None
    return refunds_due(performance_id=row.pk)


def _back(action: Action, row: Any) -> str:
    if action.subject == "reservation":
        return reverse("web:console:the-reservation", args=[row.pk])
    return reverse("web:console:the-performance", args=[_performance(row).pk])
