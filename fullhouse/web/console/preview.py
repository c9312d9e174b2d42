"""What an action would do, looked at before it is done; and done only if it is what was seen.

The real service runs, with its locks and its refusals, in a transaction that is taken back unless
the action is to be kept. The deferred rules are asked in it, so that what the commit would refuse
is refused here too. The effect is read from the rows of the ledger that this transaction wrote:
what others sell meanwhile is no part of it.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.models import EventPerformance, SectionTicketType
from fullhouse.web.places import Places

_LAST: Final = """
SELECT coalesce(max(turn), 0) FROM {schema}.events_movement
WHERE migration_run_id IS NULL AND txid = pg_current_xact_id_if_assigned()
"""
# Which seats, too: others than those seen are another effect. New ones have no names yet.
_OWN: Final = """
SELECT allocation_id, from_state, to_state, sum(quantity)::integer,
       md5(string_agg(seat_id::text, ' ' ORDER BY seat_id) FILTER (WHERE from_state IS NOT NULL))
FROM {schema}.events_movement
WHERE migration_run_id IS NULL AND txid = pg_current_xact_id_if_assigned() AND turn > %s
GROUP BY 1, 2, 3
"""

_MADE: Final = """
SELECT reference FROM {schema}.events_reservation
WHERE performance_id = ANY(%s) AND created_at >= now() AND id IN (
    SELECT reservation_id FROM {schema}.events_movement
    WHERE migration_run_id IS NULL AND txid = pg_current_xact_id_if_assigned() AND turn > %s)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """An allocation (`type` None: the pool) before and after; one that is not there has 0."""

    section: str
    type: str | None
    was: Places
    now: Places


@dataclass(frozen=True, slots=True)
class State:
    """What a performance is, beside its places; local to its venue."""

    status: str
    date: datetime.date
    start_time: datetime.time


@dataclass(frozen=True, slots=True)
class Preview:
    """`told` is what doing it says, None where it is refused: the form has the reason.

    `before` and `after` are of all performances looked at, and so are their states and times.
    `digest` names the effect: the same for the same places and seats moved. `done`: it is kept.
    """

    told: str | None
    changes: tuple[Change, ...]
    before: Places
    after: Places
    states_before: tuple[State, ...]
    states_after: tuple[State, ...]
    digest: str
    done: bool

    @property
    def moves(self) -> bool:
        """Whether any place would move."""
        return bool(self.changes)


_Rows = dict[UUID, tuple[str, str | None, Places]]
_Moved = list[tuple[UUID, str | None, str | None, int, str | None]]


def tried(
    form: DeskForm, performance_ids: Collection[UUID], actor: str, *, seen: str | None = None
) -> Preview:
    """Do what the form asks and look; keep it if `seen` is the digest of what it does.

    `seen` '' keeps whatever it does, None nothing. What an earlier sending did stays done, whatever
    was seen. Locks as the service, for that long.
    """
    with transaction.atomic():
        before, was = _rows(performance_ids), _states(performance_ids)
        [(last,)] = _read(_LAST)
        told: str | None = None
        after, state, moved = before, was, _Moved()
        try:
            with transaction.atomic():
                told = form.attempt(actor)
                if told is not None:
                    with connection.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    moved = _read(_OWN, last)
                    after, state = _rows(performance_ids), _states(performance_ids)
        except DatabaseError as error:
            form.add_error(None, str(failure(error)))
            told = None
        digest = _digest(moved, before | after, was, state)
        done = told is not None and seen is not None and (form.repeated or seen in ("", digest))
        if not done:
            # Nobody will ever have these references: they must not be written down.
            for (reference,) in _read(_MADE, list(performance_ids), last) if told else ():
                told = (told or "").replace(reference, "…")
            transaction.set_rollback(True)
    changes, own = [], _folded(moved)
    for pk, (section, name, _places) in (before | after).items():
        if pk in own:
            now = after[pk][2] if pk in after else Places()
            changes.append(Change(section, name, now + _negative(own[pk]), now))
    total = sum((places for _section, _type, places in after.values()), Places())
    return Preview(
        told=told,
        changes=tuple(changes),
        before=sum((_negative(each) for each in own.values()), total),
        after=total,
        states_before=was,
        states_after=state,
        digest=digest,
        done=done,
    )


def _digest(moved: _Moved, rows: _Rows, *states: tuple[State, ...]) -> str:
    """Name an effect by what moved where: a new allocation has another id at each try."""
    named = sorted(repr((rows.get(pk, ("", ""))[:2], *rest)) for pk, *rest in moved)
    return sha256(repr((named, states)).encode()).hexdigest()[:32]


def _folded(moved: _Moved) -> dict[UUID, Places]:
    """Return by how much each allocation changed; those that end as they began are left out."""
    sums: dict[UUID, Counter[str | None]] = defaultdict(Counter)
    for allocation, source, target, quantity, _seats in moved:
        sums[allocation][source] -= quantity
        sums[allocation][target] += quantity
    # What is made comes from None, and what is taken away goes there.
    changes = {
        pk: Places(-by[None], by["available"], by["reserved"], by["sold"])
        for pk, by in sums.items()
    }
    return {pk: change for pk, change in changes.items() if change != Places()}


def _negative(places: Places) -> Places:
    return Places(-places.total, -places.available, -places.reserved, -places.sold)


def _read(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(schema=schema()), values or None)
        return list(cursor.fetchall())


def _rows(performance_ids: Collection[UUID]) -> _Rows:
    rows = SectionTicketType.objects.filter(performance__in=performance_ids).order_by(
        "performance",
        "section__position",
        "section__name",
        F("ticket_type__name").asc(nulls_last=True),
    )
    columns = (
        "pk",
        "section__name",
        "ticket_type__name",
        "allocated_capacity",
        "available_capacity",
        "reserved_capacity",
        "sold_capacity",
    )
    return {
        pk: (section, name, Places(*counters))
        for pk, section, name, *counters in rows.values_list(*columns)
    }


def _states(performance_ids: Collection[UUID]) -> tuple[State, ...]:
    rows = EventPerformance._base_manager.filter(pk__in=performance_ids).order_by("pk")
    return tuple(State(row.get_status_display(), row.date, row.start_time) for row in rows)
