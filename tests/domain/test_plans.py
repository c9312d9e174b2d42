"""Seating plans: what is read is written again, what cannot be meant is named with its place."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.names import name_key, seat_key
from fullhouse.events.domain.plans import formats, own, pretix, table
from fullhouse.events.domain.plans.document import (
    Area,
    Category,
    Plan,
    PlanSeat,
    PlanSection,
    Row,
)
from fullhouse.events.domain.plans.make import Block, make_plan

word = st.text("abcXYZ 019-,\"'آبی۱ي", min_size=1, max_size=6).map(str.strip).filter(bool)
prices = st.none() | st.decimals(0, 10**6, places=2)
spot = st.none() | st.integers(-5000, 5000) | st.floats(-5000, 5000).map(lambda x: round(x, 3))
category = st.none() | st.sampled_from(["Gold", "Silver", "طلایی"])


def ranked(nodes: list[Any], steps: list[int]) -> tuple[Any, ...]:
    made, rank = [], 0
    for node, step in zip(nodes, steps, strict=False):
        rank += step
        made.append(replace(node, rank=rank))
    return tuple(made)


seats = st.lists(
    st.builds(
        PlanSeat,
        seat_number=word,
        rank=st.just(1),
        guid=st.none() | st.uuids().map(str),
        category=category,
        price=prices,
        x=spot,
        y=spot,
        accessible=st.booleans(),
        companion=st.booleans(),
        restricted_view=st.booleans(),
        premium=st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda seat: seat_key(seat.seat_number),
)
steps = st.lists(st.integers(1, 3), min_size=4, max_size=4)
rows = st.lists(
    st.builds(
        lambda label, x, y, seats, gaps: Row(
            row_number=label, rank=1, x=x, y=y, seats=ranked(seats, gaps)
        ),
        word,
        spot,
        spot,
        seats,
        steps,
    ),
    max_size=3,
    unique_by=lambda row: name_key(row.row_number),
)
areas = st.lists(
    st.builds(Area, name=word, capacity=st.integers(1, 500), category=category),
    min_size=1,
    max_size=2,
    unique_by=lambda area: area.name,
)
sections = st.builds(
    lambda name, kind, rule, focus, x, y, rows, gaps, areas: PlanSection(
        name=name, category=kind, orphan_rule=rule, x=x, y=y, rows=ranked(rows, gaps),
        areas=tuple(areas), focal_row_rank=focus, focal_seat_rank=focus,
    ),
    word, category, st.booleans(), st.none() | st.integers(1, 9), spot, spot, rows, steps, areas,
)  # fmt: skip
plans = st.builds(
    Plan,
    name=word,
    width=st.none() | st.integers(0, 9000),
    height=st.none() | st.integers(0, 9000),
    categories=st.lists(
        st.builds(Category, name=word, color=st.none() | st.just("#aabbcc"), price=prices),
        max_size=2,
        unique_by=lambda one: one.name,
    ).map(tuple),
    sections=st.lists(
        sections, min_size=1, max_size=3, unique_by=lambda one: name_key(one.name)
    ).map(tuple),
)


@given(plans)
@settings(max_examples=100)
def test_our_own_file_says_everything(plan: Plan) -> None:
    text = own.write(plan)
    assert own.read(text) == plan
    assert own.write(own.read(text)) == text
    assert own.digest(own.read(text)) == own.digest(replace(plan, name="another"))


def in_csv(plan: Plan) -> Plan:
    """Return what a CSV can hold of a plan."""

    def at(*parts: float | None) -> float | None:
        return None if parts[0] is None else sum(part or 0 for part in parts)

    return Plan(
        name="",
        sections=tuple(
            PlanSection(
                name=section.name,
                rows=tuple(
                    replace(
                        row,
                        x=None,
                        y=None,
                        seats=tuple(
                            replace(
                                seat,
                                category=seat.category or section.category,
                                x=at(seat.x, row.x, section.x),
                                y=at(seat.y, row.y, section.y),
                            )
                            for seat in row.seats
                        ),
                    )
                    for row in section.rows
                ),
                areas=tuple(
                    replace(area, category=area.category or section.category)
                    for area in section.areas
                ),
            )
            for section in plan.sections
        ),
    )


@given(plans)
@settings(max_examples=100)
def test_a_csv_holds_its_columns(plan: Plan) -> None:
    text, lost = table.write(plan)
    assert table.read(text) == in_csv(plan)
    assert table.write(table.read(text))[0] == text
    assert {loss.what for loss in lost} >= {"name"}
    rules = {loss.what: loss.count for loss in lost}.get("orphan_rule", 0)
    assert rules == sum(not section.orphan_rule for section in plan.sections)


point = st.fixed_dictionaries({"x": st.integers(0, 900) | st.just(12.5), "y": st.integers(0, 900)})
seat_there = st.fixed_dictionaries(
    {
        "seat_guid": st.uuids().map(str),
        "seat_number": word,
        "position": point,
        "category": st.sampled_from(["Stalls", "Balcony"]),
    },
    optional={
        "uuid": st.uuids().map(str),
        "start_direction": st.sampled_from(["<", ">", "<>", None]),
        "radius": st.just(10),
    },
)
row_there = st.fixed_dictionaries(
    {
        "row_number": word,
        "seats": st.lists(
            seat_there, min_size=1, max_size=4, unique_by=lambda one: seat_key(one["seat_number"])
        ),
    },
    optional={
        "row_label": st.none() | st.just("Row %s"),
        "seat_label": st.none() | st.just("%s"),
        "uuid": st.uuids().map(str),
        "row_number_position": st.sampled_from(["start", "end", "both", None]),
        "position": point,
    },
)
drawing = st.one_of(
    st.fixed_dictionaries(
        {"shape": st.just("polygon"), "polygon": st.fixed_dictionaries({"points": st.lists(point)})}
    ),
    st.fixed_dictionaries(
        {
            "shape": st.just("text"),
            "text": st.fixed_dictionaries({"text": word, "position": point, "size": st.just(16)}),
            "color": st.just("#333"),
            "rotation": st.just(45),
            "position": point,
        }
    ),
    st.fixed_dictionaries(
        {"shape": st.just("circle"), "circle": st.fixed_dictionaries({"radius": st.just(5)})}
    ),
)
zone_there = st.fixed_dictionaries(
    {
        "name": word,
        "position": point,
        "rows": st.lists(
            row_there, min_size=1, max_size=3, unique_by=lambda one: name_key(one["row_number"])
        ),
    },
    optional={"zone_id": word, "uuid": st.uuids().map(str), "areas": st.lists(drawing, max_size=2)},
)
there = st.fixed_dictionaries(
    {
        "name": word,
        "zones": st.lists(
            zone_there, min_size=1, max_size=3, unique_by=lambda one: name_key(one["name"])
        ),
        "categories": st.lists(
            st.fixed_dictionaries({"name": word}, optional={"color": st.just("#7f4a91")}),
            max_size=2,
            unique_by=lambda one: one["name"],
        ),
        "size": st.fixed_dictionaries({"width": st.integers(0, 900), "height": st.just(480)}),
    }
)


@given(there)
@settings(max_examples=100)
def test_a_pretix_file_comes_back_as_it_was(document: dict[str, Any]) -> None:
    plan = pretix.read(json.dumps(document))
    kept = own.read(own.write(plan))
    text, lost = pretix.write(kept)
    assert json.loads(text) == document
    assert lost == ()


def test_what_pretix_cannot_hold_is_told() -> None:
    plan = make_plan("House", blocks=(Block(name="Stalls", rows=1, seats_per_row=3),))
    section = plan.sections[0]
    first = replace(section.rows[0].seats[0], accessible=True)
    row = replace(section.rows[0], seats=(first, *section.rows[0].seats[1:]))
    area = Area(name="Floor", capacity=40)
    plan = replace(plan, sections=(replace(section, rows=(row,), areas=(area,)),))
    text, lost = pretix.write(plan)
    assert [loss.told() for loss in lost] == [
        "1 area(s) of general admission, with their places",
        "accessible places: 1",
        "3 seat(s) got a guid of their own making",
    ]
    assert "ویلچر" in lost[1].told("fa")
    assert pretix.read(text).seats == 3


ZONE = {
    "name": "Hall",
    "position": {"x": 0, "y": 0},
    "rows": [
        {
            "row_number": "1",
            "seats": [
                {
                    "seat_guid": "h-1-1",
                    "seat_number": "1",
                    "position": {"x": 0, "y": 0},
                    "category": "C",
                }
            ],
        }
    ],
}
GOOD = {"name": "P", "zones": [ZONE], "categories": [], "size": {"width": 1, "height": 1}}


def spoilt(*path: Any, value: Any) -> str:
    """Return a good file with one value changed."""
    document: Any = json.loads(json.dumps(GOOD))
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return json.dumps(document)


SEAT = ("zones", 0, "rows", 0, "seats", 0)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[", "line 1, column 2"),
        ('{"name": NaN}', "file"),
        ("[" * 100_000, "file"),
        ('{"name": ' + "1" * 5000 + "}", "file"),
        ("[]", "configuration"),
        (spoilt("extra", value=1), "extra"),
        (spoilt("size", value=None), "size"),
        (spoilt("size", "width", value=-1), "size.width"),
        (spoilt("zones", value=[]), "sections"),
        (spoilt("zones", 0, "name", value=" "), "zones[0].name"),
        (spoilt("zones", 0, "position", "x", value="0"), "zones[0].position.x"),
        (spoilt("zones", value=[ZONE, {**ZONE, "name": " hall "}]), "zones[1]"),
        (spoilt(*SEAT, "seat_guid", value=" x"), "zones[0].rows[0].seats[0].seat_guid"),
        (spoilt(*SEAT, "seat_number", value=7), "zones[0].rows[0].seats[0].seat_number"),
        (spoilt(*SEAT, "seat_number", value="9" * 21), "zones[0].rows[0].seats[0].seat_number"),
        (spoilt(*SEAT, "position", "x", value=1e9), "zones[0].rows[0].seats[0].position.x"),
        (spoilt(*SEAT, "colour", value="red"), "zones[0].rows[0].seats[0].colour"),
        (
            spoilt("zones", 0, "rows", 0, "seats", value=ZONE["rows"][0]["seats"] * 2),  # type: ignore[index]
            "zones[0].rows[0].seats[1]",
        ),
        (spoilt("zones", 0, "areas", value=[{"shape": "star"}]), "zones[0].areas[0].shape"),
    ],
)
def test_a_bad_pretix_file_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        pretix.read(text)
    assert refused.value.argument == place
    assert refused.value.problem


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1"),
        ("row,seat\n", "line 1"),
        ("section,colour\n", "line 1"),
        ("section,row,seat\nHall,A,1,9\n", "line 2"),
        ("section,row,seat\n,A,1\n", "line 2.section"),
        ("section,row,seat,x\nHall,A,1,left\n", "line 2.x"),
        ("section,row,seat,x\nHall,A,1,nan\n", "line 2.x"),
        ("section,row,seat,price\nHall,A,1,-5\n", "line 2.price"),
        ("section,row,seat,accessible\nHall,A,1,maybe\n", "line 2.accessible"),
        ("section,row,seat,places\nHall,A,1,5\n", "line 2.places"),
        ("section,area,places\nHall,Floor,0\n", "line 2.places"),
        ("section,area,places\nHall,Floor,1.5\n", "line 2.places"),
        ("section,row,seat\nHall,A,1\nHall,a,01\n", "line 3"),
        ("section,row,seat,seat_rank\nHall,A,1,0\n", "line 2.seat_rank"),
        ("section,row,seat,guid\nHall,A,1,x\nHall,A,2,x\n", "line 3"),
        ("section,row,seat,row_rank\nHall,A,1,1\nHall,B,1,1\n", "line 3.row"),
        ('section,row,seat\n"Hall,A,1\n', "line 2"),
        ("section,row,seat\n", "sections"),
    ],
)
def test_a_bad_csv_is_refused_with_its_line(text: str, place: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        table.read(text)
    assert refused.value.argument == place


def test_a_spreadsheet_needs_only_section_and_seat() -> None:
    plan = table.read("\ufeffSection,Row,Seat,Accessible\r\nتالار,الف,۱,بله\r\nتالار,الف,۲,\r\n")
    (section,) = plan.sections
    assert (section.name, section.rows[0].row_number) == ("تالار", "الف")
    assert [(s.seat_number, s.rank, s.accessible) for s in section.seats] == [
        ("۱", 1, True),
        ("۲", 2, False),
    ]


def test_formats_are_known_by_their_files() -> None:
    plan = make_plan("House", blocks=(Block(name="Stalls", rows=1, seats_per_row=1),))
    assert formats.guessed("a.CSV", "") == "csv"
    assert formats.guessed("a.json", own.write(plan)) == "fullhouse"
    assert formats.guessed("a.json", json.dumps(GOOD)) == "pretix"
    with pytest.raises(InvalidRequest):
        formats.read("", "xml")
