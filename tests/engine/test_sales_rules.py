"""Limits and sales windows: what they refuse, whom they do not bind, and the flag they keep."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from fullhouse.events.domain.errors import EngineFault, InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Note, SalesRule, TicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.sales_rules import drop_rule, set_rule

from .conftest import Hall
from .houses import make_overdue

Refused = Callable[..., Refusal]
LATER = datetime.now(UTC) + timedelta(days=1)
EARLIER = datetime.now(UTC) - timedelta(days=1)


def limit(hall: Hall, ticket_type_id: UUID | None = None, **rule: Any) -> None:
    set_rule(performance_id=hall.performance_id, ticket_type_id=ticket_type_id, **rule)


def take(hall: Hall, quantity: int, customer: str = "", **more: Any) -> Hold:
    asked = [Places(quantity, allocation_id=hall.adult_places)]
    return reserve(performance_id=hall.performance_id, requests=asked, customer=customer, **more)


def no(hall: Hall, refused: Refused, quantity: int, customer: str = "") -> tuple[Any, ...]:
    """Return code, limit, wanted, had and per of the refusal of so many adult places."""
    asked = [Places(quantity, allocation_id=hall.adult_places)]
    refusal = refused(reserve, requests=asked, customer=customer)
    return refusal.code, *(refusal.facts.get(name) for name in ("limit", "wanted", "had", "per"))


def flag(hall: Hall) -> bool:
    return EventPerformance.objects.get(pk=hall.performance_id).has_rules


def test_an_order_has_a_least_and_a_most(hall: Hall, refused: Refused) -> None:
    limit(hall, hall.adult, min_per_order=2, max_per_order=3)
    assert no(hall, refused, 1) == ("under_minimum", 2, 1, None, None)
    assert no(hall, refused, 4) == ("over_limit", 3, 4, 0, "order")
    assert take(hall, 3).lines[0].quantity == 3


def test_the_whole_order_is_counted_over_its_types(hall: Hall, refused: Refused) -> None:
    limit(hall, max_per_order=3)
    asked: list[Places | SeatRequest] = [
        Places(2, allocation_id=hall.student_places),
        SeatRequest(hall.adult_seats[0]),
        Places(1, allocation_id=hall.pool),
    ]
    refusal = refused(reserve, requests=asked)
    assert (refusal.code, refusal.facts["ticket_type_id"]) == ("over_limit", None)
    assert reserve(performance_id=hall.performance_id, requests=asked[:2]).total


def test_a_rule_of_a_type_leaves_the_others_alone(hall: Hall) -> None:
    limit(hall, hall.student, max_per_order=1)
    assert take(hall, 5).lines[0].quantity == 5


def test_a_type_is_limited_wherever_its_places_come_from(hall: Hall, refused: Refused) -> None:
    limit(hall, hall.student, max_per_order=2)
    asked = [
        Places(2, section_id=hall.section_id, ticket_type_id=hall.student),
        SeatRequest(hall.pool_seats[0], ticket_type_id=hall.student),
    ]
    assert refused(reserve, requests=asked).facts["wanted"] == 3


def test_a_customer_is_limited_over_all_his_orders(hall: Hall, refused: Refused) -> None:
    limit(hall, hall.adult, max_per_customer=4)
    first = take(hall, 2, "mina")
    confirm(performance_id=hall.performance_id, reservation_id=first.reservation_id)
    second = take(hall, 1, "mina")
    assert no(hall, refused, 2, "mina") == ("over_limit", 4, 2, 3, "customer")
    assert take(hall, 1, "other").lines
    release(performance_id=hall.performance_id, reservation_id=second.reservation_id)
    assert take(hall, 2, "mina").lines


def test_an_overdue_hold_does_not_count(hall: Hall) -> None:
    limit(hall, max_per_customer=2)
    make_overdue(take(hall, 2, "mina").reservation_id)
    assert take(hall, 2, "mina").lines


def test_a_limit_per_customer_needs_a_customer(hall: Hall, refused: Refused) -> None:
    limit(hall, max_per_customer=2)
    assert no(hall, refused, 1)[:2] == ("customer_needed", 2)


def test_comps_and_the_house_are_not_limited(hall: Hall, refused: Refused) -> None:
    limit(hall, min_per_order=2, max_per_order=2, max_per_customer=2)
    limit(hall, hall.adult, max_per_order=2)
    take(hall, 1, "mina", kind="comp")
    house(performance_id=hall.performance_id, quantities={hall.adult_places: 1}, reason="camera")
    assert take(hall, 2, "mina").lines, "what was given for nothing does not count either"
    assert no(hall, refused, 2, "mina") == ("over_limit", 2, 2, 2, "customer")


@pytest.mark.parametrize("window", [{"sales_open_at": LATER}, {"sales_close_at": EARLIER}])
def test_a_type_has_a_window_of_its_own(
    hall: Hall, refused: Refused, window: dict[str, datetime]
) -> None:
    limit(hall, hall.adult, **window)
    asked = [Places(1, allocation_id=hall.adult_places)]
    refusal = refused(reserve, requests=asked)
    assert (refusal.code, refusal.facts["ticket_type_id"]) == ("closed", str(hall.adult))
    other = [Places(1, allocation_id=hall.student_places)]
    assert reserve(performance_id=hall.performance_id, requests=other).lines


def test_a_window_that_is_open_refuses_nothing(hall: Hall) -> None:
    limit(hall, hall.adult, sales_open_at=EARLIER, sales_close_at=LATER)
    assert take(hall, 1).lines


def test_limits_count_tickets_not_places(hall: Hall, refused: Refused) -> None:
    TicketType.objects.filter(pk=hall.adult).update(places_per_ticket=2)
    limit(hall, hall.adult, max_per_order=2, max_per_customer=3)
    assert no(hall, refused, 6, "mina")[:3] == ("over_limit", 2, 3)
    seats = [SeatRequest(seat) for seat in hall.adult_seats]
    reserve(performance_id=hall.performance_id, requests=seats, customer="mina")
    assert no(hall, refused, 4, "mina") == ("over_limit", 3, 2, 2, "customer")
    assert take(hall, 2, "mina").lines


def test_a_refusal_is_remembered_under_its_key(hall: Hall, refused: Refused) -> None:
    limit(hall, max_per_order=1)
    asked = [Places(2, allocation_id=hall.adult_places)]
    assert refused(reserve, requests=asked, idempotency_key="once").code == "over_limit"
    drop_rule(performance_id=hall.performance_id)
    assert refused(reserve, requests=asked, idempotency_key="once").code == "over_limit"


def test_the_flag_is_true_as_long_as_there_is_a_rule(hall: Hall) -> None:
    assert not flag(hall)
    limit(hall, max_per_order=1)
    limit(hall, hall.adult, max_per_order=1)
    drop_rule(performance_id=hall.performance_id)
    assert flag(hall)
    drop_rule(performance_id=hall.performance_id, ticket_type_id=hall.adult)
    assert not flag(hall)


def test_the_flag_follows_a_rule_that_moves(hall: Hall, make_stage: Callable[..., Any]) -> None:
    rule = SalesRule.objects.create(performance_id=hall.performance_id, max_per_order=1)
    other = make_stage().performance_id
    SalesRule.objects.filter(pk=rule.pk).update(performance_id=other)
    assert not flag(hall)
    assert EventPerformance.objects.get(pk=other).has_rules
    rule.delete()
    assert not EventPerformance.objects.get(pk=other).has_rules


def test_an_old_form_cannot_save_the_flag_away(hall: Hall) -> None:
    opened = EventPerformance.objects.get(pk=hall.performance_id)
    limit(hall, max_per_order=1)
    opened.status = "on_sale"
    opened.save()
    assert flag(hall)


def limit_of_an_old_snapshot(hall: Hall) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        limit(hall, max_per_order=1)


def test_rules_need_read_committed(hall: Hall) -> None:
    with pytest.raises(EngineFault) as fault:
        limit_of_an_old_snapshot(hall)
    assert fault.value.sqlstate == "25I01"
    assert not SalesRule.objects.filter(performance_id=hall.performance_id).exists()


def test_a_rule_replaces_the_one_before_and_says_why(hall: Hall) -> None:
    made = set_rule(
        performance_id=hall.performance_id, max_per_order=4, actor="sara", reason="first day"
    )
    again = set_rule(performance_id=hall.performance_id, max_per_customer=6, reason="second day")
    assert (made.replaced, again.replaced, again.rule_id) == (False, True, made.rule_id)
    rule = SalesRule.objects.get(pk=made.rule_id)
    assert (rule.max_per_order, rule.max_per_customer) == (None, 6)
    drop_rule(performance_id=hall.performance_id, actor="sara", reason="enough left")
    told = Note.objects.filter(performance_id=hall.performance_id).order_by("at")
    assert [(note.operation, note.reason, note.facts) for note in told] == [
        ("set_rule", "first day", {"max_per_order": 4}),
        ("set_rule", "second day", {"max_per_customer": 6}),
        ("drop_rule", "enough left", {"max_per_customer": 6}),
    ]


def test_the_same_key_sets_a_rule_once(hall: Hall) -> None:
    for _ in range(2):
        limit(hall, max_per_order=4, idempotency_key="rule")
    assert Note.objects.filter(performance_id=hall.performance_id).count() == 1
    with pytest.raises(Refusal) as reused:
        limit(hall, max_per_order=5, idempotency_key="rule")
    assert reused.value.code == "key_reused"


def test_what_is_not_there_is_unknown(
    hall: Hall, refused: Refused, make_stage: Callable[..., Any]
) -> None:
    foreign = make_stage().ticket_type_ids[0]
    for call, more in ((set_rule, {"max_per_order": 1}), (drop_rule, {})):
        refusal = refused(call, ticket_type_id=foreign, **more)
        assert (refusal.code, refusal.facts["what"]) == ("unknown", "ticket_type")
        with pytest.raises(Refusal) as lost:
            call(performance_id=uuid4(), **more)  # type: ignore[operator]
        assert lost.value.facts["what"] == "performance"
    assert refused(drop_rule).facts["what"] == "rule"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"max_per_order": 0},
        {"max_per_order": -1},
        {"max_per_customer": 100_001},
        {"min_per_order": 1.5},
        {"max_per_order": True},
        {"min_per_order": 3, "max_per_order": 2},
        {"min_per_order": 3, "max_per_customer": 2},
        {"sales_open_at": LATER, "sales_close_at": EARLIER},
        {"sales_open_at": datetime(2027, 1, 1)},
        {"max_per_order": 1, "ticket_type_id": "adult"},
        {"max_per_order": 1, "reason": "x" * 256},
    ],
)
def test_a_rule_that_cannot_be_meant(hall: Hall, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        set_rule(performance_id=hall.performance_id, **wrong)
    assert not flag(hall)
