"""What the commands share: refusals as exit codes, JSON, and the language to speak."""

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from django.core.management.base import CommandError, CommandParser, OutputWrapper
from django.utils.translation import get_language
from rich.console import Console

from fullhouse.events.domain.errors import CapacityError, Conflict, InvalidRequest, Refusal
from fullhouse.events.domain.messages import explain

CODES = "Exit codes: 0 ok, 1 a fault, 2 refused or wrong arguments, 4 a mismatch, 5 try again."


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn what a service raises into a CommandError with its documented exit code."""
    try:
        yield
    except Refusal as refusal:
        told = [explain(refusal.code, refusal.facts, language) for language in ("en", "fa")]
        raise CommandError("\n".join(told), returncode=2) from refusal
    except InvalidRequest as invalid:
        raise CommandError(str(invalid), returncode=2) from invalid
    except CapacityError as error:
        retry = 5 if isinstance(error, Conflict) else 1
        raise CommandError(str(error), returncode=retry) from error


def console_on(stdout: OutputWrapper, options: dict[str, Any]) -> Console:
    """Return a console that writes where the command writes."""
    return Console(file=cast(TextIO, stdout), soft_wrap=True, no_color=bool(options["no_color"]))


def as_json(value: Any) -> str:
    """Return a value for programs to read."""
    return json.dumps(value, default=str, ensure_ascii=False)


def language_of(options: dict[str, Any]) -> str:
    """Return the language asked for, else the site's."""
    return options["language"] or get_language() or "en"


def action_parser(actions: Any, name: str, text: str, *examples: str) -> CommandParser:
    """Return the parser of one action, with its examples and the exit codes in --help."""
    shown = "\n".join(f"  {example}" for example in examples)
    made: CommandParser = actions.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"Examples:\n{shown}\n\n{CODES}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    made.add_argument("--json", action="store_true", help="for programs to read")
    return made
