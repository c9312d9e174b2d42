"""Commands of a takeover that run beside the web server, on record with what they said.

The console gives no orders of its own: it starts `fullhouse capacity_migration` in a process that
outlives the page, with a watcher that writes down its words and its end. The lease (lease.py)
decides which runner works; a job is only how a person at a page starts one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Final
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

from fullhouse.migration.exit_codes import BusyError
from fullhouse.migration.models import Job
from fullhouse.migration.runs import ACTOR_VARIABLE

#: A watcher that has not been seen for so long is dead.
ALIVE: Final = timedelta(seconds=15)
_EVERY_SECONDS: Final = 1.0
_KEPT_LINES: Final = 500


def ask(*, source: str, schema: str, action: str, arguments: Sequence[str], by: str) -> Job:
    """Start `capacity_migration ACTION` for a person and return its job.

    Raises BusyError while another job of that schema is under way; two that ask at once: one.
    A pause goes beside the job that it stops.
    """
    using = DEFAULT_DB_ALIAS
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
        other = under_way(schema)
        if other is not None and action != "pause":
            raise _in_the_way(other)
        job = Job.objects.using(using).create(
            source=source,
            legacy_schema=schema,
            action=action,
            arguments=[action, "--source", source, "--schema", schema, *arguments],
            asked_by=by[:150],
        )
    # A session of its own: the page, its server and its terminal may go away.
    subprocess.Popen(
        [sys.executable, "-m", "django", "takeover_job", str(job.pk)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return job


def under_way(schema: str) -> Job | None:
    """Return the job of a schema whose watcher is alive, if there is one."""
    living = Job.objects.filter(legacy_schema=schema, ended_at=None, seen_at__gt=Now() - ALIVE)
    return living.first()


def died(job: Job) -> bool:
    """Tell whether a job ended without a word: its watcher was killed."""
    return job.ended_at is None and job.seen_at < timezone.now() - ALIVE


def watch(job_id: UUID) -> int:
    """Run a job's command, write down what it says and how it ends; return its exit code."""
    job = Job.objects.get(pk=job_id, ended_at=None)
    child = subprocess.Popen(
        [sys.executable, "-m", "django", "capacity_migration", *job.arguments],
        env={**os.environ, ACTOR_VARIABLE: job.asked_by, "NO_COLOR": "1", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert child.stdout is not None  # noqa: S101 - asked for above
    heard: deque[str] = deque(maxlen=_KEPT_LINES)
    listener = threading.Thread(target=_listen, args=(child.stdout, heard), daemon=True)
    listener.start()
    while True:
        try:
            code = child.wait(_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            _write(job, heard, None)
            continue
        listener.join(_EVERY_SECONDS)
        _write(job, heard, code)
        return code


def _listen(stream: IO[str], heard: deque[str]) -> None:
    heard.extend(stream)


def _write(job: Job, heard: deque[str], code: int | None) -> None:
    """Keep the last lines; a database that is away is told the next second, the end until heard."""
    changes = {"output": "".join(tuple(heard)), "seen_at": Now()}
    if code is not None:
        changes |= {"exit_code": code, "ended_at": Now()}
    try:
        Job.objects.filter(pk=job.pk).update(**changes)
    except Error:
        connections[DEFAULT_DB_ALIAS].close()
        if code is not None:
            raise


def _in_the_way(other: Job) -> BusyError:
    return BusyError(
        f"`{other.action}` of {other.legacy_schema!r}, asked for by {other.asked_by}, is still at "
        "work. Wait until it has ended.",
        f"«{other.action}» برای {other.legacy_schema!r} به درخواست {other.asked_by} هنوز در کار"
        " است. تا پایان آن صبر کنید.",
        action=other.action,
    )
