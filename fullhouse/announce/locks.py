"""Locks of a database session: who dies gives them back at once, and no transaction stays open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

#: Ours among the advisory locks of the database.
_SPACE: Final = 0x4648


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
