"""The desk that holds the best seats of a performance."""

from django.test import Client

from fullhouse.events.models import EventPerformance, EventSection, ReservationLine
from fullhouse.events.services.audit import audit

from .conftest import Stall
from .test_admin import text_of, url


def test_it_names_the_seats_that_are_held(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "best-seats", stall.performance_id)
    assert "Wheelchair places" in text_of(staff_client.get(address))
    data = {"quantity": 2, "minutes": 10, "section": stall.stalls_id, "reason": "by telephone"}
    told = text_of(staff_client.post(address, data, follow=True))
    assert " are held: " in told
    held = ReservationLine.objects.filter(performance=stall.performance_id, status="reserved")
    assert all(line.seat_id for line in held.order_by("-id")[:2])
    assert audit(performance_id=stall.performance_id) == ()


def test_a_refusal_says_what_is_left(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "best-seats", stall.performance_id)
    data = {"quantity": 100, "minutes": 10, "reason": "a coach"}
    assert "Not enough places: 100 wanted" in text_of(staff_client.post(address, data))


def test_staff_set_the_rule_and_the_release(staff_client: Client, stall: Stall) -> None:
    section = f"/admin/events/eventsection/{stall.stalls_id}/change/"
    assert 'name="orphan_rule"' in text_of(staff_client.get(section))
    assert EventSection.objects.get(pk=stall.stalls_id).orphan_rule is False
    performance = f"/admin/events/eventperformance/{stall.performance_id}/change/"
    assert "accessible_release_at" in text_of(staff_client.get(performance))
    assert EventPerformance.objects.get(pk=stall.performance_id).accessible_release_at is None
