"""The doorway: which routine is called, what errors become, what the SQL itself refuses."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError
from psycopg.types.json import Jsonb

from fullhouse.events.domain.errors import Conflict, EngineFault, InvalidRequest
from fullhouse.events.engine.calls import EARLY, call
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import SQL_ROOT, schema
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, reserve

from .conftest import Hall
from .houses import counters, snapshot


def take(hall: Hall) -> Any:
    asked = [Places(1, allocation_id=hall.adult_places)]
    return reserve(performance_id=hall.performance_id, requests=asked)


class Statements(list[str]):
    """Collects what is sent to the database."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.append(sql)
        return execute(sql, params, many, context)


def test_alone_the_procedure_is_called_and_in_a_transaction_the_function(hall: Hall) -> None:
    sent = Statements()
    with connection.execute_wrapper(sent):
        take(hall)
        with transaction.atomic():
            take(hall)
    calls = [sql.split("(")[0] for sql in sent if "reserve" in sql]
    assert calls == ["CALL fullhouse.reserve_early_v1", "SELECT fullhouse.reserve_v1"]


def test_a_callers_rollback_takes_the_hold_back(hall: Hall) -> None:
    before = snapshot(hall.performance_id)
    with transaction.atomic():
        take(hall)
        transaction.set_rollback(True)
    assert snapshot(hall.performance_id) == before


def test_early_release_leaves_the_session_as_it_was(hall: Hall) -> None:
    settings = "SELECT current_setting('synchronous_commit'), current_setting('lock_timeout')," \
        " coalesce(current_setting('fullhouse.engine', true), '')"  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(settings)
        before = cursor.fetchone()
        hold = take(hall)
        confirm(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
        cursor.execute(settings)
        assert cursor.fetchone() == before


def test_early_release_ends_with_a_commit_that_waits(hall: Hall, conninfo: str) -> None:
    """The last record before the answer is flushed by the time the answer is there."""
    with psycopg.connect(conninfo, autocommit=True) as observer:
        take(hall)
        row = observer.execute("SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()")
        # Others may write meanwhile; the hold's own records are larger than a page header.
        assert row.fetchone()[0] < 8192  # type: ignore[index]


def test_no_special_right_is_needed(hall: Hall, conninfo: str) -> None:
    """A role that may only use tables and sequences holds places, early release and all."""
    clerk = f"clerk_{uuid4().hex}"
    asked = Jsonb([{"allocation_id": str(hall.adult_places), "quantity": 1}])
    with psycopg.connect(conninfo, autocommit=True) as owner:
        owner.execute(
            f"CREATE ROLE {clerk}; GRANT USAGE ON SCHEMA {schema()} TO {clerk};"
            f" GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema()} TO {clerk};"
            f" GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema()} TO {clerk}"
        )
        try:
            owner.execute(f"SET ROLE {clerk}")
            row = owner.execute(
                "CALL reserve_early_v1(%s, %s, 60, 'sale', 'R', NULL, '', '', '', '')",
                [hall.performance_id, asked],
            ).fetchone()
        finally:
            owner.execute(f"RESET ROLE; DROP OWNED BY {clerk}; DROP ROLE {clerk}")
    assert row is not None
    assert row[0]["outcome"] == "granted"


@pytest.mark.parametrize("name", sorted(EARLY))
def test_a_procedure_may_commit(name: str) -> None:
    text = (SQL_ROOT / "functions" / name.replace("_v1", "_early_v1.sql")).read_text("utf-8")
    head, body = text[text.index("CREATE") :].split("AS $$")
    assert not {"SET ", "SECURITY DEFINER"} & {word for word in ("SET ", "SECURITY DEFINER")
                                               if word in head}  # fmt: skip
    assert "EXCEPTION" not in body


def test_a_lock_that_lasts_is_a_conflict(hall: Hall, conninfo: str) -> None:
    hold = take(hall)
    before = counters(hall.adult_places)
    with psycopg.connect(conninfo) as other:
        other.execute(
            "SELECT FROM events_reservation WHERE id = %s FOR UPDATE", [hold.reservation_id]
        )
        with pytest.raises(Conflict) as caught:
            release(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    assert caught.value.http_status == 503
    assert counters(hall.adult_places) == before


@pytest.mark.parametrize(
    ("state", "family"),
    [
        ("FH437", InvalidRequest), ("22P02", InvalidRequest), ("40P01", Conflict),
        ("40001", Conflict), ("55P03", Conflict), ("57014", Conflict), ("08006", Conflict),
        ("53300", Conflict), ("23I02", EngineFault), ("25I01", EngineFault),
        ("42883", EngineFault), ("FH001", EngineFault),
    ],
)  # fmt: skip
def test_an_sqlstate_has_one_meaning(db_committed: None, state: str, family: type) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="quantity") as caught:
        cursor.execute(f"DO $$ BEGIN RAISE 'quantity: too many' USING ERRCODE = '{state}'; END $$")
    found = failure(caught.value)  # type: ignore[arg-type]
    assert type(found) is family
    if isinstance(found, InvalidRequest) and state.startswith("FH4"):
        assert (found.argument, found.problem) == ("quantity", "too many")
    if isinstance(found, EngineFault):
        assert found.sqlstate == state


def test_errors_without_an_sqlstate_are_lost_connections() -> None:
    assert type(failure(OperationalError("server closed the connection"))) is Conflict
    assert type(failure(IntegrityError("?"))) is Conflict


GOOD: dict[str, Any] = {
    "requests": [{"allocation_id": str(uuid4()), "quantity": 1}],
    "ttl_seconds": 600,
    "kind": "sale",
    "reference": "R",
    "token_hash": None,
    "customer": "",
    "channel": "",
    "actor": "",
    "reason": "",
}
SEAT = {"seat_id": str(uuid4())}


@pytest.mark.parametrize(
    ("argument", "bad"),
    [
        ("requests", {"requests": None}),
        ("requests", {"requests": {}}),
        ("requests", {"requests": []}),
        ("requests", {"requests": [None]}),
        ("requests", {"requests": [{}]}),
        ("requests", {"requests": [SEAT, SEAT]}),
        ("requests", {"requests": [SEAT | {"section_id": str(uuid4())}]}),
        ("requests", {"requests": [SEAT] * 1001}),
        ("quantity", {"requests": [SEAT | {"quantity": 2}]}),
        ("quantity", {"requests": [{"allocation_id": str(uuid4())}]}),
        ("quantity", {"requests": [{"allocation_id": str(uuid4()), "quantity": 0}]}),
        ("quantity", {"requests": [{"allocation_id": str(uuid4()), "quantity": -1}]}),
        ("quantity", {"requests": [{"allocation_id": str(uuid4()), "quantity": 1.5}]}),
        ("quantity", {"requests": [{"allocation_id": str(uuid4()), "quantity": 10**12}]}),
        ("", {"requests": [{"allocation_id": "not an id", "quantity": 1}]}),
        ("ttl_seconds", {"ttl_seconds": None}),
        ("ttl_seconds", {"ttl_seconds": 0}),
        ("ttl_seconds", {"ttl_seconds": 604_801}),
        ("kind", {"kind": "house"}),
        ("reference", {"reference": ""}),
        ("token_hash", {"token_hash": b"short"}),
        ("actor, reason", {"actor": None}),
        ("actor", {"actor": "x" * 101}),
        ("reason", {"reason": "x" * 256}),
        ("key", {"key": " ", "digest": b"x"}),
        ("digest", {"key": "k"}),
    ],
)
def test_the_sql_refuses_a_broken_reserve(hall: Hall, argument: str, bad: dict[str, Any]) -> None:
    before = snapshot(hall.performance_id)
    values = GOOD | bad
    values["requests"] = None if values["requests"] is None else Jsonb(values["requests"])
    with pytest.raises(InvalidRequest) as caught:
        call("reserve_v1", hall.performance_id, **values)
    assert caught.value.argument == argument
    assert snapshot(hall.performance_id) == before


LINE = str(uuid4())


@pytest.mark.parametrize(
    ("argument", "lines"),
    [
        ("lines", {}),
        ("lines", []),
        ("lines", [{"quantity": 1}]),
        ("lines", [{"line_id": LINE}, {"line_id": LINE}]),
        ("quantity", [{"line_id": LINE, "quantity": 0}]),
        ("quantity", [{"line_id": LINE, "quantity": 10**9}]),
    ],
)
def test_the_sql_refuses_a_broken_refund(hall: Hall, argument: str, lines: Any) -> None:
    with pytest.raises(InvalidRequest) as caught:
        call("refund_v1", hall.performance_id, reservation=uuid4(), lines=Jsonb(lines),
             actor="", reason="")  # fmt: skip
    assert caught.value.argument == argument


@pytest.mark.parametrize("name", ["confirm_v1", "release_v1", "refund_v1", "expire_v1"])
def test_the_sql_refuses_what_is_missing(hall: Hall, name: str) -> None:
    arguments: dict[str, Any] = {"reservation": None}
    if name == "refund_v1":
        arguments["lines"] = None
    if name == "expire_v1":
        arguments = {"limit": None}
    with pytest.raises(InvalidRequest):
        call(name, hall.performance_id, **arguments, actor="", reason="")
