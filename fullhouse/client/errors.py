"""What a call raises: one family. `code` is stable and for programs, `facts` are the numbers."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec


class FullhouseError(Exception):
    """Anything that this client raises."""


class UnreachableError(FullhouseError):
    """No answer, however often it was tried. A write may have taken effect.

    Ask again with the same `idempotency_key`: nothing happens twice.
    """

    def __init__(self, problem: str, idempotency_key: str | None) -> None:
        self.idempotency_key = idempotency_key
        super().__init__(problem)


class UnreadableAnswerError(FullhouseError):
    """An answer that is not of this API: a proxy's page, another program's port."""


class ProblemError(FullhouseError):
    """The server says no (RFC 9457). `str()` is a sentence in the client's language."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        facts: dict[str, Any],
        request_id: str = "",
    ) -> None:
        self.http_status = status
        self.code = code
        self.detail = detail
        self.facts = facts
        self.request_id = request_id
        super().__init__(f"{detail} [{code}]")


class InvalidError(ProblemError):
    """400, 413, 422: this request can never succeed; `facts["argument"]` says where."""


class KeyUnknownError(ProblemError):
    """401: the API key is unknown, revoked or past its end."""


class NotAllowedError(ProblemError):
    """403: it takes a key with the scope in `facts["scope"]`."""


class NotFoundError(ProblemError):
    """404: not there, or not yours."""


class ChangedError(ProblemError):
    """412: the row has changed since you read it."""


class RefusedError(ProblemError):
    """409: the house says no, and nothing moved."""


class SoldOutError(RefusedError):
    """Not so many places are left."""

    @property
    def left(self) -> int:
        """How many are."""
        return int(self.facts.get("left") or 0)


class SeatTakenError(RefusedError):
    """Some of the seats are somebody else's."""

    @property
    def seat_ids(self) -> list[UUID]:
        """Which ones."""
        return [UUID(str(seat)) for seat in self.facts.get("seat_ids") or ()]


class ExpiredError(RefusedError):
    """The hold is past its deadline."""


class KeyReusedError(RefusedError):
    """The idempotency key was used for another request."""


class PlanMovedError(RefusedError):
    """The seat was addressed by an older plan version: load the plan anew."""


class TooManyRequestsError(ProblemError):
    """429, and waiting as long as it asks would be longer than allowed."""


class BusyError(ProblemError):
    """503 however often it was tried. Nothing happens twice with the same idempotency key."""


class ServerFaultError(ProblemError):
    """500: something broke there and was written down; `request_id` finds it."""


_BY_CODE: Final[dict[str, type[ProblemError]]] = {
    "sold_out": SoldOutError,
    "seat_taken": SeatTakenError,
    "expired": ExpiredError,
    "key_reused": KeyReusedError,
    "plan_moved": PlanMovedError,
}
_BY_STATUS: Final[dict[int, type[ProblemError]]] = {
    400: InvalidError,
    401: KeyUnknownError,
    403: NotAllowedError,
    404: NotFoundError,
    405: InvalidError,
    409: RefusedError,
    412: ChangedError,
    413: InvalidError,
    422: InvalidError,
    429: TooManyRequestsError,
    503: BusyError,
}


class _Told(msgspec.Struct):
    code: str
    detail: str = ""
    facts: dict[str, Any] = {}


def problem_of(status: int, body: bytes, request_id: str) -> FullhouseError:
    """Return the error that an answer is."""
    try:
        told = msgspec.json.decode(body, type=_Told)
    except msgspec.DecodeError:
        if status == 503:
            return BusyError(status, "busy", "The server is busy.", {}, request_id)
        return UnreadableAnswerError(f"status {status}, and no problem of this API")
    kind = _BY_CODE.get(told.code) or _BY_STATUS.get(status)
    if kind is None:
        kind = ServerFaultError if status >= 500 else ProblemError
    return kind(status, told.code, told.detail, told.facts, request_id)
