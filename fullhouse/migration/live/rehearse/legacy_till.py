"""The till of the legacy system: its tables, written as its own code writes them.

A transaction locks the rows that it changes, changes them one by one, inserts a booking, counts.
It knows nothing of Fullhouse but the error that the fence answers with.
"""

from __future__ import annotations

import random
import uuid
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from fullhouse.migration.live.rehearse.forms import booking_form, columns
from fullhouse.migration.live.rehearse.sale import Sale
from fullhouse.migration.source import Source

Connection = psycopg.Connection[Any]

_LOOKED_AT: Final = 40
_COPY: Final = (
    "INSERT INTO {table} SELECT (jsonb_populate_record(s, jsonb_build_object({id}, %s::text,"
    " {number}, %s::text, {status}, 'available'))).* FROM {table} AS s WHERE s.{key} = %s"
)


class LegacyTill:
    """One connection to the legacy tables; every call is a statement of the open transaction."""

    def __init__(self, connection: Connection, source: Source, schema: str) -> None:
        self._connection = connection
        self._views = source.views
        self._schema = schema
        self._form = booking_form(connection, source, schema)
        self._names_seats = "seats" in source.views["booking"].columns if self._form else False
        self._has_seat_rows = "seat" in source.views and bool(
            columns(connection, schema, source.views["seat"].table)
        )
        self._performances = self._all_performances()
        connection.commit()

    def take(self, luck: random.Random, *, state: str) -> Sale | None:
        """Take one to three free seats of a performance, or places where it has none."""
        performance = luck.choice(self._performances)
        free = self._free(performance, luck, luck.randint(1, 3))
        if free:
            if not self._names_seats:
                return None
            for seat in free:
                self._set("seat", seat, "status", "sold" if state == "sold" else "reserved")
            return self._book(performance, free, len(free), state)
        if self._has_seats(performance):
            return None
        return self._book(performance, [], luck.randint(1, 3), state)

    def change(self, sale: Sale, state: str) -> bool:
        """Confirm a held booking, or cancel one and free its seats; False if it is not there."""
        status = {"sold": "confirmed", "free": "cancelled"}[state]
        seat_status = {"sold": "sold", "free": "available"}[state]
        for seat in sale.seats:
            self._set("seat", seat, "status", seat_status)
        if not self._set("booking", sale.key, "status", status):
            return False
        if state == "free":
            self._count(sale.performance, -sale.places)
        return True

    def edit(self, luck: random.Random) -> None:
        """Change something that is for sale: a price, a seat more or less, a type's name."""
        what = luck.random()
        if what < 0.05:
            self._rename_type(luck)
            return
        seats = self._free(luck.choice(self._performances), luck, 1)
        if not seats:
            return
        if what < 0.7 and "price" in self._views["seat"].columns:
            self._do("UPDATE {table} SET {price} = {price} + 1 WHERE {id} = %s", "seat", seats[0])
        elif what < 0.85:
            self._another_seat(seats[0], luck)
        else:
            self._do("DELETE FROM {table} WHERE {id} = %s", "seat", seats[0])

    def _book(self, performance: str, seats: list[str], places: int, state: str) -> Sale | None:
        if self._form is None:
            return None
        if not self._count(performance, places) and not seats:
            return None
        key = str(uuid.uuid4())
        named = [{"seat_id": seat} for seat in seats]
        self._connection.execute(
            self._form,
            {
                "id": key,
                "performance": performance,
                "reference": f"R{key[:8]}{key[-8:]}",
                "participants": places,
                "status": "confirmed" if state == "sold" else "pending",
                "seats": Jsonb(named),
                "price": 100 * places,
            },
        )
        return Sale(key, performance, seats, places)

    def _count(self, performance: str, places: int) -> bool:
        """Count places as used; False if the house would be over its maximum."""
        columns = self._views["performance"].columns
        if not {"current_capacity", "max_capacity"} <= columns.keys():
            return True
        done = self._do(
            "UPDATE {table} SET {current_capacity} = greatest({current_capacity} + %s, 0)"
            " WHERE {id} = %s AND (%s < 0 OR {current_capacity} + %s <= {max_capacity})",
            "performance",
            places,
            performance,
            places,
            places,
        )
        return done.rowcount > 0

    def _free(self, performance: str, luck: random.Random, count: int) -> list[str]:
        if not self._has_seat_rows:
            return []
        rows = self._do(
            "SELECT {id}::text FROM {table} WHERE {performance_id} = %s AND {is_free} LIMIT %s",
            "seat",
            performance,
            _LOOKED_AT,
            is_free=self._is_free(),
        ).fetchall()
        chosen = luck.sample(rows, min(count, len(rows)))
        locked: list[str] = []
        for (seat,) in sorted(chosen):
            row = self._do(
                "SELECT {id}::text FROM {table} WHERE {id} = %s AND {is_free}"
                " FOR UPDATE SKIP LOCKED",
                "seat",
                seat,
                is_free=self._is_free(),
            ).fetchone()
            locked += [str(row[0])] if row else []
        return locked

    def _has_seats(self, performance: str) -> bool:
        if not self._has_seat_rows:
            return False
        seats = "SELECT FROM {table} WHERE {performance_id} = %s LIMIT 1"
        return self._do(seats, "seat", performance).fetchone() is not None

    def _set(self, view: str, key: str, column: str, value: str) -> bool:
        named = sql.Identifier(self._views[view].columns[column])
        update = "UPDATE {table} SET {changed} = %s WHERE {id} = %s"
        return self._do(update, view, value, key, changed=named).rowcount == 1

    def _another_seat(self, seat: str, luck: random.Random) -> None:
        columns = self._views["seat"].columns
        self._connection.execute(
            sql.SQL(_COPY).format(
                table=self._table("seat"),
                id=sql.Literal(columns["id"]),
                key=sql.Identifier(columns["id"]),
                number=sql.Literal(columns["seat_number"]),
                status=sql.Literal(columns["status"]),
            ),
            [str(uuid.uuid4()), f"9{luck.randrange(10**6)}", seat],
        )

    def _rename_type(self, luck: random.Random) -> None:
        view = self._views.get("ticket_type")
        if view is None or "name" not in view.columns:
            return
        row = self._do("SELECT {id}::text FROM {table} LIMIT 1", "ticket_type").fetchone()
        if row:
            new = f"Type {luck.randrange(1000)}"
            self._do("UPDATE {table} SET {name} = %s WHERE {id} = %s", "ticket_type", new, row[0])

    def _all_performances(self) -> list[str]:
        rows = self._do("SELECT {id}::text FROM {table} ORDER BY 1", "performance").fetchall()
        return [str(key) for (key,) in rows]

    def _table(self, view: str) -> sql.Identifier:
        return sql.Identifier(self._schema, self._views[view].table)

    def _is_free(self) -> sql.Composed:
        columns = self._views["seat"].columns
        free = sql.SQL("{} = 'available'").format(sql.Identifier(columns["status"]))
        if "is_active" not in columns:
            return free
        return free + sql.SQL(" AND {}").format(sql.Identifier(columns["is_active"]))

    def _do(
        self, statement: LiteralString, view: str, *values: object, **parts: sql.Composable
    ) -> psycopg.Cursor[Any]:
        """Run a statement in which {table} and {canonical column} stand for the legacy names."""
        columns = self._views[view].columns.items()
        named = {name: sql.Identifier(legacy) for name, legacy in columns}
        query = sql.SQL(statement).format(table=self._table(view), **named, **parts)
        return self._connection.execute(query, values)
