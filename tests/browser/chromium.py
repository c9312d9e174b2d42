"""Where the browser of the tests is, and what to say where there is none."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Headless in a container: no sandbox of its own, no graphics card, no calls home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "No Chromium: the pages were not tried in a browser. Install one (tests/browser/install), "
    "or name it: CHROMIUM=/path/to/chromium"
)


def find_chromium() -> str | None:
    """Return the browser's program: `CHROMIUM`, else the first of NAMES on the PATH."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).is_file() else shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def must_be_there() -> bool:
    """Tell whether a missing browser is a failure: where nobody reads what was skipped."""
    return any(
        os.environ.get(name, "").lower() not in ("", "0", "false")
        for name in ("CI", "FULLHOUSE_CI")
    )
