"""What the embedded server is told: its settings, who may connect, and as whom."""

from __future__ import annotations

import os

from .account import Account
from .paths import Layout, uses_sockets

SUPERUSER = "fullhouse"
MAX_CONNECTIONS = 200
_MIB = 1024 * 1024

# Every row: name, value. Durability stays on: a seat that was sold stays sold after a power cut.
_SETTINGS = {
    "max_connections": str(MAX_CONNECTIONS),
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_prepared_transactions": "0",
    # Memory: room for a laptop or a small virtual machine beside other programs.
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # A forgotten transaction must not hold places, or the vacuum, for ever.
    "idle_in_transaction_session_timeout": "10min",
    # Hot rows leave many dead versions behind.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
    "autovacuum_vacuum_cost_limit": "1000",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "cluster_name": "fullhouse",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_file_mode": "0600",
    "log_line_prefix": "%m [%p] %u@%d %a ",
    "log_lock_waits": "on",
    "log_min_duration_statement": "2s",
}


def server_settings(layout: Layout) -> str:
    """Return the text of `fullhouse.conf`, written anew at each start."""
    places = {
        "port": str(layout.port),
        "listen_addresses": "" if uses_sockets() else layout.host,
        "log_directory": layout.log.as_posix(),
        "shared_buffers": f"{shared_buffers_mib()}MB",
    }
    if uses_sockets():
        escaped = str(layout.sockets).replace('"', '""')
        places["unix_socket_directories"] = f'"{escaped}"'
        places["unix_socket_permissions"] = "0700"
    lines = [
        "# Written by Fullhouse at each start.",
        "# Settings of your own: postgresql.conf, below the line that includes this file.",
    ]
    lines += [f"{name} = {_quoted(value)}" for name, value in (_SETTINGS | places).items()]
    return "\n".join(lines) + "\n"


def client_rules() -> str:
    """Return pg_hba.conf: the operating system says who is at the socket, nobody else comes in.

    Peer and not trust: a directory is opened by accident more easily than an identity is forged.
    Loopback has no peer, so there the password file of the account stands for it.
    """
    if uses_sockets():
        return "local all all peer map=fullhouse\n"
    return "host all all 127.0.0.1/32 scram-sha-256\n"


def identities(account: Account) -> str:
    """Return pg_ident.conf: the server's account and root are the database's superuser."""
    names = {account.name} if os.name == "nt" else {account.name, "root"}
    return "".join(f'fullhouse "{name}" {SUPERUSER}\n' for name in sorted(names))


def shared_buffers_mib() -> int:
    """Return an eighth of the memory, at least 64 MiB and at most 512 MiB."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return 128
    return max(64, min(512, memory // 8 // _MIB))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
