"""One process at a time makes, starts or stops the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .account import Account
from .errors import DataDirectoryError


@contextmanager
def exclusive(path: Path, account: Account) -> Iterator[int]:
    """Hold the lock file while the block runs; yield its descriptor.

    Waits without limit: the system frees the lock when its holder ends, however it ends, and
    each step of a holder is bounded in time. A child that inherits the descriptor keeps the lock
    until it ends as well. Raises DataDirectoryError when the file cannot be opened.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise DataDirectoryError(f"{path} cannot be locked: {error.strerror}.") from error
    try:
        if account.switch:
            # Otherwise the owner could not take the lock itself after root made the file.
            os.fchown(descriptor, account.uid, account.gid)
        _lock(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        while True:
            try:
                # Tries for ten seconds and then raises; there is no endless form.
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            except OSError:
                continue
            return
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
