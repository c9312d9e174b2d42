"""Conversion to COPY text: PostgreSQL takes whatever is not refused, whatever the value is."""

from typing import Any, get_args

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from fullhouse.migration.legacy.ddl import POSTGRES_TYPES
from fullhouse.migration.legacy.tables import Kind
from fullhouse.migration.legacy.values import UnfitError, converter

# What looks like a value of some type and is not quite one.
ALMOST = st.one_of(
    st.text(),
    st.from_regex(r"[+-]?[0-9۰-۹]{1,30}([.eE][+-]?[0-9]{0,5})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{4,15}(Z|[+-][0-9:]{2,9})?)?"),
    st.from_regex(r"[0-9]{1,2}:[0-9]{2}(:[0-9.]{2,9})?(Z|[+-][0-9:]{2,8})?", fullmatch=True),
    st.from_regex(r"[0-9a-fA-F{}-]{32,38}", fullmatch=True),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.uuids().map(str),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ALMOST,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_postgresql_takes_every_converted_value(
    database: psycopg.Connection[Any], kind: Kind
) -> None:
    table = f"taken_{kind}"
    database.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (value {})").format(
            sql.Identifier(table), sql.SQL(POSTGRES_TYPES[kind])
        )
    )
    copy_in = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))

    @settings(max_examples=150)
    @given(JSON.filter(lambda value: value is not None))
    def take(value: object) -> None:
        try:
            text = converter(kind)(value)
        except UnfitError:
            return
        with database.cursor() as cursor:
            with cursor.copy(copy_in) as copy:
                copy.write(f"{text}\n".encode())
            assert cursor.rowcount == 1

    take()


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", "12", "12"),
        ("integer", 12.0, "12"),
        ("numeric", 70.1, "70.1"),
        ("numeric", "1e3", "1E+3"),
        ("boolean", 1, "t"),
        ("boolean", "False", "f"),
        ("text", 5, "5"),
        ("uuid", "{00000000000040008000000000000001}", "00000000-0000-4000-8000-000000000001"),
        ("timestamptz", "2025-07-01T12:00:00", "2025-07-01T12:00:00+00:00"),
        ("jsonb", {"a": "\\"}, '{"a":"\\\\\\\\"}'),
    ],
)
def test_values_that_fit(kind: Kind, value: object, text: str) -> None:
    assert converter(kind)(value) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", True),
        ("integer", "۱۲"),
        ("integer", 1 << 31),
        ("integer", 1.5),
        ("numeric", float("nan")),
        ("numeric", "1e9999"),
        ("numeric", "NaN"),
        ("boolean", "maybe"),
        ("text", ["a"]),
        ("text", "a\x00"),
        ("text", "\ud800"),
        ("uuid", 7),
        ("date", "2025-02-30"),
        ("jsonb", {"a": ["b\x00"]}),
        ("jsonb", [float("inf")]),
    ],
)
def test_values_that_do_not_fit(kind: Kind, value: object) -> None:
    with pytest.raises(UnfitError):
        converter(kind)(value)


def test_an_escaped_nul_that_is_only_text_is_kept() -> None:
    assert converter("jsonb")("\\u0000") == '"\\\\\\\\u0000"'
