"""Secrets of endpoints and signatures by the Standard Webhooks scheme.

A secret is made from the site's secret key and the endpoint's salt: the database alone, and a dump
of it, cannot sign. Whoever changes the site's key changes every secret.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
from typing import Final
from uuid import UUID

from django.conf import settings
from standardwebhooks import Webhook

from fullhouse.announce.models import WebhookEndpoint

#: How long messages are signed with the secret before, too.
BOTH_FOR: Final = datetime.timedelta(days=1)


def secret_of(endpoint_id: UUID, salt: UUID) -> str:
    """Return the secret as its receiver has it: `whsec_` and 32 bytes in base64."""
    text = f"fullhouse webhook {endpoint_id} {salt}".encode()
    made = hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(made).decode()


def signed_headers(
    endpoint: WebhookEndpoint, message_id: str, body: str, now: datetime.datetime
) -> dict[str, str]:
    """Return the three headers of the scheme; `now` (aware UTC) is when it is sent."""
    salts = [endpoint.salt]
    if endpoint.previous_salt and endpoint.rotated_at and now - endpoint.rotated_at < BOTH_FOR:
        salts.append(endpoint.previous_salt)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Webhook(secret_of(endpoint.pk, salt)).sign(message_id, now, body) for salt in salts
        ),
    }
