"""Looks whether a source fits the tables of a schema, and says everything that does not.

Reads the catalogue, then the rows: one pass a view, and a few grouped queries. Writes nothing.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from fullhouse.migration.source.canonical import CANONICAL, MAY_BE_ABSENT, REQUIRED
from fullhouse.migration.source.check_rows import check_rows
from fullhouse.migration.source.expressions import WITH_ZONE, Tables
from fullhouse.migration.source.findings import Findings, Weight, nearest
from fullhouse.migration.source.layout import Source, View
from fullhouse.migration.source.meanings import VIEWS, of_column
from fullhouse.migration.source.views import lacking, tables

_SHOWN = 20


def check(source: Source, schema: str, *, using: str = DEFAULT_DB_ALIAS) -> Findings:
    """Return what is missing, wrong or worth knowing of `source` over the tables of `schema`.

    Reads in one read-only snapshot with ACCESS SHARE locks.
    """
    found = Findings()
    with connections[using].cursor() as cursor, transaction.atomic(using=using):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        present = tables(cursor, schema)
        if not present:
            _no_schema(cursor, schema, found)
            return found
        for name in CANONICAL:
            view = source.views.get(name)
            if view is None:
                note = (f"no [{name}] in the file", f"[{name}] در پرونده نیست")
                _no_view("note", name, *note, found)
            elif view.table not in present:
                _no_table(view, schema, present, found)
            else:
                _check_columns(view, schema, present, found)
        _check_unread(source, schema, present, found)
        check_rows(cursor, source, schema, present, found)
    return found


def _no_schema(cursor: Any, schema: str, found: Findings) -> None:
    cursor.execute(
        "SELECT DISTINCT n.nspname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
        " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1"
    )
    others = ", ".join(str(name) for (name,) in cursor.fetchall()[:_SHOWN]) or "-"
    found.error(
        "schema_missing",
        schema,
        f"There is no schema {schema!r} with tables in this database. There are: {others}.",
        f"شِمای {schema!r} با جدول در این پایگاه نیست. هست: {others}.",
    )


def _no_view(weight: Weight, name: str, en: str, fa: str, found: Findings) -> None:
    meant = VIEWS.get(name, ("", ""))
    found.add(weight, "view_missing", name, f"{en}: {meant[0]}.", f"{fa}: {meant[1]}.")


def _no_table(view: View, schema: str, present: Tables, found: Findings) -> None:
    near = nearest(view.table, present)
    if view.name in MAY_BE_ABSENT and not near[0]:
        where = f"{schema}.{view.table}"
        _no_view("warning", view.name, f"there is no table {where}", f"جدول {where} نیست", found)
        return
    found.error(
        "table_missing",
        view.name,
        f"There is no table {schema}.{view.table}.{near[0]}",
        f"جدول {schema}.{view.table} نیست.{near[1]}",
    )


def _check_columns(view: View, schema: str, present: Tables, found: Findings) -> None:
    for name in CANONICAL[view.name]:
        where = f"{view.name}.{name}"
        if name not in view.values:
            translated = view.translation is not None and view.translation.gives == name
            if not translated:
                en, fa = of_column(view.name, name)
                found.add(
                    "note", "column_not_given", where, f"Not given: {en}.", f"داده نشده: {fa}."
                )
            continue
        missing = lacking(view, name, present)
        for table, column in dict.fromkeys(missing):
            _missing_column(view, name, schema, table, column, present, found)
        if not missing:
            _check_zone(view, name, present, found)
    translation = view.translation
    if translation and translation.table not in present:
        near = nearest(translation.table, present)
        found.add(
            "warning",
            "table_missing",
            f"{view.name}.{translation.gives}",
            f"There is no table {schema}.{translation.table} of translations.{near[0]}",
            f"جدول ترجمهٔ {schema}.{translation.table} نیست.{near[1]}",
        )
    for column in (translation.key, translation.language, translation.text) if translation else ():
        if (
            translation
            and translation.table in present
            and column not in present[translation.table]
        ):
            _missing_column(
                view, translation.gives, schema, translation.table, column, present, found, True
            )


def _missing_column(
    view: View,
    name: str,
    schema: str,
    table: str,
    column: str,
    present: Tables,
    found: Findings,
    is_needed: bool = False,
) -> None:
    near = nearest(column, present.get(table, {}))
    en, fa = (
        f"{schema}.{table} has no column {column!r}.",
        f"{schema}.{table} ستون {column!r} ندارد.",
    )
    if table not in present:
        near = nearest(table, present)
        en, fa = f"There is no table {schema}.{table}.", f"جدول {schema}.{table} نیست."
    if name in REQUIRED[view.name] or is_needed:
        found.error("column_missing", f"{view.name}.{name}", en + near[0], fa + near[1])
        return
    meant = of_column(view.name, name)
    found.add(
        "warning",
        "column_missing",
        f"{view.name}.{name}",
        f"{en}{near[0]} Without it: {meant[0]}.",
        f"{fa}{near[1]} بی آن: {meant[1]}.",
    )


def _check_zone(view: View, name: str, present: Tables, found: Findings) -> None:
    value, kind = view.values[name], CANONICAL[view.name][name]
    table = value.elsewhere.table if value.elsewhere else view.table
    type_ = present[table].get(value.column, "")
    if kind in ("date", "time") and type_ == WITH_ZONE and not value.zone:
        found.add(
            "warning",
            "zone_missing",
            f"{view.name}.{name}",
            f"{table}.{value.column} is a moment; which day and hour that is depends on the place. "
            f'Write {{ column = "{value.column}", zone = "Europe/Vienna" }}, with your zone.',
            f"{table}.{value.column} یک لحظه است و روز و ساعتش به جا بستگی دارد. zone را بنویسید.",
        )


def _check_unread(source: Source, schema: str, present: Tables, found: Findings) -> None:
    unread = sorted(present.keys() - set(source.tables()))
    if unread:
        shown = ", ".join(unread[:_SHOWN]) + (", …" if len(unread) > _SHOWN else "")
        found.add(
            "note",
            "tables_not_read",
            schema,
            f"Not read by this source: {shown}.",
            f"این مبدأ این‌ها را نمی‌خواند: {shown}.",
        )
