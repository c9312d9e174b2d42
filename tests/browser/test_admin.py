"""The admin's pages in a browser: accessible in both languages, in light and dark."""

from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from fullhouse.announce.endpoints import add_endpoint
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Movement, TicketType
from tests.browser.checks import check_page
from tests.browser.conftest import Opener
from tests.browser.entering import enter
from tests.web.conftest import Stall, make_house

__all__ = ["make_house"]


class Staff(NamedTuple):
    """A house of its own, a session, and the addresses that are looked at."""

    stall: Stall
    session: str
    pages: dict[str, str]


@pytest.fixture
def staff(site_url: str, make_house: Any) -> Staff:
    stall = make_house()
    user = User.objects.create(username=f"zahra-{uuid7()}"[:60], is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    evening = f"/admin/events/eventperformance/{stall.performance_id}"
    movement = Movement.objects.filter(performance=stall.performance_id).earliest("id")
    reasons = f"/admin/events/sectiontickettype/{stall.adult_id}/resize/"
    client.post(reasons, {"capacity": 101, "reason": "one more"})
    add_endpoint("https://hooks.example.org/")
    pages = {
        "index": "/admin/",
        "app": "/admin/events/",
        "list": "/admin/events/eventperformance/",
        "list with actions": "/admin/announce/webhookendpoint/",
        "evening": f"/admin/events/movement/?performance={stall.performance_id}",
        "nothing found": "/admin/events/venue/?q=no-such-venue",
        "evenings": "/admin/events/eventperformance/?days=2027-03-21..2027-04-21&o=2",
        "add": "/admin/events/eventperformance/add/",
        "add with a search": "/admin/events/tickettype/add/",
        "rows beneath": f"/admin/events/event/{stall.event_id}/change/",
        "change": f"{evening}/change/",
        "read only": f"/admin/events/movement/{movement.pk}/change/",
        "reason": reasons,
        "house seats": f"{evening}/house/",
        "delete": f"/admin/events/tickettype/{_spare(stall)}/delete/",
        "history": f"/admin/events/sectiontickettype/{stall.adult_id}/history/",
        "story": f"/admin/events/reservation/{stall.sale_id}/story/",
        "instant": f"{evening}/at/",
        "user": f"/admin/auth/user/{user.pk}/change/",
        "password": "/admin/password_change/",
    }
    return Staff(stall, client.cookies[settings.SESSION_COOKIE_NAME].value, pages)


def _spare(stall: Stall) -> object:
    return TicketType.objects.create(event_id=stall.event_id, name="Spare").pk


@pytest.mark.parametrize(("language", "dark"), [("en", True), ("fa", False)])
def test_every_page_holds(
    open_page: Opener, staff: Staff, site_url: str, language: str, dark: bool
) -> None:
    page = open_page(language, dark=dark)
    page.goto("/admin/login/")
    check_page(page)
    enter(page, staff, site_url)
    for address in staff.pages.values():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        check_page(page)


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)])
def test_its_colours_hold_in_the_other_light_too(
    open_page: Opener, staff: Staff, site_url: str, language: str, dark: bool
) -> None:
    page = enter(open_page(language, dark=dark), staff, site_url)
    for name in ("index", "list", "rows beneath", "reason"):
        page.goto(staff.pages[name])
        check_page(page)


def test_what_scripts_count_has_the_readers_digits(
    page_fa: Page, staff: Staff, site_url: str
) -> None:
    page = enter(page_fa, staff, site_url)
    page.goto(staff.pages["list with actions"])
    page.locator("input.action-select").first.check()
    expect(page.locator(".action-counter")).to_contain_text("۱ از")


def test_persian_digits_are_typed_and_the_language_is_changed_in_place(
    page_fa: Page, staff: Staff, site_url: str
) -> None:
    """A number field takes them, a day of the solar calendar is shown as it was typed."""
    page = enter(page_fa, staff, site_url)
    page.goto(staff.pages["reason"])
    page.locator("[name=capacity]").fill("۱۱۰")
    page.locator("[name=reason]").fill("ردیف تازه")
    page.locator(".submit-row input").click()
    expect(page.locator(".messagelist")).to_contain_text("۱۱۰")

    page.goto(staff.pages["evenings"])
    page.locator("a.language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == f"{site_url}{staff.pages['evenings']}"
