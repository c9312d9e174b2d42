"""Makes units anew beside the sellers: the offline projection, and what only a moving source needs.

Never a difference applied to what stands: each unit is recomputed whole from the legacy side, so
doing it once too often changes nothing, and doing it late is right.
"""

from __future__ import annotations

from django.db import Error

from fullhouse.migration.session import Session

#: Deadlock, serialization failure, lock timeout: the same batch again may succeed.
TRANSIENT = frozenset({"40P01", "40001", "55P03"})
_STANDS = (
    "SELECT EXISTS (SELECT FROM events_eventperformance AS p"
    " JOIN m_batch AS b ON b.performance_id = p.id)"
)


def prepare(session: Session) -> None:
    """Make the working tables that a live session has beyond an offline one."""
    session.execute("live/tables.sql")


def remake(session: Session) -> int:
    """Bring the units of `m_batch`, locked by the caller, to what the legacy side says now.

    Returns their legacy seat rows. Units that are gone there go here. READ COMMITTED: each
    statement sees what is committed when it begins; a sale between two of them has its unit in
    the outbox, so the next pass makes it anew.
    """
    session.project()
    session.allow_writing()
    session.execute("write/30_foreign.sql")
    session.execute("write/40_venues.sql")
    session.cursor.execute(_STANDS)
    if session.cursor.fetchone()[0]:
        session.execute("write/50_strays.sql")
        session.execute("live/move_aside.sql")
    session.execute("write/60_rows.sql")
    session.execute("live/gone.sql")
    session.cursor.execute("SELECT count(*) FROM m_seat")
    return int(session.cursor.fetchone()[0])


def read_catalogue(session: Session) -> None:
    """Read venues, events and ticket types anew into this session."""
    session.execute("live/fresh_catalogue.sql")
    session.execute("session/catalogue.sql")


def follow_catalogue(session: Session) -> None:
    """Bring the venues, events and ticket types that the run made to what the legacy side says."""
    session.allow_writing()
    session.execute("live/names_aside.sql")
    read_catalogue(session)
    session.execute("live/type_names_aside.sql")
    session.execute("write/10_catalogue.sql")


def sqlstate(error: Error) -> str | None:
    """Return the SQLSTATE behind a Django database error."""
    return getattr(error.__cause__, "sqlstate", None)


def is_about_data(error: Error) -> bool:
    """Tell whether another go unit by unit makes sense: it is the data that failed."""
    state = sqlstate(error)
    return state is not None and state not in TRANSIENT and state[:2] not in ("08", "53", "57")


def reason(error: Error) -> str:
    """Return what a unit's `error` keeps."""
    return f"{sqlstate(error)}: {str(error).strip()}"[:2000]
