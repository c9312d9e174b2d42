"""The serving role does everything that serves people, and nothing else."""

import json

import psycopg
import pytest

from .conftest import House

#: What the role must not be able to do; each names an object that is there.
FORBIDDEN = (
    "ALTER TABLE fullhouse.events_sectiontickettype DISABLE TRIGGER ALL",
    "ALTER TABLE fullhouse.events_movement DISABLE TRIGGER ledger_no_delete",
    "ALTER TABLE fullhouse.events_seat OWNER TO CURRENT_USER",
    "DROP TRIGGER i6_seat ON fullhouse.events_seat",
    "DROP TABLE fullhouse.events_movement CASCADE",
    "DROP FUNCTION fullhouse.guard_seat() CASCADE",
    "DROP SCHEMA fullhouse CASCADE",
    "CREATE TABLE fullhouse.events_more (id int)",
    "CREATE FUNCTION fullhouse.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA more",
    "TRUNCATE fullhouse.events_movement",
    "TRUNCATE fullhouse.events_seat CASCADE",
    "SET session_replication_role = replica",
    "UPDATE fullhouse.events_movement SET quantity = quantity + 1",
    "DELETE FROM fullhouse.events_movement",
    "DELETE FROM fullhouse.events_reservation",
    "DELETE FROM fullhouse.events_reservationline",
    "DELETE FROM fullhouse.events_operation",
    "DELETE FROM fullhouse.django_migrations",
    "INSERT INTO fullhouse.django_migrations (app, name, applied) VALUES ('events', 'x', now())",
    "DELETE FROM fullhouse.django_admin_log",
    "UPDATE fullhouse.django_admin_log SET change_message = ''",
    "UPDATE fullhouse.capacity_migration_migrationrun SET state = 'cut_over'",
    "INSERT INTO fullhouse.capacity_migration_outbox (run_id, direction)"
    " VALUES ('00000000-0000-0000-0000-000000000000', 'forward')",
    "SELECT setval(pg_get_serial_sequence('fullhouse.django_migrations', 'id'), 1)",
)
MARKERS = (
    "SELECT set_config('fullhouse.engine', 'on', true),"
    " set_config('fullhouse.archived', 'on', true), set_config('fullhouse.test_reset', 'on', true)"
)
PAGES = """
import uuid
from django.contrib.auth.models import User
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse
from fullhouse.events.models import EventPerformance

User.objects.create_superuser("staff", password="a long enough word")
client = Client(SERVER_NAME="localhost")
assert client.login(username="staff", password="a long enough word")
paths = ["/", "/healthz", "/migrations/", "/admin/"]
paths += [f"/performances/{one.pk}/" for one in EventPerformance.objects.all()]
for model, own in site._registry.items():
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    paths.append(reverse(f"{name}_changelist"))
    row = model._default_manager.first()
    if row is not None:
        paths.append(reverse(f"{name}_change", args=[row.pk]))
for path in paths:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.content[:500])
answer = client.post(reverse("admin:events_venue_add"), {
    "name": "Second hall", "total_capacity": "10", "time_zone": "UTC", "city": "", "country": "",
    "address": ""})
assert answer.status_code == 302, answer.content
print(len(paths), "pages;", answer.status_code)
"""


@pytest.fixture(autouse=True)
def _here(db_committed: None) -> None:
    """Each test talks to the server of the test run."""


def test_the_services_ran_under_it_and_the_books_add_up(deployed: House) -> None:
    said = json.loads(deployed.app.run("capacity", "audit", "--json"))
    assert said == {"clean": True, "findings": []}
    assert json.loads(deployed.app.run("capacity", "expire", "--json")) == {"holds": 0, "places": 0}
    assert "fullhouse" not in deployed.app.role


def test_every_page_and_the_staff_console_work_under_it(deployed: House) -> None:
    said = deployed.app.run("shell", "--no-imports", "--command", PAGES)
    count = int(said.split()[0])
    assert count > 20, said


def test_the_worker_works_under_it(deployed: House) -> None:
    """It counts transactions, flushes and tidies: all of it without a right of its own."""
    script = (
        "from fullhouse.announce.endpoints import add_endpoint\n"
        "from fullhouse.announce.worker import run_once\n"
        "add_endpoint('https://shop.example.org/hooks', event_types=['audit.failed'])\n"
        "run_once()"
    )
    deployed.app.run("shell", "--no-imports", "--command", script)


def test_serving_begins_with_a_look_at_the_migrations(deployed: House) -> None:
    script = "from fullhouse.web.serving import require_migrated; require_migrated(); print('well')"
    assert "well" in deployed.app.run("shell", "--no-imports", "--command", script)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_it_cannot(deployed: House, statement: str) -> None:
    with deployed.app.session() as session:
        session.execute(MARKERS)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(statement)


def test_it_is_nobody_elses_member_and_owns_nothing(deployed: House) -> None:
    with deployed.app.session() as session:
        owned = session.execute(
            "SELECT count(*) FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner"
            " WHERE r.rolname = CURRENT_USER"
        ).fetchone()
        rights = session.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
            " FROM pg_roles WHERE rolname = CURRENT_USER"
        ).fetchone()
    assert (owned, rights) == ((0,), (False,))


def test_raw_sql_moves_no_place_and_a_forged_marker_is_found(deployed: House) -> None:
    """The marker guards against accidents; what it cannot prevent, the audit finds."""
    sell = (
        "UPDATE fullhouse.events_sectiontickettype SET available_capacity = available_capacity - 1,"
        " sold_capacity = sold_capacity + 1, unseated_available = unseated_available - 1"
        " WHERE unseated_available > 0"
    )
    with deployed.app.session() as session:
        with pytest.raises(psycopg.Error) as refused:
            session.execute(sell)
        assert refused.value.sqlstate == "23I06"
        session.rollback()
        session.execute("SELECT set_config('fullhouse.engine', 'on', true)")
        session.execute(sell)
        found = session.execute("SELECT count(*) FROM fullhouse.audit_v1(NULL)").fetchone()
        session.rollback()
    assert found is not None
    assert found[0] > 0


def test_grants_are_made_anew_and_a_new_table_is_covered(deployed: House) -> None:
    with psycopg.connect(deployed.owner.url, autocommit=True) as owner:
        owner.execute("CREATE TABLE fullhouse.events_later (id int PRIMARY KEY)")
        owner.execute(f"GRANT DELETE ON fullhouse.events_movement TO {deployed.app.role}")
        try:
            deployed.grant()
            with deployed.app.session() as session:
                session.execute("INSERT INTO fullhouse.events_later VALUES (1)")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute("DELETE FROM fullhouse.events_movement")
        finally:
            owner.execute("DROP TABLE fullhouse.events_later")


def test_old_code_serves_beside_a_newer_schema(deployed: House) -> None:
    """A release that came after has migrations that this code does not know: it serves on."""
    future = "('events', '9999_of_a_later_release', now())"
    with psycopg.connect(deployed.owner.url, autocommit=True) as owner:
        owner.execute(
            f"INSERT INTO fullhouse.django_migrations (app, name, applied) VALUES {future}"
        )
        try:
            script = "from fullhouse.web.serving import require_migrated; require_migrated()"
            deployed.app.run("shell", "--no-imports", "--command", script)
            deployed.app.run("capacity", "audit", "--json")
        finally:
            owner.execute("DELETE FROM fullhouse.django_migrations WHERE name LIKE '9999%'")


def test_new_code_says_what_is_missing_instead_of_serving(deployed: House) -> None:
    with psycopg.connect(deployed.owner.url, autocommit=True) as owner:
        gone = owner.execute(
            "DELETE FROM fullhouse.django_migrations WHERE (app, name) = (SELECT app, max(name)"
            " FROM fullhouse.django_migrations WHERE app = 'capacity_migration' GROUP BY app)"
            " RETURNING app, name, applied"
        ).fetchone()
        try:
            done = deployed.app.attempt("serve", "--port", "1")
            assert done.returncode == 1, done.stdout + done.stderr
            assert "fullhouse migrate" in done.stderr
        finally:
            owner.execute(
                "INSERT INTO fullhouse.django_migrations (app, name, applied) VALUES (%s, %s, %s)",
                gone,
            )
