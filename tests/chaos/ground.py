"""Where chaos happens: a server of its own with a legacy schema, to be stopped and filled."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connections
from scratch import ROOM

from fullhouse.database import server
from fullhouse.database.paths import Layout
from fullhouse.migration.legacy.loader import load_items
from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.migration.live.rehearse.scratch import raw

ALIAS = "chaos"
SCHEMA = "old"
SEATS = 240
_DISK_MIB = 400
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Ground:
    """A server in a directory of its own; `is_small`: that is a disk of 400 MiB."""

    home: Path
    is_small: bool

    def stop_at_once(self) -> None:
        """Stop the server as a power cut does, and start it again."""
        server.stop("immediate", self.home)
        self.start()

    def start(self) -> None:
        """Start the server; it recovers what was committed. Old connections are given up."""
        server.ensure_started(self.home)
        for alias in [one for one in connections.databases if one != "default"]:
            connections[alias].close()

    def fill(self) -> None:
        """Fill the disk; only one of its own."""
        assert self.is_small
        with suppress(OSError), self._filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(_BLOCK))

    def empty(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)

    @property
    def _filler(self) -> Path:
        return self.home / "filler"


@contextmanager
def ground() -> Iterator[Ground]:
    """Make a server with a legacy schema, on a small disk where root may mount one."""
    place = Path(tempfile.mkdtemp(prefix="fh-chaos-", dir=ROOM))
    place.chmod(0o711)
    is_small = _mount(place)
    if is_small:
        place.chmod(0o711)
    made = Ground(place / "home", is_small)
    try:
        server.ensure_started(made.home)
        layout = Layout.of(made.home)
        known = connections.databases["default"]
        connections.databases[ALIAS] = {
            **known,
            "NAME": "fullhouse",
            "HOST": layout.host,
            "PORT": str(layout.port),
            "EMBEDDED": False,
        }
        sample = Sample(seats=SEATS, dirty=0.2, seed=11)
        load_items(raw(ALIAS), items=sample, schema=SCHEMA, source="sample", sha256="chaos")
        yield made
    finally:
        made.empty()
        if ALIAS in connections.databases:
            connections[ALIAS].close()
            del connections[ALIAS]
            del connections.databases[ALIAS]
        server.stop("immediate", made.home)
        shutil.rmtree(Layout.of(made.home).sockets, ignore_errors=True)
        if is_small:
            subprocess.run(["umount", place], check=True)
        shutil.rmtree(place)


def _mount(place: Path) -> bool:
    if os.name == "nt" or os.geteuid() != 0:
        return False
    size = f"size={_DISK_MIB}m"
    return not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, check=False
    ).returncode
