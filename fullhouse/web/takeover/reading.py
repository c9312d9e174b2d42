"""What the migration console shows of a run: a fixed number of queries a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fullhouse.events.models import SectionTicketType
from fullhouse.migration import jobs
from fullhouse.migration.exit_codes import ExitCode
from fullhouse.migration.live.numbers import is_live, numbers
from fullhouse.migration.models import Anomaly, Job, MigrationRun
from fullhouse.migration.report.digits import Language
from fullhouse.migration.report.tree import pairs
from fullhouse.web.takeover.orders import OrderKind, open_orders
from fullhouse.web.templatetags.fullhouse_text import is_persian

State = MigrationRun.State
#: The way over, in its order.
_WAY: Final = (
    State.BACKED_UP,
    State.PLANNED,
    State.EXPANDED,
    State.BACKFILLED,
    State.VALIDATED,
    State.CUT_OVER,
    State.CONTRACTED,
)
#: Where a run does not come that was begun for a source that stands still.
_ONLY_LIVE: Final = (State.EXPANDED, State.CUT_OVER, State.CONTRACTED)
_STANDING_STILL: Final = (State.BACKFILLING, State.PAUSED, State.BACKFILLED, State.VALIDATED)
_JOBS: Final = 10


@dataclass(frozen=True, slots=True)
class Now:
    """Where a run stands this second. `working`: a runner or a job is at work.

    `open`: questions that wait for an answer, as long as one can be given. `orders`: what may be
    asked now; beside a runner at work only that it pause.
    """

    run: MigrationRun
    units: int
    done: int
    failed: int
    seats: int
    open: int
    live: dict[str, Any]
    working: bool
    job: Job | None
    orders: list[OrderKind]

    @property
    def differs(self) -> bool:
        """Whether the last order ended with the two sides unequal: the way on is the way back."""
        return self.job is not None and self.job.exit_code == ExitCode.MISMATCH

    @property
    def percent(self) -> int:
        """Of the performances, rounded down: 100 is all of them."""
        return 100 * self.done // self.units if self.units else 0

    @property
    def outcome(self) -> str:
        """How the last job ended, as a person says it; '' for none or one under way."""
        if self.job is None or (self.job.ended_at is None and not jobs.died(self.job)):
            return ""
        return ending(self.job)


def language() -> Language:
    """Return the reader's language, as the report names it."""
    return "fa" if is_persian() else "en"


def now_of(run: MigrationRun, *, may_order: bool) -> Now:
    """Return where a run stands, in five queries."""
    size = run.units.aggregate(
        units=Count("pk"),
        seats=Sum("seats", default=0),
        done=Count("pk", filter=Q(done_at__isnull=False, error="")),
        failed=Count("pk", filter=~Q(error="")),
    )
    last = Job.objects.filter(legacy_schema=run.legacy_schema).first()
    at_work = last is not None and last.ended_at is None and not jobs.died(last)
    leased = run.lease_until is not None and run.lease_until > timezone.now()
    working = at_work or leased
    orders = open_orders(run) if may_order else []
    now = Now(
        run=run,
        open=run.anomalies.filter(is_open()).count() if may_be_decided(run) else 0,
        live=numbers(run, using="default") or {},
        working=working,
        job=last,
        orders=[one for one in orders if one.name == "pause" or not working],
        **size,
    )
    if now.differs:
        now.orders.sort(key=lambda one: one.name != "rollback")
    return now


def may_be_decided(run: MigrationRun) -> bool:
    """Tell whether the run's questions can still be answered: its plan is not carried out yet."""
    return run.state in (State.NEW, State.BACKED_UP, State.PLANNED)


def ending(job: Job) -> str:
    """Return how a job ended, in words; the numbers are those of `capacity_migration --help`."""
    if job.exit_code is None:
        return _("It ended without a word: its process was killed. Nothing half-done stays.")
    said = {
        0: _("Done."),
        2: _("It was asked for in a way that cannot be used."),
        3: _("A guard refused it; nothing was changed."),
        4: _("The two sides differ."),
        5: _("It did not work this time; what was done stays. Try again."),
        6: _("Another runner is at work."),
        7: _("Questions are open: answer them first."),
        130: _("It was stopped."),
    }
    return said.get(job.exit_code) or _("It failed.")


def way(run: MigrationRun) -> list[tuple[State, str]]:
    """Return the states of the way over, each `done`, `here` or `ahead`."""
    state = State(run.state)
    stands_still = state in _STANDING_STILL and not is_live(run)
    states = [one for one in _WAY if not (stands_still and one in _ONLY_LIVE)]
    made_so_far = State.PLANNED if stands_still else State.EXPANDED
    at = made_so_far if state in (State.BACKFILLING, State.PAUSED) else state
    place = states.index(at) if at in states else -1
    return [
        (one, "done" if number < place else "here" if number == place else "ahead")
        for number, one in enumerate(states)
    ]


def kinds_of(run: MigrationRun) -> list[dict[str, Any]]:
    """Return one row a kind of contradiction: how many, how many are open, the proposal."""
    rows = (
        run.anomalies.order_by()
        .values("kind", "proposal")
        .annotate(
            cases=Count("pk"),
            found=Sum("count"),
            units=Count("performance_id", distinct=True),
            open=Count("pk", filter=is_open()),
        )
        .order_by("-open", "-found", "kind")
    )
    return [dict(row) for row in rows]


def open_kinds(run: MigrationRun, kind: str) -> list[str]:
    """Return the kinds that an answer to `kind` is about: '*' is every one with open questions."""
    if kind != "*":
        return [kind]
    kinds = run.anomalies.filter(is_open()).order_by("kind").values_list("kind", flat=True)
    return list(kinds.distinct())


def is_open() -> Q:
    """Return the condition of a question that waits for an answer."""
    return Q(decision="") & ~Q(policy=Anomaly.Policy.APPLY)


def cases_of(run: MigrationRun, *, kind: str, only_open: bool) -> QuerySet[Anomaly]:
    """Return the contradictions themselves, open ones first."""
    cases = Anomaly.objects.filter(run=run)
    if kind:
        cases = cases.filter(kind=kind)
    if only_open:
        cases = cases.filter(is_open())
    return cases.order_by("decision", "kind", "performance_id", "id")


def plan_of(run: MigrationRun) -> dict[str, Any]:
    """Return the run's plan; {} before there is one."""
    return run.plan if isinstance(run.plan, dict) else {}


def titles_of(run: MigrationRun, performance_ids: set[str]) -> dict[str, str]:
    """Return what the plan calls these performances: event, day, time."""
    units = (
        one for one in plan_of(run).get("units", []) if one.get("performance_id") in performance_ids
    )
    return {pair.id: f"{pair.title} {pair.when}" for pair in pairs(units)}


def jobs_of(run: MigrationRun) -> list[tuple[Job, str]]:
    """Return the last jobs of the run's schema with how each ended; '' for one under way."""
    found = Job.objects.filter(legacy_schema=run.legacy_schema).defer("output")[:_JOBS]
    return [
        (job, "" if job.ended_at is None and not jobs.died(job) else ending(job)) for job in found
    ]


def places_now(performance_ids: list[UUID]) -> dict[str, dict[str, Any]]:
    """Return what Fullhouse's counters say now, by performance."""
    rows = (
        SectionTicketType.objects.filter(performance__in=performance_ids)
        .order_by()
        .values("performance_id")
        .annotate(
            capacity=Sum("allocated_capacity"),
            available=Sum("available_capacity"),
            reserved=Sum("reserved_capacity"),
            sold=Sum("sold_capacity"),
        )
    )
    return {str(row["performance_id"]): dict(row) for row in rows}
