"""inventory: the engine in the database against its SQL files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from fullhouse.events.engine.inventory import FOLDERS, Inventory, Item, inspect, other_apps
from fullhouse.events.engine.sql_files import schema

pytestmark = pytest.mark.usefixtures("db_committed")


@pytest.fixture(autouse=True)
def nothing_stays(db_committed: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def after(*statements: str) -> Inventory:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return inspect()


def test_a_migrated_database_has_the_declared_engine() -> None:
    found = inspect()

    assert (found.missing, found.modified, found.stray) == ((), (), ())
    assert found.clean
    declared = [path.stem for path in (FOLDERS[0]).glob("*.sql")]
    routines = {item.name for item in found.installed if item.kind == "routine"}
    assert set(declared) <= routines
    assert Item("trigger", "events_sectiontickettype.i6_allocation") in found.installed


CHANGES = {
    "another body": (
        "CREATE OR REPLACE FUNCTION seat_key(p_number text) RETURNS text"
        " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT p_number $$",
        Item("routine", "seat_key"),
    ),
    "without the marker": (
        "ALTER FUNCTION house_v1 RESET fullhouse.engine",
        Item("routine", "house_v1"),
    ),
    "another volatility": ("ALTER FUNCTION name_key VOLATILE", Item("routine", "name_key")),
    "security definer": ("ALTER FUNCTION resize_v1 SECURITY DEFINER", Item("routine", "resize_v1")),
    "an overload": (
        "CREATE FUNCTION seat_key(p_number integer) RETURNS text LANGUAGE sql AS $$ SELECT '' $$",
        Item("routine", "seat_key"),
    ),
    "a trigger switched off": (
        "ALTER TABLE events_seat DISABLE TRIGGER i6_seat",
        Item("trigger", "events_seat.i6_seat"),
    ),
    "a trigger on replicas only": (
        "ALTER TABLE events_seat ENABLE REPLICA TRIGGER i6_seat",
        Item("trigger", "events_seat.i6_seat"),
    ),
    "a trigger with another condition": (
        "CREATE OR REPLACE TRIGGER i6_movement BEFORE INSERT ON events_movement FOR EACH ROW"
        " WHEN (NEW.quantity > 5) EXECUTE FUNCTION guard_movement()",
        Item("trigger", "events_movement.i6_movement"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_modified(change: str) -> None:
    statement, item = CHANGES[change]

    found = after(statement)

    assert found.modified == (item,)
    assert (found.missing, found.stray, found.clean) == ((), (), False)


def test_what_was_dropped_is_missing() -> None:
    found = after("DROP FUNCTION guard_movement CASCADE", "DROP FUNCTION availability_v1")

    assert found.missing == (
        Item("routine", "availability_v1"),
        Item("routine", "guard_movement"),
        Item("trigger", "events_movement.i6_movement"),
    )
    assert found.modified == ()


def test_what_nobody_declares_is_stray_unless_a_neighbour_does(tmp_path: Path) -> None:
    found = after(
        f"CREATE FUNCTION {schema()}.ours() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER listening AFTER INSERT ON events_venue EXECUTE FUNCTION ours()",
        f"CREATE VIEW {schema()}.glance AS SELECT 1 AS one",
    )
    strays = (
        Item("routine", "ours"),
        Item("trigger", "events_venue.listening"),
        Item("view", "glance"),
    )
    assert found.stray == strays

    (tmp_path / "theirs.sql").write_text(
        "CREATE FUNCTION {schema}.ours() RETURNS trigger AS $$ $$;\n"
        "CREATE TRIGGER listening AFTER INSERT ON {schema}.events_venue\n"
        "    EXECUTE FUNCTION {schema}.ours();\n"
        "CREATE VIEW {schema}.glance AS SELECT 1;\n"
    )
    assert inspect(neighbours=[tmp_path, *other_apps()]).clean


def test_an_inspection_leaves_nothing_behind() -> None:
    inspect()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()"
            " UNION ALL SELECT count(*) FROM pg_proc WHERE pronamespace = pg_my_temp_schema()"
        )
        assert cursor.fetchall() == [(0,), (0,)]
