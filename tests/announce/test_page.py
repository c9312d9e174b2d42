"""The snippets that the page gives to receivers accept our messages, and nobody else's."""

from typing import Any

import pytest
from django.utils import timezone
from docs.markdown import ROOT, blocks

from fullhouse.announce.kinds import Kind
from fullhouse.announce.models import WebhookEndpoint
from fullhouse.announce.signing import secret_of, signed_headers

PAGE = ROOT / "docs/reference/webhooks.md"


@pytest.mark.parametrize("number", [0, 1])
def test_the_snippets_verify_a_message(listening: WebhookEndpoint, number: int) -> None:
    names: dict[str, Any] = {}
    exec(blocks(PAGE, "python")[number].body, names)  # noqa: S102 - our own page
    secret = secret_of(listening.pk, listening.salt)
    body = '{"type":"capacity.changed","data":{"نام":1}}'
    headers = signed_headers(listening, "msg_1", body, timezone.now())
    assert names["received"](secret, headers, body.encode())["type"] == "capacity.changed"
    with pytest.raises(Exception, match=r"not a message of ours|No matching signature"):
        names["received"](secret, headers, body.replace("1", "2").encode())


def test_every_type_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in Kind if f"| `{kind}` |" not in text] == []
