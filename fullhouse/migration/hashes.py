"""One digest over everything that a run made: the same legacy data give the same, always."""

from __future__ import annotations

import hashlib

from django.db import connections, transaction

from fullhouse.migration import sql_files
from fullhouse.migration.models import MigrationRun


def table_hashes(run: MigrationRun, *, using: str = "default") -> dict[str, str]:
    """Return the SHA-256 of each table's rows that `run` made, by table, in the order of keys."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(sql_files.text("hashes/projection.sql"), {"run": run.pk})
        return {str(table): str(digest) for table, digest in cursor.fetchall()}


def projection_hash(run: MigrationRun, *, using: str = "default") -> str:
    """Return one SHA-256 over all tables that `run` wrote."""
    lines = [f"{table} {digest}" for table, digest in table_hashes(run, using=using).items()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
