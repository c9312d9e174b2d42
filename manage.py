#!/usr/bin/env python
"""Django's usual door; the same as the `fullhouse` command."""

from fullhouse.site.cli import main

if __name__ == "__main__":
    main()
