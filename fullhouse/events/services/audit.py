"""Proves that the house adds up: I1 to I7, and ledger = counters = lines = seats.

Under it: `audit_v1`, which recomputes everything set-based in one snapshot, beside sales.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import Error, connections

from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.services.outcomes import check_ids

_COLUMNS = "SELECT rule, table_name, id, performance_id, expected, found"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule: which rule, table and row, what was expected and found."""

    rule: str
    table: str
    id: UUID
    performance_id: UUID
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.table} {self.id}: expected {self.expected}; found {self.found}"


def audit(*, performance_id: UUID | None = None, using: str = "default") -> tuple[Finding, ...]:
    """Return everything that does not add up, in one performance or in all (None).

    Empty: the house adds up. Holds past their deadline are no finding. Locks nothing; some
    seconds for a million seats. Raises Conflict, EngineFault.
    """
    if performance_id is not None:
        check_ids(performance_id=performance_id)
    source = f"FROM {schema()}.audit_v1(%s) ORDER BY performance_id, rule, table_name, id"
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(f"{_COLUMNS} {source}", [performance_id])
            return tuple(Finding(*row) for row in cursor.fetchall())
    except Error as error:
        raise failure(error) from error
