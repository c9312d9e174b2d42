"""SQLSTATE -> the family of `CapacityError`. The only place that reads one.

Classified by SQLSTATE alone: message texts and constraint names are for people, and differ
between versions and languages of the server.

    FH4xx   the SQL refused an argument          InvalidRequest
    22xxx   a value that its type cannot hold    InvalidRequest
    40xxx, 55P03, 57xxx, 08xxx, 53xxx            Conflict, may be tried again
    23I01 to 23I08, 25I01, everything else       EngineFault
"""

from django.db import Error as DatabaseError
from psycopg import Error as DriverError

from fullhouse.events.domain.errors import (
    CapacityError,
    Conflict,
    EngineFault,
    InvalidRequest,
)

# 40 rollback (deadlock, serialization), 55P03 lock not available, 57 operator intervention,
# 08 connection, 53 insufficient resources.
_RETRYABLE = ("40", "55P03", "57", "08", "53")


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of a Django or psycopg error; None when the server gave none."""
    cause = error if isinstance(error, DriverError) else error.__cause__
    return cause.sqlstate if isinstance(cause, DriverError) else None


def failure(error: DatabaseError | DriverError) -> CapacityError:
    """Return what a database error means to the caller. Use: `raise failure(e) from e`."""
    state = sqlstate_of(error)
    text = _primary(error)
    if state is None:
        return Conflict(f"The connection to the database was lost: {text}")
    if state.startswith("FH4"):
        argument, _, problem = text.partition(": ")
        return InvalidRequest(argument, problem) if problem else InvalidRequest("", text)
    if state.startswith("22"):
        return InvalidRequest("", text)
    if state.startswith(_RETRYABLE):
        return Conflict(f"Others were in the way ({state}): {text}")
    return EngineFault(f"{text} ({state})", state)


def _primary(error: DatabaseError | DriverError) -> str:
    cause = error if isinstance(error, DriverError) else error.__cause__
    primary = cause.diag.message_primary if isinstance(cause, DriverError) else None
    return primary or str(error).strip() or type(error).__name__
