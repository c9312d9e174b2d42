"""Who asks, how often, how large; and errors of the protocol."""

import datetime
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from fullhouse.api import caller
from fullhouse.api.keys import create_key, find_key, revoke_key
from fullhouse.api.models import ApiKey
from fullhouse.api.routes import reading
from fullhouse.doors.address import counted_as
from fullhouse.events.domain.errors import InvalidRequest

from .conftest import API, Hall, Speaker

pytestmark = pytest.mark.usefixtures("either_way")

EVENTS = f"{API}/events"


def test_a_key_is_kept_as_a_hash(db_committed: None) -> None:
    key, text = create_key(name="shop", scopes=["sell"])
    mark, prefix, secret = text.split("_", 2)
    assert (mark, prefix, len(secret) >= 43) == ("fh", key.prefix, True)
    stored = json.dumps([str(value) for value in ApiKey.objects.filter(pk=key.pk).values_list()])
    assert secret not in stored
    assert find_key(text) == key
    for other in (
        text[:-1],
        text + "x",
        f"fh_{prefix}_",
        "fh__x",
        "",
        "x",
        f"xx_{prefix}_{secret}",
    ):
        assert find_key(other) is None


def test_a_revoked_or_ended_key_opens_nothing(db_committed: None) -> None:
    for end in ("revoke", "expire"):
        key, text = create_key(name="shop", scopes=["sell"])
        who = Speaker(Authorization=f"Bearer {text}")
        assert who.get(EVENTS)[0] == 200
        if end == "revoke":
            revoke_key(key)
        else:
            ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
        status, told, response = who.get(EVENTS)
        assert (status, told["code"]) == (401, "key_unknown")
        assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Bearer fh_a_b", "fh_a_b", "\u00e9"])
def test_a_header_that_is_no_key_is_no_key(db_committed: None, header: str) -> None:
    assert Speaker(Authorization=header).get(EVENTS)[0] == 401


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ({"name": " ", "scopes": ["sell"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["root"]}, "scopes"),
        ({"name": "x", "scopes": ["sell"], "requests_per_minute": 0}, "requests_per_minute"),
        (
            {
                "name": "x",
                "scopes": ["sell"],
                "expires_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
            },
            "expires_at",
        ),
    ],
)
def test_a_wrong_key_is_not_made(db_committed: None, arguments: dict, wrong: str) -> None:
    before = ApiKey.objects.count()
    with pytest.raises(InvalidRequest) as caught:
        create_key(**arguments)
    assert (caught.value.argument, ApiKey.objects.count()) == (wrong, before)


def test_too_many_requests_are_told_when_to_come_back(
    hall: Hall, public: Speaker, settings: Any
) -> None:
    settings.FULLHOUSE_PUBLIC_READS_PER_MINUTE = 2
    settings.FULLHOUSE_PUBLIC_WRITES_PER_MINUTE = 1
    left = [public.get(EVENTS)[2]["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    status, told, response = public.get(EVENTS)
    assert (status, told["code"]) == (429, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 60
    # Reading does not use up writing, and one address not another's.
    body = {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}]}
    assert [public.post(f"{hall.url}/reservations", body)[0] for _ in range(2)] == [201, 429]
    settings.FULLHOUSE_PROXIES = 1
    assert Speaker(**{"X-Forwarded-For": "10.0.0.9, 192.0.2.7"}).get(EVENTS)[0] == 200


def test_a_header_of_the_clients_own_does_not_change_its_address(
    public: Speaker, db_committed: None, settings: Any
) -> None:
    settings.FULLHOUSE_PUBLIC_READS_PER_MINUTE = 1
    answers = [public.get(EVENTS, **{"X-Forwarded-For": f"192.0.2.{n}"})[0] for n in range(2)]
    assert answers == [200, 429]


@pytest.mark.parametrize("what", ["/availability", "/seats", "", "/stream"])
def test_head_is_get_without_the_body(hall: Hall, public: Speaker, what: str) -> None:
    status, told, response = public.say("HEAD", f"{hall.url}{what}")
    assert (status, told) == (200, None)
    if what != "/stream":
        assert public.get(f"{hall.url}{what}")[2]["ETag"] == response["ETag"]
        assert int(response["Content-Length"]) > 100
    assert public.say("HEAD", f"{hall.url}/reservations")[0] == 405


def test_what_is_wrong_is_said_in_persian_too(hall: Hall, public: Speaker) -> None:
    url, persian = f"{hall.url}/reservations", {"Accept-Language": "fa"}
    for body, argument, problem in (
        ({}, "items", "لازم است"),
        ({"items": [{"section": "x", "quantity": 0}]}, "items.0.quantity", "باید دست‌کم 1 باشد"),
        ({"items": [{"section": "x", "ticket_type": "Adult"}]}, "items.0.quantity",
         "چند جا؟ ۱ یا بیشتر"),
    ):  # fmt: skip
        status, told, _ = public.post(url, body, **persian)
        assert (status, told["facts"]["argument"]) == (422, argument)
        assert told["facts"]["problem"] == problem
        assert problem in told["detail"]
        assert not any("\u0600" < letter < "\u06ff" for letter in str(public.post(url, body)[1]))


def test_a_database_that_is_away_is_busy_and_a_fault_is_a_problem(
    db_committed: None, public: Speaker, keyed: Callable[..., Speaker], monkeypatch: Any
) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("the connection is closed")

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    who = keyed("read")
    who._client.raise_request_exception = False
    for part, asker in ((reading, who), (caller, who)):
        name = "page_after" if part is reading else "find_key"
        with monkeypatch.context() as patch:
            patch.setattr(part, name, away)
            status, told, response = asker.get(EVENTS)
            assert (status, told["code"], response["Retry-After"]) == (503, "busy", "1")
    monkeypatch.setattr(reading, "page_after", broken)
    status, told, _ = who.get(EVENTS)
    assert (status, told["code"]) == (500, "fault")


def test_who_tries_keys_is_held_up_and_a_right_key_is_not(
    public: Speaker, keyed: Callable[..., Speaker], settings: Any
) -> None:
    settings.FULLHOUSE_PUBLIC_WRITES_PER_MINUTE = 2
    tried = [Speaker(Authorization=f"Bearer fh_{n}_x").get(EVENTS) for n in range(3)]
    assert [status for status, _, _ in tried] == [401, 401, 429]
    assert tried[0][2]["RateLimit-Remaining"] == "1"
    assert 1 <= int(tried[2][2]["Retry-After"]) <= 60
    assert keyed("read").get(EVENTS)[0] == 200
    assert public.get(EVENTS)[0] == 200


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:bbbb::2", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::1", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("a:b", "a:b"),
    ],
)
def test_one_customer_of_ipv6_is_counted_once(address: str, counted: str) -> None:
    assert counted_as(address) == counted


def test_a_hold_without_a_key_is_modest(
    hall: Hall, public: Speaker, keyed: Callable[..., Speaker], settings: Any
) -> None:
    settings.FULLHOUSE_PUBLIC_HOLD_PLACES = 2
    item, url = {"section": "Stalls", "ticket_type": "Adult"}, f"{hall.url}/reservations"
    much, long = {"items": [{**item, "quantity": 3}]}, {"items": [{**item, "quantity": 1}]}
    long["ttl_seconds"] = 3601
    for body, argument in ((much, "items"), (long, "ttl_seconds")):
        for stranger in (public, keyed("read")):
            status, told, _ = stranger.post(url, body)
            assert (status, told["facts"]["argument"]) == (422, argument)
        assert keyed("sell").post(url, body)[0] == 201
    best = {"items": [{"best_available": {"quantity": 3}}]}
    assert public.post(url, best)[1]["facts"]["argument"] == "items"


def test_a_key_has_a_limit_of_its_own(keyed: Callable[..., Speaker], settings: Any) -> None:
    settings.FULLHOUSE_PUBLIC_READS_PER_MINUTE = 1
    who = keyed("read", requests_per_minute=3)
    assert [who.get(EVENTS)[0] for _ in range(4)] == [200, 200, 200, 429]


def test_a_huge_body_is_not_read(hall: Hall, public: Speaker) -> None:
    status, told, _ = public.post(f"{hall.url}/reservations", '"' + "x" * 1_000_001 + '"')
    assert (status, told["code"]) == (413, "too_large")


def test_another_method_is_told_which_do(db_committed: None, public: Speaker) -> None:
    status, told, response = public.say("DELETE", EVENTS)
    assert (status, told["code"], response["Allow"]) == (405, "method_not_allowed", "GET")


def test_answers_travel_compressed_and_are_compared(hall: Hall, public: Speaker) -> None:
    url = f"{API}/openapi.json"
    _, contract, plain = public.get(url)
    packed = public._client.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == contract
    assert len(packed.content) < len(plain.content) / 3
    same = public._client.get(
        url, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    )
    assert same.status_code == 304


def test_a_request_keeps_its_id(db_committed: None, public: Speaker) -> None:
    assert public.get(EVENTS, **{"X-Request-ID": "order-7"})[2]["X-Request-ID"] == "order-7"
    for bad in ("", "x" * 101):
        assert len(public.get(EVENTS, **{"X-Request-ID": bad})[2]["X-Request-ID"]) == 32


def test_pages_of_other_sites_need_to_be_named(
    db_committed: None, public: Speaker, settings: Any
) -> None:
    origin = {"Origin": "https://shop.example"}
    assert "Access-Control-Allow-Origin" not in public.get(EVENTS, **origin)[2]
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]
    told = public.get(EVENTS, **origin)[2]
    assert told["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "retry-after" in told["Access-Control-Expose-Headers"]
