"""The desks of limits and sales channels: what staff types in is what the services do."""

from typing import Any

from django.test import Client
from django.urls import reverse

from fullhouse.events.models import EventPerformance, Note, Reservation, SalesRule
from fullhouse.events.services.audit import audit
from tests.web.conftest import Stall


def url(model: str, action: str, *args: object) -> str:
    return reverse(f"admin:events_{model}_{action}", args=args)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_rule_is_set_shown_and_dropped(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "rule", stall.performance_id)
    data = {"max_per_order": 4, "sales_open_at": "2027-01-02T10:30", "reason": "first day"}
    assert "The rule is set." in text_of(staff_client.post(address, data, follow=True))
    rule = SalesRule.objects.get(performance=stall.performance_id)
    assert (rule.ticket_type, rule.max_per_order, rule.sales_open_at.minute) == (None, 4, 30)
    assert "whole order" in text_of(staff_client.get(url("salesrule", "changelist")))
    change = url("eventperformance", "change", stall.performance_id)
    assert "most per order" in text_of(staff_client.get(change)).lower()
    dropped = staff_client.post(address, {"drop": "on", "reason": "enough left"}, follow=True)
    assert "The rule is gone." in text_of(dropped)
    assert not EventPerformance.objects.get(pk=stall.performance_id).has_rules
    notes = Note.objects.filter(performance=stall.performance_id, operation__endswith="rule")
    assert {note.reason for note in notes} == {"first day", "enough left"}


def test_a_rule_that_limits_nothing_is_an_error_of_the_form(
    staff_client: Client, stall: Stall
) -> None:
    address = url("eventperformance", "rule", stall.performance_id)
    assert "name a limit or a window" in text_of(staff_client.post(address, {"reason": "x"}))
    wrong = {"min_per_order": 3, "max_per_order": 2, "reason": "x"}
    assert "errorlist" in text_of(staff_client.post(address, wrong))
    assert not SalesRule.objects.filter(performance=stall.performance_id).exists()


def test_a_channel_gets_places_another_time_and_gives_them_back(
    staff_client: Client, stall: Stall
) -> None:
    address = url("eventperformance", "channel", stall.performance_id)
    data = {
        "channel": "web",
        "allocation": stall.adult_id,
        "quantity": 3,
        "seats": "A-1",
        "release_at": "2027-03-01T12:00",
        "reason": "the web's part",
    }
    assert "4 places are for web alone" in text_of(staff_client.post(address, data, follow=True))
    held = Reservation.objects.get(performance=stall.performance_id, kind="channel")
    later = url("reservation", "release-time", held.pk)
    assert later in text_of(staff_client.get(url("reservation", "change", held.pk)))
    told = staff_client.post(later, {"release_at": "2027-03-02T12:00", "reason": "sells well"})
    assert told.status_code == 302
    held.refresh_from_db()
    assert held.expires_at is not None
    assert held.expires_at.day == 2
    release = url("eventperformance", "release-channel", stall.performance_id)
    done = staff_client.post(release, {"channel": "web", "reason": "slow"}, follow=True)
    assert "Released: 4 places are free again." in text_of(done)
    assert audit(performance_id=stall.performance_id) == ()
    assert release not in text_of(
        staff_client.get(url("eventperformance", "change", stall.performance_id))
    )
