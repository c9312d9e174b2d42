"""The waiting list: joining, leaving, being passed over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Movement, Note, Operation, WaitingEntry
from fullhouse.events.services.reserve import Places, reserve
from fullhouse.events.services.waiting_list import (
    join_waiting_list,
    skip_waiting,
    withdraw_waiting,
)
from fullhouse.events.services.waiting_offers import offer_waiting

from .conftest import Hall
from .houses import counters

Refused = Callable[..., Refusal]


def join(hall: Hall, quantity: int = 2, **more: Any) -> UUID:
    return join_waiting_list(performance_id=hall.performance_id, quantity=quantity, **more).entry_id


def status(entry: UUID) -> str:
    return str(WaitingEntry.objects.get(pk=entry).status)


def test_parties_stand_in_line_with_their_wishes(hall: Hall) -> None:
    first = join_waiting_list(performance_id=hall.performance_id, quantity=2)
    second = join_waiting_list(
        performance_id=hall.performance_id,
        quantity=4,
        section_id=hall.section_id,
        ticket_type_id=hall.adult,
        together=False,
        customer="c-1",
        contact="c@example.org",
        offer_seconds=120,
    )
    assert (first.ahead, second.ahead) == (0, 1)
    assert first.token
    assert first.token != second.token
    found = WaitingEntry.objects.get(pk=second.entry_id)
    assert (found.quantity, found.section_id, found.ticket_type_id, found.together) == (
        4,
        hall.section_id,
        hall.adult,
        False,
    )
    assert (found.customer, found.contact, found.offer_seconds) == ("c-1", "c@example.org", 120)
    assert found.status == "waiting"


def test_nobody_stands_in_line_twice_for_the_same(hall: Hall, refused: Refused) -> None:
    wish = {"customer": "c-1", "ticket_type_id": hall.adult}
    entry = join(hall, **wish)
    assert refused(join_waiting_list, quantity=1, **wish).code == "already_waiting"
    join(hall, customer="c-1", ticket_type_id=hall.student)
    join(hall, customer="")
    join(hall, customer="")
    withdraw_waiting(performance_id=hall.performance_id, entry_id=entry)
    join(hall, **wish)


def test_what_can_never_be_had_is_not_waited_for(hall: Hall, refused: Refused) -> None:
    said = refused(join_waiting_list, quantity=17, ticket_type_id=hall.adult)
    assert (said.code, said.facts) == ("party_too_large", {"wanted": 17, "most": 16})
    said = refused(join_waiting_list, quantity=11)
    assert (said.code, said.facts["most"]) == ("party_too_large", 10)
    said = refused(join_waiting_list, quantity=1, section_id=uuid4())
    assert (said.code, said.facts["what"]) == ("unknown", "section")
    assert refused(join_waiting_list, quantity=1, ticket_type_id=uuid4()).code == "not_on_offer"


@pytest.mark.parametrize("closed", [{"status": "closed"}, {"sales_close_at": "2020-01-01T00:00Z"}])
def test_nobody_waits_for_an_evening_that_is_closed(
    hall: Hall, refused: Refused, closed: dict[str, str]
) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(**closed)
    assert refused(join_waiting_list, quantity=1).code == "closed"


def test_an_unknown_performance_has_no_list(hall: Hall) -> None:
    with pytest.raises(Refusal, match="unknown"):
        join_waiting_list(performance_id=uuid4(), quantity=1)


def test_the_same_key_joins_once_and_tells_the_secret_once(hall: Hall, refused: Refused) -> None:
    asked = {"quantity": 2, "idempotency_key": "k"}
    first = join_waiting_list(performance_id=hall.performance_id, **asked)
    again = join_waiting_list(performance_id=hall.performance_id, **asked)
    assert (again.entry_id, again.token) == (first.entry_id, first.token)
    assert refused(join_waiting_list, quantity=3, idempotency_key="k").code == "key_reused"


def test_who_leaves_is_offered_nothing(hall: Hall, refused: Refused) -> None:
    made = join_waiting_list(performance_id=hall.performance_id, quantity=1)
    named = {"entry_id": made.entry_id}
    assert refused(withdraw_waiting, **named, token="another").code == "wrong_token"
    done = withdraw_waiting(performance_id=hall.performance_id, **named, token=made.token)
    assert (done.status, done.places) == ("withdrawn", 0)
    assert refused(offer_waiting).code == "nothing_fits"
    said = refused(withdraw_waiting, **named)
    assert (said.code, said.facts) == ("not_waiting", {"status": "withdrawn"})
    assert refused(withdraw_waiting, entry_id=uuid4()).facts["what"] == "waiting_entry"


def test_an_offer_that_is_declined_goes_to_the_next(hall: Hall) -> None:
    first, second = join(hall), join(hall)
    offer_waiting(performance_id=hall.performance_id)

    done = withdraw_waiting(performance_id=hall.performance_id, entry_id=first)

    assert (done.places, status(first), status(second)) == (2, "withdrawn", "offered")
    assert sum(counters(key)[2] for key in (hall.adult_places, hall.pool)) == 2


def test_erasing_leaves_nothing_personal_anywhere(hall: Hall) -> None:
    entry = join(hall, customer="Ada Lovelace", contact="ada@example.org", idempotency_key="k")
    offer_waiting(performance_id=hall.performance_id, entry_id=entry, reason="long way")
    withdraw_waiting(performance_id=hall.performance_id, entry_id=entry)

    done = withdraw_waiting(performance_id=hall.performance_id, entry_id=entry, erase=True)

    assert (done.status, done.erased) == ("withdrawn", True)
    found = WaitingEntry.objects.get(pk=entry)
    assert (found.customer, found.contact, found.token_hash) == ("", "", None)
    with connection.cursor() as cursor:
        for table in (Movement, Note, Operation):
            cursor.execute(
                f"SELECT count(*) FROM {table._meta.db_table} AS t"
                " WHERE performance_id = %s AND t::text ~* 'lovelace|example'",
                [hall.performance_id],
            )
            assert cursor.fetchone() == (0,)


def test_who_is_passed_over_waits_and_comes_back_to_the_same_place(
    hall: Hall, refused: Refused
) -> None:
    first, second = join(hall), join(hall)
    skip_waiting(performance_id=hall.performance_id, entry_id=first, reason="called, no answer")
    note = Note.objects.get(performance=hall.performance_id, operation="skip_waiting")
    assert (note.reason, note.facts["entry_id"]) == ("called, no answer", str(first))
    said = refused(skip_waiting, entry_id=first, reason="again")
    assert said.facts == {"status": "skipped"}

    assert offer_waiting(performance_id=hall.performance_id).entry_id == second

    skip_waiting(performance_id=hall.performance_id, entry_id=first, skip=False, reason="called")
    third = join(hall)
    assert offer_waiting(performance_id=hall.performance_id).entry_id == first
    assert status(third) == "waiting"


@pytest.mark.parametrize(
    "asked",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 1.5},
        {"quantity": True},
        {"quantity": 100_001},
        {"quantity": 1, "offer_seconds": 59},
        {"quantity": 1, "offer_seconds": 604_801},
        {"quantity": 1, "together": "yes"},
        {"quantity": 1, "contact": "x" * 256},
        {"quantity": 1, "section_id": "stalls"},
    ],
)
def test_what_cannot_be_meant_is_invalid(hall: Hall, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        join_waiting_list(performance_id=hall.performance_id, **asked)
    assert not WaitingEntry.objects.filter(performance=hall.performance_id).exists()


def test_a_table_for_four_is_waited_for_whole(hall: Hall, refused: Refused) -> None:
    from fullhouse.events.models import TicketType

    TicketType.objects.filter(pk=hall.adult).update(places_per_ticket=4)
    said = refused(join_waiting_list, quantity=6, ticket_type_id=hall.adult)
    assert (said.code, said.facts["places_per_ticket"]) == ("not_whole_tickets", 4)
    join(hall, 8, ticket_type_id=hall.adult)
    offered = offer_waiting(performance_id=hall.performance_id)
    assert sum(line.quantity for line in offered.lines) == 8
    assert offered.total == 40


def test_places_already_free_stay_on_sale_while_others_wait(hall: Hall) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(waiting_list_first=True)
    entry = join(hall)
    reserve(
        performance_id=hall.performance_id, requests=[Places(6, allocation_id=hall.adult_places)]
    )
    assert status(entry) == "waiting"
