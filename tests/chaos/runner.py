"""A runner to be struck: one phase in a process of its own, which stops in the middle and waits.

Its first line of input is its orders as JSON. Before the statement that they name it prints
`here PID` and goes on at the next line of input; it never stops if they name none. At the end it
prints `done`, or `failed NAME: MESSAGE` and exits 1.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

APPLICATION = "fullhouse chaos runner"


class Stop:
    """Waits before the first statement that has these words and is inside a transaction."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def __call__(
        self, execute: Callable[..., Any], text: Any, values: Any, many: bool, context: Any
    ) -> Any:
        inside = context["connection"].in_atomic_block
        if self.moment and inside and self.moment in str(text):
            self.moment = ""
            print(f"here {os.getpid()}", flush=True)
            sys.stdin.readline()
        return execute(text, values, many, context)


def work(orders: dict[str, Any]) -> None:
    """Do the phase on the copy that the orders name."""
    from django.db import connections

    from fullhouse.migration.live.rehearse.phases import Stage
    from fullhouse.migration.live.rehearse.rehearsal import PHASES
    from fullhouse.migration.progress import Silence
    from fullhouse.migration.runs import Order, load_source

    options = {**orders["database"]["OPTIONS"], "application_name": APPLICATION}
    connections.databases["copy"] = {**orders["database"], "OPTIONS": options}
    order = Order(
        "events", orders["schema"], using="copy", yes=True, backup_dir=Path(orders["backups"])
    )
    stage = Stage(order, load_source(order), Silence())
    phase = next(one for one in PHASES if one.name == orders["phase"])
    connections["copy"].execute_wrappers.append(Stop(orders["moment"]))
    phase.work(stage)


def main() -> int:
    orders = json.loads(sys.stdin.readline())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    django.setup()
    try:
        work(orders)
    except Exception as error:
        print(f"failed {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)
        return 1
    print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
