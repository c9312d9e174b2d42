"""After rollback and after purge the catalogue is what it was: nothing foreign is left."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import pytest
from django.db import connection

from fullhouse.migration.live import places
from fullhouse.migration.rollback import rollback

from .over_scene import Stage, seat, sell, small_house, stage

#: What can be seen of an object from outside, in words: object ids change when it is made anew.
_CATALOGUE: Final = (
    "SELECT 'schema', nspname::text, nspacl::text FROM pg_namespace WHERE {ours}",
    "SELECT 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, c.relowner::regrole,"
    " c.relacl, c.reloptions) FROM pg_class AS c JOIN pg_namespace ON pg_namespace.oid ="
    " c.relnamespace WHERE {ours}",
    "SELECT 'column', attrelid::regclass::text || '.' || attname, concat_ws(' ', format_type("
    "atttypid, atttypmod), attnotnull, attacl, atthasdef) FROM pg_attribute JOIN pg_class AS c ON"
    " c.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = c.relnamespace WHERE attnum > 0 AND"
    " {ours}",
    "SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', p.proacl, md5(p.prosrc))"
    " FROM pg_proc AS p JOIN pg_namespace ON pg_namespace.oid = p.pronamespace WHERE {ours}",
    "SELECT 'trigger', t.tgrelid::regclass::text || '.' || t.tgname, concat_ws(' ', t.tgenabled,"
    " t.tgfoid::regproc) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
    " JOIN pg_namespace ON pg_namespace.oid = c.relnamespace WHERE NOT t.tgisinternal AND {ours}",
    "SELECT 'type', t.oid::regtype::text, concat_ws(' ', t.typtype, t.typacl) FROM pg_type AS t"
    " JOIN pg_namespace ON pg_namespace.oid = t.typnamespace WHERE {ours}",
    "SELECT 'constraint', k.conrelid::regclass::text || '.' || k.conname,"
    " pg_get_constraintdef(k.oid) FROM pg_constraint AS k"
    " JOIN pg_namespace ON pg_namespace.oid = k.connamespace WHERE {ours}",
    "SELECT 'default', coalesce(n.nspname, '-'), d.defaclacl::text FROM pg_default_acl AS d"
    " LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace",
    "SELECT 'event trigger', evtname::text, evtenabled::text FROM pg_event_trigger",
    "SELECT 'publication', pubname::text, '' FROM pg_publication",
)
_OURS: Final = "nspname !~ '^pg_(toast|temp|toast_temp)' AND nspname NOT IN " + (
    "('pg_catalog', 'information_schema')"
)


@pytest.fixture(scope="module")
def evenings() -> list[UUID]:
    return []


@pytest.fixture
def planned(db_committed: None, evenings: list[UUID]) -> Iterator[Stage]:
    made, keys = small_house()
    evenings[:] = keys
    with stage(made) as one:
        yield one


def catalogue() -> set[tuple[str, str, str]]:
    """Everything in the database that is not PostgreSQL's own; Fullhouse's schema included."""
    found: set[tuple[str, str, str]] = set()
    with connection.cursor() as cursor:
        for query in _CATALOGUE:
            cursor.execute(query.replace("{ours}", _OURS))
            found.update((kind, name, str(more)) for kind, name, more in cursor.fetchall())
    return found


def test_nothing_is_left_after_a_rollback_before_the_cut_over(planned: Stage) -> None:
    before = catalogue()
    planned.take_over()
    assert catalogue() != before
    rollback(planned.order, planned.heard)
    assert catalogue() == before


def test_nothing_is_left_after_a_rollback_after_new_sales(
    planned: Stage, evenings: list[UUID]
) -> None:
    before = catalogue()
    planned.take_over()
    planned.cut_over()
    sell(evenings[0], seat(planned.seats(evenings[0])[4]))
    planned.roll_back()
    assert catalogue() == before


def test_nothing_is_left_after_a_rollback_out_of_the_archive(
    planned: Stage, evenings: list[UUID]
) -> None:
    before = catalogue()
    planned.take_over()
    planned.cut_over()
    planned.contract()
    planned.roll_back()
    assert catalogue() == before


def test_nothing_but_the_legacy_tables_is_gone_after_a_purge(planned: Stage) -> None:
    before = catalogue()
    planned.take_over()
    planned.cut_over()
    run = planned.contract()
    moved = planned.do(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = %s", places.archive_schema(run)
    )
    planned.purge()
    after = catalogue()
    assert after <= before
    gone = {name for (name,) in moved}
    for kind, name, _ in before - after:
        assert any(f"{planned.schema}.{table}" in name for table in gone), (kind, name)
