"""`fullhouse apikey`, and the same in the admin."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from fullhouse.api.keys import find_key
from fullhouse.api.models import ApiKey
from fullhouse.events.models import Event

from .conftest import Hall


def say(*words: str) -> str:
    out = StringIO()
    call_command("apikey", *words, stdout=out)
    return out.getvalue()


def test_made_listed_and_revoked(hall: Hall) -> None:
    event = Event.objects.get(pk=hall.event_id)
    words = ("--name", "till", "--scope", "sell", "--event", event.slug, "--expires", "2h")
    made = json.loads(say("create", *words, "--json"))
    key = find_key(made["key"])
    assert key is not None
    assert (key.scopes, list(key.events.all())) == (["sell"], [event])
    listed = {each["prefix"]: each for each in json.loads(say("list", "--json"))}
    assert listed[key.prefix]["state"] == "live"
    assert made["key"] not in say("list")
    assert "Revoked" in say("revoke", key.prefix)
    assert find_key(made["key"]) is None
    listed = {each["prefix"]: each for each in json.loads(say("list", "--json"))}
    assert listed[key.prefix]["state"] == "revoked"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["create", "--name", " ", "--scope", "sell"], 2, "name"),
        (["create", "--name", "x", "--scope", "sell", "--expires", "soon"], 2, "--expires"),
        (["create", "--name", "x", "--scope", "sell", "--expires", "0d"], 2, "--expires"),
        (["create", "--name", "x", "--scope", "sell", "--event", "no-such"], 1, "no-such"),
        (["revoke", "no-such"], 1, "no-such"),
    ],
)
def test_a_wrong_word_makes_no_key(
    db_committed: None, words: list[str], code: int, told: str
) -> None:
    before = ApiKey.objects.count()
    with pytest.raises(CommandError, match=told) as caught:
        say(*words)
    assert (caught.value.returncode, ApiKey.objects.count()) == (code, before)


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_the_admin_shows_a_key_once(staff: Client, make_stage: Any) -> None:
    stage = make_stage()
    page = staff.post(
        reverse("admin:api_apikey_add"),
        {
            "name": "kiosk",
            "scopes": ["read", "sell"],
            "events": [str(stage.event_id)],
            "requests_per_minute": "100",
        },
        follow=True,
    )
    key = ApiKey.objects.get(name="kiosk")
    [text] = [str(each) for each in page.context["messages"] if "fh_" in str(each)]
    found = find_key(text.split(": ", 1)[1])
    assert (found, key.scopes, key.requests_per_minute) == (key, ["read", "sell"], 100)
    assert [each.pk for each in key.events.all()] == [stage.event_id]
    again = staff.get(reverse("admin:api_apikey_changelist")).content.decode()
    assert key.prefix in again
    assert text.split(": ", 1)[1] not in again
    staff.post(
        reverse("admin:api_apikey_changelist"),
        {"action": "revoke", "reason": "lost", "_selected_action": [str(key.pk)]},
    )
    key.refresh_from_db()
    assert key.revoked_at is not None
