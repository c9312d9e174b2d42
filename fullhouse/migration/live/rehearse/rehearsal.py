"""A rehearsal from beginning to end: copy, sellers, phases, proofs; nothing is left behind."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from django.db import connections

from fullhouse.migration import guards, hashes, runs
from fullhouse.migration.backup import current_checksums
from fullhouse.migration.exit_codes import MismatchError, UsageError
from fullhouse.migration.live import legacy_columns
from fullhouse.migration.live.capturable import require_derived
from fullhouse.migration.live.rehearse import over, proofs
from fullhouse.migration.live.rehearse.market import Market, market
from fullhouse.migration.live.rehearse.phases import FORWARD, Phase, Stage, settle, validate
from fullhouse.migration.live.rehearse.proofs import Proof
from fullhouse.migration.live.rehearse.scratch import Scratch, scratch
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import Order

MOST_SELLERS: Final = 64
#: Everything that an operator does from the first command to a second takeover, in this order.
PHASES: Final = (*FORWARD, *over.THERE_AND_BACK)


@dataclass(slots=True)
class Rehearsal:
    """What was done and what holds. `waits` are the customers' of a phase, in milliseconds."""

    schema: str
    sellers: int
    phases: list[dict[str, Any]] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether every proof holds; a rehearsal without proofs proves nothing."""
        return bool(self.proofs) and all(proof.holds for proof in self.proofs)

    def to_json(self) -> dict[str, Any]:
        """Return the rehearsal as JSON values; the names are stable."""
        return {
            "holds": self.holds,
            "schema": self.schema,
            "sellers": self.sellers,
            "seconds": round(self.seconds, 1),
            "phases": self.phases,
            "proofs": {proof.name: proof.to_json() for proof in self.proofs},
        }


#: Called with the name of a phase and what it works on, before it begins.
Hook = Callable[[str, "Scene"], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A rehearsal at work: the copy, what the phases work on, the sellers."""

    scratch: Scratch
    stage: Stage
    market: Market


@contextmanager
def scene(
    order: Order, *, sellers: int, watcher: Watcher, seconds: float = 0.0, rate: float = 0.0
) -> Iterator[Scene]:
    """Copy the order's schema and prepare sellers; everything is taken away at the end.

    Raises UsageError, RefusedError (also for a source that cannot be written back, so that there
    is no way back to rehearse) and RetryError before anything was made. `rate` is the sellers'
    steps a second in all, 0: as fast as they can.
    """
    if not 1 <= sellers <= MOST_SELLERS or seconds < 0:
        raise UsageError(
            f"--sellers is 1 to {MOST_SELLERS}, --seconds 0 or more.",
            f"--sellers از ۱ تا {MOST_SELLERS} و --seconds صفر یا بیشتر است.",
        )
    source = runs.load_source(order)
    require_derived(source)
    guards.check_schema(order.schema, order.using)
    guards.check_tables(order.schema, runs.required_tables(source), order.using)
    with connections[order.using].cursor() as cursor:
        legacy_columns.written(cursor, source, order.schema)
    with (
        tempfile.TemporaryDirectory(prefix="fullhouse-rehearsal-") as folder,
        scratch(order.schema, using=order.using) as made,
        market(
            made,
            source=order.source,
            schema=order.schema,
            sellers=sellers,
            folder=Path(folder) / "sellers",
            rate=rate,
        ) as sellers_at_work,
    ):
        there = replace(order, using=made.alias, yes=True, backup_dir=Path(folder) / "backups")
        stage = Stage(there, source, watcher, seconds, market=sellers_at_work)
        yield Scene(made, stage, sellers_at_work)


def rehearse(
    order: Order,
    *,
    sellers: int,
    seconds: float,
    watcher: Watcher,
    rate: float = 0.0,
    phases: Sequence[Phase] = PHASES,
    before: Hook = lambda _name, _scene: None,
) -> Rehearsal:
    """Rehearse the takeover of the order's schema on a copy and prove it; the source is only read.

    Sellers sell at least `seconds`. Returns the rehearsal, whether or not it holds. Raises what a
    phase raises: a takeover that does not come through has not been rehearsed.
    """
    began = time.time()
    result = Rehearsal(order.schema, sellers)
    with scene(order, sellers=sellers, watcher=watcher, seconds=seconds, rate=rate) as at_work:
        at_work.market.open()
        at_work.stage.began = time.time()
        for phase in phases:
            before(phase.name, at_work)
            result.phases.append(_done(phase, at_work))
        at_work.market.stop()
        result.proofs = prove(at_work)
    result.seconds = time.time() - began
    return result


def prove(at_work: Scene) -> list[Proof]:
    """Work the outbox through, the sellers having gone, and prove what must hold."""
    stage, promises = at_work.stage, at_work.market.promises()
    using, run = stage.order.using, stage.run
    settle(stage)
    found = [
        proofs.acknowledged(promises, run, stage.source, using=using),
        proofs.equal(run, stage.source, using=using),
        proofs.adds_up(using=using),
    ]
    if all(proof.holds for proof in found):
        found.append(_there_and_back(stage))
    return found


def require(result: Rehearsal) -> None:
    """Raise MismatchError unless every proof holds; it names the first places."""
    if result.holds:
        return
    broken = [one for proof in result.proofs for one in proof.broken] or ["nothing was proved"]
    names = ", ".join(proof.name for proof in result.proofs if not proof.holds) or "-"
    shown = "\n  ".join(broken[:10])
    raise MismatchError(
        f"The rehearsal of {result.schema!r} does not hold ({names}):\n  {shown}\n"
        "Do not take this database over; the source was not touched.",
        f"تمرین {result.schema!r} درست درنیامد ({names})؛ موارد در بالا. این پایگاه را جابه‌جا"
        " نکنید. به مبدأ دست نخورده است.",
        proofs=[proof.name for proof in result.proofs if not proof.holds],
    )


def _done(phase: Phase, at_work: Scene) -> dict[str, Any]:
    began = time.time()
    numbers = phase.work(at_work.stage)
    at_work.market.check()
    ended = time.time()
    return {
        "phase": phase.name,
        "seconds": round(ended - began, 2),
        "waits": at_work.market.waits(began, ended).to_json(),
        **numbers,
    }


def _there_and_back(stage: Stage) -> Proof:
    """Go over, back and over again, nobody selling, and compare both sides with what they were."""
    before = _both_sides(stage)
    units = stage.run.units.using(stage.order.using).count()
    for work in (validate, over.cutover, over.rollback, *(phase.work for phase in FORWARD)):
        work(stage)
    settle(stage)
    return proofs.identical(before, _both_sides(stage), units)


def _both_sides(stage: Stage) -> dict[str, str]:
    """Return a digest of each table of Fullhouse and of the legacy side that the takeover reads."""
    using = stage.order.using
    made = hashes.table_hashes(stage.run, using=using)
    legacy = current_checksums(stage.order.schema, tables=stage.source.tables(), using=using)
    return {f"Fullhouse {name}": digest for name, digest in made.items()} | {
        f"legacy {name}": str(sums) for name, sums in legacy.tables.items()
    }
