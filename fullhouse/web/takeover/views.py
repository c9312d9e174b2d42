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

from fullhouse.events.staff_groups import ORDER_TAKEOVERS
from fullhouse.language.writing import filled
from fullhouse.migration import jobs, runs
from fullhouse.migration.decisions import decide
from fullhouse.migration.exit_codes import ExitCode, MigrationError
from fullhouse.migration.live.cannot_hold import cannot_hold
from fullhouse.migration.models import Job, MigrationRun
from fullhouse.migration.report import build_report
from fullhouse.migration.report.next_step import after, next_step, source_of
from fullhouse.migration.report.page import figures
from fullhouse.migration.report.tree import pairs
from fullhouse.migration.runs import OVER, Order
from fullhouse.web.staff import may_read_reports
from fullhouse.web.takeover import reading
from fullhouse.web.takeover.forms import BeginForm, DecisionForm, OrderForm
from fullhouse.web.takeover.orders import OrderKind, order_named
from fullhouse.web.templatetags.fullhouse_text import is_persian

_CASES: Final = 50
_PERFORMANCES: Final = 25


@require_safe
def run_now(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Where the run stands this second: the part of its page that renews itself."""
    context = run_context(request, _run(run_id))
    response = render(request, "fullhouse/takeover/now.html", context)
    if not context["now"].working:
        # It was asked for because somebody was at work: the proof and the history are new too.
        response["HX-Refresh"] = "true"
    return response


def run_context(request: HttpRequest, run: MigrationRun) -> dict[str, Any]:
    """Return what the page of a run and its renewing part show."""
    language = reading.language()
    now = reading.now_of(run, may_order=request.user.has_perm(ORDER_TAKEOVERS))
    step = next_step(run)
    if now.differs:
        step = after(run, Order(source=source_of(run), schema=run.legacy_schema), ExitCode.MISMATCH)
    return {
        "run": run,
        "now": now,
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
        "kinds": (kinds := reading.kinds_of(run)),
        "open": sum(row["open"] for row in kinds),
        "kind": kind,
        "only_open": only_open,
        "page": page,
        "cases": [(case, titles.get(str(case.performance_id), "")) for case in page],
        "may_decide": request.user.has_perm(ORDER_TAKEOVERS) and reading.may_be_decided(run),
    }
    return render(request, "fullhouse/takeover/contradictions.html", context)


@require_POST
@permission_required(ORDER_TAKEOVERS, login_url="admin:login")
def decide_kind(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Accept the proposal of a kind, in one performance or in all; or of every kind."""
    run = _run(run_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a kind of contradiction of the list."))
    else:
        asked = form.cleaned_data
        try:
            count = sum(
                decide(
                    run, kind=kind, performance=asked["performance"], by=request.user.get_username()
                )
                for kind in reading.open_kinds(run, asked["kind"])
            )
            said = ngettext("%(count)s question answered.", "%(count)s questions answered.", count)
            messages.success(request, filled(said, {"count": count}))
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
@permission_required(ORDER_TAKEOVERS, login_url="admin:login")
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
            if run.state == runs.State.ROLLED_BACK:  # that one is over: the plan is a new run's
                asked = Order(source=source, schema=run.legacy_schema)
                run = runs.open_run(asked, runs.load_source(asked))
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
            mine = _asked_before(run, order, request.user.get_username())
            if mine is not None:
                return redirect("web:job", run.pk, mine.pk)
            refused = said_in_language(error)
    context = {"run": run, "order": order, "form": form, "lost": lost, "refused": refused}
    return render(request, "fullhouse/takeover/order.html", context, status=409 if refused else 200)


@require_POST
@permission_required(ORDER_TAKEOVERS, login_url="admin:login")
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


def _asked_before(run: MigrationRun, order: OrderKind, by: str) -> Job | None:
    """Return the job under way that is this very order by the same person: a double click."""
    job = jobs.under_way(run.legacy_schema)
    return job if job and (job.action, job.asked_by) == (order.command, by[:150]) else None


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
