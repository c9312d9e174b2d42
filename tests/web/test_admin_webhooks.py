"""Endpoints and keys in the admin: one service, a reason, and what was done in the history."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from fullhouse.announce.endpoints import add_endpoint, change_endpoint
from fullhouse.announce.models import WebhookEndpoint
from fullhouse.api.models import ApiKey
from fullhouse.events.domain.errors import InvalidRequest
from tests.web.conftest import Stall
from tests.web.test_admin import text_of

URL = "https://hooks.example.org/in"


@pytest.fixture
def endpoint(db: None) -> WebhookEndpoint:
    return add_endpoint(URL, event_types=["reservation.confirmed"])[0]


def address(endpoint: WebhookEndpoint) -> str:
    return reverse("admin:announce_webhookendpoint_change", args=[endpoint.pk])


def test_a_change_goes_through_the_service(
    staff_client: Client, stall: Stall, endpoint: WebhookEndpoint
) -> None:
    sent: dict[str, Any] = {"url": f"{URL}/2", "event_types": [], "events": [stall.event_id]}
    staff_client.post(address(endpoint), sent)
    endpoint.refresh_from_db()
    assert endpoint.url == URL  # no reason was given
    salt = endpoint.salt
    staff_client.post(address(endpoint), {**sent, "reason": "a new shop"})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.event_types, endpoint.enabled) == (f"{URL}/2", [], False)
    assert (endpoint.disabled_because, endpoint.salt) == ("a new shop", salt)
    assert [event.pk for event in endpoint.events.all()] == [stall.event_id]
    assert "a new shop" in LogEntry.objects.latest("id").get_change_message()


@pytest.mark.parametrize(
    "wrong", [{"url": "http://a.example.org/"}, {"event_types": ["no.such"]}, {"url": "ftp://x"}]
)
def test_the_service_refuses_what_the_command_line_does(
    staff_client: Client, endpoint: WebhookEndpoint, wrong: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {"url": URL, "event_types": (), "events": (), "enabled": True}
    with pytest.raises(InvalidRequest):
        change_endpoint(endpoint, **{**asked, **wrong})
    sent = {"url": URL, "enabled": "on", "reason": "try", **wrong}
    assert "errorlist" in text_of(staff_client.post(address(endpoint), sent))
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.event_types) == (URL, ["reservation.confirmed"])


def test_who_may_only_look_changes_nothing(endpoint: WebhookEndpoint) -> None:
    clerk = User.objects.create(username="clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_webhookendpoint"))
    client = Client()
    client.force_login(clerk)
    sent = {"url": f"{URL}/3", "reason": "try"}
    assert client.post(address(endpoint), sent).status_code == 403
    assert 'name="url"' not in text_of(client.get(address(endpoint)))


def test_a_new_endpoint_shows_its_secret_once_and_nothing_that_it_has_not(
    staff_client: Client, db: None
) -> None:
    add = reverse("admin:announce_webhookendpoint_add")
    assert "DatabaseDefault" not in text_of(staff_client.get(add))
    sent = {"url": URL, "enabled": "on"}
    assert "whsec_" in text_of(staff_client.post(add, sent, follow=True))
    made = WebhookEndpoint.objects.get()
    assert "whsec_" not in text_of(staff_client.get(address(made)))


def test_a_key_is_for_the_chosen_events_and_ends_in_the_future(
    staff_client: Client, stall: Stall
) -> None:
    add = reverse("admin:api_apikey_add")
    sent = {"name": "shop", "scopes": ["read"], "requests_per_minute": "۶۰۰"}
    sent |= {"events": [stall.event_id], "expires_at": "۱۴۰۰/۰۱/۰۱ ۱۰:۰۰"}
    assert "Must be in the future." in text_of(staff_client.post(add, sent))
    staff_client.post(add, {**sent, "expires_at": "۱۵۰۰/۰۱/۰۱ ۱۰:۰۰"})
    key = ApiKey.objects.get(name="shop")
    assert (key.requests_per_minute, key.expires_at and key.expires_at.year) == (600, 2121)
    assert [event.pk for event in key.events.all()] == [stall.event_id]
