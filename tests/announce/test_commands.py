"""`fullhouse webhooks`, and the same in the admin."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from standardwebhooks import Webhook

from fullhouse.announce.deliver import deliver_due
from fullhouse.announce.models import WebhookDelivery, WebhookEndpoint
from fullhouse.announce.relay import relay
from fullhouse.announce.signing import secret_of
from fullhouse.events.models import Event
from fullhouse.events.services.reserve import Places, reserve

from .conftest import Hall, Receiver


def say(*words: str) -> str:
    out = StringIO()
    call_command("webhooks", *words, stdout=out)
    return out.getvalue()


def ask(*words: str) -> Any:
    return json.loads(say(*words, "--json"))


def test_from_adding_to_replaying(hall: Hall, receiver: Receiver) -> None:
    slug = Event.objects.get(pk=hall.event_id).slug
    words = ("--type", "reservation.reserved", "--event", slug)
    made = ask("add", receiver.url, *words)
    endpoint, secret = made["endpoint"], made["secret"]
    [listed] = ask("list")
    assert (listed["types"], listed["events"]) == (["reservation.reserved"], [slug])
    assert secret not in say("list")
    assert ask("test", endpoint)["accepted"]
    Webhook(secret).verify(receiver.got[0][1], receiver.got[0][0])

    wanted = [Places(1, allocation_id=hall.allocation_id)]
    reserve(performance_id=hall.performance_id, requests=wanted)
    receiver.answers = [410, 204]
    relay()
    deliver_due()
    [dead] = ask("deliveries", "--dead", "--endpoint", endpoint)
    assert (dead["type"], dead["last_answer"]) == ("reservation.reserved", "HTTP 410")
    assert ask("list")[0]["state"].startswith("disabled")
    assert ask("enable", endpoint)["enabled"]
    assert ask("replay", "--dead-of", endpoint)["replayed"] == 1
    deliver_due()
    assert ask("deliveries", "--dead") == []
    assert receiver.ids[1] == receiver.ids[2] == dead["message"]

    assert ask("rotate", endpoint)["secret"] != secret
    assert not ask("disable", endpoint)["enabled"]
    assert ask("list")[0]["state"] == "disabled: By an operator."
    assert str(endpoint) in say("list")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "ftp://shop.example.org"], 2),
        (["add", "https://shop.example.org", "--event", "no-such"], 1),
        (["test", "0193f6a2-7c1e-7aaa-8000-000000000001"], 1),
        (["replay"], 2),
    ],
)
def test_a_wrong_word_changes_nothing(words: list[str], code: int) -> None:
    with pytest.raises(CommandError) as caught:
        say(*words)
    assert (caught.value.returncode, WebhookEndpoint.objects.count()) == (code, 0)


def test_a_test_that_is_not_accepted_is_an_error(
    listening: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers = [500]
    with pytest.raises(CommandError, match="HTTP 500"):
        say("test", str(listening.pk))


def test_the_admin_shows_a_secret_once(hall: Hall, receiver: Receiver) -> None:
    User.objects.filter(username="teller").delete()
    staff = Client()
    staff.force_login(User.objects.create_superuser("teller"))
    url = reverse("admin:announce_webhookendpoint_add")
    page = staff.post(
        url,
        {
            "url": receiver.url,
            "event_types": ["capacity.changed"],
            "events": [str(hall.event_id)],
            "enabled": "on",
        },
        follow=True,
    )
    made = WebhookEndpoint.objects.get()
    secret = secret_of(made.pk, made.salt)
    assert any(secret in str(each) for each in page.context["messages"])
    assert (made.event_types, [each.pk for each in made.events.all()]) == (
        ["capacity.changed"],
        [hall.event_id],
    )
    changelist = reverse("admin:announce_webhookendpoint_changelist")
    assert secret not in staff.get(changelist).content.decode()
    chosen = {"_selected_action": [str(made.pk)], "reason": "new shop"}
    page = staff.post(changelist, {"action": "send_test", **chosen}, follow=True)
    assert "HTTP 204" in page.content.decode()
    staff.post(changelist, {"action": "rotate", **chosen})
    made.refresh_from_db()
    assert secret_of(made.pk, made.salt) != secret

    sent = WebhookDelivery.objects.get()
    deliveries = reverse("admin:announce_webhookdelivery_changelist")
    staff.post(
        deliveries, {"action": "replay", "reason": "asked", "_selected_action": [str(sent.pk)]}
    )
    sent.refresh_from_db()
    assert sent.status == "pending"
    page = staff.post(url, {"url": "https://user:word@example.org", "enabled": "on"})
    assert WebhookEndpoint.objects.count() == 1
    assert page.status_code == 200
