"""The console's pages: the house at a glance, a performance, what is found, and the proof."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fullhouse.events.models import EventPerformance, Reservation, Seat
from fullhouse.events.services.cancel import postpone_performance
from fullhouse.events.services.changes import changes_since
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.web.console import curve, feed, figures, proof, search
from fullhouse.web.places import Places as Shown

from .conftest import CUSTOMER, REASON, Stall

HOUSE = reverse("web:console:house")
PART = {"HX-Request": "true"}


def page(name: str, *ids: UUID) -> str:
    return reverse(f"web:console:{name}", args=ids)


@contextmanager
def as_the_engine() -> Iterator[None]:
    """Write past the rules: what a clock, or a forger, does to the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        yield
        cursor.execute("SET LOCAL fullhouse.engine = ''")


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_house_tells_every_place_as_text(staff_client: Client, stall: Stall) -> None:
    html = staff_client.get(HOUSE, {"q": "Concert"}).content.decode()
    assert 'aria-label="5 sold, 3 reserved, 4 kept by the house, 158 available"' in html
    assert "of 170" in html
    assert f'id="f-{stall.venue_id}"' in html, "the venue's places, all its performances together"
    tree = text_of(staff_client.get(page("branches", stall.performance_id)))
    assert re.search(r"Stalls 5 sold 3 reserved 4 house 108 free", tree)
    assert "Student 500.00 USD 0 sold 0 reserved 50 free" in tree


def test_a_refresh_brings_the_figures_alone(staff_client: Client, stall: Stall) -> None:
    asked = {"q": "Concert"}
    reserve(
        performance_id=stall.performance_id, requests=[Places(2, allocation_id=stall.student_id)]
    )
    html = staff_client.get(HOUSE, asked, headers=PART).content.decode()
    assert "<html" not in html
    assert f'id="f-{stall.performance_id}" hx-swap-oob="true"' in html
    assert "5 sold, 5 reserved, 4 kept by the house, 156 available" in html


def test_filters_narrow_and_a_wrong_one_is_told(staff_client: Client, stall: Stall) -> None:
    def shown(**asked: str) -> bool:
        return str(stall.performance_id) in staff_client.get(HOUSE, asked).content.decode()

    assert shown(q="concert grand", venue=str(stall.venue_id), status="on_sale")
    assert not shown(q="no such thing")
    assert not shown(status="cancelled")
    evening = EventPerformance.objects.filter(pk=stall.performance_id)
    evening.update(date=timezone.localdate() - datetime.timedelta(1))
    assert shown(when="past", venue=str(stall.venue_id))
    assert not shown(when="coming", venue=str(stall.venue_id))
    assert "Select a valid choice" in text_of(staff_client.get(HOUSE, {"venue": str(uuid4())}))


def test_more_performances_cost_no_more_queries(
    staff_client: Client, stall: Stall, make_house: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert staff_client.get(HOUSE, {"q": "Concert"}).status_code == 200
        assert not any("COUNT(" in each["sql"].upper() for each in made)
        return len(made)

    few = queries()
    for _ in range(3):
        make_house()
    assert queries() == few


def test_the_last_page_has_no_next(staff_client: Client, stall: Stall) -> None:
    dates = [datetime.date(2031, 1, 1) + datetime.timedelta(n) for n in range(20)]
    EventPerformance.objects.bulk_create(
        EventPerformance(event_id=stall.event_id, date=day, start_time=datetime.time(20))
        for day in dates
    )
    asked = {"venue": str(stall.venue_id)}
    first = staff_client.get(HOUSE, asked).content.decode()
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    second = staff_client.get(HOUSE, {**asked, "page": "2"}).content.decode()
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_a_performance_shows_places_sales_and_the_ledger(
    staff_client: Client, stall: Stall
) -> None:
    shown = text_of(staff_client.get(page("the-performance", stall.performance_id)))
    assert "Capacity 170 Sold 5 Reserved 3 House 4 Available 158 Taken 7%" in shown
    assert "Sales 100.00 USD" in shown
    assert "5 reserved → sold a sale · Stalls" in " ".join(shown.split())
    assert REASON in shown
    assert "Hold best seats" in shown


@pytest.mark.parametrize("whole", [False, True])
def test_nothing_is_read_while_nothing_moves(
    db_committed: None, make_house: Any, whole: bool
) -> None:
    """Of one performance, and of the whole house; what moves elsewhere is nothing to the one."""
    staff_client = Client()
    staff_client.force_login(
        User.objects.create(username=str(uuid4()), is_superuser=True, is_staff=True)
    )
    stall, other = make_house(), make_house()
    address = HOUSE if whole else page("the-performance", stall.performance_id)

    def ticker(shown: Any) -> str:
        found = re.search(r'id="ticker" hx-get="([^"]+)"', shown.content.decode())
        assert found
        return unescape(found[1])

    def told(asked: str) -> int:
        return staff_client.get(asked, headers=PART).status_code

    asked = ticker(staff_client.get(address, {"q": "Concert"} if whole else {}))
    with CaptureQueriesContext(connection) as made:
        assert told(asked) == 204
    assert len(made) <= 5
    assert told(asked.replace("since=", "since=x")) == 200
    refund(performance_id=other.performance_id, reservation_id=other.sale_id)
    assert told(asked) == (200 if whole else 204)
    refund(performance_id=stall.performance_id, reservation_id=stall.sale_id)
    moved = staff_client.get(asked, headers=PART)
    assert "0 sold" in moved.content.decode()
    after = ticker(moved)
    assert after != asked
    assert ("q=Concert" in after) is whole
    assert told(after) == 204
    postpone_performance(performance_id=stall.performance_id, actor="a", reason="fog")
    assert told(after) == 200


def test_a_hold_that_ends_moves_the_figures(staff_client: Client, stall: Stall) -> None:
    """Nobody writes anything when a deadline passes."""
    live = page("live", stall.performance_id)
    position = changes_since(cursor=None).position
    asked = {"since": position, "at": (timezone.now() - datetime.timedelta(minutes=1)).isoformat()}
    assert staff_client.get(live, asked).status_code == 204
    with as_the_engine():
        ended = timezone.now() - datetime.timedelta(seconds=3)
        Reservation.objects.filter(pk=stall.hold_id).update(expires_at=ended)
    assert "3 places of holds past their deadline" in text_of(staff_client.get(live, asked))


def test_a_large_step_is_counted_whole(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_READ", 3)
    seats = Seat.objects.filter(performance=stall.performance_id)
    chosen = [SeatRequest(seat.pk) for seat in seats]
    reserve(performance_id=stall.performance_id, requests=chosen)
    assert [one.places for one in feed.feed_of(stall.performance_id)] == [10]


def test_holds_about_to_end_and_those_that_have(staff_client: Client, stall: Stall) -> None:
    hold = Reservation.objects.get(pk=stall.hold_id)
    shown = text_of(staff_client.get(page("the-performance", stall.performance_id)))
    assert f"{hold.reference} 3 places" in shown
    late = timezone.now() - datetime.timedelta(minutes=1)
    with as_the_engine():
        Reservation.objects.filter(pk=hold.pk).update(expires_at=late)
    shown = text_of(staff_client.get(page("the-performance", stall.performance_id)))
    assert f"{hold.reference} 3 places" not in shown
    assert "3 places of holds past their deadline are free to buyers already." in shown
    assert figures.places_of([stall.performance_id])[stall.performance_id] == Shown(
        total=170, available=161, reserved=4, sold=5, house=4
    )


def test_the_curve_rises_and_falls_with_the_ledger(stall: Stall) -> None:
    drawn = curve.curve_of(stall.performance_id)
    assert drawn
    assert (drawn.steps[-1].sold, drawn.most) == (5, 6)
    refund(performance_id=stall.performance_id, reservation_id=stall.sale_id)
    again = curve.curve_of(stall.performance_id)
    assert again is None or again.steps[-1].sold == 0


def test_a_stair_is_drawn_and_told() -> None:
    at = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    steps = [curve.Step(at + datetime.timedelta(n), 1, n + 1) for n in range(30)]
    drawn = curve.Curve(tuple(steps), curve.rounded(30))
    assert drawn.most == 40
    assert drawn.line.startswith("M0.0 195.0L24.8 195.0L24.8 190.0")
    assert drawn.line.endswith("L720.0 50.0")
    assert sum(row.change for row in drawn.table) == 30
    assert len(drawn.table) <= 12
    assert [curve.rounded(n) for n in (1, 3, 10, 11, 60, 61)] == [2, 4, 10, 20, 60, 80]


def test_the_proof_counts_four_ways_and_names_what_is_wrong(
    staff_client: Client, stall: Stall
) -> None:
    shown = text_of(staff_client.get(page("proof", stall.performance_id)))
    assert "Everything adds up" in shown
    assert "170 places" in shown
    assert "sold 5 5 5 0" in shown
    with as_the_engine():
        Seat.objects.filter(performance=stall.performance_id, seat_number="1").update(status="sold")
    made = proof.proof_of(stall.performance_id)
    assert not made.holds
    assert {one.rule for one in made.rules if one.findings} == {"I5", "I6"}
    assert "Something does not add up" in text_of(
        staff_client.get(page("proof", stall.performance_id))
    )


def test_a_reference_leads_to_its_story(staff_client: Client, stall: Stall) -> None:
    asked = {"q": stall.sale_reference.lower()}
    shown = text_of(staff_client.get(reverse("web:console:search"), asked, follow=True))
    assert stall.sale_reference in shown
    assert "5 places were sold out of the hold" in shown
    assert CUSTOMER in shown
    assert {"Exchange", "Refund"} <= set(re.findall(r"Exchange|Refund|Give places back", shown))
    assert "Give places back" not in shown


@pytest.mark.parametrize("label", ["A-3", "a 3", "A–۳", "A/3"])
def test_a_seat_is_found_as_people_write_it(stall: Stall, label: str) -> None:
    seat = Seat.objects.get(performance=stall.performance_id, seat_number="3")
    assert search.search(label, stall.performance_id).only == seat
    assert not search.search(label)
    with as_the_engine():
        Seat.objects.filter(pk=seat.pk).update(seat_number="۳")
    assert search.search(label, stall.performance_id).only == seat


def test_a_reference_is_read_in_either_digits(stall: Stall) -> None:
    typed = stall.sale_reference.lower().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert str(getattr(search.search(typed).only, "pk", "")) == str(stall.sale_id)


def test_a_seat_tells_whose_it_is(staff_client: Client, stall: Stall) -> None:
    seat = Seat.objects.get(performance=stall.performance_id, seat_number="3")
    hold = reserve(performance_id=stall.performance_id, requests=[SeatRequest(seat.pk)])
    found = reverse("web:console:search")
    asked = {"in": str(stall.performance_id), "q": "A-3"}
    shown = text_of(staff_client.get(found, asked, follow=True))
    assert hold.reference in shown
    assert "1 place was held" in shown
    assert "Nothing is found." in text_of(staff_client.get(found, {**asked, "q": "Z-99"}))
