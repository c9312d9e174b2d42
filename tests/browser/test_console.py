"""The console in a browser: accessible in both languages, live, and looked at before it acts."""

import re
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.plans.generate import Stand, generate
from fullhouse.events.domain.plans.make import Block
from fullhouse.events.models import Event, Seat, SectionTicketType
from fullhouse.events.services.plans import keep_plan
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from tests.browser.checks import check_page
from tests.browser.conftest import Opener
from tests.browser.entering import enter
from tests.web.conftest import Stall, make_house

__all__ = ["make_house"]


class Console(NamedTuple):
    """A house of its own, with the addresses of its pages."""

    stall: Stall
    title: str
    session: str
    pages: dict[str, str]


@pytest.fixture
def console(site_url: str, make_house: Any) -> Console:
    stall = make_house()
    title = f"Concert {uuid7()}"
    Event.objects.filter(pk=stall.event_id).update(title=title)
    seat = Seat.objects.filter(performance=stall.performance_id).earliest("seat_rank")
    reserve(performance_id=stall.performance_id, requests=[SeatRequest(seat.pk)])
    plan = generate("Pit", (Stand(block=Block(name="Pit", rows=4, seats_per_row=9), curve=40),))
    kept = keep_plan(plan=plan, name=f"pit {uuid7()}")
    user = User.objects.create(username=f"anna-{uuid7()}"[:60], is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    evening = f"/console/performances/{stall.performance_id}/"
    pages = {
        "house": f"/console/?q={title.split()[1]}",
        "nothing": "/console/?q=no-such-event",
        "performance": evening,
        "proof": f"{evening}proof/",
        "reservation": f"/console/reservations/{stall.sale_id}/",
        "seat": f"/console/seats/{seat.pk}/",
        "find": f"/console/find/?in={stall.performance_id}&q=Z-9",
        "plans": "/console/plans/",
        "plan": f"/console/plans/{kept.plan_id}/",
        "plan by parameters": "/console/plans/new/?like=theatre",
        "plan by file": "/console/plans/import/",
        "new": "/console/new/",
        "house seats": f"/console/do/performance/{stall.performance_id}/house/",
        "cancel": f"/console/do/performance/{stall.performance_id}/cancel/",
        "exchange": f"/console/do/reservation/{stall.sale_id}/exchange/",
        "resize": f"/console/do/allocation/{stall.adult_id}/resize/",
    }
    return Console(stall, title, client.cookies[settings.SESSION_COOKIE_NAME].value, pages)


def test_every_page_holds(page: Page, console: Console, site_url: str) -> None:
    enter(page, console, site_url)
    for address in console.pages.values():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        check_page(page)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_it_holds_in_the_dark(
    open_page: Opener, console: Console, site_url: str, language: str
) -> None:
    page = enter(open_page(language, dark=True), console, site_url)
    for name in ("house", "performance", "proof", "plan by parameters"):
        page.goto(console.pages[name])
        check_page(page)


def test_figures_follow_the_house_by_themselves(
    page_en: Page, console: Console, site_url: str
) -> None:
    page = enter(page_en, console, site_url)
    page.goto(console.pages["house"])
    page.get_by_text(console.title).first.click()
    row = page.locator(".branches").get_by_text("Student")
    expect(row).to_be_visible()
    reserve(
        performance_id=console.stall.performance_id,
        requests=[Places(7, allocation_id=console.stall.student_id)],
    )
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    expect(page.locator(".evenings summary .numbers")).to_contain_text("11 reserved")
    expect(page.locator(".branches")).to_contain_text("7 reserved")
    expect(row).to_be_visible()
    check_page(page)


def test_the_reader_can_stop_the_figures(page_en: Page, console: Console, site_url: str) -> None:
    page = enter(page_en, console, site_url)
    page.goto(console.pages["performance"])
    switch = page.get_by_role("button", name="Live")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "false")


def test_an_action_is_looked_at_then_done(page: Page, console: Console, site_url: str) -> None:
    enter(page, console, site_url)
    page.goto(console.pages["resize"])
    page.locator("[name=capacity]").fill("90")
    page.locator("[name=reason]").fill("a narrower row")
    page.locator("button[value=look]").click()
    do = page.locator("button[value=do]")
    expect(do).to_be_enabled()
    check_page(page)
    page.locator("[name=capacity]").fill("91")
    expect(do).to_be_disabled()
    page.locator("button[value=look]").click()
    page.locator("button[value=do]").click()
    expect(page.locator(".messages")).to_contain_text(re.compile("91|۹۱"))
    assert SectionTicketType.objects.get(pk=console.stall.adult_id).allocated_capacity == 91


def test_seats_are_pressed_or_written(page_en: Page, console: Console, site_url: str) -> None:
    page = enter(page_en, console, site_url)
    page.goto(console.pages["house seats"])
    page.locator("[name=allocation]").select_option(str(console.stall.adult_id))
    page.get_by_text("Choose them on the plan").click()
    seats = page.locator("[name=seats]")
    page.locator("[data-seat='A-4']").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(seats).to_have_value("A-4, A-5")
    page.locator("[data-seat='A-1']").click(force=True)  # somebody holds it
    expect(seats).to_have_value("A-4, A-5")
    seats.fill("A-7")
    expect(page.locator("[aria-pressed=true][data-seat]")).to_have_text(["7"])
    check_page(page)


def test_the_picture_follows_the_parameters(page_en: Page, console: Console, site_url: str) -> None:
    page = enter(page_en, console, site_url)
    page.goto("/console/plans/new/")
    expect(page.locator("#drawing")).to_contain_text("160 places")
    page.locator("[name=blocks-0-rows]").fill("3")
    page.locator("[name=blocks-0-rows]").press("Tab")
    expect(page.locator("#drawing")).to_contain_text("48 places")
    page.locator("[name=blocks-0-accessible]").fill("Q-1")
    page.locator("[name=blocks-0-accessible]").press("Tab")
    expect(page.locator("#drawing")).to_contain_text("Not yet a plan")
    check_page(page)


def test_it_can_be_read_without_scripts(open_page: Opener, console: Console, site_url: str) -> None:
    page = enter(open_page("en", javascript=False), console, site_url)
    page.goto(console.pages["house"])
    page.get_by_role("link", name="Open").first.click()
    expect(page.locator("#places")).to_contain_text("Stalls")
    page.get_by_role("link", name="Prove it now").click()
    expect(page.locator("h1")).to_contain_text("Everything adds up")
