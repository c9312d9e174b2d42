"""Our tables in their own schema: migrations both ways, strangers and twins beside them."""

import json
from collections.abc import Iterator

import pytest
from scratch import BUSY_HOUSE, Scratch, create, drop

OBJECTS = (
    "SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = '{0}'::regnamespace),"
    " (SELECT count(*) FROM pg_class WHERE relnamespace = '{0}'::regnamespace"
    " AND relkind = 'r' AND relname LIKE 'events%%')"
)


@pytest.fixture
def scratch(db_committed: None) -> Iterator[Scratch]:
    made = create("scratch_schema")
    yield made
    drop(made)


def test_migrations_go_back_and_forth(scratch: Scratch) -> None:
    scratch.run("migrate", "--verbosity", "0")
    full = scratch.rows(OBJECTS.format("fullhouse"))

    scratch.run("migrate", "events", "0001", "--verbosity", "0")

    assert scratch.rows(OBJECTS.format("fullhouse")) == [(0, 4)]
    scratch.run("migrate", "--verbosity", "0")  # all: what stands on events went back with it
    assert scratch.rows(OBJECTS.format("fullhouse")) == full
    assert json.loads(scratch.run("capacity", "engine", "--json"))["clean"]
    scratch.run("migrate", "events", "zero", "--verbosity", "0")
    assert scratch.rows(OBJECTS.format("fullhouse")) == [(0, 0)]


def test_a_stranger_with_the_same_app_label_is_left_alone(scratch: Scratch) -> None:
    scratch.rows(
        "CREATE TABLE public.django_migrations (id bigint PRIMARY KEY, app text, name text,"
        " applied timestamptz)"
    )
    scratch.rows(
        "INSERT INTO public.django_migrations VALUES (1, 'events', '0001_initial', now()),"
        " (2, 'events', '0002_add_capacity_models', now()),"
        " (3, 'events', '0007_of_somebody_else', now())"
    )
    scratch.rows("CREATE TABLE public.events_venue (id integer)")

    scratch.run("migrate", "--verbosity", "0")
    scratch.run("shell", "-c", BUSY_HOUSE)

    assert scratch.rows("SELECT count(*) FROM fullhouse.events_venue") == [(1,)]
    assert scratch.rows("SELECT count(*) FROM public.events_venue") == [(0,)]
    assert scratch.rows("SELECT count(*) FROM public.django_migrations") == [(3,)]
    assert json.loads(scratch.run("capacity", "audit", "--json"))["clean"]


def test_two_houses_live_side_by_side(scratch: Scratch) -> None:
    for schema in ("fullhouse", "second_house"):
        scratch.run("migrate", "--verbosity", "0", schema=schema)
    scratch.run("shell", "-c", BUSY_HOUSE, schema="second_house")

    assert scratch.rows(OBJECTS.format("fullhouse")) == scratch.rows(OBJECTS.format("second_house"))
    assert scratch.rows("SELECT count(*) FROM fullhouse.events_venue") == [(0,)]
    assert scratch.rows("SELECT count(*) FROM second_house.events_venue") == [(1,)]
    for schema in ("fullhouse", "second_house"):
        assert json.loads(scratch.run("capacity", "audit", "--json", schema=schema))["clean"]
        assert json.loads(scratch.run("capacity", "engine", "--json", schema=schema))["clean"]
