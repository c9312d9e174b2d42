"""The takeovers of legacy data: the list, one run in numbers, its full report."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from fullhouse.migration.models import MigrationRun
from fullhouse.migration.report import build_report, render_page
from fullhouse.web.inline_policy import policy_for
from fullhouse.web.staff import is_staff, may_read_reports

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
    return render(request, "fullhouse/runs.html", {"page": page, "rows": rows})


@require_safe
@conditional_page
def run_detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run in numbers: its size, what contradicted itself, what was decided, its history."""
    run = get_object_or_404(MigrationRun, pk=run_id)
    size = run.units.aggregate(
        performances=Count("pk"),
        seats=Sum("seats", default=0),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        failed=Count("pk", filter=~Q(error="")),
    )
    anomalies = (
        run.anomalies.order_by()
        .values("kind", "proposal", "decision")
        .annotate(units=Count("performance_id", distinct=True), found=Sum("count"))
        .order_by("-found", "kind", "proposal", "decision")
    )
    context = {
        "run": run,
        "size": size,
        "anomalies": anomalies,
        "events": run.events.order_by("id"),
        "staff": is_staff(request),
        "readable": may_read_reports(request),
    }
    return render(request, "fullhouse/run.html", context)


@require_safe
@conditional_page
def run_report(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The self-contained report, with its rows: for staff, unless the data are made up."""
    if not may_read_reports(request):
        return redirect(f"{reverse('admin:login')}?next={request.path}")
    run = get_object_or_404(MigrationRun, pk=run_id)
    html = render_page(build_report(run), language="fa" if get_language() == "fa" else "en")
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = policy_for(html)
    return response
