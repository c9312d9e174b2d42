"""A desk's form in a browser: a double click and the way back do nothing a second time."""

import re

from playwright.sync_api import Page, expect

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event, Reservation
from tests.browser.entering import enter
from tests.browser.test_console import Console, console, make_house

__all__ = ["console", "make_house"]


def given(console: Console) -> int:
    made = Reservation.objects.filter(performance=console.stall.performance_id, kind="comp")
    return made.count()


def test_back_and_sent_again_is_done_once(page_en: Page, console: Console, site_url: str) -> None:
    page, stall = enter(page_en, console, site_url), console.stall
    desk = f"/admin/events/eventperformance/{stall.performance_id}/comp/"
    page.goto(desk)
    page.locator("[name=allocation]").select_option(str(stall.adult_id))
    page.locator("[name=quantity]").fill("2")
    page.locator("[name=reason]").fill("press night")
    send = page.locator(".submit-row input[type=submit]")
    send.dblclick()
    told = page.locator(".messagelist")
    expect(told).to_contain_text("2 places are given away")
    assert given(console) == 1

    page.go_back()
    expect(page.locator("[name=reason]")).to_have_value("press night")
    send.click()
    expect(told).to_contain_text("Sent before, and done once: 2 places are given away")
    assert given(console) == 1

    page.go_back()
    page.locator("[name=quantity]").fill("3")
    send.click()
    expect(page.locator(".errornote")).to_contain_text("sent before with other values")
    assert given(console) == 1

    page.goto(desk)
    page.locator("[name=allocation]").select_option(str(stall.adult_id))
    page.locator("[name=quantity]").fill("3")
    page.locator("[name=reason]").fill("press night")
    send.click()
    expect(told).to_contain_text("3 places are given away")
    assert given(console) == 2


def test_so_it_is_in_the_console(page_en: Page, console: Console, site_url: str) -> None:
    page, stall = enter(page_en, console, site_url), console.stall
    page.goto(f"/console/do/performance/{stall.performance_id}/comp/")
    page.locator("[name=allocation]").select_option(str(stall.adult_id))
    page.locator("[name=quantity]").fill("2")
    page.locator("[name=reason]").fill("press night")
    look, do = page.locator("button[value=look]"), page.locator("[data-do]")
    look.click()
    do.dblclick()
    page.wait_for_url(re.compile(rf"/performances/{stall.performance_id}/$"))
    assert given(console) == 1

    page.evaluate("history.go(-2)")
    expect(page.locator("[name=reason]")).to_have_value("press night")
    look.click()
    expect(page.locator("#effect-box")).to_contain_text("Sent before, and done once: 2 places")
    do.click()
    page.wait_for_url(re.compile(rf"/performances/{stall.performance_id}/$"))
    expect(page.locator("main")).to_contain_text("Sent before, and done once: 2 places")
    assert given(console) == 1


def test_a_new_event_is_made_once(page_en: Page, console: Console, site_url: str) -> None:
    page, title = enter(page_en, console, site_url), f"Premiere {uuid7()}"
    page.goto("/console/new/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=venue]").select_option(str(console.stall.venue_id))
    page.locator("[name=date]").fill("2030-05-05")
    page.locator("[name=places]").fill("40")
    page.locator("[name=price]").fill("10")
    look, do = page.locator("button[value=look]"), page.locator("[data-do]")
    look.click()
    do.dblclick()
    expect(page.locator(".messages")).to_contain_text("Made: 1 performance of 40 places.")
    page.evaluate("history.go(-2)")
    expect(page.locator("[name=title]")).to_have_value(title)
    look.click()
    expect(page.locator(".messages")).to_contain_text("Sent before, and done once: Made")
    assert Event.objects.get(title=title).performances.count() == 1
