"""Persian and English are equals: direction, digits, switching, complete catalogues."""

import gettext
import io
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.web.conftest import Stall

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "fa" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def builder() -> dict[str, Any]:
    return runpy.run_path(str(CATALOGUE.parents[2] / "build.py"))


@pytest.mark.parametrize(
    ("language", "opening"),
    [("en", '<html lang="en" dir="ltr">'), ("fa", '<html lang="fa" dir="rtl">')],
)
def test_pages_say_their_language_and_direction(
    client: Client, stall: Stall, language: str, opening: str
) -> None:
    for address in (
        reverse("web:performances"),
        reverse("web:performance", args=[stall.performance_id]),
        reverse("web:section", args=[stall.performance_id, stall.stalls_id]),
        reverse("web:runs"),
        "/no/such/page/",
    ):
        html = client.get(address, headers={"Accept-Language": language}).content.decode()
        assert opening in html


def test_persian_pages_have_persian_digits_and_days(client: Client, stall: Stall) -> None:
    address = reverse("web:performance", args=[stall.performance_id])
    html = client.get(address, headers={"Accept-Language": "fa"}).content.decode()
    assert "شنبه ۲۹ اسفند ۱۴۰۵" in html
    assert "<small>/ ۱۲۰</small>" in html
    assert '<td class="n">120</td>' not in html


def test_switching_keeps_the_place(client: Client, stall: Stall) -> None:
    here = reverse("web:performances") + "?q=concert&page=1"
    html = client.get(here).content.decode()
    assert '<a class="language" lang="fa" hreflang="fa" href="/language/fa/?next=' in html
    response = client.get(reverse("web:language", args=["fa"]), {"next": here})
    assert response.status_code == 302
    assert response["Location"] == here
    assert 'dir="rtl"' in client.get(here).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_switching_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    response = client.get(reverse("web:language", args=["en"]), {"next": elsewhere})
    assert response["Location"] == "/"


def test_a_language_that_is_not_spoken_is_not_found(client: Client) -> None:
    assert client.get(reverse("web:language", args=["xx"])).status_code == 404


def test_the_catalogue_is_complete(builder: dict[str, Any]) -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert "fuzzy" not in text
    entries = text.count("\nmsgid ")
    assert len(builder["parse"](text)) == entries


def test_the_compiled_catalogue_is_of_this_source(builder: dict[str, Any]) -> None:
    messages = builder["parse"](CATALOGUE.read_text(encoding="utf-8"))
    assert CATALOGUE.with_suffix(".mo").read_bytes() == builder["compiled"](messages), (
        "run: python fullhouse/locale/build.py"
    )


def test_the_compiler_writes_what_gettext_reads(builder: dict[str, Any]) -> None:
    source = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "seat"
msgstr "صندلی"

msgctxt "of a house"
msgid "row"
msgstr ""
"رد"
"یف"

#, python-format
msgid "%d place"
msgid_plural "%d places"
msgstr[0] "%d جا"
msgstr[1] "%d جاها"

#, fuzzy
msgid "venue"
msgstr "?"

msgid "open"
msgstr ""
"""
    read = gettext.GNUTranslations(io.BytesIO(builder["compiled"](builder["parse"](source))))
    assert read.gettext("seat") == "صندلی"
    assert read.pgettext("of a house", "row") == "ردیف"
    assert read.ngettext("%d place", "%d places", 2) == "%d جاها"
    assert (read.gettext("venue"), read.gettext("open")) == ("venue", "open")
