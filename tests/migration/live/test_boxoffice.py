"""A box office with integer keys and orders with lines, taken over while it sells, and back."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum

from fullhouse.events.models import ReservationLine, SectionTicketType, TicketType
from fullhouse.events.services.audit import audit
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places
from fullhouse.events.services.resize import resize_allocation
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.live import cannot_hold, reverse
from fullhouse.migration.models import MigrationRun, Outbox
from fullhouse.migration.runs import Order, State, load_source
from fullhouse.migration.source.load import PRESETS, load

from ..boxoffice import box_office, check, key
from ..builders import House
from .office_sellers import clerks, said
from .over_scene import Stage, cleared, hold, sell

SHOW = 101
TOWN = (PRESETS / "boxoffice.toml").read_text(encoding="utf-8")


@pytest.fixture
def office(db_committed: None, tmp_path: Path) -> Iterator[Stage]:
    with box_office() as schema:
        order = Order("boxoffice", schema, yes=True, backup_dir=tmp_path, backup_form="copy")
        with cleared(Stage(order, House())) as one:
            yield one


def show(office: Stage, number: int = SHOW) -> UUID:
    return key(office.schema, "performance", number)


def places(office: Stage, tariff: int, count: int, of: int = SHOW) -> Places:
    kind = key(office.schema, "ticket_type", tariff)
    one = SectionTicketType.objects.get(performance_id=show(office, of), ticket_type_id=kind)
    return Places(section_id=one.section_id, ticket_type_id=kind, quantity=count)


def books(office: Stage, after: int = 5011) -> list[tuple[object, ...]]:
    """The box office's own books: number, state, cents, who, lines of each order."""
    schema = f'"{office.schema}"'
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.order_no, o.state, o.total_cents, c.email, (SELECT array_agg(i.tariff_no"
            f" || 'x' || i.quantity ORDER BY i.line_no) FROM {schema}.order_items AS i"
            f" WHERE i.order_no = o.order_no) FROM {schema}.orders AS o"
            f" LEFT JOIN {schema}.customers AS c USING (customer_no)"
            " WHERE o.order_no > %s ORDER BY 1",
            [after],
        )
        return list(cursor.fetchall())


def money(office: Stage, number: int) -> Decimal:
    lines = ReservationLine.objects.filter(
        reservation_id=key(office.schema, "booking", number), status="sold"
    )
    total: Decimal = lines.aggregate(all=Sum(F("quantity") * F("unit_price")))["all"]
    return total


def test_what_fullhouse_sells_stands_in_the_books_and_comes_back(office: Stage) -> None:
    office.take_over()
    office.cut_over()
    assert office.differences() == []
    sell(show(office), places(office, 11, 2), places(office, 12, 1), customer="cy@example.org")
    hold(show(office, 201), places(office, 21, 3, of=201), customer="bo@example.org")
    refund(performance_id=show(office), reservation_id=key(office.schema, "booking", 5001))
    office.follow()
    after = [
        (5012, "PAID", 10500, "cy@example.org", ["11x2", "12x1"]),
        (5013, "OPEN", 4500, "bo@example.org", ["21x3"]),
    ]
    assert sorted(books(office), key=lambda one: str(one[1]), reverse=True) == after
    assert office.follow().units == 0
    office.roll_back()
    assert office.run.state == State.ROLLED_BACK
    ((state,),) = office.do("SELECT state FROM {}.orders WHERE order_no = 5001")
    assert state == "VOID"
    office.take_over()
    assert office.differences() == []
    assert not audit(performance_id=show(office))
    assert money(office, 5012) == Decimal("105.00")


def test_a_changed_quota_is_written_and_what_is_lacking_is_told(office: Stage) -> None:
    office.take_over()
    office.cut_over()
    one = SectionTicketType.objects.get(
        performance_id=show(office), ticket_type_id=key(office.schema, "ticket_type", 11)
    )
    resize_allocation(
        performance_id=one.performance_id, allocation_id=one.pk, allocated_capacity=60
    )
    sell(show(office), places(office, 11, 1), reference="A-1")
    office.follow()
    assert office.do("SELECT quota_no, places FROM {}.quotas WHERE show_no = 101 ORDER BY 1") == [
        (1, 60),
        (2, 0),
        (3, 50),
    ]
    lost = cannot_hold.cannot_hold(office.run, load_source(office.order), using="default")
    assert {one.kind for one in lost} == {"reference"}
    office.roll_back()
    assert any("references" in one for one in office.heard.said)


def test_contracted_tables_are_followed_and_fetched_back(office: Stage) -> None:
    office.take_over()
    office.cut_over()
    office.contract()
    sell(show(office), places(office, 11, 1), customer="ada@example.org")
    office.follow()
    office.roll_back()
    assert books(office) == [(5012, "PAID", 4000, "ada@example.org", ["11x1"])]


def test_the_places_of_a_family_ticket_have_a_price_each(office: Stage) -> None:
    office.take_over()
    office.cut_over()
    family = key(office.schema, "ticket_type", 21)
    TicketType.objects.filter(pk=family).update(places_per_ticket=3)
    sell(show(office, 201), places(office, 21, 6, of=201))
    source = load_source(office.order)
    with reverse.writer(office.run, source, using="default") as back, transaction.atomic():
        assert reverse.drain(back) == 1
        back.session.cursor.execute("SELECT unit_price, participants, total_price FROM b_booking")
        assert back.session.cursor.fetchall() == [(Decimal("5.00"), 6, Decimal("30.00"))]
    assert books(office) == [(5012, "PAID", 3000, None, ["21x6"])]
    office.roll_back()


def test_a_change_of_a_line_alone_marks_its_show(office: Stage) -> None:
    office.take_over()
    office.do("UPDATE {}.order_items SET quantity = 5 WHERE order_no = 5001 AND line_no = 1")
    ((marked,),) = Outbox.objects.filter(run_id=office.run.pk).values_list("link")
    assert marked == ["booking_2", "5001"]
    assert office.differences() == []  # late, and known to be
    office.take_over()
    assert not Outbox.objects.filter(run_id=office.run.pk).exists()
    lines = ReservationLine.objects.filter(reservation_id=key(office.schema, "booking", 5001))
    assert sorted(lines.values_list("quantity", flat=True)) == [1, 5]


def test_nothing_acknowledged_is_lost_over_and_back(
    office: Stage, tmp_path: Path, conninfo: str
) -> None:
    journals = tmp_path / "journals"
    journals.mkdir()
    # Room for however many they sell until the moment comes.
    office.do("UPDATE {}.houses SET licensed_for = 1000000")
    office.do("UPDATE {}.quotas SET places = 100000 WHERE quota_no IN (1, 3, 7)")
    with clerks(conninfo, office.schema, journals, "before"):
        office.take_over()
        office.cut_over(budget_ms=10_000)
    assert office.differences() == []
    buyers = {f"{number}@example.org" for number in range(5)}
    for buyer in buyers:
        sell(show(office), places(office, 11, 1), customer=buyer)
    office.roll_back(budget_ms=10_000)
    assert buyers <= {one[3] for one in books(office)}
    with clerks(conninfo, office.schema, journals, "after"):
        office.take_over()
        office.cut_over(budget_ms=10_000)
    told = said(journals)
    stored = {int(str(one[0])): one for one in books(office)}
    assert told
    for number, (state, lines) in told.items():
        assert stored[number][1] == state
        assert stored[number][4] == [f"{one}x{count}" for one, count in lines.items()]
        kept = ReservationLine.objects.filter(
            reservation_id=key(office.schema, "booking", number), status="sold"
        ).aggregate(all=Sum("quantity"))["all"]
        assert kept == (sum(lines.values()) if state == "PAID" else None)
    assert office.differences() == []
    for number in (101, 201):
        assert not audit(performance_id=show(office, number))


def test_a_source_without_a_way_back_says_what_is_missing(office: Stage, tmp_path: Path) -> None:
    file = tmp_path / "town.toml"
    file.write_text(TOWN.split("[reverse]")[0], encoding="utf-8")
    order = Order(str(file), office.schema, yes=True, backup_dir=tmp_path, backup_form="copy")
    with pytest.raises(RefusedError, match=r"\[reverse\]"):
        Stage(order, House()).take_over()
    assert not MigrationRun.objects.filter(
        legacy_schema=office.schema, state=State.EXPANDED
    ).exists()
    findings = check(file, office.schema)[1]["findings"]
    (found,) = [one for one in findings if one["kind"] == "not_live"]
    assert "[reverse]" in found["en"]
    assert "[reverse]" in found["fa"]


def test_a_statement_that_does_not_fit_is_found_before_anything(
    office: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "town.toml"
    file.write_text(TOWN.replace("SET places_sold =", "SET sold ="), encoding="utf-8")
    code, told = check(file, office.schema)
    assert code == 0  # of use still, for a source that stands still
    (found,) = [one for one in told["findings"] if one["kind"] == "statement_does_not_fit"]
    assert (found["weight"], found["where"]) == ("warning", "reverse.1")
    with pytest.raises(RefusedError, match="statement 1 of source"):
        reverse.require_way_back(
            MigrationRun(legacy_schema=office.schema), load(str(file)), using="default"
        )
