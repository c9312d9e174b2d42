"""The way back leaves nothing of the takeover, and the legacy schema byte for byte as it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from fullhouse.events.models import Notice, SectionTicketType
from fullhouse.events.services.reserve import Places, reserve
from fullhouse.events.services.sales_rules import drop_rule, set_rule
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Silence
from fullhouse.migration.rollback import rollback
from fullhouse.migration.runs import Order

from .shell import execute, legacy_schema, takeover


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with legacy_schema(seats=300, dirty=0.6, seed=9) as name:
        yield name
        takeover("rollback", name)


def legacy_text(schema: str) -> dict[str, str]:
    """Every table's rows as text, in the order in which they lie on disk, and its definition."""
    tables = execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema, schema)
    found = {}
    for (name,) in tables:
        ((text,),) = execute(
            f"SELECT string_agg(ctid::text || t::text, E'\\n' ORDER BY ctid) FROM {{}}.{name} AS t",
            schema,
        )
        found[name] = text
    objects = execute(
        "SELECT relname::text, relkind::text, relhastriggers FROM pg_class"
        " WHERE relnamespace = %s::regnamespace ORDER BY 1",
        schema,
        schema,
    )
    return found | {"": repr(objects)}


def rows_of_fullhouse() -> dict[str, int]:
    """How many rows each of Fullhouse's tables has, what a run keeps on record aside.

    That a takeover went on and back was told to others; such notices are the worker's to remove.
    """
    counted = {}
    with connection.cursor() as cursor:
        for model in set(apps.get_app_config("events").get_models()) - {Notice}:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            ((counted[model.__name__],),) = cursor.fetchall()
    return counted


def foreign_objects() -> list[tuple[str, str]]:
    return execute(
        "SELECT nspname::text, relname::text FROM pg_class JOIN pg_namespace AS n"
        " ON n.oid = relnamespace WHERE nspname !~ '^pg_toast' ORDER BY 1, 2",
        "public",
    )


def sell_one(schema: str) -> None:
    """Sell a place of a taken-over performance, as Fullhouse does."""
    ours = [
        UUID(str(key)) for (key,) in execute("SELECT id FROM {}.events_eventperformance", schema)
    ]
    free = SectionTicketType.objects.filter(
        performance_id__in=ours, unseated_available__gt=0, performance__status="on_sale"
    )[0]
    reserve(
        performance_id=free.performance_id, requests=[Places(quantity=1, allocation_id=free.pk)]
    )


def test_run_and_rollback_leave_everything_as_it_was(schema: str, tmp_path: Path) -> None:
    legacy, own, objects = legacy_text(schema), rows_of_fullhouse(), foreign_objects()
    taken = takeover("run", schema, "--yes", "--json", "--backup-dir", tmp_path)
    assert taken.code == 0, taken.message
    assert legacy_text(schema) == legacy
    assert rows_of_fullhouse() != own
    back = takeover("rollback", schema, "--json")
    assert back.code == 0, back.message
    assert back.json["state"] == "rolled_back"
    assert back.json["events"][-1]["detail"] == {"legacy_unchanged": True, "changed": []}
    assert legacy_text(schema) == legacy
    assert rows_of_fullhouse() == own
    assert foreign_objects() == objects


def test_a_second_takeover_gives_the_same_result(schema: str, tmp_path: Path) -> None:
    hashes = []
    for _ in range(2):
        ended = takeover("run", schema, "--yes", "--json", "--backup-dir", tmp_path)
        assert ended.code == 0, ended.message
        hashes.append((ended.json["validation"]["projection_sha256"], ended.json["plan_sha"]))
        assert takeover("rollback", schema).code == 0
    assert hashes[0] == hashes[1]
    assert MigrationRun.objects.filter(legacy_schema=schema).count() == 2


def test_a_second_rollback_has_nothing_to_do(schema: str, tmp_path: Path) -> None:
    takeover("backup", schema, "--backup-dir", tmp_path)
    assert takeover("rollback", schema).code == 0
    events = takeover("status", schema, "--json").json["events"]
    assert takeover("rollback", schema).code == 0
    assert takeover("status", schema, "--json").json["events"] == events


def test_a_legacy_row_that_changed_is_reported_and_the_rollback_is_done(
    schema: str, tmp_path: Path
) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    execute(
        "DELETE FROM {0}.events_seat WHERE ctid = (SELECT max(ctid) FROM {0}.events_seat)", schema
    )
    ended = takeover("rollback", schema, "--json")
    assert ended.code == 4
    (changed,) = ended.json["error"]["facts"]["tables"]
    assert changed.startswith("events_seat (")
    assert ended.json["state"] == "rolled_back"


def test_a_trigger_left_in_the_legacy_schema_is_noticed(schema: str, tmp_path: Path) -> None:
    takeover("backup", schema, "--backup-dir", tmp_path)
    execute("CREATE INDEX foreign_index ON {}.events_seat (price)", schema)
    ended = takeover("rollback", schema, "--json")
    assert ended.code == 4
    assert ended.json["error"]["facts"]["tables"] == ["(structure)"]


def test_a_backup_that_was_thrown_away_does_not_hinder(schema: str, tmp_path: Path) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path / "kept").code == 0
    shutil.rmtree(tmp_path / "kept")
    assert takeover("rollback", schema).code == 0


def test_after_cut_over_nothing_is_merely_removed(schema: str, tmp_path: Path) -> None:
    """The command has another way back from there (live/test_rollback_after.py)."""
    takeover("backup", schema, "--backup-dir", tmp_path)
    runs = MigrationRun.objects.filter(legacy_schema=schema)
    for state in ("cut_over", "contracted"):
        runs.update(state=state)
        with pytest.raises(RefusedError, match="would lose its sales"):
            rollback(Order("events", schema), Silence())
        assert runs.get().state == state
    runs.update(state="backed_up")


def test_a_rule_of_sale_set_since_is_named(schema: str, tmp_path: Path) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    ((performance_id,),) = execute(
        "SELECT row_id FROM capacity_migration_maderow WHERE kind = 'performance' AND run_id ="
        " (SELECT id FROM capacity_migration_migrationrun WHERE legacy_schema = %s) LIMIT 1",
        "",
        schema,
    )
    set_rule(performance_id=performance_id, max_per_order=4, actor="office", reason="fair shares")
    refused = takeover("rollback", schema)
    assert (refused.code, "sales rules" in refused.message) == (3, True)
    assert str(performance_id) in refused.message
    drop_rule(performance_id=performance_id, actor="office", reason="not here")
    assert takeover("rollback", schema).code == 0


def test_a_takeover_that_has_sold_stays(schema: str, tmp_path: Path) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    sell_one(schema)
    sold = rows_of_fullhouse()
    again = takeover("run", schema, "--yes")
    assert again.code == 0
    refused = takeover("rollback", schema, "--json")
    assert refused.code == 3
    assert refused.json["error"]["facts"] == {"movements": 1}
    assert refused.json["state"] == "validated"
    assert rows_of_fullhouse() == sold
