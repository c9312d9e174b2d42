"""The `fullhouse` command: Django's `manage.py` with the settings chosen."""

import os
import sys


def main() -> None:
    """Run one command; the first word names it, `fullhouse help` lists them.

    Exits 2 with one line when a setting cannot be read, 130 when interrupted.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"fullhouse: {error}\n")
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        raise SystemExit(130) from None
