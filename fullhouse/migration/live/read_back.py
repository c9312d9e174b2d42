"""Reads what was written back as the takeover reads it: nothing that was sold may be missing.

Thoroughly before the lock, where nobody waits, by the projection of the way over in one snapshot;
inside it, of the units that were drained there, directly on the legacy rows.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from fullhouse.migration.exit_codes import MismatchError
from fullhouse.migration.live.reverse import Writer

_UNITS: Final = 50
_SHOWN: Final = 20
_FIRST: Final = UUID(int=0)


def check_all(back: Writer, excused: set[str]) -> int:
    """Read every unit that Fullhouse moved places in; return their number.

    Minus those in the outbox of the snapshot. Raises MismatchError. Writes nothing.
    """
    session, units, after = back.session, 0, _FIRST
    while True:
        with transaction.atomic(using=session.using):
            session.cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            session.settle()
            session.execute("live/reverse/85_settled_units.sql", after=after, units=_UNITS)
            # PostgreSQL 15 has no max(uuid).
            session.cursor.execute(
                "SELECT performance_id, count(*) OVER () FROM m_batch"
                " ORDER BY performance_id DESC LIMIT 1"
            )
            row = session.cursor.fetchone()
            if row is None:
                return units
            after, units = row[0], units + int(row[1])
            session.project()
            _refuse(session.rows("live/reverse/90_read_back.sql"), excused)


def check_drained(back: Writer, excused: set[str]) -> None:
    """Read the units of `m_batch` in the caller's transaction. Raises MismatchError."""
    _refuse(back.session.rows("live/reverse/95_written.sql"), excused)


def _refuse(rows: list[tuple[Any, ...]], excused: set[str]) -> None:
    found = [
        f"{what} {key} of performance {performance}: {own} in Fullhouse, {told or 'nothing'} read"
        for what, performance, key, own, told in rows
        if performance not in excused
    ]
    if not found:
        return
    shown = "\n  ".join(found[:_SHOWN])
    raise MismatchError(
        "What was written back does not read as what Fullhouse sold; nothing changed sides and "
        f"Fullhouse sells on:\n  {shown}",
        "آنچه بازنوشته شد با فروش فول‌هاوس یکی خوانده نمی‌شود؛ چیزی جابه‌جا نشد و فول‌هاوس به فروش"
        " ادامه می‌دهد (موارد بالا).",
        mismatches=found,
    )
