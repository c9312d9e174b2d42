"""What a use case may answer instead of a result: one family, four branches.

A refusal is an answer (409): the house says no, and with which numbers; nothing moved. An
invalid request (422) could never succeed. A conflict (503) may succeed if it is tried again.
An engine fault (500) is a broken rule or a bug. Nothing here knows Django or the database.
"""

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Facts: TypeAlias = Mapping[str, Json]


class CapacityError(Exception):
    """Anything that a service raises. `http_status` is what the outside is told."""

    http_status: ClassVar[int] = 500


class Refusal(CapacityError):  # noqa: N818 - an answer, not an error
    """The house says no, and nothing moved.

    `code` is one of the outcomes in the header of the SQL function (`sold_out`, `seat_taken`,
    `expired`, ...); `facts` are JSON values: what is left, which seats, the numbers. The text
    for people is made by `messages.explain`.
    """

    http_status = 409

    def __init__(self, code: str, facts: Facts | None = None) -> None:
        self.code = code
        self.facts: dict[str, Json] = dict(facts or {})
        super().__init__(code, self.facts)

    def __str__(self) -> str:
        stated = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {stated}" if stated else self.code


class InvalidRequest(CapacityError):  # noqa: N818
    """The request cannot be meant: an argument is missing, out of range or given twice.

    `argument` is its name, `problem` says what is wrong and what is allowed.
    """

    http_status = 422

    def __init__(self, argument: str, problem: str) -> None:
        self.argument = argument
        self.problem = problem
        super().__init__(argument, problem)

    def __str__(self) -> str:
        return f"{self.argument}: {self.problem}" if self.argument else self.problem


class Conflict(CapacityError):  # noqa: N818
    """Others were in the way: a lock timeout, a deadlock, a lost connection. Try again.

    Without an idempotency key a lost connection leaves open whether the call took effect.
    """

    http_status = 503


class EngineFault(CapacityError):  # noqa: N818
    """A broken rule or a bug. `sqlstate` names the rule (23I01 to 23I08) where there is one."""

    http_status = 500

    def __init__(self, message: str, sqlstate: str | None = None) -> None:
        self.sqlstate = sqlstate
        super().__init__(message)
