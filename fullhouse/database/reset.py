"""Start over: keep a dump, stop the server, remove its cluster."""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

from .account import account_for
from .client import Target, dump
from .cluster import REMOVED
from .folders import make_private
from .lock import exclusive
from .paths import Layout
from .server import ensure_started, halt, status


def reset(*, backup: bool = True) -> Path | None:
    """Remove the embedded cluster and all data in it; return the dump that was kept, if any.

    The next connection makes an empty one. Nothing is removed when the dump fails. Raises
    ServerError, and ExternalDatabaseError when DATABASE_URL is set.
    """
    now = status()
    layout = Layout.of(now.home)
    account = account_for(layout)
    if not layout.cluster.is_dir():
        return None
    kept = None
    if backup:
        ensure_started()
        make_private(layout.backups, account)
        kept = layout.backups / f"fullhouse-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
        dump(Target.configured(), kept)
    with exclusive(layout.lock, account):
        halt(layout, account)
        doomed = layout.private / f"{REMOVED}{uuid.uuid4().hex[:8]}"
        layout.cluster.rename(doomed)
        shutil.rmtree(doomed)
    return kept
