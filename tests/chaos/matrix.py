"""One cell of the matrix: a rehearsal in which one fault strikes in the middle of one phase."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from fullhouse.migration.live.rehearse import proofs
from fullhouse.migration.live.rehearse.phases import FORWARD, Phase, settle
from fullhouse.migration.live.rehearse.rehearsal import PHASES, Scene, scene
from fullhouse.migration.progress import Silence
from fullhouse.migration.runs import Order, State

from .faults import FAULTS, Strike
from .ground import ALIAS, SCHEMA, Ground

#: The statement of each phase before which it is struck, by words that only it has: in the middle
#: of a transaction that has read and locked, and for most has written. A phase that never comes to
#: it fails its cells.
MOMENTS = {
    "expand": "CREATE OR REPLACE TRIGGER",
    "backfill": "INSERT INTO m_line",
    "sync": "INSERT INTO m_line",
    "validate": "pg_export_snapshot",
    "cutover": "CREATE OR REPLACE TRIGGER",
    "sell": "DELETE FROM b_read WHERE",
    "rollback": "CREATE OR REPLACE TRIGGER",
}
#: What a phase leaves behind, where it may be asked for only once.
_DONE = {"expand": State.EXPANDED, "backfill": State.BACKFILLED, "cutover": State.CUT_OVER}
#: How often an operator types the command again before he gives up.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of a cell."""

    phase: str
    fault: str
    said: str
    ended: str
    resumed_seconds: float
    holds: bool
    broken: tuple[str, ...]


def strike(ground: Ground, phase: str, fault: str) -> Cell:
    """Rehearse up to `phase`, strike in the middle of it, go on as an operator would, and prove."""
    before, after = _around(phase)
    order = Order("events", SCHEMA, using=ALIAS)
    with scene(order, sellers=2, watcher=Silence(), rate=60) as made:
        made.market.open()
        made.stage.began = time.time()
        for one in before:
            one.work(made.stage)
        runner = _start(made, phase, MOMENTS[phase])
        assert _line(runner).startswith("here"), f"{phase} ended before it could be struck"
        said = FAULTS[fault](Strike(ground, made, runner))
        ended = _last(runner)
        connections[made.stage.order.using].close()
        resumed = _again(made, phase) if ended != "done" else 0.0
        for one in after:
            one.work(made.stage)
        made.market.stop()
        settle(made.stage)
        run, source, using = made.stage.run, made.stage.source, made.stage.order.using
        found = (
            proofs.acknowledged(made.market.promises(), run, source, using=using),
            proofs.equal(run, source, using=using),
            proofs.adds_up(using=using),
        )
    broken = tuple(text for proof in found for text in proof.broken)
    return Cell(phase, fault, said, ended, resumed, all(one.holds for one in found), broken)


def _around(phase: str) -> tuple[list[Phase], list[Phase]]:
    names = [one.name for one in PHASES]
    at = names.index(phase)
    last = len(FORWARD) if at < len(FORWARD) else len(PHASES)
    return list(PHASES[:at]), list(PHASES[at + 1 : last])


def _again(made: Scene, phase: str) -> float:
    """Type the command again until it is done; return the seconds of all attempts."""
    begun = time.monotonic()
    for _ in range(_ATTEMPTS):
        runner = _start(made, phase)
        ended = _last(runner)
        if ended == "done" or _is_done_already(made, phase, ended):
            return round(time.monotonic() - begun, 1)
    raise AssertionError(f"{phase} does not come through after the fault: {ended}")


def _is_done_already(made: Scene, phase: str, ended: str) -> bool:
    """The answer of the last step was lost, not the step: the command is refused for it."""
    return ended.startswith("failed RefusedError") and made.stage.run.state == _DONE.get(phase)


def _start(made: Scene, phase: str, moment: str = "") -> "subprocess.Popen[str]":
    order = made.stage.order
    runner = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.runner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    orders = {
        "database": connections.databases[order.using],
        "schema": order.schema,
        "backups": str(order.backup_dir),
        "phase": phase,
        "moment": moment,
    }
    assert runner.stdin is not None
    runner.stdin.write(json.dumps(orders) + "\n")
    runner.stdin.flush()
    return runner


def _line(runner: "subprocess.Popen[str]") -> str:
    assert runner.stdout is not None
    return runner.stdout.readline().strip()


def _last(runner: "subprocess.Popen[str]") -> str:
    """Return how a runner ended: done, failed and why, or killed."""
    assert runner.stdin is not None
    assert runner.stdout is not None
    said = runner.stdout.read().strip().splitlines()
    runner.stdin.close()
    runner.stdout.close()
    runner.wait()
    return said[-1] if said else f"killed ({runner.returncode})"
