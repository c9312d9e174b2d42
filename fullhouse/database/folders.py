"""Make the private directories of the server; never change one that exists."""

from __future__ import annotations

import os
import shutil
import stat
import uuid
from contextlib import suppress
from pathlib import Path

from .account import Account
from .errors import DataDirectoryError
from .paths import Layout, uses_sockets


def prepare(layout: Layout, account: Account) -> None:
    """Create what is missing of home, server directory and socket directory, 0700 each.

    Directories above the home that are missing too are made with the usual permissions. Safe to
    call from many processes at once. Raises DataDirectoryError, naming the directory that the
    account cannot reach.
    """
    _check_name(layout.home)
    _make_parents(layout.home.parent, account)
    if not layout.home.exists():
        make_private(layout.home, account)
    _check_reach(layout.home, account)
    make_private(layout.private, account)
    _check_owner(layout.private, account)
    _check_reach(layout.private, account)
    if uses_sockets():
        make_private(layout.sockets, account)
        check_sockets(layout, account)


def check_sockets(layout: Layout, account: Account) -> None:
    """Refuse a socket directory that somebody else made, or that others could write to.

    Matters for the short one under /tmp, whose name anyone can guess.
    """
    _check_owner(layout.sockets, account)
    if layout.sockets.lstat().st_mode & 0o022:
        raise DataDirectoryError(
            f"{layout.sockets} can be written by others, so its socket cannot be trusted. "
            "Remove it and start again."
        )


def _check_name(home: Path) -> None:
    # pg_ctl puts the path between double quotes into a shell command.
    wrong = sorted(set(str(home)) & set('"$`\n' if os.name == "nt" else '"$`\n\\'))
    if wrong:
        raise DataDirectoryError(
            f"{home} cannot hold a server: its path has {' '.join(map(repr, wrong))} in it. "
            "Set FULLHOUSE_DATA to a directory without."
        )


def _make_parents(directory: Path, account: Account) -> None:
    missing = [one for one in (directory, *directory.parents) if not one.exists()]
    try:
        for one in reversed(missing):
            with suppress(FileExistsError):
                one.mkdir()
                if account.switch:
                    # A strict umask of root's would close this new directory to the account.
                    one.chmod(0o755)
    except OSError as error:
        raise DataDirectoryError(
            f"{directory} cannot be made: {error.strerror}. Set FULLHOUSE_DATA to a directory "
            "that you may write to."
        ) from error


def make_private(directory: Path, account: Account) -> None:
    """Make `directory` appear with its owner and permissions already right."""
    if directory.is_dir() and not directory.is_symlink():
        return
    if not account.switch:
        try:
            directory.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise DataDirectoryError(
                f"{directory} cannot be made: {error.strerror}. Set FULLHOUSE_DATA to a directory "
                "that you may write to."
            ) from error
        return
    fresh = directory.with_name(f".{directory.name}.{uuid.uuid4().hex[:8]}")
    try:
        fresh.mkdir(mode=0o700)
        os.chown(fresh, account.uid, account.gid, follow_symlinks=False)
        fresh.rename(directory)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if directory.is_dir():  # another process was quicker
            return
        raise DataDirectoryError(f"{directory} cannot be made: {error.strerror}.") from error


def _check_owner(directory: Path, account: Account) -> None:
    if os.name == "nt":
        return
    facts = directory.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != account.uid:
        raise DataDirectoryError(
            f"{directory} is not a directory of the account {account.name}, which runs the server. "
            "Somebody else made it: remove it, or set FULLHOUSE_DATA to another directory."
        )


def _check_reach(directory: Path, account: Account) -> None:
    if account.may_enter(directory):
        return
    closed = next(
        parent for parent in (*reversed(directory.parents), directory)
        if not account.may_enter(parent)
    )  # fmt: skip
    raise DataDirectoryError(
        f"The account {account.name}, which runs the server, cannot enter {closed}, so {directory} "
        f"is out of its reach. Set FULLHOUSE_DATA to a directory below open ones (for example "
        f"/var/lib/fullhouse), or let the account pass: chmod o+x {closed}"
    )
