"""The admin read in Persian: labels, digits and days; what it shows it reads back."""

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.contrib.auth.models import User
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from fullhouse.events.admin.money import priced
from fullhouse.events.models import EventPerformance, Venue
from fullhouse.language.formats import Written
from tests.web.conftest import Stall
from tests.web.test_admin import OURS, text_of, url

PERSIAN = {"accept-language": "fa"}
# What a Persian page is right to write so: names of standards.
NAMES = re.compile(r"\b(API|URL|JSON|SHA|ID)\b")
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def english(label: object) -> bool:
    return bool(ENGLISH.search(NAMES.sub("", str(label))))


def labels(model: type[models.Model]) -> list[str]:
    """Return what the list, the form and its fields of this model are called."""
    shown = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True, is_active=True)
    row = model()
    names: list[Any] = [
        *shown.get_list_display(request),
        *flatten_fieldsets(shown.get_fieldsets(request, row)),
    ]
    found = [
        str(label_for_field(name, model, shown))
        for name in names
        if name not in ("__str__", "reason")
    ]
    if shown.has_change_permission(request, row):
        form = shown.get_form(request, row)
        found += [str(field.label) for field in form.base_fields.values()]
    return [*found, str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]


@pytest.mark.parametrize("model", [*OURS, User], ids=lambda model: model._meta.label)
def test_no_label_is_english_where_persian_is_read(db: None, model: type[models.Model]) -> None:
    with translation.override("fa"):
        assert [label for label in labels(model) if english(label)] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_column_has_a_persian_name(model: type[models.Model]) -> None:
    with translation.override("fa"):
        fields = [
            field
            for field in model._meta.get_fields()
            if isinstance(field, models.Field) and field.name != "id" and not field.is_relation
        ]
        assert [one.name for one in fields if english(one.verbose_name)] == []


def test_columns_and_fields_have_persian_digits_and_days(
    staff_client: Client, stall: Stall
) -> None:
    evenings = staff_client.get(url("eventperformance", "changelist"), headers=PERSIAN)
    page = text_of(evenings)
    assert "۲۹ اسفند ۱۴۰۵" in page
    assert 'class="field-available">۱۵۸<' in page
    assert "اسفند ۱۴۰۵" in page
    change = url("eventperformance", "change", stall.performance_id)
    form = text_of(staff_client.get(change, headers=PERSIAN))
    assert 'value="۱۴۰۵/۱۲/۲۹"' in form
    assert 'type="date"' not in form
    english_form = text_of(staff_client.get(change, headers={"accept-language": "en"}))
    assert 'type="date" name="date" value="2027-03-20"' in english_form


def test_history_tells_when_in_the_readers_calendar(staff_client: Client, stall: Stall) -> None:
    change = url("eventperformance", "change", stall.performance_id)
    row = EventPerformance.objects.get(pk=stall.performance_id)
    sent = {"event": row.event_id, "date": "۱۴۰۵/۱۲/۲۸", "start_time": "۲۰:۰۰", "reason": "تعطیل"}
    none = {"rules-TOTAL_FORMS": 0, "rules-INITIAL_FORMS": 0}
    staff_client.post(change, {**sent, **none, "status": row.status}, headers=PERSIAN)
    row.refresh_from_db()
    assert row.date == datetime.date(2027, 3, 19)
    entry = LogEntry.objects.latest("id")
    assert "تعطیل" in entry.get_change_message()
    assert not english(entry.get_change_message())
    page = text_of(staff_client.get(url("eventperformance", "history", row.pk), headers=PERSIAN))
    written = re.search(r"<time [^>]*>([^<]*)</time>", page)
    assert written is not None
    assert re.fullmatch(r"[۰-۹]+ \w+ ۱۴[۰-۹]{2}، [۰-۹:]{8}", written[1])


@pytest.mark.parametrize("typed", ["۱۴۰۴/۱۲/۳۰", "۱۴۰۵/۱۳/۰۱", "۹۹۹۹/۰۱/۰۱", "چرند", "0000-00-00"])
def test_a_day_that_is_none_is_an_error_of_its_field(
    staff_client: Client, stall: Stall, typed: str
) -> None:
    change = url("eventperformance", "change", stall.performance_id)
    page = text_of(staff_client.post(change, {"date": typed}, headers=PERSIAN))
    assert f'value="{typed}"' in page
    assert 'class="errorlist" id="id_date_error"' in page


def test_messages_and_refusals_count_in_persian(staff_client: Client, stall: Stall) -> None:
    resize = url("sectiontickettype", "resize", stall.adult_id)
    sent = {"capacity": "۱۱۰", "reason": "ردیف تازه"}
    assert "۱۱۰" in text_of(staff_client.post(resize, sent, headers=PERSIAN, follow=True))
    refused = text_of(staff_client.post(resize, {**sent, "capacity": "۱۱"}, headers=PERSIAN))
    told = refused[refused.index('class="errornote"') :]
    assert "۱۲" in told[: told.index("</div>")]
    huge = text_of(staff_client.post(resize, {**sent, "capacity": "۹" * 30}, headers=PERSIAN))
    assert "۲٬۱۴۷٬۴۸۳٬۶۴۷" in huge


def test_what_a_service_finds_wrong_is_told_in_persian(staff_client: Client, stall: Stall) -> None:
    at = url("eventperformance", "at", stall.performance_id)
    page = text_of(staff_client.get(at, {"at": "۱۴۹۰/۰۱/۰۱ ۱۰:۰۰"}, headers=PERSIAN))
    assert "هنوز نرسیده است" in page
    comp = url("eventperformance", "comp", stall.performance_id)
    sent = {"allocation": stall.adult_id, "quantity": "", "recipient": "x", "reason": "آزمون"}
    page = text_of(staff_client.post(comp, sent, headers=PERSIAN))
    told = page[page.index("errorlist") :]
    assert not english(told[told.index(">") : told.index("</ul>")].replace("li", ""))


def test_evenings_are_offered_by_the_readers_months(staff_client: Client, stall: Stall) -> None:
    evenings = url("eventperformance", "changelist")
    before_and_after = [("2027-03-20..2027-03-21", True), ("..2027-03-20", False)]
    for days, there in before_and_after:
        page = text_of(staff_client.get(evenings, {"days": days, "q": "Concert"}))
        assert (str(stall.performance_id) in page) is there
    assert staff_client.get(evenings, {"days": "1405-99..x"}).status_code == 302


def test_an_account_is_changed_with_a_reason_and_never_deleted(
    staff_client: Client, db: None
) -> None:
    clerk = User.objects.create(username="clerk")
    change = reverse("admin:auth_user_change", args=[clerk.pk])
    sent = {"username": "clerk", "date_joined": "2026-01-02T10:00", "first_name": "Mina"}
    staff_client.post(change, sent)
    assert User.objects.get(pk=clerk.pk).first_name == ""
    staff_client.post(change, {**sent, "reason": "her name"})
    assert User.objects.get(pk=clerk.pk).first_name == "Mina"
    assert "her name" in LogEntry.objects.latest("id").get_change_message()
    delete = reverse("admin:auth_user_delete", args=[clerk.pk])
    assert staff_client.post(delete, {"post": "yes", "reason": "gone"}).status_code == 403


@pytest.mark.parametrize(
    ("language", "order"),
    [("fa", ["آرش", "پری", "گلشن", "می\u200cنا", "یلدا", "alpha", "Beta"]),
     ("en", ["alpha", "Beta", "آرش", "پری", "گلشن", "می\u200cنا", "یلدا"])],
)  # fmt: skip
def test_names_are_in_the_order_of_the_readers_alphabet(
    staff_client: Client, db: None, language: str, order: list[str]
) -> None:
    for name in ("Beta", "يلدا", "گلشن", "alpha", "پری", "می\u200cنا", "آرش"):
        Venue.objects.create(name=name, total_capacity=1, city="here")
    asked = {"q": "here"}
    page = staff_client.get(
        url("venue", "changelist"), asked, headers={"accept-language": language}
    )
    shown = [row.name.replace("ي", "ی") for row in page.context["cl"].result_list]
    assert shown == order


def test_amounts_are_in_rials_or_in_toman_as_the_site_says(settings: Any) -> None:
    with translation.override("fa"):
        assert priced(Decimal(2_500_000), "IRR") == "۲٬۵۰۰٬۰۰۰ ریال"
        settings.FULLHOUSE_TOMAN = True
        assert priced(Decimal(2_500_000), "IRR") == "۲۵۰٬۰۰۰ تومان"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234, "۱۲۳۴"),
        (datetime.date(2027, 3, 20), "۲۹ اسفند ۱۴۰۵"),
        (datetime.time(20, 30), "۲۰:۳۰"),
        (datetime.datetime(2027, 3, 20, 20, 30, tzinfo=datetime.UTC), "۲۹ اسفند ۱۴۰۵، ۲۰:۳۰:۰۰"),
    ],
)
def test_what_the_admin_writes_is_the_readers(value: Any, written: Any) -> None:
    with translation.override("fa"):
        number = isinstance(value, int) and not isinstance(value, bool)
        assert (Written.number_format if number else Written.localize)(value) == written
