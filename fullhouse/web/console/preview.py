"""What an action would do: it is done in a transaction that is rolled back, and looked at.

The real service runs, with its locks and its refusals; the deferred rules are asked before the
rollback, so that what the commit would refuse is refused here too. Nothing of it stays.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.engine.failures import failure
from fullhouse.events.models import EventPerformance, SectionTicketType
from fullhouse.web.places import Places


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
    """`told` is what doing it would say, None where it is refused: the form has the reason.

    `before` and `after` are of all performances looked at, and so are their states and times.
    """

    told: str | None
    changes: tuple[Change, ...]
    before: Places
    after: Places
    states_before: tuple[State, ...]
    states_after: tuple[State, ...]

    @property
    def moves(self) -> bool:
        """Whether any place would move."""
        return bool(self.changes)


_Rows = dict[UUID, tuple[str, str | None, Places]]


def preview(form: DeskForm, performance_ids: Collection[UUID], actor: str) -> Preview:
    """Do what the valid form asks, look, and take it back. Locks as the service, for that long."""
    with transaction.atomic():
        before, was = _rows(performance_ids), _states(performance_ids)
        told, after, state = None, before, was
        try:
            with transaction.atomic():
                told = form.attempt(actor)
                if told is not None:
                    with connection.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    after, state = _rows(performance_ids), _states(performance_ids)
                transaction.set_rollback(True)
        except DatabaseError as error:
            form.add_error(None, str(failure(error)))
            told = None
        transaction.set_rollback(True)
    return Preview(
        told=told,
        changes=_changes(before, after),
        before=_total(before),
        after=_total(after),
        states_before=was,
        states_after=state,
    )


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


def _changes(before: _Rows, after: _Rows) -> tuple[Change, ...]:
    changed = []
    for pk in dict.fromkeys((*before, *after)):
        was, now = before.get(pk), after.get(pk)
        if was != now:
            section, name, _places = now or was or ("", None, Places())
            ends = (each[2] if each else Places() for each in (was, now))
            changed.append(Change(section, name, *ends))
    return tuple(changed)


def _total(rows: _Rows) -> Places:
    return sum((places for _section, _type, places in rows.values()), Places())
