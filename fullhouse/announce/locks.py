"""Locks that end with whoever holds them: with a session, which keeps no transaction open, or with
a transaction, which needs no session.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

#: Ours among the advisory locks of the database.
_SPACE: Final = 0x4648


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Do something in one transaction that nobody else does meanwhile; False: somebody is at it.

    Needs no session of its own: the lock ends with the transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_SPACE, name])
        row = cursor.fetchone()
        yield bool(row and row[0])


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Hold the lock of a name for a `with` block; False: another session has it, do nothing.

    Two names may share a lock by chance, and then wait for each other. Needs a connection of its
    own to the server, or a pooler that keeps sessions together.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_SPACE, name])
        row = cursor.fetchone()
    got = bool(row and row[0])
    try:
        yield got
    finally:
        if got and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_SPACE, name])
