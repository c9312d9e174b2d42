"""Rows that staff keep: venues, events, ticket types, performances, and what sections cost.

One way for the console and the API. Places are not here: sections are built, resized and
reallocated by services of their own. A change of a row of a performance is kept as a note.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, models
from django.db.models.deletion import ProtectedError

from fullhouse.events.domain.errors import Conflict, EngineFault, InvalidRequest, Refusal
from fullhouse.events.engine.calls import as_json, call
from fullhouse.events.engine.failures import failure
from fullhouse.events.models import (
    Event,
    EventPerformance,
    EventSection,
    SectionTicketType,
    TicketType,
    Venue,
)
from fullhouse.events.services.once import once
from fullhouse.events.services.outcomes import check_texts

Row = TypeVar("Row", bound=models.Model)
Status = EventPerformance.Status

# What may be set.
_VALUES: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Venue: ("name", "city", "country", "total_capacity", "time_zone"),
    Event: ("venue_id", "title", "slug"),
    TicketType: ("event_id", "name", "code", "price_modifier", "places_per_ticket", "is_active"),
    EventPerformance: (
        "event_id",
        "date",
        "start_time",
        "status",
        "sales_open_at",
        "sales_close_at",
        "hold_ceiling_seconds",
        "waiting_list_first",
        "accessible_release_at",
    ),
    EventSection: (
        "name",
        "position",
        "base_price",
        "orphan_rule",
        "focal_row_rank",
        "focal_seat_rank",
    ),
    SectionTicketType: ("price_modifier",),
}
_KEPT_AS: Final[dict[type[models.Model], str]] = {
    EventPerformance: "change_performance",
    EventSection: "change_section",
    SectionTicketType: "change_allocation",
}
# These have consequences for what is sold: `services.cancel` has them.
_BY_A_CALL: Final = (Status.POSTPONED, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it was kept; read it for the rest."""

    row_id: UUID
    replayed: bool


def version_of(row: models.Model) -> str:
    """Return the version of a row: another one whenever a value that may be changed is another."""
    text = json.dumps([str(getattr(row, name)) for name in _VALUES[type(row)]])
    return hashlib.sha256(f"{row.pk}{text}".encode()).hexdigest()[:32]


def create(
    model: type[Row],
    values: Mapping[str, Any],
    *,
    idempotency_key: str | None = None,
    using: str = "default",
) -> Kept:
    """Make a venue, event, ticket type or empty performance.

    Raises InvalidRequest with the name of the value; Refusal `over_venue` (I1), `key_reused`;
    Conflict, EngineFault.
    """
    _only(values, _VALUES[model])

    def act() -> dict[str, Any]:
        row = model(**values)
        keep(row, using=using, new=True)
        return {"id": str(row.pk)}

    done = once(
        f"create_{model._meta.model_name}"[:30],
        dict(values),
        act,
        idempotency_key=idempotency_key,
        using=using,
    )
    return Kept(UUID(done["id"]), bool(done.get("replayed")))


def change(
    model: type[Row],
    row_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected: str | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Kept:
    """Change values of a row; what is not named stays.

    `expected` is the version that the caller has read; None: any. Raises Refusal `unknown`,
    `changed_meanwhile`, `over_venue` (I1), `wrong_status` (postponed and cancelled are left and
    reached by calls of their own), `key_reused`; InvalidRequest, Conflict, EngineFault.
    Locks: the row.
    """
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    _only(changes, _VALUES[model])

    def act() -> dict[str, Any]:
        row = _locked(model, row_id, expected, using)
        before = {name: getattr(row, name) for name in changes}
        _check_status(before.get("status"), changes.get("status"))
        for name, value in changes.items():
            setattr(row, name, value)
        keep(row, using=using, only=list(changes))
        row.refresh_from_db(fields=list(changes))
        _note(row, before, actor, reason, using)
        return {"id": str(row_id)}

    done = once(
        f"change_{model._meta.model_name}"[:30],
        {"id": row_id, "changes": dict(changes), "reason": reason},
        act,
        idempotency_key=idempotency_key,
        using=using,
    )
    return Kept(row_id, bool(done.get("replayed")))


def remove(
    model: type[Row],
    row_id: UUID,
    *,
    expected: str | None = None,
    idempotency_key: str | None = None,
    using: str = "default",
) -> None:
    """Delete a row on which nothing hangs.

    Raises Refusal `unknown`, `changed_meanwhile`, `in_use` with what hangs on it, `key_reused`;
    Conflict, EngineFault. Locks: the row.
    """

    def act() -> dict[str, Any]:
        discard(_locked(model, row_id, expected, using), using=using)
        return {"id": str(row_id)}

    once(
        f"remove_{model._meta.model_name}"[:30],
        {"id": row_id},
        act,
        idempotency_key=idempotency_key,
        using=using,
    )


def keep(
    row: models.Model,
    *,
    using: str = "default",
    new: bool = False,
    only: list[str] | None = None,
) -> None:
    """Check a row and write it; deferred rules speak now and not at the commit.

    Raises InvalidRequest with the name of the first wrong value; Refusal `over_venue`; Conflict,
    EngineFault. Inside a transaction.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise _refused(error) from error
    try:
        row.save(using=using, force_insert=new, update_fields=only)
        _ask_now(using)
    except DatabaseError as error:
        raise _failed(error) from error


def discard(row: models.Model, *, using: str = "default") -> None:
    """Delete a row on which nothing hangs. Raises Refusal `in_use`; Conflict, EngineFault."""
    try:
        row.delete(using=using)
        _ask_now(using)
    except ProtectedError as error:
        kinds = {str(one._meta.verbose_name_plural) for one in error.protected_objects}
        raise Refusal("in_use", {"by": [*sorted(kinds)]}) from error
    except DatabaseError as error:
        raise _failed(error) from error


def _ask_now(using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _failed(error: DatabaseError) -> Exception:
    """What the checks before did not see, another writer has done in between: to be tried again."""
    found = failure(error)
    if isinstance(found, EngineFault) and (found.sqlstate or "").startswith("23"):
        return Conflict(str(found))
    return found


def _locked(model: type[Row], row_id: UUID, expected: str | None, using: str) -> Row:
    rows = model._base_manager.using(using).select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=row_id).order_by("pk").first()
    if row is None:
        raise Refusal("unknown", {"what": str(model._meta.model_name), "id": str(row_id)})
    if expected is not None and expected != version_of(row):
        raise Refusal("changed_meanwhile", {"version": version_of(row)})
    return row


def _only(values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in values:
        if name not in known:
            raise InvalidRequest(name, f"cannot be set here; known are {', '.join(known)}")


def _check_status(was: str | None, now: str | None) -> None:
    if was is not None and now not in (None, was) and (was in _BY_A_CALL or now in _BY_A_CALL):
        raise Refusal("wrong_status", {"status": was})


def _refused(error: ValidationError) -> Exception:
    for name, errors in error.error_dict.items():
        first = errors[0]
        params = first.params or {}
        if first.code == "I1":
            return Refusal(
                "over_venue", {"venue_capacity": params["total"], "needed": params["needed"]}
            )
        return InvalidRequest("" if name == "__all__" else name, first.messages[0])
    return InvalidRequest("", str(error))


def _note(
    row: models.Model, before: Mapping[str, Any], actor: str, reason: str, using: str
) -> None:
    """Keep what changed, where there is a performance to keep it with."""
    operation = _KEPT_AS.get(type(row))
    after = {name: getattr(row, name) for name in before}
    if operation is None or after == before:
        return
    changed = [name for name in before if before[name] != after[name]]
    facts: dict[str, Any] = {"id": str(row.pk)}
    for word, values in (("before", before), ("after", after)):
        facts[word] = {name: _plain(values[name]) for name in changed}
    performance_id = getattr(row, "performance_id", row.pk)
    call(
        "note_change_v1",
        performance_id,
        operation=operation,
        facts=as_json(facts),
        actor=actor,
        reason=reason,
        using=using,
    )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
