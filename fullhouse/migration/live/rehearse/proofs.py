"""What must hold when the sellers have gone: four proofs, each with its numbers.

They read; none of them trusts what the takeover says of itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connections

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.events.models import Movement, ReservationLine
from fullhouse.events.services.audit import audit
from fullhouse.migration.live.rehearse.journal import Promise, State
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import opened
from fullhouse.migration.source import Source
from fullhouse.migration.validate import validate

_SHOWN: Final = 20
_LIVE: Final[Mapping[str, State]] = {"sold": "sold", "reserved": "held"}


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof: what was compared, and up to 20 of the places where it does not hold."""

    name: str
    holds: bool
    numbers: dict[str, int]
    broken: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the proof as JSON values."""
        return {"holds": self.holds, "numbers": self.numbers, "broken": list(self.broken)}


@dataclass(slots=True)
class _Stored:
    """What one side has of a booking: live places by state, and their seats."""

    places: dict[State, int] = field(default_factory=lambda: defaultdict(int))
    seats: list[str] = field(default_factory=list)
    overbooked: int = 0


def acknowledged(
    promises: Mapping[str, Promise], run: MigrationRun, source: Source, *, using: str
) -> Proof:
    """Every booking that a customer was told of is in Fullhouse, as he was told, exactly once."""
    stored = _in_fullhouse(promises, using)
    winners = _winners(promises, run, using)
    broken = []
    for promise in promises.values():
        problem = _problem(promise, stored.get(promise.key, _Stored()), winners)
        if problem:
            broken.append(f"Fullhouse, booking {promise.key} ({promise.side}): {problem}")
    legacy = _in_legacy(promises, run, source, using)
    for promise in promises.values():
        state = legacy.get(promise.key, "free")
        if state not in promise.states:
            told = "/".join(sorted(promise.states))
            broken.append(
                f"legacy, booking {promise.key} ({promise.side}): {state}, and the customer was "
                f"told {told}"
            )
    return _proof("acknowledged", broken, _numbers(promises, stored, legacy))


def equal(run: MigrationRun, source: Source, *, using: str) -> Proof:
    """Both sides are equal row by row; nothing waits in the outbox."""
    outcome = validate(run, using=using, workers=1, source=source)
    counts = {name: int(value) for name, value in outcome.counts.items()}
    return _proof("equal", [str(one) for one in outcome.mismatches], counts)


def adds_up(*, using: str) -> Proof:
    """The ledger is the counters, the counters are the lines, the lines are the seats."""
    findings = [str(one) for one in audit(using=using)]
    return _proof("ledger", findings, {"movements": Movement.objects.using(using).count()})


def identical(before: Mapping[str, str], after: Mapping[str, str], units: int) -> Proof:
    """Forward, back, forward leaves the same rows on both sides, table by table."""
    tables = sorted(before.keys() | after.keys())
    unlike = [name for name in tables if before.get(name) != after.get(name)]
    broken = [f"{name}: other rows than before" for name in unlike]
    return _proof("identity", broken, {"tables": len(tables), "units": units})


def _proof(name: str, broken: Iterable[str], numbers: dict[str, int]) -> Proof:
    listed = list(broken)
    return Proof(name, not listed, numbers | {"broken": len(listed)}, tuple(listed[:_SHOWN]))


def _problem(promise: Promise, stored: _Stored, winners: Mapping[str, str]) -> str:
    live = {state: places for state, places in stored.places.items() if places}
    found: State = next(iter(live), "free")
    if len(live) > 1 or found not in promise.states:
        told = "/".join(sorted(promise.states))
        return f"the customer was told {told}, and it is {live or 'free'}"
    if found == "free":
        return ""
    if live[found] != promise.places:
        return f"{promise.places} places were promised, and {live[found]} are {found}"
    mine = {winners.get(seat, seat) for seat in promise.seats}
    if promise.seats and not set(stored.seats) <= mine:
        return f"it has the seats {sorted(stored.seats)}, and was promised {sorted(mine)}"
    if promise.seats and len(stored.seats) + stored.overbooked != promise.places:
        return f"{promise.places} seats were promised, and {len(stored.seats)} are there"
    return ""


def _in_fullhouse(promises: Mapping[str, Promise], using: str) -> dict[str, _Stored]:
    lines = ReservationLine.objects.using(using).filter(
        reservation_id__in=[UUID(key) for key in promises], status__in=_LIVE
    )
    found: dict[str, _Stored] = defaultdict(_Stored)
    values = lines.values_list("reservation_id", "status", "seat_id", "quantity", "overbooked")
    for key, status, seat, quantity, overbooked in values:
        one = found[str(key)]
        one.places[_LIVE[status]] += quantity
        one.overbooked += quantity if overbooked else 0
        if seat is not None:
            one.seats.append(str(seat))
    return found


def _winners(promises: Mapping[str, Promise], run: MigrationRun, using: str) -> dict[str, str]:
    """Return, for seats that the legacy side has twice, the one that they became."""
    seats = [seat for one in promises.values() for seat in one.seats]
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT legacy_seat_id::text, seat_id::text FROM {own_schema()}."  # noqa: S608 - own
            "capacity_migration_seatalias WHERE run_id = %s AND legacy_seat_id = ANY (%s::uuid[])",
            [run.pk, seats],
        )
        return {str(legacy): str(seat) for legacy, seat in cursor.fetchall()}


def _in_legacy(
    promises: Mapping[str, Promise], run: MigrationRun, source: Source, using: str
) -> dict[str, State]:
    """Return how the legacy bookings stand, through the source's canonical view."""
    with opened(run, using=using, source=source) as session:
        session.cursor.execute(
            "SELECT id::text, CASE status WHEN 'confirmed' THEN 'sold' WHEN 'completed' THEN 'sold'"
            " WHEN 'pending' THEN 'held' ELSE 'free' END FROM src_booking"
            " WHERE id = ANY (%s::uuid[])",
            [list(promises)],
        )
        return {str(key): state for key, state in session.cursor.fetchall()}


def _numbers(
    promises: Mapping[str, Promise], stored: Mapping[str, _Stored], legacy: Mapping[str, State]
) -> dict[str, int]:
    told = [one.states for one in promises.values()]
    return {
        "bookings": len(promises),
        "sold": sum(states == {"sold"} for states in told),
        "held": sum(states == {"held"} for states in told),
        "given_back": sum(states == {"free"} for states in told),
        "answer_lost": sum(len(states) > 1 for states in told),
        "made_in_fullhouse": sum(one.side == "fullhouse" for one in promises.values()),
        "stored": sum(any(one.places.values()) for one in stored.values()),
        "stored_in_legacy": len(legacy),
        "places_overbooked": sum(one.overbooked for one in stored.values()),
    }
