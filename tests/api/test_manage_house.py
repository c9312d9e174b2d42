"""The house of a performance over HTTP: sizes, seats, what is kept, who waits, who sells."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from fullhouse.events.models import Note, Seat, SectionTicketType

from .conftest import API, Hall, Speaker

ADULT = "Adult"


@pytest.fixture
def who(keyed: Callable[..., Speaker]) -> Speaker:
    return keyed("manage")


@pytest.fixture
def url(hall: Hall) -> str:
    return f"{API}/manage/performances/{hall.performance_id}"


def allocation(hall: Hall, kind: object) -> SectionTicketType:
    return SectionTicketType.objects.get(performance=hall.performance_id, ticket_type=kind)


def test_places_come_go_and_change_sides(hall: Hall, who: Speaker, url: str) -> None:
    section, adult = f"{url}/sections/{hall.section_id}", allocation(hall, hall.adult)
    key = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        told = who.post(f"{section}/resize", {"capacity": 25}, **key)[1]
        assert (told["capacity"], told["change"]) == (25, 4)
    status, told, _ = who.post(f"{url}/allocations/{adult.pk}/resize", {"capacity": 3})
    assert (status, told["code"]) == (409, "needs_seats")
    told = who.post(
        f"{url}/allocations/{adult.pk}/reallocate", {"to_ticket_type": "Student", "quantity": 2}
    )[1]
    assert (told["from_total"], told["to_total"]) == (8, 7)
    assert who.say("PATCH", section, {"base_price": "30"})[1]["base_price"] == "30.00"
    told = who.say("PATCH", f"{url}/allocations/{adult.pk}", {"price_modifier": "1.5"})[1]
    prices = {row["ticket_type"]: row["price"] for row in told["allocations"]}
    assert prices[str(hall.adult)] == "45.00"
    made = {"sections": [{"name": "Box", "base_price": "9", "total_capacity": 4}], "reason": "x"}
    assert who.post(f"{url}/sections", made)[1]["capacity"] == 29
    assert [row["name"] for row in who.get(f"{url}/sections")[1]["items"]] == ["Stalls", "Box"]
    assert who.post(f"{url}/sections/{uuid4()}/resize", {"capacity": 1})[0] == 404


def test_many_seats_are_edited_in_one_step(hall: Hall, who: Speaker, url: str) -> None:
    label = {"section": "Stalls", "row": "R0", "number": "2"}
    edits = [
        {"seats": [str(hall.adult_seats[0]), label], "values": {"is_accessible": True}},
        {"seats": [str(hall.adult_seats[0])], "values": {"price": "99.50", "seat_rank": 7}},
    ]
    before = who.get(url)[1]["plan_version"]
    key = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        body = {"edits": edits, "reason": "new ramp"}
        status, told, _ = who.say("PATCH", f"{url}/seats", body, **key)
        assert (status, told["seats"]) == (200, 2), told
    # Whoever has kept the plan of the old version learns that it is another now.
    assert told["plan_version"] == before + 1
    first = Seat.objects.get(pk=hall.adult_seats[0])
    assert (first.is_accessible, str(first.price), first.seat_rank) == (True, "99.50", 7)
    assert Seat.objects.filter(performance=hall.performance_id, is_accessible=True).count() == 2
    note = Note.objects.get(performance=hall.performance_id, operation="edit_seats")
    assert (note.reason, note.facts["seats"]) == ("new ramp", 2)
    # One unknown seat: nothing changes. Price null is the allocation's again.
    wrong = [*edits, {"seats": [str(uuid4())], "values": {"is_premium": True}}]
    wrong[0] = {"seats": [str(hall.adult_seats[0])], "values": {"price": None}}
    status, told, _ = who.say("PATCH", f"{url}/seats", {"edits": wrong, "reason": "x"})
    assert (status, told["code"]) == (422, "unknown")
    first.refresh_from_db()
    assert str(first.price) == "99.50"


def test_the_house_keeps_amends_passes_on_and_gives_back(
    hall: Hall, who: Speaker, url: str
) -> None:
    body = {
        "seats": [{"section": "Stalls", "row": "R0", "number": "1"}],
        "quantities": [{"allocation": str(allocation(hall, hall.adult).pk), "quantity": 2}],
        "owner": "press",
        "reason": "premiere",
    }
    kept = who.post(f"{url}/house", body)[1]
    assert (kept["places"], kept["kind"], kept["owner"]) == (3, "house", "press")
    status, told, _ = who.post(f"{url}/house", body)
    assert (status, told["code"]) == (409, "seat_taken")
    one = f"{url}/house/{kept['id']}"
    told = who.say("PATCH", one, {"owner": "artists", "reason": "asked"})[1]
    assert (told["owner"], told["purpose"]) == ("artists", "premiere")
    seat = next(line["id"] for line in kept["lines"] if line["seat"])
    body = {"kind": "sale", "sold": True, "lines": [{"line": seat}], "reason": "bought"}
    told = who.post(f"{one}/hand-over", body)[1]
    assert (told["status"], told["total"]) == ("sold", "20.00")
    assert who.get(one)[1]["places"] == 2
    assert who.post(f"{one}/give-back", {"reason": "not needed"})[1] == {
        "id": kept["id"],
        "places": 2,
        "left": 0,
    }
    body = {"seats": [str(hall.pool_seats[0])], "recipient": "guest", "reason": "thanks"}
    assert who.post(f"{url}/comps", body)[1]["total"] == "0.00"
    assert [row["kind"] for row in who.get(f"{url}/house")[1]["items"]] == ["comp"]


def test_a_channel_and_a_rule_stand_until_they_are_lifted(
    hall: Hall, who: Speaker, public: Speaker, url: str
) -> None:
    body = {"channel": "app", "seats": [str(hall.adult_seats[0])], "reason": "presale"}
    made = who.post(f"{url}/channels", body)[1]
    when = {"release_at": "2027-01-01T00:00:00Z", "reason": "sooner"}
    told = who.say("PATCH", f"{url}/channels/{made['id']}", when)[1]
    assert told["release_at"] == "2027-01-01T00:00:00Z"
    assert who.post(f"{url}/channels/release", {"channel": "app"})[1]["places"] == 1
    rule = {"ticket_type": ADULT, "max_per_order": 1, "reason": "demand"}
    assert who.say("PUT", f"{url}/rules", rule)[1]["max_per_order"] == 1
    two = {"items": [{"section": "Stalls", "ticket_type": ADULT, "quantity": 2}]}
    assert public.post(f"{hall.url}/reservations", two)[1]["code"] == "over_limit"
    assert len(who.get(f"{url}/rules")[1]["items"]) == 1
    assert who.say("DELETE", f"{url}/rules?ticket_type={ADULT}")[0] == 204
    assert public.post(f"{hall.url}/reservations", two)[0] == 201


def test_who_waits_is_offered_skipped_and_let_go(hall: Hall, who: Speaker, url: str) -> None:
    first = who.post(f"{url}/waiting", {"quantity": 2, "customer": "a", "contact": "a@b"})[1]
    second = who.post(f"{url}/waiting", {"quantity": 1, "section": "stalls"})[1]
    assert (first["ahead"], second["ahead"]) == (0, 1)
    entry = f"{url}/waiting/{first['id']}"
    assert who.post(f"{entry}/skip", {"reason": "no answer"})[1]["status"] == "skipped"
    offered = who.post(f"{url}/waiting/offer", {})[1]
    assert (offered["entry"], offered["passed"]) == (second["id"], 0)
    assert who.post(f"{url}/waiting/{second['id']}/take", {"sold": True})[1]["status"] == "sold"
    assert who.post(f"{entry}/skip", {"reason": "called", "skip": False})[0] == 200
    assert who.post(f"{entry}/offer", {})[0] == 422
    assert who.post(f"{entry}/offer", {"reason": "promised"})[1]["places"] == 2
    told = who.post(f"{entry}/withdraw", {"erase": True})[1]
    assert (told["status"], told["places"], told["erased"]) == ("withdrawn", 2, True)
    rows = {row["id"]: row for row in who.get(f"{url}/waiting")[1]["items"]}
    assert rows[first["id"]]["contact"] == ""
    assert who.post(f"{url}/waiting/{uuid4()}/skip", {"reason": "x"})[0] == 404


def test_what_is_to_be_paid_back_comes_in_pages(hall: Hall, who: Speaker, url: str) -> None:
    held = []
    for seat in hall.adult_seats[:3]:
        body = {"kind": "house", "seats": [str(seat)], "reason": "press"}
        kept = who.post(f"{url}/house", body)[1]
        sold = {"kind": "sale", "sold": True, "reason": "bought"}
        held.append(who.post(f"{url}/house/{kept['id']}/hand-over", sold)[1]["id"])
    pages, following = [], ""
    while following is not None:
        told = who.get(f"{url}/refunds-due?limit=2{following and f'&cursor={following}'}")[1]
        assert told["amounts"] == {"USD": "60.00"}
        pages.append([row["reservation"] for row in told["refunds"]])
        following = told["next"]
    assert pages == [sorted(held)[:2], sorted(held)[2:]]
    assert who.get(f"{url}/refunds-due?cursor=x")[0] == 422
    told = who.post(f"{url}/cancel", {"reason": "flood"})[1]["due"]
    assert (len(told["refunds"]), told["next"]) == (3, None)
