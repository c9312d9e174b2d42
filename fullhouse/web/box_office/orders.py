"""From a form of the box office to what the services take."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.models import Seat
from fullhouse.events.services.best_available import MAX_PARTY, Party, best_available
from fullhouse.events.services.reserve import MAX_REQUESTS, Hold, Places, SeatRequest, reserve
from fullhouse.language.fields import latin
from fullhouse.web.box_office.menu import Menu

CHANNEL: Final = "web"
ACTOR: Final = "public"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: a party, or requests; and who asks."""

    party: Party | None
    requests: tuple[Places | SeatRequest, ...]
    customer: str
    key: str | None


def asked_for(form: QueryDict, menu: Menu) -> Asked:
    """Read a form. Raises InvalidRequest, in the reader's language, for what cannot be meant."""
    party = _party(form) if form.get("how") == "best" else None
    requests: tuple[Places | SeatRequest, ...] = ()
    if party is None:
        requests = (*_seats(form, menu), *_places(form, menu))
    if party is None and not requests:
        raise InvalidRequest("", _("Nothing is chosen yet. Choose seats, or how many tickets."))
    if len(requests) > MAX_REQUESTS:
        raise InvalidRequest("", _("That is too much for one order. Choose fewer seats."))
    return Asked(party, requests, form.get("customer", "").strip()[:255], _key(form))


def hold(performance_id: UUID, asked: Asked) -> Hold:
    """Hold what was asked for. Raises what `reserve` and `best_available` do."""
    terms = _Terms(
        performance_id=performance_id,
        ttl_seconds=settings.FULLHOUSE_HOLD_SECONDS,
        customer=asked.customer,
        channel=CHANNEL,
        actor=ACTOR,
        idempotency_key=asked.key,
    )
    if asked.party is not None:
        return best_available(party=asked.party, **terms).hold
    return reserve(requests=asked.requests, **terms)


class _Terms(TypedDict):
    """What a hold says besides its places."""

    performance_id: UUID
    ttl_seconds: int
    customer: str
    channel: str
    actor: str
    idempotency_key: str | None


def whole(text: str | None) -> int:
    """Read a number in either digits; 0 where nothing is given.

    Raises InvalidRequest for what is none.
    """
    plain = latin(text or "")
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 6):
        raise InvalidRequest("", _("“%s” is no number of tickets.") % (text or "")[:20])
    return int(plain)


def _key(form: QueryDict) -> str | None:
    """Return the idempotency key: the form's own and what is asked with it.

    The same form sent twice is one hold; the same page with other choices is another request.
    """
    own = form.get("key", "")
    if len(own) < 16:
        return None
    chosen: Mapping[str, list[str]] = dict(form.lists())
    text = repr(sorted((k, v) for k, v in chosen.items() if k != "csrfmiddlewaretoken"))
    return f"web:{hashlib.sha256(text.encode()).hexdigest()}"


def _party(form: QueryDict) -> Party:
    quantity = whole(form.get("quantity"))
    if not 1 <= quantity <= MAX_PARTY:
        raise InvalidRequest("", _("How many seats? 1 to %d.") % MAX_PARTY)
    accessible = whole(form.get("accessible"))
    if accessible > quantity:
        raise InvalidRequest("", _("More wheelchair places than people. Ask for fewer."))
    section, kind = _id(form.get("section")), _id(form.get("ticket_type"))
    return Party(
        quantity=quantity,
        sections=(section,) if section else None,
        ticket_types=(kind,) if kind else None,
        accessible=accessible,
        split="split" in form and not accessible,
        restricted_view="restricted" in form,
    )


def _seats(form: QueryDict, menu: Menu) -> list[SeatRequest]:
    """Seats, each with the type of its own field; those of the pool with the form's, else."""
    seats = [seat for text in dict.fromkeys(form.getlist("seat")) if (seat := _id(text))]
    of_all, pool = _id(form.get("pool_type")), set[UUID]()
    if of_all:
        rows = Seat.objects.filter(performance=menu.performance_id, pk__in=seats)
        pool = set(rows.filter(allocation__ticket_type=None).values_list("pk", flat=True))
    found = []
    for seat in seats:
        kind = _id(form.get(f"type-{seat}")) or (of_all if seat in pool else None)
        found.append(SeatRequest(seat, kind, "needs_access" in form))
    return found


def _places(form: QueryDict, menu: Menu) -> list[Places]:
    found = []
    for field in form:
        tickets = whole(form.get(field)) if field.startswith("n-") else 0
        choice = menu.choice(field) if tickets else None
        if choice is None:
            continue
        places = tickets * choice.places_per_ticket
        if choice.ticket_type_id is None:
            found.append(Places(places, allocation_id=choice.allocation_id))
        else:
            kind = choice.ticket_type_id
            found.append(Places(places, section_id=choice.section_id, ticket_type_id=kind))
    return found


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidRequest("", _("This choice is not known here. Load the page again.")) from None
