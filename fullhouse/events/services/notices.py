"""Announces what moved no place: written where it happened, told by the worker."""

from typing import Any
from uuid import UUID

from django.db import Error

from fullhouse.events.engine.failures import failure
from fullhouse.events.models import Notice


def announce(
    *,
    kind: str,
    facts: dict[str, Any],
    performance_id: UUID | None = None,
    using: str = "default",
) -> None:
    """Write a notice in the caller's transaction, or one of its own; facts are JSON, without names.

    Raises Conflict, EngineFault.
    """
    try:
        Notice.objects.using(using).create(kind=kind, facts=facts, performance_id=performance_id)
    except Error as error:
        raise failure(error) from error
