"""What happens while a buyer looks: others buy, another tab is open, a place is offered."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from fullhouse.events.models import EventPerformance, Reservation
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.waiting_offers import offer_waiting
from tests.browser.checks import check_page
from tests.browser.houses import Theatre, theatre
from tests.browser.test_box_office import HELD, TICKET

Open = Callable[..., Page]
BEST = "section:has(#best) .whole"
PLACES = "form:has(.pick)"


def take_all_standing(house: Theatre) -> None:
    evening = EventPerformance.objects.get(pk=house.performance_id)
    parts = evening.sections.get(name="Standing").allocations.all()
    wanted = [Places(part.available_capacity, allocation_id=part.pk) for part in parts]
    reserve(performance_id=house.performance_id, requests=wanted)


def test_a_number_is_typed_or_stepped(page: Page) -> None:
    house = theatre()
    page.goto(house.path)
    quantity = page.locator("#best-quantity")
    two, three, four = "۲۳۴" if page.evaluate("document.dir") == "rtl" else "234"
    expect(quantity).to_have_value(two)
    fewer, more = (page.locator(f"{BEST.split()[0]} [data-step='{n}']").first for n in (-1, 1))
    more.click()
    expect(quantity).to_have_value(three)
    quantity.fill("٤")  # an Arabic four
    quantity.press("Tab")
    expect(quantity).to_have_value(four)
    quantity.press("ArrowDown")
    expect(quantity).to_have_value(three)
    quantity.fill("x")
    page.locator(BEST).click()
    assert page.evaluate("document.querySelector('#best-quantity').validity.customError")
    quantity.fill("1")
    expect(fewer).to_be_disabled()
    page.locator(BEST).click()
    page.wait_for_selector(HELD)
    held = Reservation.objects.get(performance=house.performance_id)
    assert [line.quantity for line in held.lines.all()] == [1]


def test_what_went_meanwhile_is_told_with_what_is_left(page_en: Page) -> None:
    page, house = page_en, theatre()
    page.goto(house.path)
    standing = page.locator(f"{PLACES} input[name^=n-]").first
    standing.fill("3")
    take_all_standing(house)
    page.locator(f"{PLACES} .whole").click()
    refused = page.locator(".refused")
    expect(refused).to_contain_text("3 wanted, 0 left")
    expect(refused).to_contain_text("Stalls")
    expect(refused).not_to_contain_text("Standing")
    # The refusal's address is that of the form; in another language it is the performance.
    page.locator("a.language").click()
    expect(page).to_have_url(f"{page.evaluate('location.origin')}{house.path}")

    page.locator("#best-quantity").fill("90")
    page.locator("#best-section").select_option(index=1)
    page.locator(BEST).click()
    expect(refused).to_be_visible()
    expect(page.locator("#best-quantity")).to_have_value("۹۰")
    assert page.locator("#best-section").evaluate("each => each.selectedIndex") == 1
    expect(page.locator("#best-split")).to_be_visible()
    check_page(page, expected=["409"])


def test_two_tabs_and_the_way_back(page_en: Page) -> None:
    page, house = page_en, theatre()
    page.goto(house.path)
    page.locator(BEST).click()
    page.wait_for_selector(HELD)
    other = page.context.new_page()
    other.goto(house.path)
    other.locator(".held-here a").click()
    other.locator("form[action$='/pay/'] button").click()
    other.wait_for_selector(TICKET)
    # This tab knows nothing of it yet: nothing is bought twice.
    page.locator("form[action$='/pay/'] button").click()
    page.wait_for_selector(TICKET)
    page.go_back()
    expect(page.locator(TICKET)).to_have_count(2)
    page.reload()
    expect(page.locator(TICKET)).to_have_count(2)
    other.goto(house.path)
    expect(other.locator(".held-here")).to_have_count(0)
    assert Reservation.objects.filter(performance=house.performance_id).count() == 1


def test_a_hold_is_given_more_time_and_given_back(page_fa: Page) -> None:
    page, house = page_fa, theatre()
    page.goto(house.path)
    page.locator(BEST).click()
    page.wait_for_selector(HELD)
    page.locator("form[action$='/extend/'] button").click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.locator("form[action$='/release/'] button.link").first.click()
    expect(page.locator(".lines li")).to_have_count(2)  # the place that is left, and the sum
    check_page(page)
    page.locator("form[action$='/release/'] button.danger").click()
    page.wait_for_url(f"**{house.path}")
    assert Reservation.objects.get(performance=house.performance_id).status == "released"


def test_who_waits_sees_the_offer_come(page_en: Page) -> None:
    page, house = page_en, theatre()
    page.goto(house.path)
    page.locator(".quiet-more summary").click()
    page.locator("#wait-contact").fill("mina@example.org")
    page.locator("#waiting-list button:not([data-step])").click()
    page.wait_for_selector("form[action$='/leave/']")
    offer_waiting(performance_id=house.performance_id)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(HELD)
    check_page(page)
    page.locator("form[action$='/take/'] button").click()
    page.wait_for_selector("form[action$='/pay/']")


def test_an_old_form_is_no_dead_end(page_fa: Page) -> None:
    page, house = page_fa, theatre()
    page.goto(house.path)
    page.context.clear_cookies(name="csrftoken")
    page.locator(BEST).click()
    expect(page.locator("h1")).to_have_text("چیزی فرستاده نشد")
    check_page(page, expected=["403"])


def test_a_seat_that_went_is_named(page_en: Page) -> None:
    """Without scripts too: the form of the list is refused with the seat's name."""
    house = theatre()
    wanted = house.seat("B", "6")
    page_en.goto(f"{house.path}sections/{next(iter(house.sections.values()))}/")
    page_en.locator(f"input[value='{wanted}']").check()
    reserve(performance_id=house.performance_id, requests=[SeatRequest(wanted)])
    page_en.get_by_role("button", name="Hold the chosen seats").click()
    expect(page_en.locator(".refused")).to_contain_text("B-6")
    check_page(page_en, expected=["409"])
