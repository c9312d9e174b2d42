"""The public pages: the list, one performance, the seats of a section."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from fullhouse.events.models import Event, EventPerformance, Reservation, Seat, Venue
from fullhouse.events.services.reserve import Places, reserve
from tests.web.conftest import CUSTOMER, REASON, Stall

LIST = reverse("web:performances")


def page(stall: Stall) -> str:
    return reverse("web:performance", args=[stall.performance_id])


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def priced(html: str, name: str) -> list[str]:
    """What is free and how many places there are, of the section with this name."""
    row = re.search(rf'<th scope="row"><bdi>{name}</bdi>.*?</tr>', html, re.DOTALL)
    assert row
    found = re.search(r'<td class="n">([\d,]+) <small>/ ([\d,]+)</small>', row.group())
    assert found
    return [found[1], found[2]]


def test_the_list_shows_what_is_free(client: Client, stall: Stall) -> None:
    html = body(client.get(LIST, {"q": "Concert"}))
    assert "<strong>158</strong> of 170 free" in html
    assert 'aria-label="158 available, 7 reserved, 5 sold"' in html


def test_filters_narrow_the_list(client: Client, stall: Stall) -> None:
    when = EventPerformance.objects.get(pk=stall.performance_id).date

    def shown(**query: object) -> bool:
        return str(stall.performance_id) in client.get(LIST, query).content.decode()

    assert shown(q="concert grand", on=when.isoformat(), free="on")
    assert not shown(q="opera")
    assert not shown(on=(when + datetime.timedelta(1)).isoformat())
    EventPerformance.objects.filter(pk=stall.performance_id).update(status="closed")
    assert shown(q="concert")
    assert not shown(free="on")


def test_a_date_that_is_none_is_an_error_and_no_filter(client: Client, stall: Stall) -> None:
    response = client.get(LIST, {"on": "2027-02-31"})
    assert response.status_code == 200
    assert "Enter a valid date." in body(response)
    assert str(stall.performance_id) in body(response)


def test_nothing_found_and_nothing_there_say_so(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No performance matches." in body(client.get(LIST, {"q": "no such event"}))
    empty = EventPerformance.objects.none()
    monkeypatch.setattr("fullhouse.events.services.listings.performances", lambda **_: empty)
    assert "There are no performances yet." in body(client.get(LIST))


def test_pages_keep_the_filters(client: Client, db: None) -> None:
    venue = Venue.objects.create(name="Small Room", total_capacity=10)
    event = Event.objects.create(venue=venue, title="Quartet of pages", slug="quartet-of-pages")
    first = datetime.date(2027, 1, 1)
    EventPerformance.objects.bulk_create(
        EventPerformance(
            event=event, date=first + datetime.timedelta(n), start_time=datetime.time(20)
        )
        for n in range(26)
    )
    html = body(client.get(LIST, {"q": "quartet of pages"}))
    assert "26 performances" in html
    assert 'href="?q=quartet+of+pages&amp;page=2"' in html
    html = body(client.get(LIST, {"q": "quartet of pages", "page": 2}))
    assert html.count('class="where"') == 2
    # A page beyond the last is the last, not an error.
    assert body(client.get(LIST, {"q": "quartet of pages", "page": 99})).count("Page 2 of 2") == 1


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    client: Client, make_house: Any, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_house()
    # whether any is to come, how many, the page, its prices, the calendar
    with django_assert_num_queries(5):
        client.get(LIST)
    for _ in range(3):
        make_house()
    with django_assert_num_queries(5):
        client.get(LIST)


def test_drafts_are_for_staff(client: Client, staff_client: Client, stall: Stall) -> None:
    EventPerformance.objects.filter(pk=stall.performance_id).update(status="draft")
    anonymous = Client()
    assert str(stall.performance_id) not in body(anonymous.get(LIST))
    assert anonymous.get(page(stall)).status_code == 404
    assert staff_client.get(page(stall)).status_code == 200


def test_sections_types_and_prices_are_told(client: Client, stall: Stall) -> None:
    html = body(client.get(page(stall)))
    assert priced(html, "Stalls") == ["108", "120"]
    assert priced(html, "Balcony") == ["50", "50"]
    # An adult's place costs the section's price, a student's from the pool the same, and half of
    # the balcony's where it is the type's own.
    assert "20.00 <small>USD" in html
    assert "500.00 <small>USD" in html


def test_a_hold_past_its_deadline_is_free(client: Client, stall: Stall) -> None:
    hold = reserve(
        performance_id=stall.performance_id,
        requests=[Places(quantity=10, allocation_id=stall.student_id)],
    )
    past = timezone.now() - datetime.timedelta(hours=1)
    with_marker(lambda: Reservation.objects.filter(pk=hold.reservation_id).update(expires_at=past))
    assert priced(body(client.get(page(stall))), "Balcony") == ["50", "50"]
    assert "<strong>158</strong> of 170 free" in body(client.get(LIST))


def test_the_page_takes_a_fixed_number_of_queries(
    client: Client, stall: Stall, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # performance, sections with seats, availability, ticket types, other performances
    with django_assert_num_queries(5):
        client.get(page(stall))


def test_anonymous_visitors_see_nobody(client: Client, stall: Stall) -> None:
    seats = reverse("web:section", args=[stall.performance_id, stall.stalls_id])
    for address in (LIST, page(stall), seats):
        html = body(client.get(address))
        for private in (
            CUSTOMER,
            REASON,
            stall.sale_reference,
            "till-7",
            "kept by the house",
            "of which house",
        ):
            assert private not in html


def test_what_is_over_is_shown_where_nothing_is_to_come(client: Client, stall: Stall) -> None:
    EventPerformance.objects.filter(pk=stall.performance_id).update(date="2020-02-02")
    assert str(stall.performance_id) in body(client.get(LIST, {"q": "concert"}))


def test_names_are_text(client: Client, stall: Stall) -> None:
    Event.objects.filter(pk=stall.event_id).update(title="<script>alert(1)</script>")
    html = body(client.get(page(stall)))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_seats_are_a_table_that_reads_without_colours(client: Client, stall: Stall) -> None:
    address = reverse("web:section", args=[stall.performance_id, stall.stalls_id])
    html = body(client.get(address))
    assert html.count('<label class="seat available">') == 10
    assert '<th scope="row"><bdi>A</bdi></th>' in html
    assert '<bdi>1</bdi><span class="unseen"> <bdi class="money">20.00' in html
    balcony = reverse("web:section", args=[stall.performance_id, stall.balcony_id])
    assert "no numbered seats" in body(client.get(balcony))


def test_long_sections_come_in_pages_of_rows(client: Client, stall: Stall) -> None:
    model = Seat.objects.filter(section=stall.stalls_id).first()
    assert model is not None
    more = [
        Seat(
            performance_id=stall.performance_id,
            section_id=stall.stalls_id,
            allocation_id=model.allocation_id,
            row_number=f"R{n}",
            seat_number="1",
            row_rank=100 + n,
        )
        for n in range(40)
    ]
    with_marker(lambda: Seat.objects.bulk_create(more))
    address = reverse("web:section", args=[stall.performance_id, stall.stalls_id])
    assert body(client.get(address)).count('<th scope="row">') == 30
    assert body(client.get(address, {"page": 2})).count('<th scope="row">') == 11


def test_what_is_not_there_is_404(client: Client, stall: Stall, make_house: Any) -> None:
    other = make_house()
    for address in (
        reverse("web:performance", args=[stall.event_id]),
        # A section of another performance is not a section of this one.
        reverse("web:section", args=[stall.performance_id, other.stalls_id]),
        "/no/such/page/",
    ):
        response = client.get(address)
        assert response.status_code == 404
        assert "This page does not exist" in body(response)


def test_an_unchanged_list_is_not_sent_again(client: Client, stall: Stall) -> None:
    tag = client.get(LIST)["ETag"]
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 304
    reserve(
        performance_id=stall.performance_id,
        requests=[Places(quantity=1, allocation_id=stall.adult_id)],
    )
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_read_only(client: Client, stall: Stall, method: str) -> None:
    assert getattr(client, method)(page(stall)).status_code == 405


def with_marker(write: Any) -> None:
    """Write rows as the engine would: for states that no service makes on demand."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        write()
        cursor.execute("SET LOCAL fullhouse.engine = 'off'")
