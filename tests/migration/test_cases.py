"""Every small case, read by the oracle and by the product: the same hand-written checks."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from pytest_django import DjangoDbBlocker

from .builders import House, Row
from .cases import CASES, SPECIAL, Check
from .oracle import expected, read_dump
from .oracle.ledger import faults
from .picture import Picture, from_database, from_oracle
from .takeover import migrated, staged


@dataclass(slots=True)
class Prepared:
    """All cases as one legacy system."""

    rows: list[Row]
    checks: dict[str, tuple[UUID, Check]]


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    plain = House()
    checks = {name: make(SPECIAL.get(name, plain)) for name, make in CASES.items()}
    rows = [row for house in (plain, *SPECIAL.values()) for row in house.rows]
    return Prepared(rows, checks)


@pytest.fixture(scope="module")
def foreseen(prepared: Prepared) -> dict[UUID, Picture]:
    states = expected(read_dump(prepared.rows)).performances
    return {key: from_oracle(state) for key, state in states.items()}


@pytest.fixture(scope="module")
def made(
    prepared: Prepared,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[UUID, Picture]:
    whole = House(rows=prepared.rows)
    path = whole.write(tmp_path_factory.mktemp("cases") / "cases.json")
    legacy = read_dump(prepared.rows)
    with django_db_blocker.unblock(), staged(path) as schema, migrated(schema):
        return {key: from_database(legacy, key) for key in legacy.performances}


@pytest.mark.parametrize("name", CASES)
def test_the_oracle_foresees(name: str, prepared: Prepared, foreseen: dict[UUID, Picture]) -> None:
    performance, check = prepared.checks[name]
    check(foreseen[performance])


@pytest.mark.parametrize("name", CASES)
def test_the_product_makes(name: str, prepared: Prepared, made: dict[UUID, Picture]) -> None:
    performance, check = prepared.checks[name]
    check(made[performance])


def test_the_oracle_loses_no_sale(prepared: Prepared) -> None:
    legacy = read_dump(prepared.rows)
    assert faults(legacy, expected(legacy)) == []
