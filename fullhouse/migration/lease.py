"""One runner at a time: a lease on the run's row, with an epoch that fences a stale runner.

Not a session lock, because connection poolers hand sessions from one client to another. The
holder renews the lease from a thread of its own; a lease that nobody renews is dead after
`TTL_SECONDS`. Taking it raises the epoch, and whoever still works with an older epoch is refused
by `check` and by every change of state.
"""

from __future__ import annotations

import getpass
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone

from fullhouse.migration.exit_codes import BusyError
from fullhouse.migration.models import MigrationRun

#: How long a runner that was killed keeps others out; longer than a slow statement's stall.
TTL_SECONDS: Final = 10
RENEW_SECONDS: Final = 2
_LOOK_SECONDS: Final = 0.25

Notify = Callable[[str, str], None]


def holder() -> str:
    """Return who holds a lease, for people: account, machine, process."""
    return f"{getpass.getuser()}@{socket.gethostname()}:{os.getpid()}"[:200]


@contextmanager
def held(
    run: MigrationRun,
    *,
    using: str = DEFAULT_DB_ALIAS,
    notify: Notify = lambda _english, _persian: None,
) -> Iterator[Renewal]:
    """Hold the lease of `run` for the block; on entry `run` is read anew.

    A lease of a living runner raises BusyError. One that is not renewed while it is watched
    (at most TTL_SECONDS) belonged to a runner that died, and is taken.
    """
    _take(run, using, notify)
    renewal = Renewal(run, using)
    renewal.start()
    try:
        yield renewal
    finally:
        renewal.end()
        _give_back(run, using)


def check(run: MigrationRun, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Raise BusyError unless `run`'s epoch is still the current one.

    Called inside the transaction of a batch, it also keeps the lease from being taken before
    that transaction ends: taking locks the row FOR UPDATE, this locks it FOR KEY SHARE, and
    the renewal's lock (NO KEY UPDATE) goes with both.
    """
    table = MigrationRun._meta.db_table
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'SELECT epoch FROM "{table}" WHERE id = %s FOR KEY SHARE',  # noqa: S608 - own name
            [run.pk],
        )
        row = cursor.fetchone()
    if row is None or row[0] != run.epoch:
        raise _taken_over(run)


class Renewal(threading.Thread):
    """Renews a lease until told to end; `lost` is set once the lease is another runner's."""

    def __init__(self, run: MigrationRun, using: str) -> None:
        super().__init__(name="lease renewal", daemon=True)
        self._run = run
        self._epoch = run.epoch
        self._using = using
        self._over = threading.Event()
        self.lost = threading.Event()

    def run(self) -> None:
        """Renew every RENEW_SECONDS; a database that fails is asked again until the TTL ends."""
        renewed = time.monotonic()
        try:
            while not self._over.wait(RENEW_SECONDS):
                try:
                    if not _renew(self._run, self._epoch, self._using):
                        self.lost.set()
                        return
                    renewed = time.monotonic()
                except Error:
                    connections[self._using].close()
                    if time.monotonic() - renewed > TTL_SECONDS:
                        self.lost.set()
                        return
        finally:
            connections[self._using].close()

    def end(self) -> None:
        """Stop renewing and wait for the thread to finish."""
        self._over.set()
        self.join()

    def raise_if_lost(self) -> None:
        """Raise BusyError once the lease is lost; cheap enough for every step of a progress."""
        if self.lost.is_set():
            raise _taken_over(self._run)


def _until() -> Combinable:
    # The database's clock alone: runners on two machines need not agree on the time.
    return Now() + Value(timedelta(seconds=TTL_SECONDS))


def _take(run: MigrationRun, using: str, notify: Notify) -> None:
    seen = run.lease_until
    waiting_since: float | None = None
    while not _try_take(run, using):
        if waiting_since is None:
            waiting_since, seen = time.monotonic(), run.lease_until
            notify(
                f"The lease is held by {run.lease_holder}; watching whether it is alive"
                f" (up to {TTL_SECONDS} s).",
                f"اجرا در دست {run.lease_holder} است؛ تا {TTL_SECONDS} ثانیه دیده می‌شود که زنده"
                " است یا نه.",
            )
        elif run.lease_until != seen:
            raise _in_use(run)
        time.sleep(_LOOK_SECONDS)


def _try_take(run: MigrationRun, using: str) -> bool:
    # Without the plan, which may be large and is looked at four times a second here.
    rows = MigrationRun.objects.using(using).only("lease_until", "lease_holder")
    # A living runner is seen without the lock, which its batch keeps until it is done.
    living = rows.filter(pk=run.pk, lease_until__gt=Now()).first()
    if living is not None:
        run.lease_until, run.lease_holder = living.lease_until, living.lease_holder
        return False
    with transaction.atomic(using=using):
        row = rows.select_for_update().get(pk=run.pk)
        free = (
            MigrationRun.objects.using(using)
            .filter(pk=run.pk)
            .exclude(lease_until__gt=Now())
            .update(epoch=F("epoch") + 1, lease_holder=holder(), lease_until=_until())
        )
        if not free:
            run.lease_until, run.lease_holder = row.lease_until, row.lease_holder
            return False
    run.refresh_from_db(using=using)
    return True


def _renew(run: MigrationRun, epoch: int, using: str) -> bool:
    rows = MigrationRun.objects.using(using).filter(pk=run.pk, epoch=epoch)
    return bool(rows.update(lease_until=_until()))


def _give_back(run: MigrationRun, using: str) -> None:
    # A lost database cannot be told; the lease then ends by itself.
    try:
        rows = MigrationRun.objects.using(using).filter(pk=run.pk, epoch=run.epoch)
        rows.update(lease_until=None, lease_holder="")
    except Error:
        return
    run.lease_until, run.lease_holder = None, ""


def _in_use(run: MigrationRun) -> BusyError:
    seen = timezone.localtime(run.lease_until).isoformat(timespec="seconds")
    return BusyError(
        f"Another runner is at work on {run.legacy_schema!r}: {run.lease_holder} (lease until "
        f"{seen}). Wait for it, or stop it; `fullhouse capacity_migration status` shows where it"
        " is.",
        f"اجرای دیگری روی {run.legacy_schema!r} در کار است: {run.lease_holder}. تا پایان آن صبر"
        " کنید یا آن را بایستانید.",
        holder=run.lease_holder,
    )


def _taken_over(run: MigrationRun) -> BusyError:
    return BusyError(
        f"Another runner took over the takeover of {run.legacy_schema!r}, because this one did "
        f"not renew its lease for {TTL_SECONDS} s. What it had committed stays and is theirs to "
        "finish. See `fullhouse capacity_migration status`.",
        f"اجرای دیگری جابه‌جایی {run.legacy_schema!r} را در دست گرفت، چون این یکی {TTL_SECONDS}"
        " ثانیه آن را تازه نکرد. آنچه نوشته شده می‌ماند و آن یکی ادامه می‌دهد.",
    )
