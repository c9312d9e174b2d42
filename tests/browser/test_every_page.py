"""Every public page: accessible, without an error, as wide as a phone; in both languages."""

import pytest
from playwright.sync_api import Page

from tests.browser.checks import check_page

PAGES = ["/", "/migrations/", "/language/xx/"]


@pytest.mark.parametrize("address", PAGES)
def test_it_holds(page: Page, address: str) -> None:
    page.goto(address)
    check_page(page, expected=["404"])
