"""From the ledger to deliveries: everything committed, once, in the order in which it happened."""

import datetime
import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from engine.houses import make_overdue
from psycopg.types.json import Jsonb

from fullhouse.announce import ledger
from fullhouse.announce.endpoints import add_endpoint
from fullhouse.announce.models import Relay, WebhookDelivery, WebhookEndpoint
from fullhouse.announce.relay import OVERLAP, relay
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event, Movement
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.exchange import exchange
from fullhouse.events.services.expire import expire
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.resize import resize_section
from fullhouse.migration.models import MigrationRun, RunEvent

from .conftest import Hall, Receiver

Look = Callable[[], list[tuple[str, Any]]]
Connect = Callable[[], psycopg.Connection[Any]]
RESERVE = (
    "SELECT reserve_v1(p_performance => %s, p_requests => %s, p_ttl_seconds => 600,"
    " p_kind => 'sale', p_reference => %s, p_token_hash => NULL, p_customer => '',"
    " p_channel => '', p_actor => '', p_reason => '') ->> 'reservation_id'"
)


def hold(hall: Hall, quantity: int = 1) -> Any:
    wanted = Places(quantity, allocation_id=hall.allocation_id)
    return reserve(performance_id=hall.performance_id, requests=[wanted]).reservation_id


def hold_by(database: psycopg.Connection[Any], hall: Hall) -> str:
    wanted = Jsonb([{"allocation_id": str(hall.allocation_id), "quantity": 1}])
    row = database.execute(RESERVE, [hall.performance_id, wanted, uuid4().hex]).fetchone()
    assert row is not None
    return str(row[0])


def reservations(told: list[tuple[str, Any]]) -> list[str]:
    return [data["reservation"] for _, data in told]


def test_each_change_is_told_as_what_it_was(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    one = {"performance_id": hall.performance_id}
    first = reserve(**one, requests=[SeatRequest(hall.seat_ids[0])])
    confirm(**one, reservation_id=first.reservation_id)
    exchange(**one, reservation_id=first.reservation_id, requests=[SeatRequest(hall.seat_ids[1])])
    refund(**one, reservation_id=first.reservation_id)
    release(**one, reservation_id=hold(hall))
    late = hold(hall, 2)
    make_overdue(late)
    expire(**one)
    resize_section(**one, section_id=hall.section_id, total_capacity=12)
    found = told()
    assert [kind.removeprefix("reservation.") for kind, _ in found] == [
        "reserved", "confirmed", "exchanged", "refunded",
        "reserved", "released", "reserved", "expired", "capacity.changed",
    ]  # fmt: skip
    data = found[0][1]
    assert data == {
        "performance": str(hall.performance_id),
        "event": str(hall.event_id),
        "operation": "reserve",
        "reservation": str(first.reservation_id),
        "reference": first.reference,
        "kind": "sale",
        "channel": "",
        "quantity": 1,
        "places": [
            {
                "section": str(hall.section_id),
                "allocation": str(hall.allocation_id),
                "seat": str(hall.seat_ids[0]),
                "quantity": 1,
                "from": "available",
                "to": "reserved",
            }
        ],
    }
    assert (found[7][1]["reservation"], found[7][1]["quantity"]) == (str(late), 2)
    assert (found[8][1]["change"], found[8][1]["operation"]) == (2, "resize")
    assert len(told()) == len(found)


def test_what_was_rolled_back_never_happened(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    with transaction.atomic():
        hold(hall)
        transaction.set_rollback(True)
    kept = hold(hall)
    assert reservations(told()) == [str(kept)]


def test_a_transaction_that_commits_late_is_not_lost(
    hall: Hall, listening: WebhookEndpoint, told: Look, connect: Connect
) -> None:
    early, late = connect(), connect()
    lower = hold_by(early, hall)
    assert told() == []
    with connect() as other:
        higher = hold_elsewhere(other)
    assert reservations(told()) == [higher]
    early.commit()
    assert reservations(told()) == [higher, lower]
    late.rollback()
    assert reservations(told()) == [higher, lower]


def hold_elsewhere(database: psycopg.Connection[Any]) -> str:
    """Write and commit a movement that waits for nobody's lock: of a performance of its own."""
    reservation = str(uuid7())
    database.execute("SET LOCAL fullhouse.engine = 'on'")
    database.execute(
        "INSERT INTO events_movement (id, performance_id, allocation_id, reservation_id,"
        " from_state, to_state, quantity, operation)"
        " VALUES (uuid7(), %s, %s, %s, 'available', 'reserved', 1, 'reserve')",
        [uuid7(), uuid7(), reservation],
    )
    database.commit()
    return reservation


@pytest.mark.parametrize(
    "order", ["{alias}.turn > {turn}", "{alias}.at > '{at}'", "{alias}.txid > '{txid}'::xid8"]
)
def test_reading_by_number_or_clock_would_lose_it(
    hall: Hall,
    listening: WebhookEndpoint,
    told: Look,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
) -> None:
    """The same two transactions, read as "what is greater than the last": one is never told."""
    early = connect()
    lower = hold_by(early, hall)
    with connect() as other:
        higher = hold_elsewhere(other)
    assert reservations(told()) == [higher]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT turn, at, txid::text FROM events_movement WHERE reservation_id = %s", [higher]
        )
        turn, at, txid = cursor.fetchone() or (None, None, None)
    last = order.replace("{turn}", str(turn)).replace("{at}", str(at)).replace("{txid}", str(txid))
    unused = " AND %(since)s IS NOT NULL AND (%(floor)s::timestamptz IS NULL)"
    monkeypatch.setattr(ledger, "_FRESH", last + unused)
    early.commit()
    assert lower not in reservations(told())


def test_who_built_on_a_change_is_told_after_it(
    hall: Hall, listening: WebhookEndpoint, told: Look, connect: Connect
) -> None:
    """The confirming transaction has the lowest number, and a third one stays open."""
    confirming, between, reserving = connect(), connect(), connect()
    confirming.execute("SELECT pg_current_xact_id()")
    between.execute("SELECT pg_current_xact_id()")
    held = hold_by(reserving, hall)
    reserving.commit()
    confirming.execute("SELECT confirm_v1(%s, %s, '', '')", [hall.performance_id, held])
    confirming.commit()
    assert [kind for kind, _ in told()] == ["reservation.reserved", "reservation.confirmed"]


def test_everything_once_while_many_write(
    hall: Hall,
    make_hall: Callable[[], Hall],
    listening: WebhookEndpoint,
    told: Look,
    connect: Connect,
) -> None:
    """Four writers commit and roll back side by side while the relay looks all the time."""
    halls = [hall, *(make_hall() for _ in range(3))]
    told()
    WebhookDelivery.objects.all().delete()
    kept: list[str] = []

    def write(database: psycopg.Connection[Any], own: Hall) -> None:
        for number in range(24):
            held = hold_by(database, own)
            if number % 3 == 2:
                database.rollback()
                continue
            database.execute("SELECT release_v1(%s, %s, '', '')", [own.performance_id, held])
            database.commit()
            kept.append(held)

    writers = [threading.Thread(target=write, args=(connect(), own)) for own in halls]
    for each in writers:
        each.start()
    while any(each.is_alive() for each in writers):
        relay()
    for each in writers:
        each.join()
    found = told()
    assert Counter((data["reservation"], kind) for kind, data in found) == Counter(
        (held, f"reservation.{what}") for held in kept for what in ("reserved", "released")
    )
    assert len(kept) == 4 * 16


def test_two_relays_share_nothing(
    hall: Hall, listening: WebhookEndpoint, told: Look, connect: Connect
) -> None:
    told()
    held = hold(hall)
    other = connect()
    other.execute("SELECT 1 FROM announce_relay FOR UPDATE")
    assert told() == []
    other.rollback()
    assert reservations(told()) == [str(held)]


def test_a_takeover_writes_in_silence(hall: Hall, listening: WebhookEndpoint, told: Look) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        Movement.objects.create(
            performance_id=uuid7(),
            allocation_id=uuid7(),
            to_state="available",
            quantity=5,
            operation="migrate",
            migration_run_id=uuid7(),
        )
    assert told() == []


def test_after_a_restore_only_what_is_new_is_told(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    """A dump brings rows and a position with the numbers of another server."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for txid in ("700", "99000000000"):
            cursor.execute(
                "INSERT INTO events_movement (id, performance_id, allocation_id, to_state,"
                " quantity, operation, at, txid) VALUES (uuid7(), %s, %s, 'available', 1,"
                " 'resize', now() - interval '1 day', %s::text::xid8)",
                [uuid7(), uuid7(), txid],
            )
    WebhookEndpoint.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    Relay.objects.update(
        position="99000000000:99000000007:", server="another", read_at=timezone.now() + OVERLAP
    )
    held = hold(hall)
    assert reservations(told()) == [str(held)]
    again = hold(hall)
    assert reservations(told()) == [str(held), str(again)]


def test_low_sold_out_and_back(
    hall: Hall, listening: WebhookEndpoint, told: Look, settings: Any
) -> None:
    settings.FULLHOUSE_LOW_PERCENT = 20

    def levels() -> list[str]:
        return [kind for kind, _ in told() if kind.startswith("performance")]

    def seats(*numbers: int) -> Any:
        asked = [SeatRequest(hall.seat_ids[number]) for number in numbers]
        return reserve(performance_id=hall.performance_id, requests=asked).reservation_id

    hold(hall, 6)
    assert levels() == []
    seats(0, 1)
    assert levels() == ["performance.low"]
    last = seats(2, 3)
    assert levels() == ["performance.low", "performance.sold_out"]
    release(performance_id=hall.performance_id, reservation_id=last)
    found = [data for kind, data in told() if kind == "performance.back"]
    assert [(data["available"], data["total"]) for data in found] == [(2, 10)]
    assert len(levels()) == 3


def test_each_endpoint_hears_what_it_asked_for(
    make_hall: Callable[[], Hall], told: Look, receiver: Receiver
) -> None:
    mine, other = make_hall(), make_hall()
    event = Event.objects.get(pk=mine.event_id)
    some, _ = add_endpoint(receiver.url, event_types=["reservation.released"], events=[event])
    off, _ = add_endpoint(receiver.url)
    WebhookEndpoint.objects.filter(pk=off.pk).update(enabled=False)
    for hall in (mine, other):
        release(performance_id=hall.performance_id, reservation_id=hold(hall))
    [(kind, data)] = told()
    assert (kind, data["event"]) == ("reservation.released", str(event.pk))
    assert WebhookDelivery.objects.get().endpoint == some


def test_a_failed_audit_and_a_takeovers_next_state_are_told(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    run = MigrationRun.objects.create(source="x", legacy_schema="y")
    step = {"run": run, "phase": "plan", "sha": "0" * 64}
    RunEvent.objects.create(**step, from_state="new", to_state="new")
    RunEvent.objects.create(**step, from_state="new", to_state="planned")
    assert told() == [
        ("migration.phase_changed",
         {"run": str(run.pk), "phase": "plan", "from": "new", "to": "planned"})
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_sectiontickettype SET available_capacity = 9, sold_capacity = 1"
            " WHERE id = %s",
            [hall.allocation_id],
        )
    try:
        with pytest.raises(CommandError):
            call_command("capacity", "audit", "--performance", str(hall.performance_id), "--json")
        kind, data = told()[-1]
        assert (kind, data["findings"] > 0, "I6" in data["rules"]) == ("audit.failed", True, True)
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL fullhouse.engine = 'on'")
            cursor.execute(
                "UPDATE events_sectiontickettype SET available_capacity = 10, sold_capacity = 0"
                " WHERE id = %s",
                [hall.allocation_id],
            )


def test_no_body_names_a_person_or_a_token(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    wanted = [Places(1, allocation_id=hall.allocation_id)]
    held = reserve(performance_id=hall.performance_id, requests=wanted, customer="Parvin")
    text = json.dumps(told())
    assert str(held.reservation_id) in text
    assert "Parvin" not in text
    assert held.token not in text
