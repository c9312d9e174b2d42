"""Whether a source can be captured: its rows say by themselves which performance they belong to.

A source whose columns are made of several columns or tables is taken over while the legacy system
stands still; a live takeover of it is refused before anything is put on the legacy side.
"""

from __future__ import annotations

from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.source import Source


def require_capturable(source: Source) -> None:
    """Raise RefusedError for a source that the triggers of capture cannot follow."""
    for view in source.views.values():
        for name, value in view.values.items():
            if value.is_plain or value.form == "constant":
                continue
            raise RefusedError(
                f"Source {source.name!r} cannot be taken over live: [{view.name}] columns.{name} "
                "is made of other columns, which capture does not follow. Take it over while the "
                "legacy system stands still: fullhouse capacity_migration run, without --live.",
                f"مبدأ {source.name!r} هنگام فروش جابه‌جا نمی‌شود: [{view.name}] columns.{name} از"
                " ستون‌های دیگر ساخته می‌شود. هنگام ایستادن سامانهٔ قدیمی جابه‌جا کنید: fullhouse"
                " capacity_migration run، بی --live.",
                column=f"{view.name}.{name}",
            )
