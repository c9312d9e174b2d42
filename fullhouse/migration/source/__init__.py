"""Sources: where a legacy system keeps its venues, performances, seats and bookings.

First link of the takeover: a TOML file becomes canonical views; all later SQL reads only those.
"""

from fullhouse.migration.source.layout import Source, SourceError
from fullhouse.migration.source.load import load
from fullhouse.migration.source.views import drop_views, make_views

__all__ = ["Source", "SourceError", "drop_views", "load", "make_views"]
