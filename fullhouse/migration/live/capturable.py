"""Refuses a source that cannot be taken over live, before anything is put on the legacy side."""

from __future__ import annotations

from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.source import Source
from fullhouse.migration.source.live import lack


def require_capturable(source: Source) -> None:
    """Raise RefusedError, saying what is missing, for a source without capture or a way back."""
    found = lack(source)
    if found is None:
        return
    raise RefusedError(
        f"Source {source.name!r} cannot be taken over live: {found.en}",
        f"مبدأ {source.name!r} هنگام فروش جابه‌جا نمی‌شود: {found.fa}",
        column=found.where,
    )


def require_derived(source: Source) -> None:
    """Raise RefusedError for a source with statements of its own: sellers of a rehearsal sell by
    its columns, which have to be columns and no more."""
    require_capturable(source)
    if source.reverse is None:
        return
    raise RefusedError(
        f"Source {source.name!r} cannot be rehearsed: the sellers of a rehearsal write by its "
        "columns, and it has statements of its own ([reverse]). Rehearse it on a copy of the "
        "database with your own system at work: `run --live --cutover`, then `rollback`.",
        f"مبدأ {source.name!r} تمرین‌شدنی نیست: فروشندگان تمرین با ستون‌های آن می‌نویسند و این مبدأ"
        " دستورهای خود را دارد ([reverse]). روی رونوشتی از پایگاه و با سامانهٔ خودتان تمرین کنید:"
        " run --live --cutover و سپس rollback.",
    )
