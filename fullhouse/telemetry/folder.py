"""Where worker processes keep their counters, so that any of them can tell the sum.

`prometheus_client` decides at its first import, by an environment variable: enter this before the
workers start. It must not import that library itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_NAME: Final = "fullhouse-counters-"


@contextmanager
def counters_folder() -> Iterator[Path]:
    """Give this server an empty folder for counters, for as long as it serves.

    A folder that the environment names is made, emptied of old counters, and left there.
    """
    given = os.environ.get(VARIABLE)
    folder = Path(given) if given else Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-"))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    _clear_up()
    os.environ[VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        if given is None:
            del os.environ[VARIABLE]
            shutil.rmtree(folder, ignore_errors=True)


def _clear_up() -> None:
    """Remove the folders of servers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_NAME}*"):
        owner = folder.name.removeprefix(_NAME).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
