"""The last of the outbox: passes that leave little for the lock, and the drain under it.

By a crew, each hand a share. One that changes venues, events or ticket types is for one session
alone: it names whole events, and every other session then reads the catalogue anew.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from fullhouse.migration import lease
from fullhouse.migration.exit_codes import MismatchError, RetryError
from fullhouse.migration.live import sync
from fullhouse.migration.live.batch_size import MOST_SEATS, BatchSize
from fullhouse.migration.live.budget import Budget
from fullhouse.migration.live.crew import Crew
from fullhouse.migration.live.numbers import depth
from fullhouse.migration.models import Outbox
from fullhouse.migration.session import Session

#: Not 10_rows: it compares with the very projection that the drain has just written.
_CHECKS: Final = ("20_three_checks", "30_ledger_rows", "40_ledger")
_SHOWN: Final = 20
#: Just before the lock: so many passes, or until the outbox is this short or shrinks no more.
_PASSES: Final = 8
_FEW: Final = 10


def shorten(session: Session, hands: Crew) -> None:
    """Leave little for the lock: each pass is shorter, so less is sold during the next."""
    before = sync.LIMIT
    for _ in range(_PASSES):
        if _is_about_catalogue(session):
            sync.one_pass(session, BatchSize())
            hands.read_catalogue()
        else:
            hands.each(_pass_over_share)
        left = depth(session.run, using=session.using)
        if left <= _FEW or left >= before:
            return
        before = left


def _pass_over_share(session: Session, share: str) -> None:
    size = BatchSize()
    size.seats = MOST_SEATS
    sync.one_pass(session, size, share=share)


def _is_about_catalogue(session: Session) -> bool:
    """Whether the catalogue changed: then one session follows it, with all its units."""
    rows = Outbox.objects.using(session.using).filter(run_id=session.run.pk)
    return rows.filter(direction=Outbox.Direction.FORWARD, performance_id=None).exists()


def drain(session: Session, hands: Crew, left: Budget) -> int:
    """Drain the outbox, which grows no more, and verify the units; return their number.

    Raises MismatchError, RetryError, and OperationalError when `left` is used up.
    """
    if _is_about_catalogue(session):
        return _drain_and_verify(session, sync.EVERYTHING)
    most = left.milliseconds

    def drain_share(one: Session, share: str) -> int:
        with transaction.atomic(using=one.using):
            one.cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(most)])
            lease.check(one.run, using=one.using)
            return _drain_and_verify(one, share)

    units: int = sum(hands.each(drain_share, seconds=most / 1000))
    waiting = depth(session.run, using=session.using)
    if waiting:
        raise RetryError(
            f"{waiting:,} changes still wait in the outbox after the drain; try again.",
            f"پس از تخلیه هنوز {waiting:,} تغییر در صف است؛ دوباره بکوشید.",
        )
    return units


def _drain_and_verify(session: Session, share: str) -> int:
    """Make what the outbox names anew and check it against the legacy rows by themselves."""
    units = len(sync.drain(session, share=share))
    session.cursor.execute("DELETE FROM m_mismatch")
    if units:
        for name in _CHECKS:
            session.execute(f"validate/{name}.sql")
    session.cursor.execute(
        "SELECT rule, tbl, key, legacy::text, new::text FROM m_mismatch LIMIT %s", [_SHOWN]
    )
    _refuse([" ".join(str(part) for part in row) for row in session.cursor.fetchall()])
    return units


def verify_sums(session: Session) -> None:
    """Raise MismatchError unless the sums of the whole run are alike on both sides."""
    rows = session.rows("live/over/global_sums.sql")
    _refuse([f"{what}: {legacy} and {new}" for what, legacy, new in rows])


def _refuse(found: list[str]) -> None:
    if not found:
        return
    shown = "\n  ".join(found)
    raise MismatchError(
        f"Inside the cut-over the two sides differ; it was taken back and the legacy system "
        f"sells on:\n  {shown}\nValidate again; if it differs there too, roll back.",
        "درون انتقال دو سو یکی نبود؛ همه‌چیز برگشت و سامانهٔ قدیمی به فروش ادامه می‌دهد (موارد"
        " بالا). دوباره validate کنید و اگر باز یکی نبود برگردانید.",
        mismatches=found,
    )
