"""Best available: arguments that cannot be meant, at the service and at the function itself."""

import uuid
from typing import Any
from uuid import UUID

import pytest

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call
from fullhouse.events.services.best_available import Party, best_available

pytestmark = pytest.mark.usefixtures("db_committed")

BAD: list[tuple[str, Any]] = [
    ("quantity", {"quantity": 0}), ("quantity", {"quantity": -1}), ("quantity", {"quantity": 101}),
    ("quantity", {"quantity": 1.5}), ("quantity", {"quantity": True}),
    ("accessible", {"quantity": 2, "accessible": 3}),
    ("accessible", {"quantity": 2, "accessible": -1}),
    ("sections", {"quantity": 1, "sections": ()}),
    ("sections", {"quantity": 1, "sections": ("x",)}),
    ("ticket_types", {"quantity": 1, "ticket_types": (UUID(int=1), UUID(int=1))}),
    ("split", {"quantity": 1, "split": 1}),
    ("split", {"quantity": 2, "split": True, "accessible": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("argument", "wishes"), BAD)
def test_what_cannot_be_meant_is_refused(argument: str, wishes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        best_available(performance_id=uuid.uuid4(), party=Party(**wishes))
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    "party",
    [
        "[]", "{}", '{"quantity": 0}', '{"quantity": "two"}', '{"quantity": 1.5}',
        '{"quantity": 101}', '{"quantity": 1, "accessible": 2}', '{"quantity": 1, "sections": []}',
        '{"quantity": 1, "sections": ["x"]}', '{"quantity": 1, "ticket_types": "x"}',
        '{"quantity": 1, "split": 1}', '{"quantity": 1, "colour": "red"}',
        '{"quantity": 1, "split": true, "accessible": 1}',
    ],
)  # fmt: skip
def test_the_function_itself_refuses_it_too(party: str) -> None:
    with pytest.raises(InvalidRequest):
        call("best_available_v1", uuid.uuid4(), party=party, ttl_seconds=60, kind="sale",
             reference="r", token_hash=None, customer="", channel="", actor="",
             reason="")  # fmt: skip
