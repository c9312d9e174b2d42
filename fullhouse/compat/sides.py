"""Which side is authoritative, and the one way to work on it.

The side is read in the transaction of the call. A cut-over in between cannot be missed: it
locks the legacy tables against writers and leaves fences on them, which answer a writer of the
old side with SQLSTATE FHF01; then the side is read anew and the call made there, once. A way
back (rollback) fences the other side with the same state. Every attempt is a savepoint, so that
a caller's transaction lives on.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal, Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections, transaction

from fullhouse.compat.fullhouse_side import FullhouseSide
from fullhouse.compat.legacy_side import LegacySide
from fullhouse.compat.values import (
    Allocation,
    Home,
    SeatView,
    Section,
    Standing,
    Summary,
    Validation,
)
from fullhouse.compat.where import Where
from fullhouse.compat.words import say
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.domain.errors import Conflict, EngineFault
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema

Authority = Literal["legacy", "fullhouse"]
T = TypeVar("T")

FENCE: Final = "FHF01"
# A table that was there when the side was read and is not now: moved into the archive since.
_GONE: Final = "42P01"
# As in the engine's functions; a host that sets its own is left alone.
_LOCK_TIMEOUT: Final = "5s"


class Side(Protocol):
    """What either side answers. Refusals are raised, so that what was begun is rolled back."""

    def standing(self, performance: UUID) -> Standing: ...
    def ticket_capacities(self, performance: UUID) -> dict[str, int]: ...
    def book(self, performance: UUID, count: int) -> None: ...
    def release(self, performance: UUID, count: int) -> None: ...
    def section_name(self, performance: UUID, spelling: str) -> str: ...
    def seat(self, seat: UUID) -> SeatView: ...
    def free_seats(
        self, performance: UUID, ticket_type: UUID | None, section: str | None
    ) -> list[SeatView]: ...
    def reserve(
        self,
        performance: UUID,
        ticket_type: UUID | None,
        section: str,
        count: int,
        ttl_seconds: int,
    ) -> Allocation: ...
    def summary(self, performance: UUID) -> Summary: ...
    def create(self, performance: UUID, plan: HousePlan) -> tuple[Section, ...]: ...
    def validate(self, performance: UUID | None) -> Validation: ...
    def home(self, performance: UUID) -> Home: ...
    def home_of_section(self, section: UUID) -> UUID: ...
    def seats(self, performance: UUID, section: str | None) -> list[SeatView]: ...
    def sections(self, performance: UUID) -> list[Section]: ...


_SIDES: Final[Mapping[Authority, Callable[[Where], Side]]] = {
    "legacy": LegacySide,
    "fullhouse": FullhouseSide,
}


def authority(legacy_schema: str | None = None, using: str | None = None) -> Authority:
    """Return which side sells now.

    Raises ImproperlyConfigured where neither side has tables, and CapacityError.
    """
    try:
        return _authority(Where.of(using, legacy_schema))
    except Error as error:
        raise failure(error) from error


def on_authority(where: Where, act: Callable[[Side], T]) -> T:
    """Do `act` on the side that is authoritative, in one transaction or savepoint.

    Raises Refusal (nothing moved), Conflict, EngineFault. Conflict also where the side changed
    under a transaction whose snapshot is older than the change (REPEATABLE READ): only a new
    transaction can see the new side.
    """
    try:
        return _attempt(where, act)
    except EngineFault as error:
        if error.sqlstate not in (FENCE, _GONE):
            raise
    try:
        return _attempt(where, act)
    except EngineFault as error:
        if error.sqlstate != FENCE:
            raise
        raise Conflict(say("moved")) from error


def _attempt(where: Where, act: Callable[[Side], T]) -> T:
    try:
        with _patient(where.using):
            return act(_SIDES[_authority(where)](where))
    except Error as error:
        raise failure(error) from error


def _authority(where: Where) -> Authority:
    run, legacy = where.rows(
        "SELECT to_regclass(%s)::text,"
        " to_regclass(format('%%I.events_eventperformance', %s))::text",
        f"{schema()}.capacity_migration_migrationrun",
        where.legacy_schema,
    )[0]
    if run is None and legacy is None:
        raise ImproperlyConfigured(
            say("no_tables", using=where.using, legacy=where.legacy_schema, fullhouse=schema())
        )
    # An open run of the schema, else the last that was closed.
    state = run and where.rows(
        "SELECT state FROM {fh}.capacity_migration_migrationrun WHERE legacy_schema = %s"
        " ORDER BY state IN ('rolled_back', 'contracted'), created_at DESC LIMIT 1",
        where.legacy_schema,
    )
    over = bool(state) and state[0][0] in ("cut_over", "contracted")
    return "fullhouse" if over or legacy is None else "legacy"


@contextmanager
def _patient(using: str) -> Iterator[None]:
    """A transaction or savepoint in which no lock is waited for longer than _LOCK_TIMEOUT."""
    connection = connections[using]
    nested = connection.in_atomic_block
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true)"
            " WHERE current_setting('lock_timeout') = '0'",
            [_LOCK_TIMEOUT],
        )
        changed = cursor.fetchone() is not None
        yield
        if changed and nested:
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
