"""Rows gathered a few thousand at a time and copied, each table its own batch.

Called by the loader only. One transaction a batch; the tables belong to a passing schema.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

import psycopg
from psycopg import sql

from fullhouse.migration.legacy import ddl
from fullhouse.migration.legacy.reader import Item
from fullhouse.migration.legacy.staging import Connection
from fullhouse.migration.legacy.tables import REJECTS, TABLES, Table, table_of
from fullhouse.migration.legacy.values import (
    NULL,
    Convert,
    Remembered,
    UnfitError,
    converter,
)

BATCH_ROWS: Final = 5000
#: Rows may arrive interleaved by model, so all batches together stay below this.
BATCH_CHARACTERS: Final = 2 << 20
_SHOWN_CHARACTERS: Final = 500
_ABSENT: Final = object()


class DuplicateKeyError(Exception):
    """Two rows of one model have the same primary key."""

    def __init__(self, table: Table, key: str) -> None:
        super().__init__(f"{table.model} {key}")
        self.table, self.key = table, key


class _Batch:
    """The waiting rows of one table, as COPY lines, with their places in the file."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.lines: list[str] = []
        self.places: list[tuple[int, str]] = []
        self.fields: list[tuple[str, str, Convert, Remembered, str, str]] = [
            (
                column.field,
                column.name,
                converter(column.kind),
                Remembered(converter(column.kind)),
                column.default if column.default is not None else NULL,
                "null" if column.null_is_json else NULL,
            )
            for column in table.columns[1:]
            if column.name != table.rest
        ]
        self.key = converter(table.key.kind)
        self.rest = converter("jsonb") if table.rest else None


class Batches:
    """All batches of one load; `rows` counts what is in the tables, by table name."""

    def __init__(self, connection: Connection, schema: str, rows: Counter[str]) -> None:
        self._connection = connection
        self._schema = schema
        self._rows = rows
        self._batches: dict[str, _Batch | None] = {}
        self._waiting_characters = 0
        self.rejected = 0
        self.ignored_fields = Counter[str]()
        for table in TABLES:
            self._batches[table.model] = self._open(table)
            rows[table.name] = 0
        self._rejects = self._open(REJECTS)

    def add(self, item: Item) -> bool:
        """Take a row; return False if no staging table is for its model."""
        if item.model not in self._batches:
            self._batches[item.model] = self._batch_of(item.model)
        batch = self._batches[item.model]
        if batch is None:
            return False
        line = self._line(batch, item)
        if line is not None:
            self._wait(batch, line, (item.line, str(item.pk)))
            if self._waiting_characters > BATCH_CHARACTERS:
                self._flush_all()
            elif len(batch.lines) >= BATCH_ROWS:
                self._flush(batch)
        return True

    def finish(self) -> None:
        """Copy what waits, then add keys, indexes and statistics. Raises `DuplicateKeyError`."""
        self._flush_all()
        for batch in self._each():
            self._add_key(batch.table)
            for statement in ddl.create_indexes(self._schema, batch.table):
                self._connection.execute(statement)
        for table in [REJECTS, *(batch.table for batch in self._each())]:
            self._connection.execute(
                sql.SQL("ANALYZE {}").format(sql.Identifier(self._schema, table.name))
            )

    def _each(self) -> list[_Batch]:
        return list({id(batch): batch for batch in self._batches.values() if batch}.values())

    def _batch_of(self, model: str) -> _Batch | None:
        label = model.lower()
        if label != model and label in self._batches:
            return self._batches[label]
        table = table_of(label)
        if table is None:
            return None
        batch = self._batches[label] = self._open(table)
        self._rows[table.name] = 0
        return batch

    def _open(self, table: Table) -> _Batch:
        self._connection.execute(ddl.create_table(self._schema, table))
        return _Batch(table)

    def _line(self, batch: _Batch, item: Item) -> str | None:
        """Return the COPY line of a row, or None if it has no usable primary key."""
        try:
            values = [batch.key(_required(item.pk))]
        except UnfitError as error:
            self._reject(item, batch.table.key.name, item.pk, f"row left out: key {error}")
            return None
        fields = item.fields
        found = 0
        for name, alias, convert, remembered, default, null in batch.fields:
            value = fields.get(name, _ABSENT)
            if value is _ABSENT:
                value = fields.get(alias, _ABSENT)
                if value is _ABSENT:
                    values.append(default)
                    continue
            found += 1
            if value is None:
                values.append(null)
                continue
            try:
                values.append(remembered[value] if type(value) is str else convert(value))
            except UnfitError as error:
                values.append(NULL)
                self._reject(item, alias, value, str(error))
        if batch.rest is not None:
            values.append(self._rest(batch, batch.rest, item))
        elif found != len(fields):
            self._note_ignored(batch.table, item)
        return "\t".join(values)

    def _rest(self, batch: _Batch, convert: Convert, item: Item) -> str:
        rest = {
            name: value for name, value in item.fields.items() if name not in batch.table.fields
        }
        try:
            return convert(rest)
        except UnfitError as error:
            self._reject(item, str(batch.table.rest), rest, str(error))
            return NULL

    def _note_ignored(self, table: Table, item: Item) -> None:
        for name in item.fields.keys() - table.fields:
            # A hostile file could have a new field in each row; the count stays bounded.
            if len(self.ignored_fields) < BATCH_ROWS:
                self.ignored_fields[f"{table.model}.{name}"] += 1

    def _reject(self, item: Item, field: str, value: object, reason: str) -> None:
        shown = (item.model, item.pk, field, json.dumps(value)[:_SHOWN_CHARACTERS], reason)
        texts = [
            text if isinstance(text, str) and text.isprintable() else json.dumps(text)
            for text in shown
        ]
        line = "\t".join(text.replace("\\", "\\\\") for text in texts)
        self._wait(self._rejects, f"{line}\t{item.line}", (item.line, texts[1]))
        self.rejected += 1

    def _wait(self, batch: _Batch, line: str, place: tuple[int, str]) -> None:
        batch.lines.append(line)
        batch.places.append(place)
        self._waiting_characters += len(line)

    def _flush_all(self) -> None:
        for batch in self._each():
            self._flush(batch)
        self._flush(self._rejects)

    def _flush(self, batch: _Batch) -> None:
        if not batch.lines:
            return
        self._waiting_characters -= sum(map(len, batch.lines))
        self._copy(batch, 0, len(batch.lines))
        batch.lines.clear()
        batch.places.clear()

    def _copy(self, batch: _Batch, start: int, end: int) -> None:
        """Copy rows; halve what the server refuses until the refused rows stand alone."""
        statement = sql.SQL("COPY {} FROM STDIN").format(
            sql.Identifier(self._schema, batch.table.name)
        )
        data = "\n".join(batch.lines[start:end]) + "\n"
        try:
            with (
                self._connection.transaction(),
                self._connection.cursor() as cursor,
                cursor.copy(statement) as copy,
            ):
                copy.write(data.encode())
        except (psycopg.DataError, psycopg.errors.ProgramLimitExceeded) as error:
            if end - start > 1:
                middle = (start + end) // 2
                self._copy(batch, start, middle)
                self._copy(batch, middle, end)
            elif batch is not self._rejects:
                line, key = batch.places[start]
                row = Item(line, batch.table.model, key, {})
                reason = error.diag.message_primary or "the server refused it"
                self._reject(row, "", batch.lines[start], f"row left out: {reason}")
            return
        if batch is not self._rejects:
            self._rows[batch.table.name] += end - start

    def _add_key(self, table: Table) -> None:
        try:
            self._connection.execute(ddl.create_key(self._schema, table))
        except psycopg.errors.UniqueViolation as error:
            name, key = sql.Identifier(self._schema, table.name), sql.Identifier(table.key.name)
            query = sql.SQL("SELECT {1}::text FROM {0} GROUP BY {1} HAVING count(*) > 1 LIMIT 1")
            ((repeated,),) = self._connection.execute(query.format(name, key)).fetchall()
            raise DuplicateKeyError(table, str(repeated)) from error


def _required(key: object) -> object:
    if key is None:
        raise UnfitError("is missing")
    return key
