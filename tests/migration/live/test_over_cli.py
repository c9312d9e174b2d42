"""Cut-over, way back, contract and purge as an operator types them, with their exit codes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fullhouse.migration.live import budget
from fullhouse.migration.models import MigrationRun, MigrationUnit
from fullhouse.migration.runs import Order

from ..builders import House
from ..shell import legacy_schema, takeover
from .over_scene import Stage, cleared, sell
from .over_scene import seat as named


@pytest.fixture
def over(db_committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(budget, "ATTEMPTS", 2)
    with legacy_schema(seats=120, seed=45) as schema:
        order = Order("events", schema, yes=True, backup_dir=tmp_path, backup_form="copy")
        with cleared(Stage(order, House())) as one:
            yield one


def test_from_backup_to_purge_and_what_each_step_says(over: Stage) -> None:
    kept = ("--backup-dir", over.order.backup_dir, "--backup-form", "copy")
    done = takeover("run", over.schema, "--live", "--cutover", "--yes", *kept, "--json")
    assert done.code == 0, done.message
    assert done.json["state"] == "cut_over"
    assert takeover("cutover", over.schema).code == 3
    unit = MigrationUnit.objects.filter(run=over.run).order_by("pk")[0].performance_id
    ((free,),) = over.do(
        "SELECT id FROM {}.events_seat WHERE performance_id = %s AND status = 'available' LIMIT 1",
        unit,
    )
    sold = sell(unit, named(free))
    assert takeover("sync", over.schema).code == 0
    assert over.booking(sold)["status"] == "confirmed"
    unnamed = takeover("contract", over.schema, *kept)
    assert (unnamed.code, over.run.plan_sha in unnamed.message) == (2, True)
    assert takeover("contract", over.schema, "--plan-sha", over.run.plan_sha, *kept).code == 0
    unsaid = takeover("purge", over.schema, *kept)
    assert (unsaid.code, f"purge {over.schema}" in unsaid.message) == (2, True)
    assert takeover("purge", over.schema, "--confirm", f"purge {over.schema}", *kept).code == 0
    gone = takeover("rollback", over.schema)
    assert (gone.code, "was purged" in gone.message, "پاک شده" in gone.message) == (3, True, True)


def test_back_and_over_again(over: Stage) -> None:
    kept = ("--backup-dir", over.order.backup_dir, "--backup-form", "copy")
    assert takeover("run", over.schema, "--live", "--yes", *kept).code == 0
    late = takeover("cutover", over.schema, "--budget-ms", "1")
    assert (late.code, "within 1 ms" in late.message) == (5, True)
    assert takeover("cutover", over.schema, "--budget-ms", "0").code == 2
    assert takeover("cutover", over.schema, "--legacy-user", "7").code == 0
    back = takeover("rollback", over.schema, "--json")
    assert (back.code, back.json["state"]) == (0, "rolled_back")
    assert takeover("rollback", over.schema).code == 0
    done = takeover("run", over.schema, "--live", "--cutover", "--yes", *kept)
    assert done.code == 0, done.message
    assert MigrationRun.objects.filter(legacy_schema=over.schema).count() == 2
