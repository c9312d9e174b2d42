"""The admin holds at any size, and nothing is done in it without a reason."""

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fullhouse.api.keys import create_key
from fullhouse.events.admin import scale
from fullhouse.events.admin.base import RefusalsAsMessages
from fullhouse.events.admin.desk import DeskAdmin
from fullhouse.events.models import Movement, Note, Reservation, Seat, Venue
from tests.web.conftest import Stall

OURS = [
    each
    for model, each in admin.site._registry.items()
    if model.__module__.startswith("fullhouse.")
]
NAMES = [each.opts.label for each in OURS]
COUNTERS = {
    "allocated_capacity",
    "available_capacity",
    "unseated_available",
    "reserved_capacity",
    "sold_capacity",
    "current_capacity",
    "max_capacity",
    "plan_version",
    "has_rules",
    "quantity",
}
# Whole sections are counted in places; their sum is kept by the engine, a venue's is its own.
COUNTERS_BUT_THE_VENUES = COUNTERS | {"total_capacity"}


def address(each: Any, page: str, *args: object) -> str:
    return reverse(f"admin:{each.opts.app_label}_{each.opts.model_name}_{page}", args=args)


def asked(client: Client, path: str, query: dict[str, Any]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, query).status_code == 200
    return [one["sql"] for one in queries]


def searches(stall: Stall) -> list[dict[str, Any]]:
    evening = {"performance": str(stall.performance_id)}
    words = ("Concert", "A-1", stall.sale_reference, str(stall.hold_id), "Nothing-9")
    return [{}, evening, *({"q": word} for word in words), {**evening, "q": "A-1"}]


@pytest.mark.parametrize("each", OURS, ids=NAMES)
def test_no_list_counts_or_compares_all_its_rows(
    staff_client: Client, stall: Stall, each: Any
) -> None:
    has_evening = any(field.name == "performance" for field in each.opts.fields)
    for query in searches(stall):
        if "performance" in query and not has_evening:
            continue
        for sql in asked(staff_client, address(each, "changelist"), query):
            assert "COUNT(" not in sql or "LIMIT" in sql
            if isinstance(each, scale.ByEvening):
                assert f'DISTINCT "{each.opts.db_table}"' not in sql or "WHERE" in sql


@pytest.mark.parametrize(
    "each", [each for each in OURS if isinstance(each, scale.ByEvening)], ids=lambda e: e.opts.label
)
def test_as_many_queries_for_many_rows_as_for_few(
    staff_client: Client, make_house: Any, db: None, each: Any
) -> None:
    first = make_house()
    query = {"performance": str(first.performance_id)}
    path = address(each, "changelist")
    before = [len(asked(staff_client, path, one)) for one in ({}, query)]
    make_house()
    make_house()
    assert [len(asked(staff_client, path, one)) for one in ({}, query)] == before


def test_every_list_of_a_large_table_goes_along_an_index(db: None) -> None:
    assert {each.opts.model_name for each in OURS if isinstance(each, scale.ByEvening)} == {
        "seat",
        "reservation",
        "reservationline",
        "movement",
        "note",
        "operation",
        "waitingentry",
    }
    for each in OURS:
        assert each.paginator is scale.CountsSoFar
        assert not each.show_full_result_count


def test_a_long_list_says_that_it_goes_on(
    staff_client: Client, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reverse("admin:events_seat_changelist")
    assert "There are more than these" not in staff_client.get(path).content.decode()
    monkeypatch.setattr(scale, "COUNTED", 4)
    html = staff_client.get(path).content.decode()
    assert "There are more than these 4" in html
    persian = staff_client.get(path, headers={"Accept-Language": "fa"}).content.decode()
    assert "There are more" not in persian


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        ("seat", "a-1", 1),
        ("seat", "A-۱", 1),
        ("seat", "B-1", 0),
        ("reservation", "{reference}", 1),
        ("reservation", "{hold}", 1),
        ("reservation", "concert", 3),
        ("reservationline", "{reference}", 1),
        ("movement", "nowhere", 0),
    ],
)
def test_searches_find_by_label_id_and_title(
    staff_client: Client, stall: Stall, model: str, words: str, found: int
) -> None:
    words = words.format(reference=stall.sale_reference, hold=stall.hold_id)
    page = staff_client.get(reverse(f"admin:events_{model}_changelist"), {"q": words})
    assert page.context["cl"].result_count == found


def test_in_one_evening_all_filters_are_offered_and_others_stay_out(
    staff_client: Client, make_house: Any, db: None
) -> None:
    one, _other = make_house(), make_house()
    path = reverse("admin:events_reservation_changelist")
    evening = {"performance": str(one.performance_id)}
    assert not staff_client.get(path).context["cl"].sortable_by
    for query, count in (({}, 3), ({"status__exact": "sold"}, 1), ({"channel": "web"}, 0)):
        page = staff_client.get(path, {**evening, **query})
        assert page.context["cl"].result_count == count
    assert staff_client.get(path, {"performance": "no id"}).status_code == 302


def test_a_reservation_of_many_lines_leads_to_them(
    staff_client: Client, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fullhouse.events.admin.reservations.LINES_SHOWN", 0)
    path = reverse("admin:events_reservation_change", args=[stall.sale_id])
    page = staff_client.get(path)
    assert not page.context["inline_admin_formsets"]
    lines = f"?performance={stall.performance_id}&amp;reservation={stall.sale_id}"
    assert lines in page.content.decode()


@pytest.mark.parametrize("each", OURS, ids=NAMES)
def test_no_counter_is_a_field_of_any_form(db: None, each: Any) -> None:
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True)
    forbidden = COUNTERS if each.model is Venue else COUNTERS_BUT_THE_VENUES
    if not (each.has_change_permission(request) or each.has_add_permission(request)):
        return
    shown = set(each.get_form(request, each.model(), change=True).base_fields)
    assert not shown & forbidden - set(each.get_readonly_fields(request))
    assert "reason" in shown or not each.has_change_permission(request, each.model())


def test_every_desk_and_every_action_asks_for_a_reason() -> None:
    for each in OURS:
        assert isinstance(each, RefusalsAsMessages)
        assert isinstance(each.action_form.base_fields["reason"], forms.CharField)
        for desk in each.desks if isinstance(each, DeskAdmin) else ():
            assert desk.form.base_fields["reason"].required, desk.name


def test_a_change_needs_a_reason_and_the_history_tells_it(
    staff_client: Client, stall: Stall
) -> None:
    seat = Seat.objects.filter(performance=stall.performance_id).earliest("id")
    path = reverse("admin:events_seat_change", args=[seat.pk])
    data = {"is_premium": "on", "row_rank": seat.row_rank, "seat_rank": seat.seat_rank}
    assert "This field is required." in staff_client.post(path, data).content.decode()
    assert not Note.objects.filter(operation="edit_seats").exists()
    assert staff_client.post(path, {**data, "reason": "new chairs"}).status_code == 302
    told = LogEntry.objects.get()
    assert str(told.user) == "admin"
    assert told.change_message == "Changed Premium. new chairs"
    assert Note.objects.get(operation="edit_seats").reason == "new chairs"


def test_a_desk_is_in_the_history_of_its_row(staff_client: Client, stall: Stall) -> None:
    path = reverse("admin:events_reservation_release", args=[stall.hold_id])
    staff_client.post(path, {"reason": "asked for it"})
    assert Reservation.objects.get(pk=stall.hold_id).status == "released"
    history = reverse("admin:events_reservation_history", args=[stall.hold_id])
    assert "Release the hold: asked for it" in staff_client.get(history).content.decode()


def test_deleting_needs_a_reason_and_names_what_hangs_on_a_row(
    staff_client: Client, stall: Stall
) -> None:
    empty = Venue.objects.create(name="Barn", total_capacity=1)
    path = reverse("admin:events_venue_delete", args=[empty.pk])
    assert 'name="reason"' in staff_client.get(path).content.decode()
    staff_client.post(path, {"post": "yes"})
    assert Venue.objects.filter(pk=empty.pk).exists()
    staff_client.post(path, {"post": "yes", "reason": "burnt down"})
    assert not Venue.objects.filter(pk=empty.pk).exists()
    told = LogEntry.objects.get(action_flag=DELETION)
    assert (str(told.user), told.change_message) == ("admin", "burnt down")
    evening = reverse("admin:events_eventperformance_delete", args=[stall.performance_id])
    queries = asked(staff_client, evening, {})
    assert not any('FROM "events_seat"' in sql and "LIMIT" not in sql for sql in queries)
    assert "Section: Stalls" in staff_client.get(evening).content.decode()


def test_an_action_needs_a_reason_and_rows_that_were_seen(staff_client: Client) -> None:
    key, _text = create_key(name="till", scopes=["sell"])
    path = reverse("admin:api_apikey_changelist")
    data = {"action": "revoke", "_selected_action": [str(key.pk)]}
    for more in ({}, {"reason": "lost", "select_across": "1"}):
        staff_client.post(path, {**data, **more})
        key.refresh_from_db()
        assert key.revoked_at is None
    staff_client.post(path, {**data, "reason": "lost"})
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert LogEntry.objects.get().change_message == "Revoke: lost"
    assert "delete_selected" not in staff_client.get(path).content.decode()


def test_the_ledger_cannot_be_written(staff_client: Client, stall: Stall) -> None:
    row = Movement.objects.filter(performance=stall.performance_id).earliest("id")
    for page in ("change", "delete"):
        path = reverse(f"admin:events_movement_{page}", args=[row.pk])
        assert staff_client.post(path, {"quantity": 9, "reason": "x"}).status_code == 403
