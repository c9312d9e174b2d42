"""`fullhouse apikey create|list|revoke`: keys of the HTTP API.

Exit: 0 done, 1 there is no such key or event, 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from fullhouse.api.keys import create_key, revoke_key
from fullhouse.api.models import ApiKey, Scope
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.models import Event

EXAMPLES = """
examples:
  fullhouse apikey create --name shop --scope sell
  fullhouse apikey create --name dashboard --scope read --event hamlet --expires 90d
  fullhouse apikey list --json
  fullhouse apikey revoke 3f9a0c11d2b4
"""
_AGE = re.compile(r"(\d{1,4})([hd])")


class Command(BaseCommand):
    """A key's secret is printed once, by `create`, and kept nowhere."""

    help = "Make, list and revoke keys of the HTTP API."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the examples as they are written."""
        kwargs.update(epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make a key and print it, once")
        create.add_argument("--name", required=True, help="whose it is, as the ledger will say")
        create.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, help="may be repeated"
        )
        create.add_argument(
            "--event", action="append", default=[], help="only for this event (its slug); repeat"
        )
        create.add_argument("--expires", help="hours or days from now: 12h, 90d (default: never)")
        create.add_argument("--json", action="store_true")
        listing = verbs.add_parser("list", help="list keys, never their secrets")
        listing.add_argument("--json", action="store_true")
        revoke = verbs.add_parser("revoke", help="end a key at once")
        revoke.add_argument("prefix", help="as `list` shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        {"create": self._create, "list": self._list, "revoke": self._revoke}[options["verb"]](
            options
        )

    def _create(self, options: dict[str, Any]) -> None:
        try:
            key, text = create_key(
                name=options["name"],
                scopes=options["scope"],
                events=[_event(slug) for slug in options["event"]],
                expires_at=_from_now(options["expires"]),
            )
        except InvalidRequest as error:
            raise CommandError(f"--{error}", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps({**_facts(key), "key": text}))
        else:
            self.stdout.write(f"{text}\nKeep it now: it is shown once.")

    def _list(self, options: dict[str, Any]) -> None:
        keys = list(ApiKey.objects.prefetch_related("events"))
        if options["json"]:
            self.stdout.write(json.dumps([_facts(key) for key in keys]))
        elif not keys:
            self.stdout.write("There are no keys yet. Make one: fullhouse apikey create --help")
        else:
            table = Table("prefix", "name", "scopes", "events", "state", "last used")
            for key in keys:
                facts = _facts(key)
                table.add_row(
                    key.prefix,
                    key.name,
                    ", ".join(key.scopes),
                    ", ".join(facts["events"]) or "all",
                    facts["state"],
                    facts["last_used_at"] or "never",
                )
            Console(file=self.stdout).print(table)  # type: ignore[arg-type]

    def _revoke(self, options: dict[str, Any]) -> None:
        key = ApiKey.objects.filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError(f"There is no key {options['prefix']!r}. See: fullhouse apikey list")
        revoke_key(key)
        self.stdout.write(f"Revoked: {key}")


def _event(slug: str) -> Event:
    found = Event.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no event with the slug {slug!r}.")
    return found


def _from_now(text: str | None) -> datetime.datetime | None:
    if text is None:
        return None
    match = _AGE.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise CommandError(f"--expires: such as 12h or 90d, not {text!r}", returncode=2)
    unit = datetime.timedelta(hours=1) if match[2] == "h" else datetime.timedelta(days=1)
    return timezone.now() + int(match[1]) * unit


def _facts(key: ApiKey) -> dict[str, Any]:
    state = "live" if key.is_live(timezone.now()) else "revoked" if key.revoked_at else "expired"
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": key.scopes,
        "events": sorted(key.events.values_list("slug", flat=True)),
        "state": state,
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
    }
