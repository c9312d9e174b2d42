"""The worker beside the demo's pages: sweeps, waiting lists, webhooks, as on a real evening."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STOP_SECONDS = 10


@contextmanager
def worker() -> Iterator[None]:
    """Run `fullhouse worker` in a process of its own for the length of the block."""
    environment = {"DJANGO_SETTINGS_MODULE": "fullhouse.site.settings", **os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "worker"],
        env=environment,
        # A terminal's Ctrl-C is for the server; the worker is stopped after it.
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
