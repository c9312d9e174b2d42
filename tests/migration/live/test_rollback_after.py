"""The way back after new sales: none is lost, on neither side, and it can be gone over again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from fullhouse.compat.sides import authority
from fullhouse.events.domain.configuration import HousePlan, SectionPlan
from fullhouse.events.domain.errors import EngineFault
from fullhouse.events.models import (
    Event,
    EventPerformance,
    EventSection,
    Movement,
    SalesRule,
    SectionTicketType,
    WaitingEntry,
)
from fullhouse.events.services.house import house
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reserve import Places
from fullhouse.migration.exit_codes import MismatchError, RefusedError, RetryError
from fullhouse.migration.live import archive, budget, commands_over, fence, reverse
from fullhouse.migration.live.commands_over import Over
from fullhouse.migration.models import ArchivedRow, MadeRow, RunEvent
from fullhouse.migration.runs import State

from .over_scene import Stage, hold, seat, sell, small_house, stage, standing
from .over_sellers import journal, sellers, wait_for


@pytest.fixture(scope="module")
def evenings() -> list[UUID]:
    return []


@pytest.fixture
def over(
    db_committed: None, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    monkeypatch.setattr(budget, "ATTEMPTS", 2)
    made, keys = small_house(performances=3, seats=300, dirty=False)
    evenings[:] = keys
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        yield one


def test_sales_since_the_last_pass_are_drained_and_the_legacy_side_sells(
    over: Stage, evenings: list[UUID]
) -> None:
    first = over.seats(evenings[0])[4]
    sold = sell(evenings[0], seat(first))
    run = over.roll_back()
    assert run.state == State.ROLLED_BACK
    assert authority(over.schema) == "legacy"
    assert over.booking(sold)["status"] == "confirmed"
    assert over.seat_status(first) == "sold"
    over.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", over.seats(evenings[0])[5])


def test_what_fullhouse_wrote_itself_is_archived_whole(over: Stage, evenings: list[UUID]) -> None:
    sold = sell(evenings[0], seat(over.seats(evenings[0])[4]))
    ledger = set(Movement.objects.filter(performance_id=evenings[0]).values_list("pk", flat=True))
    run = over.roll_back()
    kept = ArchivedRow.objects.filter(run=run)
    assert set(kept.filter(kind="movement").values_list("row_id", flat=True)) == ledger
    assert kept.get(kind="reservation", row_id=sold).content["status"] == "sold"
    # Performances that Fullhouse never moved a place in are made anew from the legacy side.
    assert set(kept.values_list("performance_id", flat=True)) == {evenings[0]}
    assert standing(evenings)["seats"] == []
    assert not MadeRow.objects.filter(run=run).exists()
    assert not Event.objects.filter(pk=over.house.event_id).exists()


def test_the_ledger_is_not_forgotten_without_the_archive(
    over: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(evenings[0], seat(over.seats(evenings[0])[4]))
    with monkeypatch.context() as patched:
        patched.setattr(archive, "_ARCHIVE", "live/over/let_go.sql")
        with pytest.raises(Exception, match="the ledger is append-only"):
            over.roll_back()
    # The legacy side sells already; what is left is cleared by the same command.
    assert authority(over.schema) == "legacy"
    with pytest.raises(EngineFault) as caught:
        sell(evenings[1], seat(over.seats(evenings[1])[4]))
    assert caught.value.sqlstate == fence.SQLSTATE
    over.roll_back()
    assert standing(evenings)["seats"] == []


def test_another_takeover_may_follow(over: Stage, evenings: list[UUID]) -> None:
    sell(evenings[0], seat(over.seats(evenings[0])[4]))
    was = standing(evenings)
    first = over.roll_back()
    second = over.take_over()
    assert second.pk != first.pk
    assert standing(evenings) == was
    over.cut_over()
    assert authority(over.schema) == "fullhouse"


def test_no_acknowledged_sale_is_lost_on_the_way_back(
    over: Stage, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sellers on the new calls sell before, during and after; each sale is there once."""
    monkeypatch.setattr(budget, "ATTEMPTS", 20)
    with sellers(conninfo, over.schema, both=True, count=3) as new:
        wait_for(lambda: all("fullhouse" in one.sides for one in new))
        before = [len(one.sides) for one in new]
        over.roll_back()
        wait_for(
            lambda: all(
                "legacy" in one.sides[count:] or not one.is_alive()
                for one, count in zip(new, before, strict=True)
            )
        )
    said = journal(new)
    assert any(one.fences for one in new)
    rows = over.do(
        "SELECT id, selected_seats -> 0 ->> 'seat_id' FROM {}.events_eventbooking"
        " WHERE status = 'confirmed' AND id = ANY (%s)",
        list(said),
    )
    assert {key: UUID(str(named)) for key, named in rows} == said
    ((statuses,),) = over.do(
        "SELECT array_agg(DISTINCT status) FROM {}.events_seat WHERE id = ANY (%s)",
        list(said.values()),
    )
    assert statuses == ["sold"]


def test_over_the_budget_fullhouse_sells_on(over: Stage, evenings: list[UUID]) -> None:
    with pytest.raises(RetryError, match="within 1 ms"):
        over.roll_back(budget_ms=1)
    assert over.run.state == State.CUT_OVER
    sold = sell(evenings[0], seat(over.seats(evenings[0])[4]))
    over.follow()
    assert over.booking(sold)


def test_an_engine_call_that_is_half_done_is_waited_for(
    over: Stage, evenings: list[UUID], conninfo: str
) -> None:
    with transaction.atomic():
        hold(evenings[0], seat(over.seats(evenings[0])[4]))
        with psycopg.connect(conninfo) as other, pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("LOCK TABLE events_movement IN SHARE ROW EXCLUSIVE MODE NOWAIT")


def test_a_booking_that_was_not_written_back_stops_it(
    over: Stage, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = sell(evenings[0], seat(over.seats(evenings[0])[4]))
    one_pass = reverse.one_pass
    monkeypatch.setattr(reverse, "one_pass", lambda _back: reverse.ReverseResult(0, 0, 0))
    write = reverse._write

    def without_bookings(back: reverse.Writer) -> int:
        return write(replace(back, ready=back.ready[:1]))

    monkeypatch.setattr(reverse, "_write", without_bookings)
    with pytest.raises(MismatchError, match=str(sold)):
        over.roll_back()
    monkeypatch.setattr(reverse, "_write", write)
    monkeypatch.setattr(reverse, "one_pass", one_pass)
    assert over.run.state == State.CUT_OVER
    over.roll_back()
    assert over.booking(sold)["status"] == "confirmed"


def test_performances_that_only_fullhouse_has_are_named_first(
    over: Stage, evenings: list[UUID]
) -> None:
    made = only_here(over)
    where = SectionTicketType.objects.get(performance_id=made)
    sell(made, Places(2, allocation_id=where.pk))
    order = replace(over.order, yes=False)
    with pytest.raises(RefusedError, match="2 places that Fullhouse sold or holds"):
        commands_over.roll_back(order, over.heard, Over())
    assert over.run.state == State.CUT_OVER
    assert any("performances that were made in Fullhouse" in text for text in over.heard.said)
    run = over.roll_back()
    event = RunEvent.objects.filter(run=run, phase="cannot_hold").latest("id")
    assert event.detail["losses"][0]["performances"] == [str(made)]
    # It stays, with its sales, and so do its event and venue.
    assert EventPerformance.objects.filter(pk=made).exists()
    assert over.take_over().state == State.VALIDATED
    assert over.differences() == []
    remove_from_fullhouse(made)


def test_rules_and_the_waiting_list_are_archived_too(over: Stage, evenings: list[UUID]) -> None:
    rule = SalesRule.objects.create(performance_id=evenings[0], max_per_order=4)
    waits = WaitingEntry.objects.create(performance_id=evenings[1], quantity=2)
    run = over.roll_back()
    kept = dict(ArchivedRow.objects.filter(run=run).values_list("row_id", "kind"))
    assert kept == {rule.pk: "sales_rule", waits.pk: "waiting_entry"}
    assert not EventPerformance.objects.filter(pk__in=evenings).exists()


def test_what_is_not_for_sale_is_closed_over_there(over: Stage, evenings: list[UUID]) -> None:
    """Killed places and a channel's are nobody's booking, as the house's are not."""
    keys = over.seats(evenings[0])[4:6]
    for key, kind in zip(keys, ("kill", "channel"), strict=True):
        house(performance_id=evenings[0], reason="view", seat_ids=[key])
        sort_of(key, kind)
    over.follow()
    assert [over.seat_status(key) for key in keys] == ["blocked", "blocked"]
    assert over.roll_back().state == State.ROLLED_BACK


def sort_of(key: UUID, kind: str) -> None:
    """Make what keeps a seat another kind of reservation."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_reservation SET kind = %s WHERE id IN (SELECT reservation_id"
            " FROM events_reservationline WHERE seat_id = %s AND status = 'reserved')",
            [kind, key],
        )


def only_here(over: Stage) -> UUID:
    made = EventPerformance.objects.create(
        event_id=over.house.event_id, date=date(2033, 1, 1), start_time=time(20)
    )
    hall = SectionPlan(name="Hall", total_capacity=10, base_price=Decimal(50))
    open_performance(performance_id=made.pk, plan=HousePlan(sections=(hall,)))
    return made.pk


def remove_from_fullhouse(key: UUID) -> None:
    """Nothing is left of a test's own evening (the ledger refuses any other way)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("movement", "reservationline", "reservation", "seat", "operation"):
            cursor.execute(f"DELETE FROM events_{table} WHERE performance_id = %s", [key])
        cursor.execute("DELETE FROM events_sectiontickettype WHERE performance_id = %s", [key])
        EventSection.objects.filter(performance_id=key).delete()
        EventPerformance.objects.filter(pk=key).delete()


def test_a_run_that_is_back_is_only_cleared(over: Stage) -> None:
    run = over.roll_back()
    events = RunEvent.objects.filter(run=run).count()
    assert over.roll_back().state == State.ROLLED_BACK
    assert RunEvent.objects.filter(run=run).count() == events
