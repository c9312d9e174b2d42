"""The last of the outbox: passes that leave little for the lock, and the drain under it.

By a crew, each hand a share. One that changes venues, events or ticket types is for one session
alone: it names whole events, and every other session then reads the catalogue anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from fullhouse.migration import lease
from fullhouse.migration.exit_codes import MismatchError, RetryError
from fullhouse.migration.live import sync
from fullhouse.migration.live.batch_size import MOST_SEATS, BatchSize
from fullhouse.migration.live.budget import Budget, MoreToDoError
from fullhouse.migration.live.crew import Crew
from fullhouse.migration.live.numbers import depth
from fullhouse.migration.models import Outbox
from fullhouse.migration.session import Session

#: Not 10_rows: it compares with the very projection that the drain has just written.
_CHECKS: Final = ("20_three_checks", "30_ledger_rows", "40_ledger")
_SHOWN: Final = 20
#: Just before the lock: so many rounds, or until so few units wait, or no fewer for so many rounds.
_ROUNDS: Final = 12
_FEW: Final = 3
_PATIENCE: Final = 3
#: What one hand makes anew in a round, in seats: small, because what is sold meanwhile waits again.
_ROUND_SEATS: Final = 2_500
_UNIT_SEATS: Final = 20
#: Nobody shall wait longer at a time, if units are no larger than that; what is left after so many
#: holds is drained in one, within the budget. Units made in the last hold are verified, too.
_HOLD_MS: Final = 180.0
_HOLDS: Final = 8
_VERIFIED: Final = 1.4
#: A round costs that by its statements alone; what a machine does in seats a millisecond.
_FIXED_MS: Final = 45.0
_SLOWEST, _FASTEST = 1.0, 500.0
_WAITING: Final = (
    "SELECT o.performance_id::text, coalesce(min(u.seats), 0) + %s"
    " FROM capacity_migration_outbox AS o LEFT JOIN capacity_migration_migrationunit AS u"
    "  ON u.run_id = o.run_id AND u.performance_id = o.performance_id"
    " WHERE o.run_id = %s AND o.direction = 'forward' AND o.performance_id IS NOT NULL"
    " GROUP BY o.performance_id ORDER BY min(o.id)"
)


@dataclass(slots=True)
class Pace:
    """How fast the crew makes units anew, in seats, and how many holds it took so far."""

    rate: float = 40.0
    holds: int = 0

    def milliseconds(self, seats: int) -> float:
        """Return how long so many seats take, each hand having its part."""
        return _FIXED_MS + seats / self.rate

    def seats(self, milliseconds: float) -> int:
        """Return how many seats can be made in that time."""
        return int(max(milliseconds - _FIXED_MS, 1.0) * self.rate)

    def learn(self, seats: int, milliseconds: float) -> None:
        """Take what some units took into account."""
        seen = seats / max(milliseconds - _FIXED_MS, 1.0)
        self.rate = min(max((self.rate + seen) / 2, _SLOWEST), _FASTEST)


def shorten(session: Session, hands: Crew) -> None:
    """Leave few units for the lock: rounds of little work each, those that wait longest first.

    A pass over everything takes as long as it takes to sell in most of it again; small rounds
    come to rest where as many units are made as are sold in.
    """
    best, since = sync.LIMIT, 0
    for _ in range(_ROUNDS):
        sync.read_links(session)
        if _is_about_catalogue(session):
            sync.one_pass(session, BatchSize())
            hands.read_catalogue()
        waiting = _waiting(session)
        since = 0 if len(waiting) < best else since + 1
        best = min(best, len(waiting))
        if len(waiting) <= _FEW or (since >= _PATIENCE and len(waiting) <= best + _FEW):
            return
        part = _first(waiting, hands.count, _ROUND_SEATS * hands.count)
        hands.each(_pass_over_share, _shares(part, hands.count))


def _pass_over_share(session: Session, share: str) -> None:
    size = BatchSize()
    size.seats = MOST_SEATS
    sync.one_pass(session, size, share=share)


def _waiting(session: Session) -> list[tuple[str, int]]:
    """Return the units that wait and what each costs, in seats; the longest waiting first."""
    session.cursor.execute(_WAITING, [_UNIT_SEATS, session.run.pk])
    return [(str(unit), int(seats)) for unit, seats in session.cursor.fetchall()]


def _first(waiting: list[tuple[str, int]], hands: int, most: int) -> list[tuple[str, int]]:
    """Return the first units of at most so many seats, and one for each hand at least."""
    taken: list[tuple[str, int]] = []
    seats = 0
    for unit, cost in waiting:
        if len(taken) >= hands and seats + cost > most:
            break
        taken.append((unit, cost))
        seats += cost
    return taken


def _shares(units: list[tuple[str, int]], hands: int) -> list[str]:
    """Divide units among hands so that all end at once; a unit is in one share only.

    A share is a condition on the outbox as `o`. No more shares than units.
    """
    shares: list[tuple[int, list[str]]] = [(0, []) for _ in range(min(hands, len(units)))]
    for unit, cost in sorted(units, key=lambda one: -one[1]):
        least = min(range(len(shares)), key=lambda number: shares[number][0])
        seats, names = shares[least]
        shares[least] = (seats + cost, [*names, unit])
    return [f"o.performance_id = ANY ('{{{','.join(names)}}}'::uuid[])" for _, names in shares]


def _is_about_catalogue(session: Session) -> bool:
    """Whether the catalogue changed: then one session follows it, with all its units."""
    rows = Outbox.objects.using(session.using).filter(run_id=session.run.pk)
    return rows.filter(
        direction=Outbox.Direction.FORWARD, performance_id=None, link__isnull=True
    ).exists()


def drain(session: Session, hands: Crew, left: Budget, pace: Pace) -> int:
    """Drain the outbox, which grows no more, and verify the units; return their number.

    Raises MoreToDoError with a part of them made, if all would take longer than sellers shall
    wait at a time: while they wait no unit is sold in again, so each hold leaves fewer. Raises
    MismatchError, RetryError, and OperationalError when `left` is used up.
    """
    if session.has_links:
        hands.first(lambda one, _share: sync.read_links(one), seconds=left.milliseconds / 1000)
    if _is_about_catalogue(session):
        return _drain_and_verify(session, sync.EVERYTHING)
    most = left.milliseconds

    def drain_share(one: Session, share: str) -> int:
        with transaction.atomic(using=one.using):
            one.cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(most)])
            lease.check(one.run, using=one.using)
            return _drain_and_verify(one, share)

    found = _waiting(session)
    _make_part(hands, found, left, pace)
    shares = _shares(found, hands.count)
    units: int = sum(hands.each(drain_share, shares, seconds=most / 1000))
    waiting = depth(session.run, using=session.using)
    if waiting:
        raise RetryError(
            f"{waiting:,} changes still wait in the outbox after the drain; try again.",
            f"پس از تخلیه هنوز {waiting:,} تغییر در صف است؛ دوباره بکوشید.",
        )
    return units


def _make_part(hands: Crew, waiting: list[tuple[str, int]], left: Budget, pace: Pace) -> None:
    """Make the first of too many units, and raise MoreToDoError; else do nothing."""
    seats = sum(cost for _, cost in waiting)
    if pace.holds >= _HOLDS or pace.milliseconds(seats) * _VERIFIED <= _HOLD_MS:
        return
    part = _first(waiting, hands.count, pace.seats(_HOLD_MS))
    if len(part) == len(waiting):
        return
    pace.holds += 1
    began = time.monotonic()
    shares = _shares(part, hands.count)
    hands.each(_pass_over_share, shares, seconds=left.milliseconds / 1000)
    pace.learn(sum(cost for _, cost in part), (time.monotonic() - began) * 1000)
    raise MoreToDoError


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
