"""Small rehearsals for tests: a legacy schema, sellers, and moments that are waited for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from fullhouse.migration.live.rehearse.market import Market
from fullhouse.migration.live.rehearse.phases import Phase
from fullhouse.migration.live.rehearse.rehearsal import Scene, scene
from fullhouse.migration.progress import Silence
from fullhouse.migration.runs import Order

_LONG_SECONDS = 60


def sold(market: Market) -> int:
    """How many bookings were acknowledged so far."""
    return len(market.promises())


def wait_for_sales(market: Market, more: int) -> None:
    """Return once `more` bookings were acknowledged since the call."""
    wanted, begun = sold(market) + more, time.monotonic()
    while sold(market) < wanted:
        assert time.monotonic() - begun < _LONG_SECONDS, "the sellers do not sell"
        time.sleep(0.05)


@contextmanager
def at_work(schema: str, sellers: int = 2, rate: float = 0.0) -> Iterator[Scene]:
    """A copy with sellers that have begun."""
    order = Order("events", schema)
    with scene(order, sellers=sellers, watcher=Silence(), rate=rate) as made:
        made.market.open()
        made.stage.began = time.time()
        yield made


def work_through(made: Scene, phases: tuple[Phase, ...]) -> None:
    """Do phases one after another."""
    for phase in phases:
        phase.work(made.stage)
