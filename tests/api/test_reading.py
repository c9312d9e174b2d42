"""Events, performances and what is left, as anybody may read them."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from fullhouse.events.models import Event, EventPerformance
from fullhouse.events.services.reserve import Places, reserve

from .conftest import API, Hall, Speaker

pytestmark = pytest.mark.usefixtures("either_way")


def test_an_event_tells_its_venue_and_ticket_types(hall: Hall, public: Speaker) -> None:
    status, event, _ = public.get(f"{API}/events/{hall.event_id}")
    assert (status, event["title"], event["venue"]["name"]) == (200, "Concert", "Grand Hall")
    assert [each["name"] for each in event["ticket_types"]] == ["Adult", "Student"]


def test_every_event_is_on_exactly_one_page(hall: Hall, public: Speaker) -> None:
    twin = Event.objects.create(
        venue_id=_venue(hall), title="Concert", slug=f"twin-{hall.event_id}"
    )
    EventPerformance.objects.create(event=twin, date="2027-01-01", start_time="20:00")
    seen: list[str] = []
    cursor = ""
    while True:
        _, page, _ = public.get(f"{API}/events?limit=1{cursor}")
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    out = Event.objects.exclude(performances=None).exclude(performances__status="draft")
    assert len(seen) == len(set(seen)) == out.count()


def test_an_event_is_out_when_one_of_its_performances_is(
    draft: Hall, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    url, own = f"{API}/events/{draft.event_id}", Event.objects.get(pk=draft.event_id)
    for stranger in (public, keyed("sell"), keyed("manage", events=[_other(draft)])):
        assert stranger.get(url)[0] == 404
        assert str(draft.event_id) not in str(stranger.get(f"{API}/events?limit=200")[1])
    for manager in (keyed("manage"), keyed("manage", events=[own])):
        assert manager.get(url)[0] == 200
    EventPerformance.objects.create(event=own, date="2027-01-01", start_time="20:00")
    assert public.get(url)[0] == 200


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJhIl0", "WyJhIiwiYiIsImMiXQ", "WyJhIiwiAAAiXQ"])
def test_a_cursor_of_elsewhere_is_refused(hall: Hall, public: Speaker, cursor: str) -> None:
    status, told, _ = public.get(f"{API}/performances?cursor={cursor}")
    assert (status, told["code"], told["facts"]["argument"]) == (422, "invalid", "cursor")


def test_performances_are_found_by_event_day_and_places(hall: Hall, public: Speaker) -> None:
    def found(query: str) -> list[str]:
        status, page, _ = public.get(f"{API}/performances?event={hall.event_id}&{query}")
        assert status == 200
        return [each["id"] for each in page["items"]]

    own = [str(hall.performance_id)]
    assert found("from=2027-03-20&to=2027-03-20") == own
    assert found("from=2027-03-21") == found("to=2027-03-19") == []
    assert found("available=true") == own
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="closed")
    assert found("available=true") == []
    assert found("available=false") == own


def test_availability_is_what_a_reserve_finds(hall: Hall, public: Speaker) -> None:
    reserve(
        performance_id=hall.performance_id,
        requests=[Places(3, section_id=hall.section_id, ticket_type_id=hall.student)],
    )
    status, told, response = public.get(f"{hall.url}/availability")
    assert (status, told["total"], told["available"], told["reserved"]) == (200, 21, 18, 3)
    [stalls] = told["sections"]
    student = next(each for each in stalls["ticket_types"] if each["name"] == "Student")
    assert (student["total"], student["available"], student["price"]) == (5, 2, "10.00")
    again = public.get(f"{hall.url}/availability", **{"If-None-Match": response["ETag"]})
    assert (again[0], again[2].content) == (304, b"")
    reserve(
        performance_id=hall.performance_id,
        requests=[Places(1, section_id=hall.section_id, ticket_type_id=hall.student)],
    )
    assert public.get(f"{hall.url}/availability", **{"If-None-Match": response["ETag"]})[0] == 200


def test_a_draft_is_there_only_for_its_managers(
    draft: Hall, public: Speaker, keyed: Callable[..., Speaker]
) -> None:
    event = Event.objects.get(pk=draft.event_id)
    other = Event.objects.create(venue=event.venue, title="Other", slug=f"other-{event.pk}")
    manager, stranger = keyed("manage", events=[event]), keyed("manage", events=[other])
    listing = f"{API}/performances?event={draft.event_id}"
    for url in (draft.url, f"{draft.url}/availability"):
        assert [who.get(url)[0] for who in (public, stranger, keyed("sell"), manager)] == [
            404,
            404,
            404,
            200,
        ]
    assert [len(who.get(listing)[1]["items"]) for who in (public, stranger, manager)] == [0, 0, 1]


def test_what_is_not_there_is_a_problem(public: Speaker, db_committed: None) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    for url in (
        f"{API}/nothing",
        f"{API}/events/{missing}",
        f"{API}/performances/{missing}",
        f"{API}/performances/{missing}/availability",
        f"{API}/performances/not-an-id",
    ):
        status, told, response = public.get(url)
        assert (status, told["status"]) == (404, 404), url
        assert response["Content-Type"] == "application/problem+json"


def test_the_contract_and_its_pages_need_no_key(public: Speaker, db_committed: None) -> None:
    status, contract, _ = public.get(f"{API}/openapi.json")
    assert (status, contract["openapi"]) == (200, "3.1.0")
    ids = [each["operationId"] for path in contract["paths"].values() for each in path.values()]
    assert len(ids) == len(set(ids))
    page = public._client.get(f"{API}/docs")
    assert page.status_code == 200
    assert b"//cdn" not in page.content
    codes = {each["code"] for each in public.get(f"{API}/problems")[1]}
    assert {"sold_out", "seat_taken", "invalid", "not_found"} <= codes


def _venue(hall: Hall) -> object:
    return Event.objects.get(pk=hall.event_id).venue_id


def _other(hall: Hall) -> Event:
    return Event.objects.create(venue_id=_venue(hall), title="Other", slug=f"other-{uuid4()}")
