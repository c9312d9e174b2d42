"""`fullhouse takeover_job ID`: run what was asked for in the console; the console starts this.

Exit: that of `capacity_migration`; 1 where there is no such job under way.
"""

from __future__ import annotations

import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fullhouse.migration.jobs import watch
from fullhouse.migration.models import Job


class Command(BaseCommand):
    help = "Run a command of a takeover that was asked for in the console (it starts this itself)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", type=UUID, help="the id of the job")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = watch(options["job"])
        except Job.DoesNotExist as error:
            raise CommandError(f"No job {options['job']} is under way.") from error
        sys.exit(code)
