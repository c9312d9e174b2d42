"""The contract says what every answer has, and is made once."""

from typing import Any

import pytest

from fullhouse.announce.kinds import Kind
from fullhouse.api.urls import api

from .conftest import API, Speaker


@pytest.fixture
def contract(db_committed: None, public: Speaker) -> Any:
    return public.get(f"{API}/openapi.json")[1]


def test_every_write_takes_a_key_and_every_answer_is_described(contract: Any) -> None:
    for address, operations in contract["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {address}"
            names = {each["name"] for each in operation.get("parameters", ())}
            answers = operation["responses"]
            assert ("Idempotency-Key" in names) == (method != "get"), where
            assert (
                ("304" in answers)
                == ("If-None-Match" in names)
                == (method == "get" and "application/json" in answers["200"].get("content", {}))
            ), where
            assert {"401", "404", "408", "422", "429", "500", "503"} <= answers.keys(), where
            managed = operation["security"] == [{"ApiKey": []}]
            assert managed == ("/manage/" in address), where


def test_lists_that_grow_have_pages(contract: Any) -> None:
    schemas = contract["components"]["schemas"]
    paged = {name for name, each in schemas.items() if "next" in each.get("properties", ())}
    for address, operations in contract["paths"].items():
        answer = operations.get("get", {}).get("responses", {}).get("200", {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if schema.get("$ref", "").rpartition("/")[2] in paged:
            names = {each["name"] for each in operations["get"]["parameters"]}
            assert {"cursor", "limit"} <= names, address
    assert len(paged) >= 10


def test_every_webhook_is_in_it(contract: Any) -> None:
    assert set(contract["webhooks"]) == set(Kind)


def test_it_is_made_once_and_for_every_reader(
    public: Speaker, contract: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "get_openapi_schema", None)
    status, told, response = public.get(f"{API}/openapi.json", **{"Accept-Language": "fa"})
    assert (status, told) == (200, contract)
    tag = {"If-None-Match": response["ETag"]}
    assert public.get(f"{API}/openapi.json", **tag)[0] == 304
