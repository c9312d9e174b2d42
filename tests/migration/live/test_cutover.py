"""The cut-over: all of it in one short transaction, or none of it; no sale is lost around it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from fullhouse.compat.sides import authority
from fullhouse.events.models import Reservation, Seat, TicketType
from fullhouse.migration.exit_codes import (
    ExitCode,
    MismatchError,
    RefusedError,
    RetryError,
    UsageError,
)
from fullhouse.migration.live import budget, capture, commands_over, draining, over_guards
from fullhouse.migration.live.commands_over import Over
from fullhouse.migration.live.crew import Crew
from fullhouse.migration.models import Outbox, RunEvent
from fullhouse.migration.runs import State
from fullhouse.migration.session import Session

from .over_scene import Stage, small_house, stage
from .over_sellers import journal, sellers, wait_for


@pytest.fixture(scope="module")
def evenings() -> list[UUID]:
    return []


@pytest.fixture
def proved(
    db_committed: None, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    monkeypatch.setattr(budget, "ATTEMPTS", 1)
    made, keys = small_house(performances=3, seats=300, dirty=False)
    evenings[:] = keys
    with stage(made) as one:
        one.take_over()
        yield one


def still_legacy(one: Stage) -> bool:
    """Nothing of a cut-over is left: the legacy side sells, captured as before."""
    assert one.run.state == State.VALIDATED
    assert authority(one.schema) == "legacy"
    assert len(capture.installed(one.run, using="default")) == 8
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'fullhouse_fence_%%'")
        assert cursor.fetchone() == (0,)
    one.do("UPDATE {}.events_seat SET price = price + 1 WHERE row_number = '1'")
    return one.outbox() > 0


def test_fullhouse_sells_from_then_on(proved: Stage, evenings: list[UUID]) -> None:
    run = proved.cut_over()
    assert run.state == State.CUT_OVER
    assert authority(proved.schema) == "fullhouse"
    assert proved.outbox() == 0
    event = RunEvent.objects.filter(run=run, phase="cutover").latest("id")
    assert event.detail["held_ms"] > 0
    assert proved.differences() == []


def test_what_was_sold_at_the_last_moment_is_drained(
    proved: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    last = proved.seats(evenings[0])[7]
    passes = draining.shorten

    def sold_meanwhile(session: Session, hands: Crew) -> None:
        passes(session, hands)
        proved.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", last)

    monkeypatch.setattr(draining, "shorten", sold_meanwhile)
    proved.cut_over()
    assert Seat.objects.get(pk=last).status == "sold"
    event = RunEvent.objects.filter(phase="cutover", from_state="validated").latest("id")
    assert event.detail["units"] == 1


def test_a_name_that_changed_at_the_last_moment_is_drained_too(
    proved: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is about the catalogue is followed by one session, with all the event's units."""
    shorten = draining.shorten

    def renamed_meanwhile(session: Session, hands: Crew) -> None:
        shorten(session, hands)
        proved.do("UPDATE {}.events_tickettype SET name = 'Stalls' WHERE name = 'VIP'")

    monkeypatch.setattr(draining, "shorten", renamed_meanwhile)
    proved.cut_over()
    assert TicketType.objects.filter(event_id=proved.house.event_id, name="Stalls").count() == 1
    event = RunEvent.objects.filter(phase="cutover", from_state="validated").latest("id")
    assert event.detail["units"] == len(evenings)


def test_more_than_one_hold_may_drain_goes_in_several(
    proved: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hands make a unit each, sellers get their turn, and the next hold finishes."""
    sold = [proved.seats(evening)[7] for evening in evenings]
    shorten = draining.shorten

    def sold_meanwhile(session: Session, hands: Crew) -> None:
        shorten(session, hands)
        for seat in sold:
            proved.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", seat)

    monkeypatch.setattr(draining, "shorten", sold_meanwhile)
    monkeypatch.setattr(draining, "_HOLD_MS", 1.0)
    proved.cut_over()
    assert set(Seat.objects.filter(pk__in=sold).values_list("status", flat=True)) == {"sold"}
    over, said = RunEvent.objects.filter(phase="cutover").order_by("id")
    assert (over.to_state, over.detail["units"]) == (State.CUT_OVER, 1)
    assert len(said.detail["holds_ms"]) == 2
    assert said.detail["held_ms"] == max(said.detail["holds_ms"])
    assert proved.differences() == []


def test_a_drain_beyond_the_budget_is_cancelled(
    proved: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hand that is at work when the time is up is stopped; nobody waits for it any longer."""
    shorten, project = draining.shorten, Session.project

    def sold_meanwhile(session: Session, hands: Crew) -> None:
        shorten(session, hands)
        proved.do(
            "UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", proved.seats(evenings[0])[7]
        )
        monkeypatch.setattr(Session, "project", slowly)

    def slowly(session: Session) -> None:
        session.cursor.execute("SELECT pg_sleep(60)")
        project(session)

    monkeypatch.setattr(budget, "ATTEMPTS", 1)
    monkeypatch.setattr(draining, "shorten", sold_meanwhile)
    with pytest.raises(RetryError, match="within 300 ms"):
        proved.cut_over(budget_ms=300)
    monkeypatch.undo()
    assert still_legacy(proved)


def test_over_the_budget_everything_is_taken_back(proved: Stage) -> None:
    with pytest.raises(RetryError, match="did not come through within 1 ms") as caught:
        proved.cut_over(budget_ms=1)
    assert caught.value.exit_code == ExitCode.RETRY
    assert still_legacy(proved)


def test_a_table_that_a_seller_holds_is_waited_for_briefly(proved: Stage, conninfo: str) -> None:
    with psycopg.connect(conninfo) as slow:
        table = sql.Identifier(proved.schema, "events_seat")
        slow.execute(sql.SQL("UPDATE {} SET price = price WHERE section = 'A'").format(table))
        with pytest.raises(RetryError, match="lock timeout"):
            proved.cut_over()
        slow.rollback()
    assert still_legacy(proved)


def test_another_moment_is_tried_with_jitter(
    proved: Stage, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    with psycopg.connect(conninfo) as slow:
        table = sql.Identifier(proved.schema, "events_seat")
        slow.execute(sql.SQL("UPDATE {} SET price = price WHERE section = 'A'").format(table))

        def let_go(seconds: float) -> None:
            rests.append(seconds)
            slow.rollback()

        monkeypatch.setattr(budget, "ATTEMPTS", 3)
        monkeypatch.setattr("time.sleep", let_go)
        proved.cut_over()
    assert len(rests) == 1
    assert proved.run.state == State.CUT_OVER


def test_sides_that_differ_inside_are_never_cut_over(proved: Stage, evenings: list[UUID]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "DELETE FROM events_reservationline WHERE performance_id = %s AND status = 'sold'",
            [evenings[0]],
        )
    with pytest.raises(MismatchError, match="places taken and lines"):
        proved.cut_over()
    assert still_legacy(proved)


def test_a_drained_unit_that_is_unlike_is_never_cut_over(
    proved: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = draining.shorten

    def changed_meanwhile(session: Session, hands: Crew) -> None:
        passes(session, hands)
        proved.do(
            "UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", proved.seats(evenings[0])[7]
        )

    monkeypatch.setattr(draining, "shorten", changed_meanwhile)
    monkeypatch.setattr("fullhouse.migration.live.project.remake", lambda _session: 0)
    with pytest.raises(MismatchError, match="sold"):
        proved.cut_over()
    monkeypatch.undo()
    assert still_legacy(proved)


def test_guards_name_what_is_in_the_way(
    proved: Stage, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RefusedError, match="plan is not the one you approved"):
        commands_over.cut_over(replace(proved.order, plan_sha="0" * 64), proved.heard, Over())
    with pytest.raises(UsageError, match="budget-ms"):
        Over(budget_ms=0)
    monkeypatch.setattr(over_guards, "OLDEST_SECONDS", 0.0)
    with psycopg.connect(conninfo) as old:
        old.execute("SELECT 1")
        with pytest.raises(RetryError, match=f"pid {old.info.backend_pid}"):
            proved.cut_over()
    monkeypatch.undo()
    RunEvent.objects.filter(run=proved.run, phase="validate").update(
        at=proved.run.updated_at - timedelta(hours=2)
    )
    with pytest.raises(RefusedError, match="older than 30 minutes"):
        proved.cut_over()
    assert still_legacy(proved)


def test_capture_that_somebody_took_off_is_noticed(proved: Stage) -> None:
    proved.do("ALTER TABLE {}.events_seat DISABLE TRIGGER USER")
    with pytest.raises(RefusedError, match="Capture is no longer on"):
        proved.cut_over()


def test_a_key_that_cannot_be_written_back_is_refused_beforehand(proved: Stage) -> None:
    proved.do(
        "ALTER TABLE {}.events_eventbooking ADD COLUMN cart int4range NOT NULL DEFAULT '[0,1]'"
    )
    proved.do("ALTER TABLE {}.events_eventbooking ALTER COLUMN cart DROP DEFAULT")
    with pytest.raises(RefusedError, match="must fill 'cart'"):
        proved.cut_over()
    assert proved.run.state == State.VALIDATED


def test_no_acknowledged_sale_is_lost_on_the_way(
    proved: Stage, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old sellers meet the fence and stop; new ones go on on the other side; each sale is once."""
    with (
        sellers(conninfo, proved.schema, both=False) as old,
        sellers(conninfo, proved.schema, both=True, count=2) as new,
    ):
        monkeypatch.setattr(budget, "ATTEMPTS", 20)
        proved.cut_over()
        for one in old:
            one.join(timeout=30)
        wait_for(lambda: all("fullhouse" in one.sides or not one.is_alive() for one in new))
    said = journal([*old, *new])
    assert any(one.fences for one in old)
    assert all("Fullhouse" in text and "فول‌هاوس" in text for one in old for text in one.fences)
    for booking, seat in said.items():
        made = Reservation.objects.get(pk=booking)
        assert made.status == "sold"
        assert [line.seat_id for line in made.lines.all()] == [seat]
    proved.follow()
    assert {key for (key,) in proved.do("SELECT id FROM {}.events_eventbooking")} >= set(said)


def test_a_second_cut_over_is_refused(proved: Stage) -> None:
    proved.cut_over()
    with pytest.raises(RefusedError, match="this takeover is 'cut_over'"):
        proved.cut_over()


def test_marks_of_the_takeover_itself_are_no_changes_of_fullhouse(proved: Stage) -> None:
    run = proved.cut_over()
    assert not Outbox.objects.filter(run_id=run.pk).exists()
