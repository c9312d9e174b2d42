"""Make the cluster: initdb into a temporary directory, then one rename.

A killed initdb therefore never leaves a half-made cluster under the real name.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import uuid
from pathlib import Path

from .account import Account
from .binaries import Binaries, all_binaries
from .errors import DataDirectoryError, VersionMismatchError, explain
from .paths import Layout, uses_sockets
from .settings_file import SUPERUSER, client_rules, identities, server_settings

INITDB_SECONDS = 180.0
NEEDED_MIB = 200
_FRESH = "initdb-"
REMOVED = "removed-"
_INCLUDE = "\n# Settings of your own go below this line.\ninclude_if_exists = 'fullhouse.conf'\n"


def cluster_major(layout: Layout) -> int | None:
    """Return the major version that made the cluster; None when there is no cluster."""
    try:
        return int((layout.cluster / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        if layout.cluster.is_dir() and any(layout.cluster.iterdir()):
            raise DataDirectoryError(
                f"{layout.cluster} is not a PostgreSQL data directory: PG_VERSION is missing. "
                "Restore it from a backup, or move it away to start with an empty database."
            ) from None
        return None
    except (ValueError, OSError) as error:
        raise DataDirectoryError(
            f"{layout.cluster / 'PG_VERSION'} cannot be read: {error}."
        ) from error


def require_same_major(layout: Layout, binaries: Binaries, major: int) -> None:
    """Raise VersionMismatchError, with the way to upgrade, unless these programs fit."""
    if major == binaries.major:
        return
    old = next((one for one in all_binaries() if one.major == major), None)
    place = old.directory if old else f"/path/to/postgresql-{major}/bin"
    raise VersionMismatchError(
        f"{layout.cluster} was made by PostgreSQL {major}; the programs here are {binaries.version}"
        f" ({binaries.directory}). To go on as before, set PG_BIN={place}. To move the data over:\n"
        f"  PG_BIN={place} fullhouse database dump before-upgrade.sql\n"
        f"  PG_BIN={place} fullhouse database reset\n"
        "  fullhouse database start\n"
        "  fullhouse database shell -- --file before-upgrade.sql"
    )


def make_cluster(layout: Layout, account: Account, binaries: Binaries, lock: int) -> None:
    """Create the cluster. The caller holds the lock; initdb inherits it, so that a starter that
    is killed leaves nobody working beside the next one.
    """
    remove_leftovers(layout)
    _require_space(layout)
    fresh = layout.private / f"{_FRESH}{uuid.uuid4().hex[:8]}"
    if not uses_sockets():
        _write_password(layout, account)
    try:
        _initdb(fresh, layout, account, binaries, lock)
        settings = fresh / "postgresql.conf"
        account.write(settings, settings.read_text(encoding="utf-8") + _INCLUDE)
        fresh.rename(layout.cluster)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_settings(layout: Layout, account: Account) -> None:
    """Bring the cluster's own files up to date with this version of Fullhouse."""
    account.write(layout.cluster / "fullhouse.conf", server_settings(layout))
    account.write(layout.cluster / "pg_hba.conf", client_rules())
    account.write(layout.cluster / "pg_ident.conf", identities(account))


def remove_leftovers(layout: Layout) -> None:
    """Remove what an interrupted initdb or reset left behind. The caller holds the lock."""
    for prefix in (_FRESH, REMOVED):
        for old in layout.private.glob(f"{prefix}*"):
            shutil.rmtree(old, ignore_errors=True)


def _initdb(
    fresh: Path, layout: Layout, account: Account, binaries: Binaries, lock: int
) -> None:  # fmt: skip
    command: list[str | Path] = [
        binaries.program("initdb"), "-D", fresh, "-U", SUPERUSER, "-E", "UTF8",
        "--data-checksums", "--auth-host", "scram-sha-256", *_locale(binaries.major),
    ]  # fmt: skip
    if uses_sockets():
        command += ["--auth-local", "peer"]
    else:
        command += ["--pwfile", layout.passfile.with_name("password")]
    keep_open = () if sys.platform == "win32" else (lock,)
    done = account.run(command, timeout_seconds=INITDB_SECONDS, keep_open=keep_open)
    if done.returncode != 0:
        raise explain(
            f"initdb could not make {layout.cluster}", done.stdout + done.stderr, layout.home
        )


def _locale(major: int) -> list[str]:
    """Return the same order of text everywhere: by code point, with Unicode's letter cases."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def _write_password(layout: Layout, account: Account) -> None:
    password = secrets.token_urlsafe(24)
    account.write(layout.passfile.with_name("password"), password + "\n")
    account.write(layout.passfile, f"{layout.host}:{layout.port}:*:{SUPERUSER}:{password}\n")


def _require_space(layout: Layout) -> None:
    free = shutil.disk_usage(layout.private).free // (1024 * 1024)
    if free < NEEDED_MIB:
        raise DataDirectoryError(
            f"The disk that holds {layout.home} has {free} MiB free; a database needs at least "
            f"{NEEDED_MIB}. Free some space there, or set FULLHOUSE_DATA to another disk."
        )
