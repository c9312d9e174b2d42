"""A takeover that is wrong in one way must not pass: the rehearsal finds every mutant.

Beside each mutant stands the same scene without it, which must hold; otherwise it would show only
that the scene is too hard.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connections, transaction

from fullhouse.migration.live import reverse
from fullhouse.migration.live.rehearse import over, proofs
from fullhouse.migration.live.rehearse.market import Market
from fullhouse.migration.live.rehearse.phases import FORWARD, backfill, expand, settle
from fullhouse.migration.live.rehearse.proofs import Proof
from fullhouse.migration.live.rehearse.rehearsal import Scene
from fullhouse.migration.live.sync import sync_once
from fullhouse.migration.session import Session
from fullhouse.migration.steps import runner

from ..shell import legacy_schema
from .mutants import deltas, late_capture, no_fence, no_unit_lock, slow_batches, sums_only
from .rehearsals import at_work, wait_for_sales, work_through

Mutant = Callable[[Market], AbstractContextManager[None]]


@pytest.fixture
def old(db_committed: None) -> Iterator[str]:
    with legacy_schema(seats=400, seed=7) as schema:
        yield schema


def proved(made: Scene) -> dict[str, Proof]:
    """What holds, the sellers having gone; without the way back, which is not what is shown."""
    settle(made.stage)
    run, source, using = made.stage.run, made.stage.source, made.stage.order.using
    found = (
        proofs.acknowledged(made.market.promises(), run, source, using=using),
        proofs.equal(run, source, using=using),
        proofs.adds_up(using=using),
    )
    return {proof.name: proof for proof in found}


@contextmanager
def _deltas(market: Market) -> Iterator[None]:
    with deltas(), slow_batches(market):
        yield


@pytest.mark.parametrize(
    ("mutant", "holds"),
    [
        pytest.param(slow_batches, True, id="none"),
        pytest.param(_deltas, False, id="deltas"),
        pytest.param(late_capture, False, id="late capture"),
    ],
)
def test_sales_while_a_batch_is_made(old: str, mutant: Mutant, holds: bool) -> None:
    with at_work(old) as made:
        with mutant(made.market):
            expand(made.stage)
            backfill(made.stage)
        made.market.stop()
        found = proved(made)
    assert found["acknowledged"].holds is holds, found["acknowledged"].broken
    assert found["equal"].holds is holds, found["equal"].broken


@pytest.mark.parametrize(
    ("mutant", "holds"),
    [
        pytest.param(nullcontext, True, id="none"),
        pytest.param(no_unit_lock, False, id="no unit lock"),
    ],
)
def test_two_passes_at_once(
    old: str, mutant: Callable[[], AbstractContextManager[None]], holds: bool
) -> None:
    """The first has read its units and not written them when the second does a whole pass."""
    with at_work(old) as made:
        work_through(made, FORWARD[:2])
        has_read, go_on = threading.Event(), threading.Event()
        real = Session.project

        def project(session: Session) -> None:
            real(session)
            if threading.current_thread() is first:
                has_read.set()
                go_on.wait()

        def pass_one() -> None:
            sync_once(made.stage.run, using=made.stage.order.using)
            connections[made.stage.order.using].close()

        first = threading.Thread(target=pass_one)
        wait_for_sales(made.market, 20)
        with mutant(), patch.object(Session, "project", project):
            first.start()
            assert has_read.wait(60)
            wait_for_sales(made.market, 20)
            made.market.stop()
            sync_once(made.stage.run, using=made.stage.order.using)
            go_on.set()
            first.join()
        found = proved(made)
    assert found["acknowledged"].holds is holds, found["acknowledged"].broken
    assert found["equal"].holds is holds, found["equal"].broken


@pytest.mark.parametrize(
    ("mutant", "holds"),
    [pytest.param(nullcontext, True, id="none"), pytest.param(no_fence, False, id="no fence")],
)
def test_sales_after_the_cut_over(
    old: str, mutant: Callable[[], AbstractContextManager[None]], holds: bool
) -> None:
    with at_work(old) as made:
        stage, using = made.stage, made.stage.order.using
        work_through(made, FORWARD)
        with mutant():
            over.cutover(stage)
        wait_for_sales(made.market, 20)
        made.market.stop()
        with runner(stage.order, stage.source, stage.run, stage.watcher) as work:
            assert reverse.sync_once(work.run, stage.source, using=using).left == 0
        promises = made.market.promises()
        found = proofs.acknowledged(promises, stage.run, stage.source, using=using)
    assert found.holds is holds, found.broken


def test_a_validation_that_only_adds_up_sees_nothing(old: str) -> None:
    """Sold seats become free and free ones sold: every sum is right, and customers stand."""
    with at_work(old) as made:
        work_through(made, FORWARD[:2])
        wait_for_sales(made.market, 20)
        made.market.stop()
        settle(made.stage)
        _exchange(made)
        assert not proved(made)["equal"].holds
        with sums_only():
            found = proved(made)
    assert found["equal"].holds, found["equal"].broken
    assert not found["acknowledged"].holds


def _exchange(made: Scene) -> None:
    """Give a sale another seat of its allocation; what it had can be sold again."""
    using = made.stage.order.using
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "SELECT l.id, l.seat_id, s.id FROM events_reservationline AS l"
            " JOIN events_seat AS s ON s.allocation_id = l.allocation_id AND s.status = 'available'"
            " WHERE l.status = 'sold' AND l.seat_id IS NOT NULL AND l.reservation_id = ANY (%s)"
            " LIMIT 1",
            [[UUID(key) for key, one in made.market.promises().items() if one.states == {"sold"}]],
        )
        line, had, gets = cursor.fetchone()
        cursor.execute("UPDATE events_reservationline SET seat_id = %s WHERE id = %s", [gets, line])
        cursor.execute("UPDATE events_seat SET status = 'available' WHERE id = %s", [had])
        cursor.execute("UPDATE events_seat SET status = 'sold' WHERE id = %s", [gets])
