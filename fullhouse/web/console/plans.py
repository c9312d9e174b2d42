"""Seating plans of the console: the list, a version with its picture, new ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from fullhouse.events.domain.errors import CapacityError
from fullhouse.events.domain.plans import formats
from fullhouse.events.domain.plans.document import BYTES_MOST, Plan
from fullhouse.events.models import EventPerformance, SeatingPlan
from fullhouse.events.services.plans import KeptPlan, document_of, keep_plan
from fullhouse.events.staff_groups import MANAGE_STRUCTURE
from fullhouse.web.console.access import console_page, in_part
from fullhouse.web.console.plan_forms import Blocks, FileForm, HeadForm, plan_of
from fullhouse.web.console.plan_picture import Picture, drawn
from fullhouse.web.console.plan_presets import NAMES, preset
from fullhouse.web.console.slices import slice_of

PER_PAGE = 30
PERFORMANCES_SHOWN = 50
DRAWING = "fullhouse/console/parts/drawing.html"


@require_safe
@console_page()
def plans(request: HttpRequest) -> HttpResponse:
    """All versions of all plans, by name, newest version first."""
    rows = SeatingPlan.objects.defer("document").select_related("venue")
    context = {"page": slice_of(rows, request.GET.get("page"), PER_PAGE), "presets": NAMES}
    return render(request, "fullhouse/console/plans.html", context)


@require_safe
@console_page()
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One version: its picture, its sections, and the performances that are built from it."""
    row = get_object_or_404(SeatingPlan.objects.select_related("venue"), pk=plan_id)
    found = document_of(row)
    uses = EventPerformance._base_manager.filter(seating_plan=plan_id)
    context = {
        "row": row,
        "plan": found,
        "picture": drawn(found),
        "uses": uses.select_related("event__venue").order_by("date")[:PERFORMANCES_SHOWN],
    }
    return render(request, "fullhouse/console/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page(MANAGE_STRUCTURE)
def by_parameters(request: HttpRequest) -> HttpResponse:
    """A plan by parameters: drawn as they change, kept when asked."""
    data = request.POST.copy() if request.method == "POST" else None
    step = data.get("step", "") if data is not None else ""
    if data is not None and step == "add":
        data["blocks-TOTAL_FORMS"] = str(_forms(data) + 1)
    head = HeadForm(data, label_suffix="")
    kind = request.GET.get("like", "room")
    blocks = Blocks(data, prefix="blocks", initial=preset(kind) if data is None else None)
    made = None
    if data is None:
        made = _first(kind)
    elif step != "add":
        named = head.is_valid()
        if blocks.is_valid():
            made = plan_of(head.cleaned_data.get("name") or "–", blocks)
        if step == "keep" and named and made and not in_part(request):
            kept = _kept(made, head, request, "parameters")
            if kept:
                return redirect("web:console:plan", kept.plan_id)
    context = {
        "head": head,
        "blocks": blocks,
        "presets": NAMES,
        "like": kind,
        **_drawing(made),
    }
    page = "fullhouse/console/plan_new.html"
    return render(request, DRAWING if in_part(request) else page, context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page(MANAGE_STRUCTURE)
def by_file(request: HttpRequest) -> HttpResponse:
    """A plan from a file: looked at as soon as it is chosen, kept when asked."""
    form = FileForm(request.POST or None, request.FILES or None, label_suffix="")
    made: Plan | None = None
    if request.method == "POST" and form.is_valid():
        made, chosen = _read(form)
        if made and request.POST.get("step") == "keep" and not in_part(request):
            kept = _kept(made, form, request, chosen)
            if kept:
                return redirect("web:console:plan", kept.plan_id)
    context = {"form": form, "asked": request.method == "POST", **_drawing(made)}
    page = "fullhouse/console/plan_import.html"
    return render(request, DRAWING if in_part(request) else page, context)


def _forms(data: Any) -> int:
    text = data.get("blocks-TOTAL_FORMS", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _first(kind: str) -> Plan | None:
    """Return the plan that the preset's blocks make, by the way that its form will go."""
    initial = preset(kind)
    data: dict[str, Any] = {
        "blocks-TOTAL_FORMS": len(initial),
        "blocks-INITIAL_FORMS": len(initial),
    }
    empty = Blocks(prefix="blocks").empty_form
    for number, given in enumerate(initial):
        for name, field in empty.fields.items():
            value = given.get(name, field.initial)
            if value not in (None, False):
                data[f"blocks-{number}-{name}"] = value
    blocks = Blocks(data, prefix="blocks")
    return plan_of("–", blocks) if blocks.is_valid() else None


def _drawing(made: Plan | None) -> dict[str, Any]:
    picture: Picture | None = drawn(made) if made else None
    return {"plan": made, "picture": picture}


def _read(form: FileForm) -> tuple[Plan | None, str]:
    """Return the plan in the file and its format; a mistake becomes an error of the form."""
    file, chosen = form.cleaned_data["file"], form.cleaned_data["format"]
    try:
        if file.size > BYTES_MOST:
            raise forms.ValidationError(_("The file is too large."))
        text = file.read().decode("utf-8-sig")
        chosen = chosen or formats.guessed(file.name, text)
        return formats.read(text, chosen), chosen
    except UnicodeDecodeError:
        form.add_error("file", _("The file is not UTF-8 text."))
    except forms.ValidationError as error:
        form.add_error("file", error)
    except CapacityError as error:
        form.add_error("file", str(error))
    return None, chosen


def _kept(made: Plan, form: forms.Form, request: HttpRequest, source: str) -> KeptPlan | None:
    """Keep the plan and say so; a mistake becomes an error of the form."""
    data = form.cleaned_data
    try:
        kept = keep_plan(
            plan=made,
            name=data["name"],
            venue_id=data["venue"].pk if data["venue"] else None,
            source_format=source,
            actor=request.user.get_username(),
        )
    except CapacityError as error:
        form.add_error("name", str(error))
        return None
    said = gettext("Kept as %(plan)s.") if kept.new else gettext("%(plan)s is the same already.")
    messages.success(request, said % {"plan": f"{kept.name} v{kept.version}"})
    return kept
