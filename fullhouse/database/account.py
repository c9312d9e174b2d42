"""Who the server runs as, and everything that is done in that account's name.

PostgreSQL refuses to run as root. Called by root, each program is started as an unprivileged
account that exists already, and files inside that account's directory are written by it too:
root follows no path there that the account could have bent. No account is created and nobody's
permissions are changed.
"""

from __future__ import annotations

import errno
import getpass
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import DataDirectoryError, ServerError, explain
from .paths import Layout

# PostgreSQL's own account on Linux and BSD, on macOS and on old BSD; then the ones owning nothing.
UNPRIVILEGED = ("postgres", "_postgres", "pgsql", "nobody", "daemon")
QUICK_SECONDS = 30.0

_ROOT = Path(os.sep)
_WRITE = 'umask 077 && cat > "$1.new" && mv -f "$1.new" "$1"'


@dataclass(frozen=True)
class Account:
    """An operating system account; `switch` says that this process has to become it first."""

    name: str
    uid: int
    gid: int
    switch: bool

    def run(
        self,
        command: Sequence[str | Path],
        *,
        timeout_seconds: float = QUICK_SECONDS,
        stdin: str | None = None,
        keep_open: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, in a session of its own, with a clean environment.

        The caller's PG* variables, locale and working directory do not reach it. A non-zero
        exit is returned, not raised; `keep_open` are file descriptors that it inherits.
        Raises ServerError when this process may not become the account or time runs out.
        """
        try:
            return subprocess.run(
                [str(part) for part in command],
                input=stdin or "",
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=timeout_seconds,
                env=_clean_environment(),
                cwd=_ROOT,
                start_new_session=True,
                pass_fds=keep_open,
                user=self.uid if self.switch else None,
                group=self.gid if self.switch else None,
                extra_groups=[] if self.switch else None,
            )
        except subprocess.TimeoutExpired as error:
            raise ServerError(
                f"{command[0]} did not finish in {timeout_seconds:.0f} seconds and was ended."
            ) from error
        except PermissionError as error:
            if error.errno != errno.EPERM:  # the program is out of reach, which has its own answer
                raise
            raise ServerError(
                f"Root may not become the account {self.name} here; a container needs the "
                "capabilities SETUID and SETGID for it. Run this as another user, or set "
                "DATABASE_URL."
            ) from error

    def may_enter(self, directory: Path) -> bool:
        """Ask the system, which knows of access lists too, whether the directory is open."""
        if self.switch:
            return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", directory]).returncode == 0
        return os.access(directory, os.X_OK)

    def write(self, path: Path, text: str) -> None:
        """Put `text` into a file only this account can read, replacing it in one step."""
        if self.switch:
            done = self.run(["/bin/sh", "-c", _WRITE, "sh", path], stdin=text)
            if done.returncode != 0:
                raise explain(f"{path} cannot be written", done.stderr, path.parent)
            return
        fresh = path.with_name(path.name + ".new")
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            fresh.replace(path)
        except OSError as error:
            raise explain(f"{path} cannot be written", str(error), path.parent) from error


def account_for(layout: Layout) -> Account:
    """Return the account that runs the server of this layout.

    For anyone but root: the caller. For root: the owner of the server's directory, else of the
    home, else the first existing account of UNPRIVILEGED. Raises DataDirectoryError when the
    directory belongs to somebody whom the caller cannot become.
    """
    if os.name == "nt":
        return Account(getpass.getuser(), -1, -1, switch=False)
    owner = _owner(layout.private)
    caller = os.geteuid()
    if caller != 0:
        if owner not in (None, caller):
            raise DataDirectoryError(
                f"{layout.private} belongs to {_name(owner)}, not to {_name(caller)}. Run this as "
                "that account or as root, or set FULLHOUSE_DATA to a directory of your own."
            )
        return Account(_name(caller), caller, os.getegid(), switch=False)
    if owner == 0:
        raise DataDirectoryError(
            f"{layout.private} belongs to root, and PostgreSQL does not run as root. Remove it if "
            "it is empty, or set FULLHOUSE_DATA to another directory."
        )
    return _unprivileged(owner or _owner(layout.home) or 0)


def _unprivileged(uid: int) -> Account:
    import pwd  # not on Windows

    if uid != 0:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise DataDirectoryError(
                f"The data directory belongs to user id {uid}, which has no account here. "
                "Give it to an existing account, or set FULLHOUSE_DATA to another directory."
            ) from None
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)
    raise DataDirectoryError(
        "PostgreSQL does not run as root, and none of the usual unprivileged accounts exists "
        f"({', '.join(UNPRIVILEGED)}). Run this as another user, or set FULLHOUSE_DATA to a "
        "directory that belongs to one."
    )


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise DataDirectoryError(
            f"{path} cannot be reached by this user. Set FULLHOUSE_DATA to a directory of yours."
        ) from error


def _name(uid: int | None) -> str:
    import pwd  # not on Windows

    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"user id {uid}"


def _clean_environment() -> dict[str, str]:
    # SYSTEMROOT and TEMP: without them no Windows program starts.
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "PATHEXT", "COMSPEC")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment.setdefault("PATH", os.defpath)
    return environment | {"LC_ALL": "C", "TZ": "UTC", "HOME": str(_ROOT)}
