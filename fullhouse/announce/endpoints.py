"""Add, disable and rotate endpoints; look at deliveries and send them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from fullhouse.announce.addresses import check_url
from fullhouse.announce.deliver import attempt
from fullhouse.announce.kinds import TEST, Kind
from fullhouse.announce.messages import Message
from fullhouse.announce.models import Relay, WebhookDelivery, WebhookEndpoint
from fullhouse.announce.post import Answer
from fullhouse.announce.relay import relay
from fullhouse.announce.signing import secret_of
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event


def add_endpoint(
    url: str,
    *,
    event_types: Sequence[str] = (),
    events: Collection[Event] = (),
    enabled: bool = True,
    because: str = "",
) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint and return it with its secret, which is never shown again.

    It hears of what is committed from now on; where it is not `enabled`, `because` says why.
    Raises InvalidRequest: an address that we do not send to, an unknown type.
    """
    _check(url, event_types)
    if not Relay.objects.exists():
        relay()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            url=url,
            event_types=sorted(set(event_types)),
            enabled=enabled,
            disabled_because="" if enabled else because,
        )
        endpoint.events.set(events)
    return endpoint, secret_of(endpoint.pk, endpoint.salt)


def change_endpoint(
    endpoint: WebhookEndpoint,
    *,
    url: str,
    event_types: Sequence[str],
    events: Collection[Event],
    enabled: bool,
    because: str = "",
) -> None:
    """Make an endpoint what is given; its secret and what waits for it stay.

    `because` says why it is disabled. Raises InvalidRequest as `add_endpoint` does, and for an
    endpoint that is gone. Locks the endpoint.
    """
    _check(url, event_types)
    with transaction.atomic():
        found = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
        if found is None:
            raise InvalidRequest("endpoint", f"there is none {endpoint.pk}")
        found.url, found.event_types = url, sorted(set(event_types))
        found.save(update_fields=["url", "event_types"])
        if found.enabled != enabled:
            set_enabled(found, enabled, "" if enabled else because)
        found.events.set(events)


def remove_endpoint(endpoint: WebhookEndpoint) -> None:
    """Take an endpoint away with its deliveries, also those that wait."""
    endpoint.delete()


def rotate(endpoint: WebhookEndpoint) -> str:
    """Give an endpoint a new secret and return it; for a day both sign."""
    endpoint.previous_salt, endpoint.salt = endpoint.salt, uuid4()
    endpoint.rotated_at = timezone.now()
    endpoint.save(update_fields=["previous_salt", "salt", "rotated_at"])
    return secret_of(endpoint.pk, endpoint.salt)


def set_enabled(endpoint: WebhookEndpoint, enabled: bool, because: str = "") -> None:
    """Stop or go on sending. What waits, waits; what happens meanwhile is not kept for it."""
    endpoint.enabled, endpoint.disabled_because = enabled, because
    endpoint.save(update_fields=["enabled", "disabled_because"])


def _check(url: str, event_types: Collection[str]) -> None:
    check_url(url)
    if unknown := set(event_types) - set(Kind):
        raise InvalidRequest("event_types", f"unknown: {', '.join(sorted(unknown))}")


def replay(*, delivery_ids: Collection[int] = (), dead_of: UUID | None = None) -> int:
    """Send ended deliveries again, by id, or all of an endpoint that were given up.

    They keep their `webhook-id`, and go before what is newer. Returns how many.
    """
    ended = WebhookDelivery.objects.exclude(status=WebhookDelivery.Status.PENDING)
    if dead_of is not None:
        ended = ended.filter(endpoint_id=dead_of, status=WebhookDelivery.Status.DEAD)
    else:
        ended = ended.filter(pk__in=delivery_ids)
    return ended.update(
        status=WebhookDelivery.Status.PENDING,
        attempts=0,
        next_try_at=timezone.now(),
        ended_at=None,
    )


def send_test(endpoint: WebhookEndpoint) -> Answer:
    """Send a test message at once, whatever waits, and return the answer."""
    message = Message(f"msg_{uuid7()}", TEST, timezone.now(), None, None, {"endpoint": endpoint.pk})
    # Ended before it is sent, so that no worker takes it for its own.
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint,
        message_id=message.message_id,
        kind=TEST,
        body=message.body(),
        status=WebhookDelivery.Status.DEAD,
        next_try_at=timezone.now(),
        ended_at=timezone.now(),
    )
    return attempt(delivery)
