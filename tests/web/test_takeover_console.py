"""The migration console: what stands, what is asked, and orders that are meant."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from migration.shell import legacy_schema, new_run, takeover, url_of_database

from fullhouse.events.engine.sql_files import schema as schema_name
from fullhouse.events.models import SectionTicketType
from fullhouse.migration import jobs, runs
from fullhouse.migration.decisions import decide
from fullhouse.migration.exit_codes import BusyError, ExitCode, UsageError
from fullhouse.migration.models import Anomaly, Job, MigrationRun
from fullhouse.web.takeover import reading
from fullhouse.web.takeover.orders import open_orders

State = MigrationRun.State
Begun = Callable[[str], MigrationRun]


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with legacy_schema(seats=60, dirty=0.4, seed=5) as name:
        yield name


@pytest.fixture
def planned(schema: str) -> MigrationRun:
    """A run whose plan has open questions."""
    assert takeover("plan", schema).code == 0
    return MigrationRun.objects.get(legacy_schema=schema)


@pytest.fixture
def operator(db_committed: None) -> Client:
    """Staff who may take databases over."""
    user = User.objects.get_or_create(username="nasrin", defaults={"is_staff": True})[0]
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="capacity_migration",
            codename__in=("view_migrationrun", "change_migrationrun"),
        )
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, db_committed: None) -> None:
    """Processes that are started find this test's database and settings."""
    monkeypatch.setenv("DATABASE_URL", url_of_database())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")


def html_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def order_page(run: MigrationRun, name: str) -> str:
    return reverse("web:order", args=[run.pk, name])


def test_a_kind_is_decided_by_the_person_who_pressed(
    operator: Client, planned: MigrationRun
) -> None:
    kind = Anomaly.objects.filter(run=planned, decision="", policy="ask").first()
    assert kind is not None
    shown = html_of(operator.get(reverse("web:contradictions", args=[planned.pk]), {"open": "1"}))
    assert "Accept for all" in shown
    operator.post(reverse("web:decide", args=[planned.pk]), {"kind": kind.kind})
    answered = Anomaly.objects.filter(run=planned, kind=kind.kind)
    assert set(answered.values_list("decision", "decided_by")) == {(kind.proposal, "nasrin")}
    assert takeover("plan", planned.legacy_schema).code == 0
    kept = Anomaly.objects.filter(run=planned, kind=kind.kind)
    assert set(kept.values_list("decision", "decided_by")) == {(kind.proposal, "nasrin")}


def test_what_is_made_already_is_not_decided_anew(planned: MigrationRun) -> None:
    MigrationRun.objects.filter(pk=planned.pk).update(state=State.BACKFILLED)
    with pytest.raises(UsageError):
        decide(planned, kind="double_sale", performance=None, by="nasrin")
    planned.refresh_from_db()
    assert "decisions" not in planned.decisions


def test_an_unknown_kind_is_refused_in_words(operator: Client, planned: MigrationRun) -> None:
    address = reverse("web:decide", args=[planned.pk])
    html = html_of(operator.post(address, {"kind": "no such"}, follow=True))
    assert "Choose a kind of contradiction of the list." in html


def test_an_order_is_given_only_with_its_words(
    operator: Client, planned: MigrationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def ask(**order: Any) -> Job:
        asked.append(order)
        return Job.objects.create(legacy_schema=order["schema"], action=order["action"])

    monkeypatch.setattr(jobs, "ask", ask)
    page = order_page(planned, "run-live")
    refused = html_of(operator.post(page, {"words": "yes"}))
    words = f"take over {planned.legacy_schema}"
    assert f"Type exactly: {words}" in refused
    assert asked == []
    operator.post(page, {"words": f"  {words} "})
    assert asked == [
        {
            "source": "events",
            "schema": planned.legacy_schema,
            "action": "run",
            "arguments": ["--live"],
            "by": "nasrin",
        }
    ]


def test_what_the_state_does_not_allow_is_not_offered(
    operator: Client, planned: MigrationRun
) -> None:
    response = operator.get(order_page(planned, "cutover"))
    assert response.status_code == 302
    assert "may not be asked of a takeover that is planned" in html_of(
        operator.get(response["Location"])
    )


def test_every_state_offers_something_and_purged_nothing(planned: MigrationRun) -> None:
    for state in State:
        planned.state = state
        assert open_orders(planned), state
    planned.state = State.CONTRACTED
    planned.events.create(phase="purge", from_state="contracted", to_state="contracted", sha="x")
    assert open_orders(planned) == []


@pytest.mark.parametrize("address", ["run-now", "contradictions", "before-after", "report-json"])
def test_visitors_see_no_rows_and_give_no_orders(
    client: Client, planned: MigrationRun, address: str
) -> None:
    response = client.get(reverse(f"web:{address}", args=[planned.pk]))
    if address == "run-now":
        assert 'class="orders"' not in html_of(response)
    else:
        assert response["Location"].startswith(reverse("admin:login"))
    for post in (order_page(planned, "rollback"), reverse("web:decide", args=[planned.pk])):
        assert client.post(post, {"words": f"roll back {planned.legacy_schema}"}).status_code == 302
    assert not Job.objects.filter(legacy_schema=planned.legacy_schema).exists()


def test_staff_without_the_permission_give_no_orders(planned: MigrationRun) -> None:
    client = Client()
    till, _ = User.objects.get_or_create(username="till", defaults={"is_staff": True})
    client.force_login(till)
    assert client.post(order_page(planned, "plan")).status_code == 302
    assert 'class="orders"' not in html_of(client.get(reverse("web:run", args=[planned.pk])))
    assert not Job.objects.filter(legacy_schema=planned.legacy_schema).exists()


def test_before_after_and_now_stand_side_by_side(operator: Client, schema: str) -> None:
    assert takeover("run", schema, "--yes").code == 0
    run = MigrationRun.objects.get(legacy_schema=schema)
    html = html_of(operator.get(reverse("web:before-after", args=[run.pk])))
    units = run.units.values("performance_id")
    with_places = SectionTicketType.objects.filter(performance__in=units).values("performance_id")
    assert html.count("Now</th>") == with_places.distinct().count() > 1
    detail = html_of(operator.get(reverse("web:run", args=[run.pk])))
    assert "Both sides are equal." in detail
    assert "The history is a chain of digests, and unbroken." in detail
    report = operator.get(reverse("web:report-json", args=[run.pk]))
    assert report.json()["run"] == str(run.pk)
    assert "attachment" in report["Content-Disposition"]
    takeover("rollback", schema)


def test_a_job_does_what_the_command_does_in_the_persons_name(
    here: None, planned: MigrationRun
) -> None:
    decided = takeover("plan", planned.legacy_schema, "--yes")
    assert decided.code == 0
    job = Job.objects.create(
        legacy_schema=planned.legacy_schema,
        source="events",
        action="plan",
        arguments=["plan", "--schema", planned.legacy_schema],
        asked_by="nasrin",
    )
    assert jobs.watch(job.pk) == 0
    job.refresh_from_db()
    assert (job.exit_code, reading.ending(job)) == (0, "Done.")
    assert job.ended_at is not None
    assert planned.legacy_schema in job.output
    last = planned.events.order_by("id").last()
    assert last is not None
    assert (last.phase, last.actor) == ("plan", "nasrin")


def test_a_job_that_is_refused_says_why(here: None, planned: MigrationRun) -> None:
    job = Job.objects.create(
        legacy_schema=planned.legacy_schema,
        source="events",
        action="cutover",
        arguments=["cutover", "--schema", planned.legacy_schema],
        asked_by="nasrin",
    )
    assert jobs.watch(job.pk) == 3
    job.refresh_from_db()
    assert "follows a validation" in job.output
    assert reading.ending(job) == "A guard refused it; nothing was changed."


def test_one_job_at_a_time_but_a_pause_goes_beside(
    schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda words, **_: started.append(words))
    order = {"source": "events", "schema": schema, "arguments": (), "by": "nasrin"}
    first = jobs.ask(action="run", **order)
    with pytest.raises(BusyError):
        jobs.ask(action="validate", **order)
    jobs.ask(action="pause", **order)
    Job.objects.filter(pk=first.pk).update(seen_at=first.asked_at - 2 * jobs.ALIVE)
    Job.objects.filter(action="pause").update(exit_code=0, ended_at=first.asked_at)
    first.refresh_from_db()
    assert jobs.died(first)
    jobs.ask(action="validate", **order)
    assert len(started) == 3


def test_a_takeover_is_begun_from_the_list(
    operator: Client, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *_words, **_more: None)
    assert schema in html_of(operator.get(reverse("web:runs")))
    wrong = operator.post(
        reverse("web:begin"), {"source": "boxoffice", "schema": schema}, follow=True
    )
    assert not MigrationRun.objects.filter(legacy_schema=schema).exists()
    assert wrong.status_code == 200
    operator.post(reverse("web:begin"), {"source": "events", "schema": schema})
    assert MigrationRun.objects.get(legacy_schema=schema).state == State.NEW
    assert Job.objects.get(legacy_schema=schema).arguments[0] == "plan"


def test_a_server_that_may_only_look_says_where_to_give_the_order(
    operator: Client, planned: MigrationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f"looker_{planned.legacy_schema}"
    ask = jobs.ask

    def ask_as_looker(**order: Any) -> Job:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role}")
            cursor.execute(f"GRANT USAGE ON SCHEMA {schema_name()} TO {role}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema_name()} TO {role}")
            cursor.execute(f"SET ROLE {role}")
            try:
                return ask(**order)
            finally:
                cursor.execute("RESET ROLE")
                cursor.execute(f"DROP OWNED BY {role}")
                cursor.execute(f"DROP ROLE {role}")

    monkeypatch.setattr(jobs, "ask", ask_as_looker)
    response = operator.post(order_page(planned, "plan"))
    assert response.status_code == 409
    assert "may only look at takeovers" in html_of(response)
    assert not Job.objects.filter(legacy_schema=planned.legacy_schema).exists()


def test_the_order_of_a_person_is_recorded_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(runs.ACTOR_VARIABLE, "nasrin")
    assert runs.actor() == "nasrin"


def test_new_runs_are_shown_before_their_plan(operator: Client, schema: str) -> None:
    run = new_run(schema)
    html = html_of(operator.get(reverse("web:run", args=[run.pk])))
    assert "No plan was made yet." in html
    assert "The two sides have not been compared yet." in html


def test_every_proposal_is_accepted_at_once(operator: Client, planned: MigrationRun) -> None:
    page = reverse("web:run-now", args=[planned.pk])
    assert "open questions" in html_of(operator.get(page))
    shown = html_of(operator.get(reverse("web:contradictions", args=[planned.pk])))
    assert "Accept every proposal" in shown
    operator.post(reverse("web:decide", args=[planned.pk]), {"kind": "*"})
    assert not Anomaly.objects.filter(reading.is_open(), run=planned).exists()
    by_hand = Anomaly.objects.filter(run=planned, policy="ask")
    assert set(by_hand.values_list("decided_by", flat=True)) == {"nasrin"}
    assert "open questions" not in html_of(operator.get(page))


def test_a_second_click_is_the_same_order(
    operator: Client, planned: MigrationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *_words, **_more: None)
    first = operator.post(order_page(planned, "plan"))
    assert operator.post(order_page(planned, "plan"))["Location"] == first["Location"]
    words = {"words": f"roll back {planned.legacy_schema}"}
    other = operator.post(order_page(planned, "rollback"), words)
    assert other.status_code == 409
    assert "is still at work" in html_of(other)
    page = operator.get(reverse("web:run-now", args=[planned.pk]))
    assert "/order/" not in html_of(page), "beside a job at work nothing is offered"
    assert "HX-Refresh" not in page
    Job.objects.filter(legacy_schema=planned.legacy_schema).update(
        exit_code=ExitCode.MISMATCH, ended_at=Now()
    )
    page = operator.get(reverse("web:run-now", args=[planned.pk]))
    assert page["HX-Refresh"] == "true", "the rest of the page is old now"
    shown = html_of(page)
    assert "Read what differs; then go back and take over anew" in shown
    assert shown.index("/order/rollback/") < shown.index("/order/plan/")


def test_a_plan_after_the_way_back_is_a_new_run(
    operator: Client, planned: MigrationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *_words, **_more: None)
    assert takeover("rollback", planned.legacy_schema).code == 0
    asked = operator.post(order_page(planned, "plan"))
    new = MigrationRun.objects.exclude(pk=planned.pk).get(legacy_schema=planned.legacy_schema)
    assert asked["Location"].startswith(reverse("web:run", args=[new.pk]))
