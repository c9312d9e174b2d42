"""Who may open what: strangers log in, an auditor sees and changes nothing, a box office sells."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from fullhouse.events.admin.desk import DeskAdmin
from fullhouse.events.models import SectionTicketType
from fullhouse.events.staff_groups import AUDITOR, BOX_OFFICE, MANAGER
from fullhouse.web.console.actions import ACTIONS

from .conftest import REASON, Stall
from .test_console_actions import act
from .test_console_pages import HOUSE, PART, page, text_of

Enter = Callable[[str], Client]


@pytest.fixture
def enter(db: None) -> Enter:
    """A browser of a member of that group."""

    def entered(group: str) -> Client:
        user = User.objects.create(username=group, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return entered


def addresses(stall: Stall) -> list[str]:
    by_performance = ("the-performance", "live", "branches", "proof")
    plain = ("house", "search", "plans", "plan_new", "plan_import", "create")
    return [
        *(page(name, stall.performance_id) for name in by_performance),
        *(reverse(f"web:console:{name}") for name in plain),
        page("the-reservation", stall.sale_id),
        act("performance", stall.performance_id, "house"),
    ]


def test_strangers_and_customers_get_the_login(client: Client, stall: Stall) -> None:
    for address in addresses(stall):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))
    client.force_login(User.objects.create(username="customer"))
    assert client.get(HOUSE).status_code == 302
    assert client.get(HOUSE, headers=PART)["HX-Redirect"].startswith(reverse("admin:login"))


def test_an_auditor_sees_everything_and_changes_nothing(enter: Enter, stall: Stall) -> None:
    auditor = enter(AUDITOR)
    for name in ("the-performance", "proof"):
        html = auditor.get(page(name, stall.performance_id)).content.decode()
        assert "/console/do/" not in html
    assert REASON in text_of(auditor.get(page("the-performance", stall.performance_id)))
    assert "Story" in text_of(auditor.get(page("the-reservation", stall.sale_id)))
    rows: dict[str, UUID] = {
        "performance": stall.performance_id,
        "section": stall.stalls_id,
        "allocation": stall.adult_id,
        "reservation": stall.sale_id,
    }
    for one in ACTIONS:
        response = auditor.post(act(one.subject, rows[one.subject], one.name), {"step": "look"})
        assert response.status_code == 403
    for name in ("plan_new", "plan_import", "create"):
        assert auditor.get(reverse(f"web:console:{name}")).status_code == 403


def test_an_action_takes_what_its_desk_in_the_admin_takes() -> None:
    desks = [
        desk
        for each in site._registry.values()
        if isinstance(each, DeskAdmin)
        for desk in each.desks
    ]
    for one in ACTIONS:
        taken = {desk.permission for desk in desks if issubclass(one.form, desk.form)}
        assert taken == {one.permission}, one.name


def test_the_box_office_sells_and_refunds(enter: Enter, stall: Stall) -> None:
    window = enter(BOX_OFFICE)
    html = window.get(page("the-performance", stall.performance_id)).content.decode()
    assert "Hold best seats" in html
    assert "Cancel the performance" not in html
    assert "Do the numbers add up?" not in html
    assert window.get(act("reservation", stall.sale_id, "refund")).status_code == 200
    assert window.get(act("performance", stall.performance_id, "cancel")).status_code == 403
    assert window.get(page("proof", stall.performance_id)).status_code == 403


def test_a_manager_may_do_all_of_it(enter: Enter, stall: Stall) -> None:
    manager = enter(MANAGER)
    for address in addresses(stall):
        assert manager.get(address).status_code == 200, address


def test_a_form_sent_after_the_sessions_end_is_not_lost(client: Client, stall: Stall) -> None:
    """Signed out in the middle of it, it is there again after the sign-in: looked at, not done."""
    address = act("allocation", stall.adult_id, "resize")
    sent = {"capacity": "95", "reason": "a narrower row", "step": "do"}
    login = client.post(address, sent)
    assert login["Location"] == f"{reverse('admin:login')}?next={address}"
    assert client.get(address)["Location"] == login["Location"], "still a stranger"
    user = User.objects.create(username="anna", is_staff=True, is_superuser=True)
    user.set_password("a long word")
    user.save()
    back = client.post(
        login["Location"], {"username": "anna", "password": "a long word"}, follow=True
    )
    shown = text_of(back)
    assert "What you typed is here again; nothing was done yet." in shown
    assert 'value="a narrower row"' in back.content.decode()
    assert "The allocation now has 95 places." in shown
    assert SectionTicketType.objects.get(pk=stall.adult_id).allocated_capacity == 100
    assert "here again" not in text_of(client.get(address)), "once"


def test_a_part_of_a_page_goes_to_the_login_and_back(db: None, client: Client) -> None:
    where = "http://testserver/console/plans/new/?like=club"
    headers = {**PART, "HX-Current-URL": where}
    answer = client.post(reverse("web:console:plan_new"), {"name": "x"}, headers=headers)
    assert answer["HX-Redirect"].endswith("?next=%2Fconsole%2Fplans%2Fnew%2F%3Flike%3Dclub")
    picker = client.get(reverse("web:console:picker"), headers=PART)
    assert "HX-Redirect" not in picker
    assert "what you typed is kept" in text_of(picker)
