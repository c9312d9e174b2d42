"""Runs every benchmark and prints their tables: `make bench`."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "reserve",
    "best_available",
    "reserve_many",
    "gate",
    "migration",
    "live",
    "plans",
    "seat_map",
    "admin",
)


def main() -> int:
    """Run them one after another, so that none disturbs another; return the worst exit code."""
    folder = Path(__file__).resolve().parent
    worst = 0
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        done = subprocess.run(
            [sys.executable, str(folder / f"{name}.py"), *sys.argv[1:]], check=False
        )
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
