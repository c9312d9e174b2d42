"""Repairs: what is certain is mended and told, what is not is left; no sale comes or goes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.repairs import why_not
from fullhouse.events.models import Movement, Note, ReservationLine
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.repair import plan_repair, repair
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import snapshot

S, A, T, L, R, P, M = (
    f"events_{name}"
    for name in (
        "eventsection",
        "sectiontickettype",
        "seat",
        "reservationline",
        "reservation",
        "eventperformance",
        "movement",
    )
)
_MOVED = (
    f"INSERT INTO {M} (id, performance_id, allocation_id, reservation_id, from_state, to_state,"
    " quantity, operation) VALUES ('{new}', '{performance}', '{student_places}', "
)
# what was done under a forged marker -> tables that are mended
MENDED: dict[str, tuple[list[str], set[str]]] = {
    "counters moved": (
        [
            f"UPDATE {A} SET available_capacity = available_capacity - 2,"
            " unseated_available = unseated_available - 2, sold_capacity = sold_capacity + 2"
            " WHERE id = '{student_places}'"
        ],
        {A},
    ),
    "places made from nothing": (
        [
            f"UPDATE {A} SET allocated_capacity = 9, available_capacity = available_capacity + 4,"
            " unseated_available = unseated_available + 4 WHERE id = '{student_places}'",
            f"UPDATE {S} SET total_capacity = total_capacity + 4 WHERE id = '{{section}}'",
            f"UPDATE {P} SET max_capacity = max_capacity + 4 WHERE id = '{{performance}}'",
        ],
        {A, S, P},
    ),
    "a free seat miscounted": (
        [f"UPDATE {A} SET unseated_available = unseated_available - 1 WHERE id = '{{pool}}'"],
        {A},
    ),
    "a sold seat shown as free": (
        [f"UPDATE {T} SET status = 'available' WHERE id = '{{sold_seat}}'"],
        {T},
    ),
    "a free seat shown as sold": (
        [f"UPDATE {T} SET status = 'sold' WHERE id = '{{free_seat}}'"],
        {T},
    ),
    "a reservation of another status": (
        [f"UPDATE {R} SET status = 'released' WHERE id = '{{sale}}'"],
        {R},
    ),
    "a movement too many": (
        [_MOVED.replace("{new}", str(uuid7())) + "NULL, 'available', 'sold', 2, 'forged')"],
        {M},
    ),
    "places in the ledger alone": (
        [_MOVED.replace("{new}", str(uuid7())) + "NULL, NULL, 'available', 2, 'forged')"],
        {A, S, P},
    ),
    "a row said to have no room": (
        [
            "UPDATE events_seatrow SET longest = 0, recheck_at = 'infinity'"
            " WHERE performance_id = '{performance}'"
        ],
        {"events_seatrow"},
    ),
    "a row that is not known": (
        ["DELETE FROM events_seatrow WHERE performance_id = '{performance}'"],
        {"events_seatrow"},
    ),
    "a flag that hides a sales rule": (
        [
            "INSERT INTO events_salesrule (id, performance_id, max_per_order)"
            " VALUES (gen_random_uuid(), '{performance}', 9)",
            "SET LOCAL session_replication_role = replica",
            f"UPDATE {P} SET has_rules = false WHERE id = '{{performance}}'",
            "SET LOCAL session_replication_role = origin",
        ],
        {P},
    ),
    "a refund by hand, not told to the ledger": (
        [
            f"UPDATE {L} SET status = 'refunded' WHERE id = '{{sale_line}}'",
            f"UPDATE {R} SET status = 'refunded' WHERE id = '{{sale}}'",
            f"UPDATE {A} SET available_capacity = available_capacity + 2,"
            " unseated_available = unseated_available + 2, sold_capacity = sold_capacity - 2"
            " WHERE id = '{student_places}'",
        ],
        {M},
    ),
}
LEFT: dict[str, list[str]] = {
    "a sale that only its line lost": [
        f"UPDATE {L} SET status = 'refunded' WHERE id = '{{sale_line}}'"
    ],
    "a sale that only its line has": [
        f"UPDATE {L} SET quantity = quantity + 1 WHERE id = '{{sale_line}}'"
    ],
    "a sale in the ledger that no line ever had": [
        _MOVED.replace("{new}", str(uuid7())) + "'{sale}', 'available', 'sold', 2, 'forged')"
    ],
    "a sold seat moved to another allocation": [
        f"UPDATE {T} SET allocation_id = '{{pool}}' WHERE id = '{{sold_seat}}'"
    ],
}


def forge(facts: dict[str, Any], statements: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for statement in statements:
            cursor.execute(statement.format(**facts))


@pytest.fixture
def facts(hall: Hall) -> dict[str, Any]:
    """Two student places sold, one numbered seat sold, one held."""
    named = {"performance_id": hall.performance_id}
    sale = reserve(**named, requests=[Places(2, allocation_id=hall.student_places)])
    seat = reserve(**named, requests=[SeatRequest(hall.adult_seats[0])])
    reserve(**named, requests=[SeatRequest(hall.adult_seats[1])])
    for each in (sale, seat):
        confirm(**named, reservation_id=each.reservation_id)
    line = ReservationLine.objects.get(reservation_id=sale.reservation_id)
    return {
        "performance": hall.performance_id,
        "section": hall.section_id,
        "student_places": hall.student_places,
        "pool": hall.pool,
        "sold_seat": hall.adult_seats[0],
        "free_seat": hall.adult_seats[3],
        "sale": sale.reservation_id,
        "sale_line": line.pk,
    }


def sales(performance_id: UUID) -> list[tuple[Any, ...]]:
    return snapshot(performance_id)["lines"]


@pytest.mark.parametrize("damage", MENDED)
def test_what_is_certain_is_mended_and_told(facts: dict[str, Any], damage: str) -> None:
    statements, tables = MENDED[damage]
    forge(facts, statements)
    here = {"performance_id": facts["performance"]}
    assert audit(**here)
    lines, before = sales(**here), snapshot(**here)

    plan = plan_repair(**here)

    assert snapshot(**here) == before
    assert {step.table for step in plan.steps} == tables
    assert plan.left == ()
    done = repair(**here, digest=plan.digest, actor="ann", reason="damage by hand")
    assert done.steps == plan.steps
    assert audit(**here) == ()
    assert sales(**here) == lines
    told = {
        *Note.objects.filter(**here, operation="repair").values_list("actor", "reason"),
        *Movement.objects.filter(**here, operation="repair").values_list("actor", "reason"),
    }
    assert told == {("ann", "damage by hand")}
    assert plan_repair(**here).steps == ()


@pytest.mark.parametrize("damage", LEFT)
def test_what_is_not_certain_is_left(
    facts: dict[str, Any], damage: str, make_stage: Callable[..., Any]
) -> None:
    here = {"performance_id": facts["performance"]}
    with transaction.atomic():
        forge(facts, LEFT[damage])
        before = snapshot(**here)
        plan = plan_repair(**here)
        assert plan.left
        assert all(why_not(one.rule, one.table, "fa") for one in plan.left)
        repair(**here, digest=plan.digest, actor="ann", reason="try")
        after = snapshot(**here)
        for name in ("lines", "reservations", "seats", "movements"):
            assert after[name] == before[name]
        assert audit(**here)
        transaction.set_rollback(True)


def test_another_plan_by_then_is_refused(facts: dict[str, Any]) -> None:
    here = {"performance_id": facts["performance"]}
    forge(facts, MENDED["counters moved"][0])
    plan = plan_repair(**here)
    forge(facts, MENDED["a free seat miscounted"][0])
    before = snapshot(**here)
    with pytest.raises(Refusal) as refused:
        repair(**here, digest=plan.digest, actor="ann", reason="late")
    assert refused.value.code == "plan_changed"
    assert snapshot(**here) == before
    with pytest.raises(InvalidRequest):
        repair(**here, digest=plan.digest, actor="ann", reason=" ")
    repair(**here, digest=plan_repair(**here).digest, actor="ann", reason="now")


def test_a_sound_house_needs_none(facts: dict[str, Any]) -> None:
    plan = plan_repair(performance_id=facts["performance"])
    assert (plan.steps, plan.left) == ((), ())
    with pytest.raises(Refusal):
        plan_repair(performance_id=uuid7())
