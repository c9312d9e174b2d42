"""The console over the house's kinds and the waiting list: offers, passing over, handing over."""

from typing import Any
from uuid import UUID

from django.test import Client

from fullhouse.events.models import Note, Reservation, WaitingEntry
from fullhouse.events.services.audit import audit
from fullhouse.events.services.waiting_list import join_waiting_list
from tests.web.conftest import Stall
from tests.web.test_admin import counters, text_of, url


def wait_in_line(stall: Stall, quantity: int = 2, **more: Any) -> UUID:
    return join_waiting_list(
        performance_id=stall.performance_id, quantity=quantity, **more
    ).entry_id


def status(entry: UUID) -> str:
    return str(WaitingEntry.objects.get(pk=entry).status)


def send(client: Client, model: str, desk: str, key: UUID, **data: object) -> str:
    response = client.post(url(model, desk, key), {"reason": "why", **data}, follow=True)
    return text_of(response)


def test_staff_offer_in_turn_and_out_of_it(staff_client: Client, stall: Stall) -> None:
    first, second, third = (wait_in_line(stall) for _ in range(3))
    page = text_of(staff_client.get(url("eventperformance", "change", stall.performance_id)))
    assert "3 parties are waiting" in page
    assert f"{url('waitingentry', 'changelist')}?performance={stall.performance_id}" in page

    assert "Offered 2 places" in send(
        staff_client, "eventperformance", "offer", stall.performance_id
    )
    assert "Offered 2 places" in send(staff_client, "waitingentry", "offer", third)

    assert [status(entry) for entry in (first, second, third)] == ["offered", "waiting", "offered"]
    assert Note.objects.filter(operation="offer_out_of_turn", reason="why").count() == 1


def test_staff_pass_over_let_back_withdraw_and_erase(staff_client: Client, stall: Stall) -> None:
    entry = wait_in_line(stall, customer="c-1", contact="c@example.org")
    assert "Passed over." in send(staff_client, "waitingentry", "skip", entry)
    assert status(entry) == "skipped"
    assert "Back in line" in send(staff_client, "waitingentry", "back", entry)
    assert "Withdrawn" in send(staff_client, "waitingentry", "withdraw", entry, erase="on")
    assert status(entry) == "withdrawn"
    page = text_of(staff_client.get(url("waitingentry", "changelist")))
    assert "c@example.org" not in page


def test_an_offer_is_sold_at_the_desk(staff_client: Client, stall: Stall) -> None:
    entry = wait_in_line(stall)
    send(staff_client, "eventperformance", "offer", stall.performance_id)
    assert "Sold: 2 places" in send(staff_client, "waitingentry", "take", entry)
    assert status(entry) == "taken"
    assert audit(performance_id=stall.performance_id) == ()


def test_a_list_shows_one_performance(staff_client: Client, make_house: Any, stall: Stall) -> None:
    other = make_house()
    wait_in_line(stall, contact="here@example.org")
    wait_in_line(other, contact="there@example.org")
    address = f"{url('waitingentry', 'changelist')}?performance={stall.performance_id}"
    page = text_of(staff_client.get(address))
    assert "here@example.org" in page
    assert "there@example.org" not in page


def test_the_house_keeps_off_sale_amends_and_passes_on(staff_client: Client, stall: Stall) -> None:
    data = {"allocation": stall.adult_id, "quantity": 3, "kind": "kill", "owner": "camera"}
    assert "3 places are kept" in send(
        staff_client, "eventperformance", "house", stall.performance_id, **data
    )
    kept = Reservation.objects.get(performance=stall.performance_id, kind="kill")
    assert kept.owner == "camera"

    amended = {"owner": "tv", "purpose": "crane", "release_at": "2100-01-01T12:00"}
    assert "Amended" in send(staff_client, "reservation", "amend", kept.pk, **amended)
    kept.refresh_from_db()
    assert (kept.owner, kept.reason) == ("tv", "crane")
    assert kept.expires_at is not None

    line = kept.lines.get()
    told = send(
        staff_client, "reservation", "hand-over", kept.pk, lines=[str(line.pk)], ending="sold"
    )
    assert "3 places passed on" in told
    assert counters(stall.adult_id) == (100, 85, 7, 8)
    assert audit(performance_id=stall.performance_id) == ()


def test_places_are_given_away(staff_client: Client, stall: Stall) -> None:
    data = {"allocation": stall.adult_id, "quantity": 2, "recipient": "the daily"}
    assert "2 places are given away" in send(
        staff_client, "eventperformance", "comp", stall.performance_id, **data
    )
    given = Reservation.objects.get(performance=stall.performance_id, kind="comp")
    assert (given.customer, given.status) == ("the daily", "sold")


def test_a_refusal_is_an_error_of_the_form(staff_client: Client, stall: Stall) -> None:
    page = send(staff_client, "eventperformance", "offer", stall.performance_id)
    assert 'class="errornote"' in page
    assert "0 waiting" in page
