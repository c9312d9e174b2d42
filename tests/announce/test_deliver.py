"""Deliveries: signed, in order, again after a failure, given up in the end, never inside."""

import datetime
import json
import socket
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from fullhouse.announce import addresses, deliver, endpoints, post
from fullhouse.announce.deliver import deliver_due, wait_after
from fullhouse.announce.locks import held
from fullhouse.announce.models import NIL, WebhookDelivery, WebhookEndpoint
from fullhouse.announce.post import Answer
from fullhouse.announce.signing import secret_of
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.ids import uuid7

from .conftest import Receiver

Queue = Callable[..., WebhookDelivery]


@pytest.fixture
def queue(listening: WebhookEndpoint) -> Queue:
    """Return a maker of messages that wait."""

    def make(lane: UUID = NIL, body: str = '{"n":1}') -> WebhookDelivery:
        return WebhookDelivery.objects.create(
            endpoint=listening,
            message_id=f"msg_{uuid7()}",
            kind="capacity.changed",
            lane=lane,
            body=body,
        )

    return make


def now_due() -> None:
    WebhookDelivery.objects.update(next_try_at=timezone.now())


def test_signed_so_that_the_library_accepts_it(
    listening: WebhookEndpoint, receiver: Receiver, queue: Queue
) -> None:
    secret = secret_of(listening.pk, listening.salt)
    sent = queue(body='{"type":"x","data":{"نام":1}}')
    assert deliver_due() == 1
    [(headers, body)] = receiver.got
    assert headers["webhook-id"] == sent.message_id
    assert Webhook(secret).verify(body, headers) == {"type": "x", "data": {"نام": 1}}
    for wrong in (body + " ", body.replace("x", "y")):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(wrong, headers)
    sent.refresh_from_db()
    assert (sent.status, sent.attempts, sent.last_answer) == ("delivered", 1, "HTTP 204")


def test_a_rotated_secret_signs_beside_the_old_one_for_a_day(
    listening: WebhookEndpoint, receiver: Receiver, queue: Queue
) -> None:
    old = secret_of(listening.pk, listening.salt)
    new = endpoints.rotate(listening)
    queue()
    deliver_due()
    for secret in (old, new):
        Webhook(secret).verify(receiver.got[0][1], receiver.got[0][0])
    WebhookEndpoint.objects.update(rotated_at=timezone.now() - datetime.timedelta(days=1))
    queue()
    deliver_due()
    Webhook(new).verify(receiver.got[1][1], receiver.got[1][0])
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(receiver.got[1][1], receiver.got[1][0])


def test_the_next_waits_for_the_first_of_its_performance_only(
    receiver: Receiver, queue: Queue
) -> None:
    one, other = uuid7(), uuid7()
    first, second, elsewhere = queue(one), queue(one), queue(other)
    receiver.answers = [500, 204]
    assert deliver_due() == 2
    assert receiver.ids == [first.message_id, elsewhere.message_id]
    assert deliver_due() == 0
    now_due()
    assert deliver_due() == 2
    assert receiver.ids[2:] == [first.message_id, second.message_id]


def test_a_lane_that_somebody_sends_is_left_alone(
    listening: WebhookEndpoint, receiver: Receiver, queue: Queue, connect: Any
) -> None:
    queue()
    other = connect()
    name = f"webhooks {listening.pk} {NIL}"
    other.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [0x4648, name])
    assert deliver_due() == 0
    with held(name) as got:
        assert got is False
    other.execute("SELECT pg_advisory_unlock_all()")
    with held(name) as got:
        assert got is True
    assert deliver_due() == 1


def test_endpoints_take_turns_however_much_waits_for_one(
    listening: WebhookEndpoint, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "_LANES_AT_ONCE", 2)
    monkeypatch.setattr(deliver, "_LANE_SECONDS", 0.0)
    quiet = endpoints.add_endpoint("https://quiet.example.org/")[0]
    lane = uuid7()
    for _ in range(3):
        queue(lane)
        queue(uuid7())
    last = queue(uuid7())
    WebhookDelivery.objects.filter(pk=last.pk).update(endpoint=quiet)
    asked: list[str] = []

    def accept(url: str, body: str, headers: dict[str, str]) -> Answer:
        asked.append(url)
        return Answer(204, "HTTP 204")

    assert deliver_due(send=accept) == 2
    assert sorted(asked) == sorted([listening.url, quiet.url])
    waiting = WebhookDelivery.objects.filter(lane=lane, status="pending")
    assert waiting.count() == 2  # a lane keeps its sender for a while only


def test_waits_longer_each_time_then_gives_up_and_can_be_replayed(
    listening: WebhookEndpoint, queue: Queue
) -> None:
    sent = queue()
    tries = []

    def refuse(url: str, body: str, headers: dict[str, str]) -> Answer:
        tries.append(headers["webhook-id"])
        return Answer(503, "HTTP 503")

    for _ in range(deliver.MOST_ATTEMPTS + 2):
        deliver_due(send=refuse)
        now_due()
    sent.refresh_from_db()
    assert (sent.status, sent.attempts) == ("dead", deliver.MOST_ATTEMPTS)
    assert len(tries) == deliver.MOST_ATTEMPTS
    assert endpoints.replay(dead_of=listening.pk) == 1
    assert deliver_due(send=lambda *_: Answer(200, "HTTP 200")) == 1
    sent.refresh_from_db()
    assert (sent.status, sent.attempts, set(tries)) == ("delivered", 1, {sent.message_id})
    assert endpoints.replay(dead_of=listening.pk) == 0
    assert endpoints.replay(delivery_ids=[sent.pk]) == 1


def test_the_waits() -> None:
    waits = [wait_after(number).total_seconds() for number in range(1, deliver.MOST_ATTEMPTS)]
    for wait, middle in zip(waits, [5, 20, 80, 320, 1280, 5120, 20480, *[21600] * 3], strict=True):
        assert 0.8 * middle <= wait <= 1.2 * middle
    assert wait_after(1, asked=900).total_seconds() == 900


def test_the_receiver_says_when_and_whether(receiver: Receiver, queue: Queue) -> None:
    sent = queue()
    receiver.answers, receiver.headers = [429], {"retry-after": "3600"}
    before = timezone.now()
    deliver_due()
    sent.refresh_from_db()
    assert sent.next_try_at >= before + datetime.timedelta(hours=1)
    receiver.answers = [410]
    now_due()
    deliver_due()
    sent.refresh_from_db()
    assert (sent.status, sent.endpoint.enabled) == ("dead", False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::",  # noqa: S104
        "fe80::1", "fe80::1%eth0",
        "fd00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "64:ff9b:1::a00:1",
        "::127.0.0.1", "::ffff:0:127.0.0.1",
    ],
)  # fmt: skip
def test_no_target_inside(address: str) -> None:
    assert not addresses.is_public(address)


def test_public_targets() -> None:
    for address in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"):
        assert addresses.is_public(address)


def _resolve(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Make the name server answer so, one list a question; return the names that were asked."""
    asked: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


def test_one_address_inside_is_enough_to_refuse(
    receiver: Receiver, queue: Queue, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FULLHOUSE_WEBHOOKS_PRIVATE = False
    sent = queue()
    deliver_due()
    sent.refresh_from_db()
    assert sent.last_answer.endswith("127.0.0.1 is at 127.0.0.1, which is not a public address")
    _resolve(monkeypatch, ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(addresses.RefusedTargetError, match=r"10\.0\.0\.7"):
        addresses.target_of("https://shop.example.org/")
    assert receiver.got == []


def test_connects_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again, the name server would say something else: it is asked once."""
    port = receiver.url.split(":")[2].split("/")[0]
    asked = _resolve(monkeypatch, ["127.0.0.1"], ["192.0.2.1"])
    answer = post.post(f"http://shop.example.org:{port}/hooks", "{}", {"webhook-id": "1"})
    assert (answer.accepted, receiver.got[0][0]["host"]) == (True, f"shop.example.org:{port}")
    assert asked.count("shop.example.org") == 1


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.answers, receiver.headers = [307], {"location": "http://127.0.0.1:1/"}
    answer = post.post(receiver.url, "{}", {"webhook-id": "1"})
    assert (answer.accepted, answer.status, len(receiver.got)) == (False, 307, 1)


def test_whoever_does_not_answer_is_left(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "LIMIT_SECONDS", 0.2)
    receiver.gate.clear()
    answer = post.post(receiver.url, "{}", {"webhook-id": "1"})
    assert (answer.status, answer.accepted) == (None, False)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.org/", "ftp://shop.example.org/", "https://", "shop.example.org",
        "https://user:word@shop.example.org/", "https://shop.example.org/#x",
        "https://shop.example.org:99999/", "https://shop.example.org/a b", "https://[::1/",
        "https://سالن.example/",
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_meant(url: str, settings: Any) -> None:
    settings.FULLHOUSE_WEBHOOKS_PRIVATE = False
    with pytest.raises(InvalidRequest):
        endpoints.add_endpoint(url)
    assert not WebhookEndpoint.objects.exists()


def test_a_test_message_goes_at_once_and_alone(
    listening: WebhookEndpoint, receiver: Receiver, queue: Queue
) -> None:
    queue()
    assert endpoints.send_test(listening).accepted
    assert json.loads(receiver.got[0][1])["type"] == "webhook.test"
    receiver.answers = [500]
    assert not endpoints.send_test(listening).accepted
    assert not WebhookDelivery.objects.filter(kind="webhook.test", status="pending").exists()
