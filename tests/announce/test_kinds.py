"""What moves no place and is told all the same: more time, another holder, another evening."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from fullhouse.announce.models import WebhookEndpoint
from fullhouse.events.models import EventSection, SectionTicketType
from fullhouse.events.services.cancel import postpone_performance
from fullhouse.events.services.extend import extend
from fullhouse.events.services.lines import LinePart
from fullhouse.events.services.reservations import reservation_state
from fullhouse.events.services.reserve import Places, reserve
from fullhouse.events.services.transfer import transfer

from .conftest import Hall

Look = Callable[[], list[tuple[str, Any]]]


def test_more_time_and_another_holder_are_told(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    one: Any = {"performance_id": hall.performance_id}
    held = reserve(**one, requests=[Places(3, allocation_id=hall.allocation_id)], customer="Parvin")
    mine: Any = {**one, "reservation_id": held.reservation_id}
    longer = extend(**mine, ttl_seconds=1200)
    transfer(**mine, customer="Simin")
    [line] = reservation_state(**mine).lines
    part = transfer(**mine, customer="Forugh", lines=[LinePart(line.line_id, 1)])
    found = told()
    assert [kind.removeprefix("reservation.") for kind, _ in found] == [
        "reserved", "extended", "transferred", "transferred", "transferred",
    ]  # fmt: skip
    extended, whole = found[1][1], found[2][1]
    assert extended == {
        "performance": str(hall.performance_id),
        "event": str(hall.event_id),
        "operation": "extend",
        "reservation": str(held.reservation_id),
        "reference": held.reference,
        "kind": "sale",
        "channel": "",
        "expires_at": extended["expires_at"],
    }
    assert extended["expires_at"].startswith(longer.expires_at.isoformat()[:19])
    assert (whole["reservation"], whole["quantity"]) == (str(held.reservation_id), 3)
    assert {data["reservation"] for _, data in found[3:]} == {
        str(held.reservation_id), str(part.reservation_id)
    }  # fmt: skip


def test_an_evening_put_off_is_told_with_its_status_and_prices_once(
    hall: Hall, listening: WebhookEndpoint, told: Look
) -> None:
    postpone_performance(performance_id=hall.performance_id, reason="the hall is flooded")
    with transaction.atomic():
        EventSection._base_manager.filter(pk=hall.section_id).update(base_price=7)
        SectionTicketType.objects.filter(pk=hall.allocation_id).update(price_modifier=2)
    assert [(kind, data["part"], data.get("status")) for kind, data in told()] == [
        ("performance.changed", "status", "postponed"),
        ("performance.changed", "prices", None),
    ]
