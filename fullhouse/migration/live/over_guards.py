"""What must hold before the authority changes sides; each refusal names the thing and the way out.

Reads only; whatever can change between here and the lock is looked at again inside it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connections
from django.utils import timezone

from fullhouse.migration import steps as offline
from fullhouse.migration.exit_codes import RefusedError, RetryError
from fullhouse.migration.live import places, steps
from fullhouse.migration.live.numbers import is_live, units_waiting
from fullhouse.migration.models import MigrationRun, MigrationUnit, RunEvent
from fullhouse.migration.runs import State
from fullhouse.migration.steps import Runner

#: A validation that is older has not seen what operators and code did since.
FRESH: Final = timedelta(minutes=30)
#: More units than this before the last rounds will not be few after them.
MOST_WAITING: Final = 500
#: A transaction that is older than this may hold locks for long; the cut-over would wait in vain.
OLDEST_SECONDS: Final = 10.0

_OLD: Final = (
    "SELECT pid, coalesce(nullif(application_name, ''), backend_type), state,"
    " extract(epoch FROM clock_timestamp() - xact_start)::float"
    " FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    " AND clock_timestamp() - xact_start > make_interval(secs => %s) ORDER BY xact_start LIMIT 5"
)


def check_cut_over(work: Runner) -> None:
    """Raise RefusedError, UndecidedError or RetryError unless the cut-over may begin."""
    run, using = work.run, work.order.using
    _require_state(run)
    offline.check_plan_sha(work)
    offline.require_decided(work)
    steps.require_captured(run, using=using)
    _require_all_made(run, using)
    _require_fresh(run, using)
    with connections[using].cursor() as cursor:
        places.check_owned(cursor, work.source, run.legacy_schema)
    require_no_old_transaction(using)
    _require_short_outbox(run, using)


def require_no_old_transaction(using: str) -> None:
    """Raise RetryError while a transaction is open for long: its locks would not be given up."""
    with connections[using].cursor() as cursor:
        cursor.execute(_OLD, [OLDEST_SECONDS])
        found = cursor.fetchall()
        cursor.execute(
            "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()"
        )
        prepared = [str(gid) for (gid,) in cursor.fetchall()]
    if prepared:
        names = ", ".join(prepared)
        raise RetryError(
            f"Prepared transactions are open: {names}. Commit or roll them back, then try again.",
            f"تراکنش‌های آماده‌شده باز است: {names}. نخست آن‌ها را به پایان برسانید.",
            prepared=prepared,
        )
    if found:
        named = ", ".join(
            f"pid {pid} ({name}, {state}, {age:.0f} s)" for pid, name, state, age in found
        )
        raise RetryError(
            f"Transactions are open for more than {OLDEST_SECONDS:.0f} s: {named}. Wait for them "
            "or end them (SELECT pg_terminate_backend(pid)), then try again.",
            f"تراکنش‌هایی بیش از {OLDEST_SECONDS:.0f} ثانیه باز است: {named}. صبر کنید یا آن‌ها را"
            " پایان دهید و دوباره بکوشید.",
            pids=[int(pid) for pid, *_ in found],
        )


def _require_state(run: MigrationRun) -> None:
    if run.state == State.VALIDATED and is_live(run):
        return
    if run.state == State.VALIDATED:
        raise RefusedError(
            f"Nothing captures what {run.legacy_schema!r} sells meanwhile: this takeover was begun "
            "for a source that stands still. A cut-over needs `run --live`.",
            f"فروش‌های هم‌زمان {run.legacy_schema!r} ثبت نمی‌شود: این جابه‌جایی برای مبدأ ایستا آغاز"
            " شده است. انتقال به `run --live` نیاز دارد.",
            state=str(run.state),
        )
    raise RefusedError(
        f"`cutover` follows a validation, and this takeover is {run.state!r}. See what comes next: "
        f"fullhouse capacity_migration status --schema {run.legacy_schema}",
        f"`cutover` پس از درستی‌سنجی است و این جابه‌جایی {run.state!r} است. گام بعدی: fullhouse"
        f" capacity_migration status --schema {run.legacy_schema}",
        state=str(run.state),
    )


def _require_all_made(run: MigrationRun, using: str) -> None:
    units = MigrationUnit.objects.using(using).filter(run=run)
    bad = units.exclude(error="") | units.filter(done_at__isnull=True)
    names = [str(one) for one in bad.values_list("performance_id", flat=True)[:20]]
    if names:
        raise RefusedError(
            f"Some performances are not made: {', '.join(names)}. Run again: fullhouse "
            f"capacity_migration run --live --schema {run.legacy_schema}",
            f"برخی اجراها ساخته نشده است: {'، '.join(names)}. دوباره: fullhouse capacity_migration"
            f" run --live --schema {run.legacy_schema}",
            performances=names,
        )


def _require_fresh(run: MigrationRun, using: str) -> None:
    events = RunEvent.objects.using(using).filter(run=run, phase="validate").order_by("-id")
    last = events.first()
    if last is not None and last.detail.get("ok") and timezone.now() - last.at <= FRESH:
        return
    minutes = int(FRESH.total_seconds() // 60)
    raise RefusedError(
        f"The last validation is older than {minutes} minutes. Validate again: fullhouse "
        f"capacity_migration validate --source {run.source} --schema {run.legacy_schema}",
        f"آخرین درستی‌سنجی بیش از {minutes} دقیقه پیش بوده است. دوباره: fullhouse"
        f" capacity_migration validate --source {run.source} --schema {run.legacy_schema}",
    )


def _require_short_outbox(run: MigrationRun, using: str) -> None:
    waiting = units_waiting(run, using=using)
    if waiting > MOST_WAITING:
        raise RetryError(
            f"{waiting:,} performances wait to be made anew (at most {MOST_WAITING:,} for a "
            "cut-over). The sellers are faster than the passes at the moment: try again.",
            f"{waiting:,} اجرا در صف همگام‌سازی است (بیشینهٔ انتقال {MOST_WAITING:,}). فروش اکنون از"
            " همگام‌سازی تندتر است؛ دوباره بکوشید.",
            waiting=waiting,
        )
