"""The migration console's pages. Orders and decisions are for staff who may change takeovers."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from psycopg.errors import InsufficientPrivilege

from fullhouse.migration import jobs, runs
from fullhouse.migration.decisions import decide
from fullhouse.migration.exit_codes import MigrationError
from fullhouse.migration.live.cannot_hold import cannot_hold
from fullhouse.migration.models import Job, MigrationRun
from fullhouse.migration.report import build_report
from fullhouse.migration.report.next_step import next_step, source_of
from fullhouse.migration.report.page import figures
from fullhouse.migration.report.tree import pairs
from fullhouse.migration.runs import OVER, Order
from fullhouse.web.staff import may_read_reports
from fullhouse.web.takeover import reading
from fullhouse.web.takeover.forms import BeginForm, DecisionForm, OrderForm
from fullhouse.web.takeover.orders import order_named
from fullhouse.web.templatetags.fullhouse_text import is_persian

MAY_ORDER: Final = "capacity_migration.change_migrationrun"
_CASES: Final = 50
_PERFORMANCES: Final = 25


@require_safe
def run_now(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Where the run stands this second: the part of its page that renews itself."""
    return render(request, "fullhouse/takeover/now.html", run_context(request, _run(run_id)))


def run_context(request: HttpRequest, run: MigrationRun) -> dict[str, Any]:
    """Return what the page of a run and its renewing part show."""
    language = reading.language()
    step = next_step(run)
    return {
        "run": run,
        "now": reading.now_of(run, may_order=request.user.has_perm(MAY_ORDER)),
        "way": reading.way(run),
        "step": step[language],
        "command": step["command"],
        "language": language,
        "readable": may_read_reports(request),
    }


@require_safe
def contradictions(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The contradictions with their rows, and what was decided about each by whom."""
    if not may_read_reports(request):
        return _sign_in(request)
    run = _run(run_id)
    kind, only_open = request.GET.get("kind", ""), request.GET.get("open") == "1"
    cases = reading.cases_of(run, kind=kind, only_open=only_open)
    page = Paginator(cases, _CASES).get_page(request.GET.get("page"))
    titles = reading.titles_of(run, {str(case.performance_id) for case in page})
    context = {
        "run": run,
        "kinds": reading.kinds_of(run),
        "kind": kind,
        "only_open": only_open,
        "page": page,
        "cases": [(case, titles.get(str(case.performance_id), "")) for case in page],
        "may_decide": request.user.has_perm(MAY_ORDER)
        and run.state in (runs.State.NEW, runs.State.BACKED_UP, runs.State.PLANNED),
    }
    return render(request, "fullhouse/takeover/contradictions.html", context)


@require_POST
@permission_required(MAY_ORDER, login_url="admin:login")
def decide_kind(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Accept the proposal of a kind, in one performance or in all."""
    run = _run(run_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a kind of contradiction of the list."))
    else:
        try:
            count = decide(
                run,
                kind=form.cleaned_data["kind"],
                performance=form.cleaned_data["performance"],
                by=request.user.get_username(),
            )
            said = ngettext("%(count)s question answered.", "%(count)s questions answered.", count)
            messages.success(request, said % {"count": count})
        except (MigrationError, ProgrammingError) as error:
            if not _is_refused(error):
                raise
            messages.error(request, said_in_language(error))
    back = reverse("web:contradictions", args=[run.pk])
    return redirect(f"{back}?open=1" if request.POST.get("open") == "1" else back)


@require_safe
def before_after(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Each performance as the legacy side said, as it was planned, and as it is now."""
    if not may_read_reports(request):
        return _sign_in(request)
    run = _run(run_id)
    plan = reading.plan_of(run)
    page = Paginator(plan.get("units", []), _PERFORMANCES).get_page(request.GET.get("page"))
    shown = list(pairs(list(page)))
    counted = reading.places_now([UUID(str(pair.id)) for pair in shown])
    context = {
        "run": run,
        "page": page,
        "rows": [(pair, counted.get(str(pair.id))) for pair in shown],
        "figures": figures(plan),
    }
    return render(request, "fullhouse/takeover/before_after.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_ORDER, login_url="admin:login")
def give_order(request: HttpRequest, run_id: UUID, name: str) -> HttpResponse:
    """Show what an order does and what it loses; with the right words typed, give it."""
    run = _run(run_id)
    order = order_named(run, name)
    if order is None:
        messages.error(
            request,
            _("That may not be asked of a takeover that is %(state)s.")
            % {"state": run.get_state_display()},
        )
        return redirect("web:run", run.pk)
    source, refused = source_of(run), ""
    lost = _lost(run, source) if order.name == "rollback" and run.state in OVER else []
    data = request.POST if request.method == "POST" else None
    form = OrderForm(data, expected=order.confirmation(run))
    if request.method == "POST" and form.is_valid():
        arguments = order.arguments(run)
        if form.cleaned_data["accept"]:
            arguments = [*arguments, "--yes"]
        try:
            job = jobs.ask(
                source=source,
                schema=run.legacy_schema,
                action=order.command,
                arguments=arguments,
                by=request.user.get_username(),
            )
            return redirect("web:job", run.pk, job.pk)
        except (MigrationError, ProgrammingError) as error:
            if not _is_refused(error):
                raise
            refused = said_in_language(error)
    context = {"run": run, "order": order, "form": form, "lost": lost, "refused": refused}
    return render(request, "fullhouse/takeover/order.html", context, status=409 if refused else 200)


@require_POST
@permission_required(MAY_ORDER, login_url="admin:login")
def begin(request: HttpRequest) -> HttpResponse:
    """Plan the takeover of a legacy schema; the plan changes nothing."""
    form = BeginForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect("web:runs")
    asked = Order(source=form.cleaned_data["source"], schema=form.cleaned_data["schema"])
    try:
        run = runs.open_run(asked, runs.load_source(asked))
        job = jobs.ask(
            source=asked.source,
            schema=asked.schema,
            action="plan",
            arguments=[],
            by=request.user.get_username(),
        )
    except (MigrationError, ProgrammingError) as error:
        if not _is_refused(error):
            raise
        messages.error(request, said_in_language(error))
        return redirect("web:runs")
    return redirect("web:job", run.pk, job.pk)


@require_safe
@permission_required("capacity_migration.view_migrationrun", login_url="admin:login")
def job_page(request: HttpRequest, run_id: UUID, job_id: UUID) -> HttpResponse:
    """What a job said so far, and how it ended."""
    run = _run(run_id)
    job = get_object_or_404(Job, pk=job_id, legacy_schema=run.legacy_schema)
    working = job.ended_at is None and not jobs.died(job)
    context = {
        "run": run,
        "job": job,
        "working": working,
        "outcome": "" if working else reading.ending(job),
    }
    part = "job_part" if request.headers.get("HX-Request") else "job"
    return render(request, f"fullhouse/takeover/{part}.html", context)


@require_safe
def report_json(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The whole report for programs, as a download."""
    if not may_read_reports(request):
        return _sign_in(request)
    run = _run(run_id)
    response = JsonResponse(
        build_report(run), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    name = f"takeover-{run.legacy_schema}-{run.pk}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def said_in_language(error: MigrationError | ProgrammingError) -> str:
    """Return the sentence of an error in the reader's language."""
    if isinstance(error, ProgrammingError):
        return _(
            "This server's database role may only look at takeovers. Give the order in a terminal, "
            "with the owner's role."
        )
    return error.persian if is_persian() else error.english


def _is_refused(error: MigrationError | ProgrammingError) -> bool:
    """Tell whether it is a refusal to be shown; anything else of the database is a fault."""
    return isinstance(error, MigrationError) or isinstance(error.__cause__, InsufficientPrivilege)


def _run(run_id: UUID) -> MigrationRun:
    return get_object_or_404(MigrationRun, pk=run_id)


def _lost(run: MigrationRun, source: str) -> list[str]:
    try:
        known = runs.load_source(Order(source=source, schema=run.legacy_schema))
    except MigrationError as error:
        raise Http404(error.english) from error
    found = cannot_hold(run, known, using="default")
    return [one.persian if is_persian() else one.english for one in found if one.count]


def _sign_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('admin:login')}?next={request.path}")
