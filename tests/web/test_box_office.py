"""The box office's own promises: held once, paid once, opened by nobody else."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import EventPerformance, Reservation, Seat, WaitingEntry
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.waiting_offers import offer_waiting
from fullhouse.web.box_office import attempts
from fullhouse.web.box_office.calendar import month_of
from fullhouse.web.box_office.codes import Ticket, read_ticket_code, ticket_code
from fullhouse.web.box_office.payment import NotPaid, Order, Paid
from fullhouse.web.sorting import sorted_by_name
from tests.web.conftest import Stall
from tests.web.test_performances import body, with_marker

FIND = reverse("web:find")


@pytest.fixture(autouse=True)
def _fresh_windows() -> None:
    attempts.forget()


def hold_url(stall: Stall) -> str:
    return reverse("web:hold", args=[stall.performance_id])


def student(stall: Stall) -> str:
    """The field of the balcony's student tickets."""
    kind = EventPerformance.objects.get(pk=stall.performance_id).event.ticket_types.get(
        name="Student"
    )
    return f"n-{stall.balcony_id.hex}-{kind.pk.hex}"


def held(client: Client, stall: Stall, **form: Any) -> str:
    """Hold two student places and return the reservation's address."""
    asked = {"how": "places", "key": uuid4().hex, student(stall): "2", **form}
    response = client.post(hold_url(stall), asked)
    assert response.status_code == 302, body(response)
    return str(response["Location"])


def id_in(address: str) -> UUID:
    return UUID(address.rstrip("/").rpartition("/")[2])


def codes_on(client: Client, address: str) -> tuple[str, str]:
    found = re.findall(r'class="code">([^<]+)<', client.get(address).content.decode())
    return found[-2], found[-1]


def test_a_form_sent_twice_holds_once(client: Client, stall: Stall) -> None:
    key = uuid4().hex
    first = held(client, stall, key=key)
    assert held(client, stall, key=key) == first
    # Back, other tickets, the same page: that is another order.
    assert held(client, stall, key=key, **{student(stall): "۳"}) != first
    lines = Reservation.objects.get(pk=id_in(first)).lines.all()
    assert [line.quantity for line in lines] == [2]


def test_strangers_learn_nothing(client: Client, stall: Stall) -> None:
    address = held(client, stall)
    stranger = Client()
    nowhere = reverse("web:reservation", args=[stall.performance_id, uuid7()])
    pages = [stranger.get(url) for url in (address, nowhere)]
    assert [page.status_code for page in pages] == [404, 404]
    assert stranger.post(f"{address}pay/").status_code == 404
    assert client.get(address).status_code == 200


def test_a_reservation_is_found_by_reference_and_code(client: Client, stall: Stall) -> None:
    address = held(client, stall)
    reference, code = codes_on(client, address)
    friend = Client()
    wrong = friend.post(FIND, {"reference": reference, "code": "00000-00000"})
    unknown = friend.post(FIND, {"reference": "AAAAA-AAAAA", "code": code})
    assert [wrong.status_code, unknown.status_code] == [404, 404]
    said = [re.search(r'role="alert">([^<]+)<', body(page)) for page in (wrong, unknown)]
    assert said[0]
    assert said[1]
    assert said[0].group() == said[1].group()
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    typed = {"reference": reference.lower(), "code": code.lower()}
    found = friend.post(FIND, {key: text.translate(persian) for key, text in typed.items()})
    assert found["Location"] == address
    assert friend.get(address).status_code == 200


def test_guessing_ends_soon(client: Client, stall: Stall) -> None:
    reference, code = codes_on(client, held(client, stall))
    stranger = Client()
    for _ in range(10):
        stranger.post(FIND, {"reference": reference, "code": "00000-00000"})
    late = stranger.post(FIND, {"reference": reference, "code": code})
    assert late.status_code == 429


def test_confirmed_and_printed(client: Client, stall: Stall) -> None:
    address = held(client, stall)
    assert client.post(f"{address}pay/")["Location"] == address
    html = client.get(address).content.decode()
    assert html.count('class="ticket"') == 2
    assert html.count("<svg") >= 2
    assert "style=" not in html
    sale = Reservation.objects.get(pk=id_in(address))
    assert (sale.status, sale.channel) == ("sold", "web")
    # Once more changes nothing.
    assert client.post(f"{address}pay/")["Location"] == address


class Gateway:
    """A bank that sends the buyer elsewhere and back."""

    answer: ClassVar[Paid | NotPaid] = Paid("bank 17")
    given_back: ClassVar[list[Order]] = []

    def begin(self, request: HttpRequest, order: Order) -> str:
        assert order.amount == Decimal("1000.00")
        return f"https://bank.example/pay?back={order.return_url}"

    def finish(self, request: HttpRequest, order: Order) -> Paid:
        if isinstance(self.answer, NotPaid):
            raise self.answer
        return self.answer

    def give_back(self, order: Order, paid: Paid) -> None:
        self.given_back.append(order)


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    settings.FULLHOUSE_PAYMENT = f"{__name__}.Gateway"
    yield Gateway
    Gateway.answer = Paid("bank 17")
    Gateway.given_back.clear()


def test_paid_at_a_gateway(client: Client, stall: Stall, gateway: type[Gateway]) -> None:
    address = held(client, stall)
    assert client.post(f"{address}pay/")["Location"].startswith("https://bank.example/pay")
    gateway.answer = NotPaid("The card was refused.")
    assert "The card was refused." in body(client.get(f"{address}paid/", follow=True))
    assert Reservation.objects.get(pk=id_in(address)).status == "reserved"
    gateway.answer = Paid("bank 17")
    client.get(f"{address}paid/")
    assert Reservation.objects.get(pk=id_in(address)).status == "sold"


def test_money_for_places_that_are_gone_is_given_back(
    client: Client, stall: Stall, gateway: type[Gateway]
) -> None:
    address = held(client, stall)
    past = timezone.now() - datetime.timedelta(minutes=1)
    with_marker(lambda: Reservation.objects.filter(pk=id_in(address)).update(expires_at=past))
    rest = reserve(
        performance_id=stall.performance_id, requests=[Places(50, allocation_id=stall.student_id)]
    )
    client.get(f"{address}paid/")
    assert [order.reservation_id for order in gateway.given_back] == [id_in(address)]
    assert Reservation.objects.get(pk=rest.reservation_id).status == "reserved"


def test_more_time_and_giving_back(client: Client, stall: Stall, settings: Any) -> None:
    address = held(client, stall)
    before = Reservation.objects.get(pk=id_in(address)).expires_at
    settings.FULLHOUSE_HOLD_SECONDS = 1200
    client.post(f"{address}extend/")
    after = Reservation.objects.get(pk=id_in(address)).expires_at
    assert before
    assert after
    assert after > before
    response = client.post(f"{address}release/")
    assert response["Location"] == reverse("web:performance", args=[stall.performance_id])
    assert Reservation.objects.get(pk=id_in(address)).status == "released"
    assert client.get(address).status_code == 404


def test_a_refusal_says_what_else_is_free(client: Client, stall: Stall) -> None:
    asked = {"how": "places", student(stall): "51"}
    response = client.post(hold_url(stall), asked)
    assert response.status_code == 409
    html = body(response)
    assert "51 wanted, 50 left" in html
    assert "<bdi>Stalls</bdi> (108)" in html
    assert not Reservation.objects.filter(channel="web").exists()


def test_a_script_is_told_which_seats(client: Client, stall: Stall) -> None:
    seat = Seat.objects.filter(performance=stall.performance_id).first()
    assert seat
    reserve(performance_id=stall.performance_id, requests=[SeatRequest(seat.pk)])
    asked = {"how": "seats", "seat": str(seat.pk)}
    response = client.post(hold_url(stall), asked, headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert (response.json()["code"], response.json()["seats"]) == ("seat_taken", [str(seat.pk)])


def test_waiting_from_joining_to_the_hold(client: Client, stall: Stall) -> None:
    everything = reserve(
        performance_id=stall.performance_id, requests=[Places(50, allocation_id=stall.student_id)]
    )
    confirm(performance_id=stall.performance_id, reservation_id=everything.reservation_id)
    join = reverse("web:join_waiting", args=[stall.performance_id])
    asked = {"quantity": "2", "contact": "mina@example.org", "key": uuid4().hex}
    place = client.post(join, asked)["Location"]
    assert "Nobody is before you." in body(client.get(place))
    assert Client().get(place).status_code == 404
    offer_waiting(performance_id=stall.performance_id)
    assert "Take the offer" in body(client.get(place))
    assert "Places are offered to you" in body(client.get(reverse("web:mine")))
    address = client.post(f"{place}take/")["Location"]
    assert "Your places are held" in body(client.get(address))
    assert WaitingEntry.objects.get(pk=id_in(place)).status == "taken"


def test_an_offer_past_its_time_is_none(client: Client, stall: Stall) -> None:
    join = reverse("web:join_waiting", args=[stall.performance_id])
    place = client.post(join, {"quantity": "1", "contact": "mina@example.org"})["Location"]
    offer_waiting(performance_id=stall.performance_id)
    offers = Reservation.objects.filter(pk=WaitingEntry.objects.get(pk=id_in(place)).offer_id)
    past = timezone.now() - datetime.timedelta(minutes=1)
    with_marker(lambda: offers.update(expires_at=past))
    html = body(client.get(place))
    assert "Take the offer" not in html
    assert "The time of the offer is over." in html


def test_leaving_the_waiting_list_forgets_who_waited(client: Client, stall: Stall) -> None:
    join = reverse("web:join_waiting", args=[stall.performance_id])
    place = client.post(join, {"quantity": "1", "contact": "mina@example.org"})["Location"]
    client.post(f"{place}leave/")
    entry = WaitingEntry.objects.get(pk=id_in(place))
    assert (entry.status, entry.customer, entry.contact) == ("withdrawn", "", "")


def test_a_ticket_code_tells_what_was_signed() -> None:
    ticket = Ticket(uuid7(), uuid7(), 3)
    code = ticket_code(ticket)
    assert read_ticket_code(code) == ticket
    assert read_ticket_code(code.replace(".3.", ".4.")) is None
    assert read_ticket_code("FH1.nonsense") is None


def test_names_in_the_readers_order() -> None:
    names = ["همکف", "پارتر", "بالکن ۱۰", "بالکن 2", "Stalls", "Circle", "آسمان"]
    with translation.override("fa"):
        assert sorted_by_name(names, str) == [
            *("آسمان", "بالکن 2", "بالکن ۱۰", "پارتر", "همکف"),
            *("Circle", "Stalls"),
        ]
    with translation.override("en"):
        assert sorted_by_name(names, str)[:2] == ["Circle", "Stalls"]


def test_the_calendar_is_the_readers() -> None:
    day = datetime.date(2027, 3, 22)
    with translation.override("en"):
        month = month_of(day, {day: 2}, today=day, chosen=None)
        assert month.title == "March 2027"
        assert month.weeks[0][0].date == datetime.date(2027, 3, 1)
    with translation.override("fa"):
        month = month_of(day, {day: 2}, today=day, chosen=None)
        assert month.title == "فروردین ۱۴۰۶"
        inside = [cell for week in month.weeks for cell in week if cell.inside]
        assert (len(inside), inside[0].date) == (31, datetime.date(2027, 3, 21))
        assert (inside[1].label, inside[1].performances) == ("۲", 2)
        assert month.weeks[0][0].date.weekday() == 5
