"""From the home page to a ticket, in a browser: by hand, by key, without scripts, in a race."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core import signing
from playwright.sync_api import Page, expect

from fullhouse.events.domain.references import token_hash
from fullhouse.events.models import EventPerformance, Reservation, Seat
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.web.box_office import basket
from fullhouse.web.box_office.codes import reservation_code
from tests.browser.checks import check_page
from tests.browser.houses import Theatre, theatre

MAP = "[data-seatmap]"
HELD = "[data-countdown]"
TICKET = ".ticket"


def open_map(page: Page, house: Theatre) -> None:
    page.goto(house.path)
    page.wait_for_selector("[data-painted]")


def tap(page: Page, seat: UUID) -> None:
    """Click where the map draws this seat, seen near enough."""
    point = page.evaluate(
        """([map, id]) => {
          const { view, plan } = document.querySelector(map).seatMap;
          const seat = plan.ordinals.get(id);
          view.set(24, plan.x[seat], plan.y[seat]);
          return view.toScreen(plan.x[seat], plan.y[seat]);
        }""",
        [MAP, str(seat)],
    )
    page.locator(".map-view canvas").click(position=point)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"Tab never came to {selector}")


def give(page: Page, performance_id: UUID, reservation_id: UUID, token: str) -> None:
    """Put a reservation into the browser's basket, as the box office does."""
    code = reservation_code(token_hash(token))
    rows = [["r", performance_id.hex, reservation_id.hex, code]]
    value = signing.dumps(rows, salt="fullhouse.web.box_office.basket", compress=True)
    site = page.evaluate("location.origin")
    page.context.add_cookies([{"name": basket.COOKIE, "value": value, "url": site}])


def sold(seat: UUID) -> bool:
    return bool(Seat.objects.get(pk=seat).status == Seat.Status.SOLD)


def test_from_the_home_page_to_a_ticket(page: Page) -> None:
    house = theatre(title="From home to ticket")
    page.goto("/?q=From+home+to+ticket")
    check_page(page)
    page.locator(f"a[href='{house.path}']").click()
    page.wait_for_selector("[data-painted]")
    first, second = house.seat("C", "5"), house.seat("C", "6")
    tap(page, first)
    tap(page, second)
    expect(page.locator(".chosen li")).to_have_count(2)
    check_page(page)
    page.locator("[data-hold]").click()
    page.wait_for_selector(HELD)
    check_page(page)
    page.locator("form[action$='/pay/'] button").click()
    page.wait_for_selector(TICKET)
    check_page(page)
    assert page.locator(TICKET).count() == 2
    assert sold(first)
    assert sold(second)


def test_two_browsers_want_one_seat(open_page: Callable[..., Page]) -> None:
    house = theatre()
    wanted = house.seat("B", "6")
    winner, loser = open_page("en"), open_page("en")
    for page in (winner, loser):
        open_map(page, house)
        tap(page, wanted)
    winner.locator("[data-hold]").click()
    winner.wait_for_selector(HELD)
    offer = loser.locator(".map-offer")
    expect(offer).to_contain_text("Somebody was quicker: row B, seat 6 is no longer free.")
    expect(loser.locator("[data-say]")).to_contain_text("Somebody was quicker")
    expect(loser.locator(".chosen li")).to_have_count(0)
    offer.get_by_role("button", name="Take row").click()
    expect(loser.locator(".chosen li")).to_have_count(1)
    loser.locator("[data-hold]").click()
    loser.wait_for_selector(HELD)
    check_page(loser)
    assert Seat.objects.filter(performance=house.performance_id, status="reserved").count() == 2


def test_the_loser_who_heard_nothing_is_told_at_the_counter(
    open_page: Callable[..., Page],
) -> None:
    house = theatre()
    wanted = house.seat("B", "6")
    page = open_page("fa")
    for silenced in ("**/stream", "**/seats?since=*"):
        page.route(silenced, lambda route: route.fulfill(status=204))
    open_map(page, house)
    tap(page, wanted)
    house.sell(wanted)
    page.locator("[data-hold]").click()
    expect(page.locator(".map-offer")).to_contain_text("صندلی ۶ دیگر آزاد نیست")
    page.locator(".map-offer button").first.click()
    page.locator("[data-hold]").click()
    page.wait_for_selector(HELD)
    check_page(page, expected=["409"])


def test_by_keyboard_alone(page: Page) -> None:
    house = theatre()
    open_map(page, house)
    tab_to(page, "#tab-map")
    page.keyboard.press("ArrowRight")
    tab_to(page, "[role=gridcell]")
    forward = "ArrowLeft" if page.evaluate("document.dir") == "rtl" else "ArrowRight"
    for key in ("ArrowDown", forward, "Enter"):
        page.keyboard.press(key)
    check_page(page)
    tab_to(page, "[data-hold]")
    page.keyboard.press("Enter")
    page.wait_for_selector(HELD)
    tab_to(page, "form[action$='/pay/'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector(TICKET)
    assert sold(house.seat("B", "2"))


def test_without_scripts(open_page: Callable[..., Page]) -> None:
    house = theatre()
    page = open_page("en", javascript=False)

    def buy() -> None:
        page.locator("form[action$='/pay/'] button").click()
        expect(page.locator(TICKET).first).to_be_visible()

    page.goto(house.path)
    page.get_by_label("Student").fill("2")
    page.get_by_role("button", name="Hold these places").click()
    buy()
    page.goto(house.path)
    page.get_by_label("How many people").fill("3")
    page.get_by_role("button", name="Hold the best seats").click()
    buy()
    page.goto(house.path)
    page.get_by_role("link", name="Choose from the list Stalls").click()
    page.locator(f"input[value='{house.seat('D', '1')}']").check()
    page.get_by_role("button", name="Hold the chosen seats").click()
    buy()
    numbers = Reservation.objects.filter(performance=house.performance_id, status="sold")
    assert numbers.count() == 3


def test_the_end_of_the_time_is_told_and_what_to_do(page: Page) -> None:
    house = theatre()
    page.goto("/find/")
    held = reserve(
        performance_id=house.performance_id,
        requests=[SeatRequest(house.seat("A", "1"))],
        ttl_seconds=2,
    )
    give(page, house.performance_id, held.reservation_id, held.token)
    page.goto(f"/reservations/{house.performance_id}/{held.reservation_id}/")
    again = page.locator(f".card a[href='{house.path}']")
    expect(again.first).to_be_visible()
    check_page(page)


def test_a_phone_in_the_dark(open_page: Callable[..., Page]) -> None:
    house = theatre("fa")
    page = open_page("fa", size="phone", dark=True)
    open_map(page, house)
    check_page(page)
    tap(page, house.seat("A", "4"))
    expect(page.locator(".chosen li")).to_have_count(1)
    expect(page.locator("[data-hold]")).to_be_in_viewport()


def test_what_else_there_is(page: Page) -> None:
    """Sold out, the waiting list, refused, a list of seats, a ticket found again: each holds."""
    house = theatre(rows=2, seats=3, standing=2, title="Nothing left")
    page.goto(house.path)
    page.evaluate("document.querySelector('form:has([name^=n-])').noValidate = true")
    page.locator("[name^=n-]").first.fill("۹")
    page.locator("form:has([name^=n-]) .whole").click()
    page.wait_for_selector(".refused")
    check_page(page, expected=["409"])
    page.locator(".prices a").first.click()
    page.wait_for_selector("label.seat")
    check_page(page)
    everything(house)
    page.goto(house.path)
    check_page(page)
    page.locator("#wait-contact").fill("mina@example.org")
    page.locator("#waiting-list button:not([data-step])").click()
    page.wait_for_selector("form[action$='/leave/']")
    check_page(page)
    page.goto("/mine/")
    check_page(page)
    page.goto("/find/")
    page.locator("#id_reference").fill("AAAAA-AAAAA")
    page.locator("#id_code").fill("AAAAA-AAAAA")
    page.locator("main form button").click()
    expect(page.locator(".error")).to_be_visible()
    check_page(page, expected=["404"])


def everything(house: Theatre) -> None:
    seats = Seat.objects.filter(performance=house.performance_id).values_list("pk", flat=True)
    wanted: list[Any] = [SeatRequest(seat, accessible=True) for seat in seats]
    evening = EventPerformance.objects.get(pk=house.performance_id)
    for section in evening.sections.filter(name="Standing"):
        for part in section.allocations.all():
            wanted.append(Places(part.available_capacity, allocation_id=part.pk))
    held = reserve(performance_id=house.performance_id, requests=wanted)
    confirm(performance_id=house.performance_id, reservation_id=held.reservation_id)


def test_the_language_changes_and_the_place_stays(page_en: Page) -> None:
    house = theatre()
    page_en.goto(f"/?on=2027-03-20&q={json.dumps('Cherry')[1:-1]}")
    page_en.locator("a.language").click()
    expect(page_en.locator("html")).to_have_attribute("dir", "rtl")
    assert "on=2027-03-20" in page_en.url
    expect(page_en.locator("#month")).to_have_text("اسفند ۱۴۰۵")
    expect(page_en.locator(f"a[href='{house.path}']")).to_be_visible()
