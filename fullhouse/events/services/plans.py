"""Seating plans: kept in versions that never change, and used as the template of performances.

Under it: `open_performance_v1` and `change_plan_v1`. A plan is known by its name; a version by
name and number. Reading files is `domain/plans/formats.py`.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import Error, transaction

from fullhouse.events.domain.errors import Conflict, InvalidRequest, Refusal
from fullhouse.events.domain.plans import own
from fullhouse.events.domain.plans.document import Plan
from fullhouse.events.domain.plans.house import Terms, house_plan
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.engine.failures import failure, sqlstate_of
from fullhouse.events.models import EventPerformance, SeatingPlan
from fullhouse.events.services.open_performance import OpenedPerformance, open_performance
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed

_TWIN = "23505"  # another has taken the version's number in this very moment


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A version of a plan as it is kept. `new` is False where it was there already."""

    plan_id: UUID
    name: str
    version: int
    digest: str
    seats: int
    places: int
    new: bool = False


@dataclass(frozen=True, slots=True)
class SectionChange:
    """Places without a number that a section gains (or loses, below 0)."""

    section: str
    change: int


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """What a change of plan did, or would do (`dry_run`), in seats and places."""

    performance_id: UUID
    added: int
    removed: int
    updated: int
    unseated: tuple[SectionChange, ...]
    new_sections: tuple[str, ...]
    emptied_sections: tuple[str, ...]
    max_capacity: int
    dry_run: bool
    replayed: bool


def keep_plan(
    *,
    plan: Plan,
    name: str,
    venue_id: UUID | None = None,
    source_format: str = "fullhouse",
    actor: str = "",
    using: str = "default",
) -> KeptPlan:
    """Keep a plan under a name, as its next version.

    The same plan as the name's last version is that version again: nothing is written. Raises
    InvalidRequest; Conflict where another import took the number in the same moment.
    """
    check_texts(actor=actor)
    name = name.strip()
    if not 1 <= len(name) <= 200:
        raise InvalidRequest("name", "must have 1 to 200 characters")
    digest = own.digest(plan)
    try:
        with transaction.atomic(using=using):
            last = SeatingPlan.objects.using(using).filter(name=name).defer("document").first()
            if last is not None and last.digest == digest:
                return _kept(last)
            document = {**own.as_document(plan), "name": name}
            made = SeatingPlan.objects.using(using).create(
                name=name,
                version=last.version + 1 if last else 1,
                previous=last,
                venue_id=venue_id,
                digest=digest,
                document=document,
                seats=plan.seats,
                places=plan.places,
                source_format=source_format,
                created_by=actor,
            )
            return _kept(made, new=True)
    except Error as error:
        if sqlstate_of(error) == _TWIN:
            raise Conflict(f"Another import made a version of {name!r}. Try again.") from error
        raise failure(error) from error


def kept_plan(*, name: str, version: int | None = None, using: str = "default") -> SeatingPlan:
    """Return a version of a plan, the last one where none is named. Raises Refusal: unknown."""
    rows = SeatingPlan.objects.using(using).filter(name=name.strip())
    found = (rows.filter(version=version) if version else rows).first()
    if found is None:
        named = name if version is None else f"{name} v{version}"
        raise Refusal("no_plan", {"plan": named})
    return found


def document_of(kept: SeatingPlan) -> Plan:
    """Return the plan that a version keeps."""
    return own.from_document(kept.document)


def _kept(row: SeatingPlan, *, new: bool = False) -> KeptPlan:
    return KeptPlan(row.pk, row.name, row.version, row.digest, row.seats, row.places, new)


def apply_plan(
    *,
    performance_id: UUID,
    kept: SeatingPlan,
    terms: Terms,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> OpenedPerformance:
    """Build the house of a performance from a version of a plan, all or nothing.

    Any number of performances may be built from one version. Raises what open_performance
    raises, and InvalidRequest for a category without a price. Locks: venue, event, performance.
    """
    house = house_plan(document_of(kept), terms)
    with transaction.atomic(using=using):
        opened = open_performance(
            performance_id=performance_id,
            plan=house,
            actor=actor,
            reason=reason or f"plan {kept}"[:255],
            idempotency_key=idempotency_key,
            using=using,
        )
        performance = EventPerformance.objects.using(using).filter(pk=performance_id)
        performance.update(seating_plan=kept)
    return opened


def change_plan(
    *,
    performance_id: UUID,
    kept: SeatingPlan,
    terms: Terms,
    dry_run: bool = False,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> ChangedPlan:
    """Change the house of a performance to another version of its plan, beside its sales.

    Seats are known by section, row and number, in any spelling. What is there stays in its
    allocation at its price; new seats come on `terms`, seats that are gone leave, and places
    without a number are made or taken away. Raises Refusal: would_orphan (with every held or
    sold place that would vanish), over_venue, unknown, duplicate_seat and the other refusals of
    open_performance; InvalidRequest, Conflict, EngineFault. A refusal and a dry run move nothing.
    Locks: venue, event, performance, sections, overdue holds, seats, allocations.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    configuration = house_plan(document_of(kept), terms).as_configuration()
    body: dict[str, object] = {"plan": str(kept.pk), "house": configuration, "dry": dry_run}
    facts = granted(
        call(
            "change_plan_v1",
            performance_id,
            using=using,
            plan=kept.pk,
            configuration=as_json(configuration),
            dry_run=dry_run,
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("change_plan", body) if idempotency_key else None,
        ),
        "would_change" if dry_run else "changed",
    )
    return ChangedPlan(
        performance_id=performance_id,
        added=facts["added"],
        removed=facts["removed"],
        updated=facts["updated"],
        unseated=tuple(SectionChange(**one) for one in _list(facts["unseated"])),
        new_sections=tuple(_list(facts["new_sections"])),
        emptied_sections=tuple(_list(facts["emptied_sections"])),
        max_capacity=facts["max_capacity"],
        dry_run=dry_run,
        replayed=replayed(facts),
    )


def _list(value: Any) -> list[Any]:
    return list(value or ())
