"""The way back: what was made is removed, and the legacy schema is proved to be as it was."""

from __future__ import annotations

from pathlib import Path

from fullhouse.migration import runs
from fullhouse.migration.backup import Checksums, current_checksums, differences, read_manifest
from fullhouse.migration.backup.checksums import STRUCTURE
from fullhouse.migration.exit_codes import MismatchError, RefusedError
from fullhouse.migration.live import steps as live
from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import OVER, Order, State
from fullhouse.migration.steps import Runner, runner


def rollback(order: Order, watcher: Watcher) -> MigrationRun:
    """Remove what the run made; the legacy schema is compared with the backup, never written.

    Raises RefusedError after cut-over, and if Fullhouse itself moved places since; MismatchError,
    after the removal, if the legacy schema is no longer what was backed up. A run that is rolled
    back already is left as it is.
    """
    source = runs.load_source(order)
    run = runs.existing(order)
    if run.state == State.ROLLED_BACK:
        watcher.say(
            f"The takeover of {order.schema!r} is rolled back already.",
            f"جابه‌جایی {order.schema!r} پیش‌تر برگردانده شده است.",
        )
        return run
    with runner(order, source, run, watcher) as work:
        _refuse_after_cut_over(work)
        _refuse_own_sales(work)
        _remove(work)
        return work.run


def _refuse_after_cut_over(work: Runner) -> None:
    if work.run.state in OVER:
        raise RefusedError(
            f"The takeover of {work.order.schema!r} is {work.run.state!r}: Fullhouse is the one "
            "writer, and removing its rows would lose its sales.",
            f"جابه‌جایی {work.order.schema!r} در وضعیت {work.run.state!r} است: فول‌هاوس تنها"
            " نویسنده است و برداشتن ردیف‌هایش فروش‌ها را از میان می‌برد.",
            state=work.run.state,
        )


def _refuse_own_sales(work: Runner) -> None:
    moved = runs.own_movements(work.run, using=work.order.using)
    if moved:
        raise RefusedError(
            f"Fullhouse itself has moved places of these performances since ({moved:,} movements: "
            "sales, holds, refunds). They are in its ledger, which forgets nothing, and going back "
            "would lose them: a takeover that has sold stays.",
            f"فول‌هاوس از آن پس خود در این اجراها {moved:,} گردش داشته است (فروش، رزرو،"
            " بازپرداخت). این‌ها در دفتر کل است که چیزی را فراموش نمی‌کند و برگرداندن، از"
            " میانشان می‌برد: جابه‌جایی‌ای که فروخته است می‌ماند.",
            movements=moved,
        )


def _remove(work: Runner) -> None:
    from fullhouse.migration import backfill

    with work.phase("rollback") as progress:
        backfill.remove(work.run, using=work.order.using, progress=progress)
        # Whatever the run says: a runner that died while it expanded left triggers and no record.
        live.take_away(work.run, using=work.order.using)
    with work.phase("compare"):
        unlike = _unlike_backup(work)
    work.move(
        State.ROLLED_BACK,
        "rollback",
        {"legacy_unchanged": not unlike, "changed": unlike},
    )
    if unlike and is_live(work.run) and STRUCTURE not in unlike:
        return  # it sold meanwhile, as it should
    if unlike:
        names = ", ".join(unlike)
        raise MismatchError(
            f"Rolled back, and nothing of Fullhouse is left; but the legacy schema is not what was "
            f"backed up: {names}. Fullhouse does not write there, so somebody else did. The backup "
            f"is in {work.run.backup_path}.",
            f"برگردانده شد و چیزی از فول‌هاوس نماند؛ اما شِمای قدیمی با پشتیبان یکی نیست: {names}."
            f" فول‌هاوس آنجا نمی‌نویسد، پس دیگری نوشته است. پشتیبان: {work.run.backup_path}",
            tables=unlike,
        )


def _unlike_backup(work: Runner) -> list[str]:
    """Return what of the legacy schema is not as the backup has it, by name and rows."""
    if not work.run.legacy_hashes:
        return []
    before = _backed_up(work)
    now = current_checksums(work.order.schema, using=work.order.using)
    found = {one.table: str(one) for one in differences(before, now)}
    read = {*work.source.tables(), STRUCTURE}
    others = sorted(set(found) - read)
    if others:
        names = ", ".join(found[name] for name in others)
        work.watcher.say(
            f"Tables that the source does not read changed since the backup: {names}.",
            f"جدول‌هایی که مبدأ نمی‌خواند پس از پشتیبان تغییر کرده‌اند: {names}.",
        )
    return [found[name] for name in sorted(set(found) & read)]


def _backed_up(work: Runner) -> Checksums:
    """Return the sums in the backup's manifest; the run's own copy where the folder is gone."""
    kept = Checksums.from_json(work.run.legacy_hashes)
    try:
        return read_manifest(Path(work.run.backup_path)).checksums
    except RefusedError as error:
        work.watcher.say(
            f"Comparing with the run's own record. {error.english}",
            f"با نسخهٔ ثبت‌شده در خود اجرا سنجیده می‌شود. {error.persian}",
        )
        return kept
