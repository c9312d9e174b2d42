"""Plans as files, the ledger as a file, the past, the audit, how something came about."""

import csv
import io
import json
from collections.abc import Callable
from uuid import uuid4

from django.db import connection

from fullhouse.announce import locks
from fullhouse.events.models import EventPerformance, Movement

from .conftest import API, Hall, Speaker

PLAN = "section,row,seat\nBox,A,1\nBox,A,2\n"
FILE = {"Content-Type": "text/csv"}


def import_(who: Speaker, name: str, text: str, kind: str = "text/csv") -> tuple[int, dict]:
    address = f"{API}/manage/plans?name={name}"
    answer = who._client.generic("POST", address, text, content_type=kind, headers=who._headers)
    return answer.status_code, json.loads(answer.content)


def test_a_plan_comes_in_builds_a_house_and_goes_out(
    hall: Hall, keyed: Callable[..., Speaker]
) -> None:
    who, name = keyed("manage"), f"hall-{uuid4()}"
    status, plan = import_(who, name, PLAN)
    assert (status, plan["version"], plan["seats"], plan["new"]) == (201, 1, 2, True)
    assert import_(who, name, PLAN)[1]["new"] is False
    url = f"{API}/manage/performances/{hall.performance_id}/plan"
    built = who.post(url, {"plan": plan["id"], "price": "5", "reason": "x"})
    assert (built[0], built[1]["capacity"]) == (201, 23)
    smaller = import_(who, name, "section,row,seat\nBox,A,1\n")[1]
    look = {"plan": smaller["id"], "price": "5", "dry_run": True}
    status, told, _ = who.say("PUT", url, look)
    assert (status, told["removed"], told["capacity"]) == (200, 1, 22)
    assert EventPerformance.objects.get(pk=hall.performance_id).max_capacity == 23
    leaving = {"seat": {"section": "box", "row": "A", "number": "2"}, "ticket_type": "Adult"}
    assert who.post(f"{hall.url}/reservations", {"items": [leaving]})[0] == 201
    status, told, _ = who.say("PUT", url, look)
    assert (status, told["code"], told["facts"]["count"]) == (409, "would_orphan", 1)
    exported = who._client.get(
        f"{API}/manage/plans/{plan['id']}/export?format=csv", headers=who._headers
    )
    assert exported["Content-Type"].startswith("text/csv")
    assert [row["seat"] for row in csv.DictReader(io.StringIO(exported.content.decode()))] == [
        "1",
        "2",
    ]
    assert import_(who, name, "\xff", "application/json")[0] == 422
    assert import_(keyed("sell"), name, "x" * 1_000_001)[0] == 413


def test_the_ledger_is_streamed_and_taken_up_again(
    hall: Hall, keyed: Callable[..., Speaker], make_stage: Callable[..., object]
) -> None:
    own = EventPerformance.objects.get(pk=hall.performance_id).event
    who, url = keyed("manage", events=[own]), f"{API}/manage/ledger"

    def lines(query: str = "") -> list[dict[str, str]]:
        answer = who._client.get(f"{url}?{query}", headers=who._headers)
        assert answer.streaming
        assert answer["Content-Type"] == "application/x-ndjson"
        text = b"".join(answer.streaming_content).decode()
        return [json.loads(line) for line in text.splitlines()]

    who.post(f"{hall.url}/reservations", {"items": [{"seat": str(hall.adult_seats[0])}]})
    found = lines()
    ids = Movement.objects.filter(performance=hall.performance_id).order_by("id")
    assert [row["id"] for row in found] == [str(row.pk) for row in ids]
    assert (found[-1]["operation"], found[-1]["actor"]) == ("reserve", "key till")
    assert lines(f"after={found[0]['id']}&limit=1") == found[1:2]
    assert lines(f"performance={hall.performance_id}&to=2020-01-01T00:00:00Z") == []
    table = who._client.get(f"{url}?format=csv", headers=who._headers)
    rows = list(csv.DictReader(io.StringIO(b"".join(table.streaming_content).decode())))
    assert [row["id"] for row in rows] == [row["id"] for row in found]
    assert who.get(f"{url}?performance={uuid4()}")[0] == 404


def test_a_reason_is_no_formula_in_a_spreadsheet(hall: Hall, keyed: Callable[..., Speaker]) -> None:
    own = EventPerformance.objects.get(pk=hall.performance_id).event
    who, url = keyed("sell", "manage", events=[own]), f"{hall.url}/reservations"
    held = who.post(url, {"items": [{"seat": str(hall.adult_seats[0])}]})[1]
    reason = '=HYPERLINK("https://x.example")'
    assert who.post(f"{url}/{held['id']}/release", {"reason": reason})[0] == 200
    told = {}
    for kind in ("csv", "ndjson"):
        answer = who._client.get(f"{API}/manage/ledger?format={kind}", headers=who._headers)
        told[kind] = b"".join(answer.streaming_content).decode()
    assert list(csv.DictReader(io.StringIO(told["csv"])))[-1]["reason"] == f"'{reason}"
    assert json.loads(told["ndjson"].splitlines()[-1])["reason"] == reason


def test_one_audit_at_a_time(hall: Hall, keyed: Callable[..., Speaker]) -> None:
    who, url = keyed("admin"), f"{API}/manage/audit?performance={hall.performance_id}"
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(%s, hashtext('audit over HTTP'))", [locks._SPACE]
            )
        status, told, response = who.get(url)
        assert (status, told["code"], response["Retry-After"]) == (503, "busy", "1")
    finally:
        other.close()
    assert who.get(url)[0] == 200


def test_the_past_the_story_and_the_proof(hall: Hall, keyed: Callable[..., Speaker]) -> None:
    own = EventPerformance.objects.get(pk=hall.performance_id).event
    who, url = keyed("manage"), f"{API}/manage/performances/{hall.performance_id}"
    seat = str(hall.adult_seats[0])
    held = who.post(f"{hall.url}/reservations", {"items": [{"seat": seat}]})[1]
    told = who.get(f"{url}/at?seats=true")[1]
    assert (told["capacity"], told["reserved"]) == (21, 1)
    assert {row["id"]: row["status"] for row in told["seats"]}[seat] == "reserved"
    first = Movement.objects.filter(performance=hall.performance_id).earliest("id")
    told = who.get(f"{url}/at?time={first.at.isoformat().replace('+00:00', 'Z')}")[1]
    assert (told["reserved"], told["seats"]) == (0, None)
    assert who.get(f"{url}/at?time=2999-01-01T00:00:00Z")[0] == 422
    story = who.get(f"{url}/story?seat={seat}", **{"Accept-Language": "fa"})[1]
    assert "رزرو شد" in story["entries"][-1]["sentence"]
    assert who.get(f"{url}/story?reservation={held['id']}")[1]["now"] == "reserved"
    assert who.get(f"{url}/story")[0] == 422
    assert who.get(f"{url}/story?allocation={uuid4()}")[0] == 404
    assert who.get(f"{API}/manage/audit")[0] == 403
    proof = keyed("admin", events=[own])
    assert proof.get(f"{API}/manage/audit?performance={hall.performance_id}")[1] == {
        "sound": True,
        "findings": [],
    }
    assert proof.get(f"{API}/manage/audit")[0] == 422
