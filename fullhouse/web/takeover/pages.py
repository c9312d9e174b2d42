"""The takeovers of legacy data: the list, where one stands and why, its full report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from fullhouse.events.staff_groups import ORDER_TAKEOVERS
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.phases import broken_link
from fullhouse.migration.report import build_report, render_page
from fullhouse.migration.report.page import figures
from fullhouse.migration.report.words import word
from fullhouse.web.inline_policy import policy_for
from fullhouse.web.staff import is_staff, may_read_reports
from fullhouse.web.takeover import reading
from fullhouse.web.takeover.forms import BeginForm
from fullhouse.web.takeover.views import run_context

PER_PAGE = 25


@require_safe
@conditional_page
def run_list(request: HttpRequest) -> HttpResponse:
    """All runs, newest first, with how many performances, seats and contradictions."""
    runs = MigrationRun.objects.defer("plan", "report", "decisions", "legacy_hashes")
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    ids = [run.pk for run in page]
    counted = MigrationRun.objects.filter(pk__in=ids).order_by()
    units = counted.annotate(
        performances=Count("units"), seats=Sum("units__seats", default=0)
    ).values_list("pk", "performances", "seats")
    found = counted.annotate(found=Sum("anomalies__count", default=0)).values_list("pk", "found")
    sizes = {pk: (performances, seats) for pk, performances, seats in units}
    anomalies = dict(found)
    rows = [(run, *sizes[run.pk], anomalies[run.pk]) for run in page]
    begin = BeginForm() if request.user.has_perm(ORDER_TAKEOVERS) else None
    return render(
        request, "fullhouse/takeover/runs.html", {"page": page, "rows": rows, "begin": begin}
    )


@require_safe
@conditional_page
def run_detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: where it stands, the proof, what contradicted itself, its history."""
    run = get_object_or_404(MigrationRun, pk=run_id)
    anomalies = (
        run.anomalies.order_by()
        .values("kind", "proposal", "decision")
        .annotate(units=Count("performance_id", distinct=True), found=Sum("count"))
        .order_by("-found", "kind", "proposal", "decision")
    )
    context = run_context(request, run) | {
        "anomalies": anomalies,
        "events": run.events.order_by("id"),
        "figures": figures(reading.plan_of(run)),
        "validation": _validation(run),
        "history_intact": broken_link(run) is None,
        "jobs": reading.jobs_of(run),
        "staff": is_staff(request),
    }
    return render(request, "fullhouse/takeover/run.html", context)


def _validation(run: MigrationRun) -> dict[str, Any] | None:
    """Return the last comparison: whether it held, when, what was counted, in words."""
    last = run.events.filter(phase="validate").order_by("id").last()
    if last is None:
        return None
    counts = sorted((last.detail.get("counts") or {}).items())
    return {
        "ok": bool(last.detail.get("ok")),
        "at": last.at,
        "counts": [(word(name, reading.language()), count) for name, count in counts],
    }


@require_safe
@conditional_page
def run_report(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The self-contained report, with its rows: for staff, unless the data are made up."""
    if not may_read_reports(request):
        return redirect(f"{reverse('admin:login')}?next={request.path}")
    run = get_object_or_404(MigrationRun, pk=run_id)
    html = render_page(build_report(run), language=reading.language())
    response = HttpResponse(html)
    if request.GET.get("download") == "1":
        name = f"takeover-{run.legacy_schema}-{run.pk}.html"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = policy_for(html)
    return response
