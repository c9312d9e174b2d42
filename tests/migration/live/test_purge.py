"""Purge drops the archive: only with the words typed, only after a backup that was restored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from django.db import connection

from fullhouse.events.models import EventPerformance
from fullhouse.migration.exit_codes import MismatchError, RefusedError, UsageError
from fullhouse.migration.legacy.loader import load_items
from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.migration.live import commands_over, places, purge
from fullhouse.migration.live.commands_over import Over
from fullhouse.migration.models import MigrationUnit, RunEvent
from fullhouse.migration.runs import Order

from ..builders import House
from ..shell import legacy_schema
from .over_scene import Stage, cleared, small_house, stage


@pytest.fixture
def contracted(db_committed: None) -> Iterator[Stage]:
    made, _ = small_house()
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        one.contract()
        yield one


def archive_is_there(one: Stage) -> bool:
    name = places.archive_schema(one.run)
    return bool(one.do("SELECT 1 FROM pg_namespace WHERE nspname = %s", name))


def test_the_words_must_be_typed(contracted: Stage) -> None:
    for words in ("", "yes", "purge", f"purge {contracted.schema} "):
        with pytest.raises(UsageError, match=f"--confirm 'purge {contracted.schema}'"):
            commands_over.purge_run(contracted.order, contracted.heard, Over(confirm=words))
    assert archive_is_there(contracted)


def test_the_archive_goes_and_its_backup_stays(contracted: Stage) -> None:
    run = contracted.purge()
    assert not archive_is_there(contracted)
    event = RunEvent.objects.filter(run=run, phase="purge").latest("id")
    assert (Path(event.detail["backup"]) / "manifest.json").is_file()
    units = MigrationUnit.objects.filter(run=run).values("performance_id")
    assert EventPerformance.objects.filter(pk__in=units).count() == 3
    contracted.purge()
    with pytest.raises(RefusedError, match="was purged"):
        contracted.roll_back()


def test_a_backup_that_does_not_restore_keeps_the_archive(
    contracted: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MismatchError("it restores to something else", "بازگردانی یکی نبود")

    monkeypatch.setattr(purge, "take_backup", broken)
    with pytest.raises(MismatchError):
        contracted.purge()
    assert archive_is_there(contracted)


def test_what_hangs_on_the_tables_is_named(contracted: Stage) -> None:
    archive = places.archive_schema(contracted.run)
    contracted.do("CREATE VIEW {0}.report AS SELECT 1 AS one")
    contracted.do("DROP VIEW {0}.report")
    contracted.do(f"CREATE VIEW {{0}}.report AS SELECT * FROM {archive}.events_seat")
    contracted.do(f"CREATE TABLE {{0}}.cart (seat uuid REFERENCES {archive}.events_seat)")
    with pytest.raises(RefusedError, match=r"cart.*report|report.*cart"):
        contracted.purge()
    assert archive_is_there(contracted)
    contracted.do("DROP VIEW {0}.report")
    contracted.do("DROP TABLE {0}.cart")


def test_only_what_is_contracted_is_purged(db_committed: None) -> None:
    made, _ = small_house(performances=1)
    with stage(made) as one:
        one.take_over()
        with pytest.raises(RefusedError, match="follows `contract`"):
            one.purge()


def test_a_sample_is_loaded_anew_after_its_purge(db_committed: None, tmp_path: Path) -> None:
    with legacy_schema(seats=30, seed=5) as schema:
        order = Order("events", schema, yes=True, backup_dir=tmp_path, backup_form="copy")
        with cleared(Stage(order, House())) as one:
            one.take_over()
            one.cut_over()
            one.contract()
            one.purge()
            raw = cast("psycopg.Connection[Any]", connection.connection)
            sample = Sample(seats=30, dirty=0.0, seed=5)
            loaded = load_items(
                raw, items=sample, schema=schema, source="sample", sha256="sample 5", replace=True
            )
            assert not loaded.already_loaded
            assert one.do("SELECT count(*) FROM {}.events_seat")[0][0] >= 30
