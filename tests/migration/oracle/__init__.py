"""A second reading of the legacy rules in plain Python, independent of the product's SQL.

`rows` reads a dumpdata file, `project.expected` says what must come of it, `ledger` checks the
expectation itself against the legacy rows. No Django, no database, and nothing of the product.
"""

from .project import expected
from .rows import Legacy, read_dump

__all__ = ["Legacy", "expected", "read_dump"]
