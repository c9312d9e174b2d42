"""`fullhouse webhooks`: who is told of events, what was sent, and again.

Exit: 0 done, 1 there is no such endpoint or event, or a test was not accepted, 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Q
from rich.console import Console
from rich.table import Column, Table

from fullhouse.announce import endpoints
from fullhouse.announce.kinds import Kind
from fullhouse.announce.models import WebhookDelivery, WebhookEndpoint
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.models import Event

EXAMPLES = """
examples:
  fullhouse webhooks add https://shop.example.org/hooks --type reservation.confirmed
  fullhouse webhooks list
  fullhouse webhooks test 0193f6a2-7c1e-7aaa-8000-000000000001
  fullhouse webhooks deliveries --dead
  fullhouse webhooks replay 4711 4712
"""
_SHOWN = 50


class Command(BaseCommand):
    """A secret is printed once, by `add` and `rotate`."""

    help = "Tell other systems of events: endpoints, deliveries, replay."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the examples as they are written."""
        kwargs.update(epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        _add_verb(verbs)
        for name, text in (
            ("disable", "send it nothing more"),
            ("enable", "go on sending"),
            ("rotate", "give it a new secret; for a day both sign"),
            ("test", "send a test message now"),
        ):
            verb = verbs.add_parser(name, help=text)
            verb.add_argument("endpoint", type=UUID, help="as `list` shows it")
            verb.add_argument("--json", action="store_true")
        listing = verbs.add_parser("list", help="list endpoints, never their secrets")
        listing.add_argument("--json", action="store_true")
        sent = verbs.add_parser("deliveries", help=f"the last {_SHOWN} messages")
        sent.add_argument("--endpoint", type=UUID, help="only its own")
        sent.add_argument("--dead", action="store_true", help="only those given up")
        sent.add_argument("--json", action="store_true")
        again = verbs.add_parser("replay", help="send ended messages again, with the same id")
        again.add_argument("delivery", type=int, nargs="*", help="as `deliveries` shows it")
        again.add_argument("--dead-of", type=UUID, help="all of an endpoint that were given up")
        again.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        told = getattr(self, f"do_{options['verb']}")(options)
        if options["json"]:
            self.stdout.write(json.dumps(told, default=str))

    def do_add(self, options: dict[str, Any]) -> Any:
        try:
            endpoint, secret = endpoints.add_endpoint(
                options["url"],
                event_types=options["type"],
                events=[_event(slug) for slug in options["event"]],
            )
        except InvalidRequest as error:
            raise CommandError(str(error), returncode=2) from error
        self._say(options, f"{endpoint.pk}\n{secret}\nKeep the secret now: it is shown once.")
        return {"endpoint": endpoint.pk, "secret": secret}

    def do_rotate(self, options: dict[str, Any]) -> Any:
        secret = endpoints.rotate(_endpoint(options))
        self._say(options, f"{secret}\nKeep it now: it is shown once. For a day both sign.")
        return {"endpoint": options["endpoint"], "secret": secret}

    def do_disable(self, options: dict[str, Any]) -> Any:
        return self._set_enabled(options, False)

    def do_enable(self, options: dict[str, Any]) -> Any:
        return self._set_enabled(options, True)

    def do_test(self, options: dict[str, Any]) -> Any:
        answer = endpoints.send_test(_endpoint(options))
        if not answer.accepted:
            raise CommandError(f"Not accepted: {answer.told}")
        self._say(options, f"Accepted: {answer.told}")
        return {"accepted": True, "answer": answer.told}

    def do_list(self, options: dict[str, Any]) -> Any:
        facts = [_endpoint_facts(each) for each in _counted()]
        if not facts:
            self._say(options, "There are no endpoints yet. See: fullhouse webhooks add --help")
        else:
            self._table(options, facts)
        return facts

    def do_deliveries(self, options: dict[str, Any]) -> Any:
        rows = WebhookDelivery.objects.select_related("endpoint")
        if options["endpoint"]:
            rows = rows.filter(endpoint=options["endpoint"])
        if options["dead"]:
            rows = rows.filter(status=WebhookDelivery.Status.DEAD)
        facts = [_delivery_facts(each) for each in rows[:_SHOWN]]
        if facts:
            self._table(options, facts)
        else:
            self._say(options, "Nothing was sent.")
        return facts

    def do_replay(self, options: dict[str, Any]) -> Any:
        if bool(options["delivery"]) == bool(options["dead_of"]):
            raise CommandError("Name deliveries, or an endpoint by --dead-of.", returncode=2)
        count = endpoints.replay(delivery_ids=options["delivery"], dead_of=options["dead_of"])
        self._say(options, f"{count} message(s) go out again.")
        return {"replayed": count}

    def _set_enabled(self, options: dict[str, Any], enabled: bool) -> Any:
        endpoint = _endpoint(options)
        endpoints.set_enabled(endpoint, enabled, "" if enabled else "By an operator.")
        self._say(options, f"{'Enabled' if enabled else 'Disabled'}: {endpoint}")
        return {"endpoint": endpoint.pk, "enabled": enabled}

    def _say(self, options: dict[str, Any], text: str) -> None:
        if not options["json"]:
            self.stdout.write(text)

    def _table(self, options: dict[str, Any], facts: list[dict[str, Any]]) -> None:
        if options["json"]:
            return
        first, *others = (name.replace("_", " ") for name in facts[0])
        table = Table(Column(first, no_wrap=True), *others)
        for each in facts:
            table.add_row(*(_text(value) for value in each.values()))
        Console(file=self.stdout, soft_wrap=True).print(table)  # type: ignore[arg-type]


def _add_verb(verbs: Any) -> None:
    add = verbs.add_parser("add", help="add an endpoint and print its secret, once")
    add.add_argument("url", help="https://...")
    add.add_argument(
        "--type", action="append", default=[], choices=list(Kind), help="repeat; default: all"
    )
    add.add_argument(
        "--event", action="append", default=[], help="only for this event (its slug); repeat"
    )
    add.add_argument("--json", action="store_true")


def _endpoint(options: dict[str, Any]) -> WebhookEndpoint:
    found = WebhookEndpoint.objects.filter(pk=options["endpoint"]).first()
    if found is None:
        raise CommandError(
            f"There is no endpoint {options['endpoint']}. See: fullhouse webhooks list"
        )
    return found


def _event(slug: str) -> Event:
    found = Event.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no event with the slug {slug!r}.")
    return found


def _counted() -> Iterable[WebhookEndpoint]:
    def count(status: str) -> Count:
        return Count("deliveries", filter=Q(deliveries__status=status))

    return WebhookEndpoint.objects.prefetch_related("events").annotate(
        waiting=count("pending"), dead=count("dead")
    )


def _endpoint_facts(each: Any) -> dict[str, Any]:
    return {
        "endpoint": each.pk,
        "url": each.url,
        "types": each.event_types,
        "events": sorted(event.slug for event in each.events.all()),
        "state": "enabled" if each.enabled else f"disabled: {each.disabled_because}",
        "waiting": each.waiting,
        "dead": each.dead,
    }


def _delivery_facts(each: WebhookDelivery) -> dict[str, Any]:
    return {
        "delivery": each.pk,
        "type": each.kind,
        "message": each.message_id,
        "url": each.endpoint.url,
        "status": each.status,
        "attempts": each.attempts,
        "last_answer": each.last_answer,
        "created": each.created_at.isoformat(timespec="seconds"),
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "all"
    return str(value)
