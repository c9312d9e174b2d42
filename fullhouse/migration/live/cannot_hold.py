"""What the legacy tables cannot hold: said before a cut-over, and with numbers before a way back.

Most of it is detail that the legacy side has no column for. `places` are more: places sold or held
that only Fullhouse would know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from fullhouse.migration.live import legacy_columns, places
from fullhouse.migration.live.legacy_columns import TEXTS, Column
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import opened
from fullhouse.migration.source import Source

#: Kind -> what it is, in English and Persian.
KINDS: Final[dict[str, tuple[str, str]]] = {
    "performance": (
        "performances that were made in Fullhouse, with all that was sold in them",
        "اجراهایی که در فول‌هاوس ساخته شده‌اند، با همهٔ فروششان",
    ),
    "house_places": (
        "places without a seat that the house keeps: the legacy side offers them",
        "جاهای بی‌صندلی که سالن نگه داشته است: سامانهٔ قدیمی آن‌ها را می‌فروشد",
    ),
    "unseated_in_seated": (
        "the section of places without a seat, sold in a performance that has seats",
        "بخش جاهای بی‌صندلی که در اجرای دارای صندلی فروخته شده‌اند",
    ),
    "unseated_capacity": (
        "capacity without seats, added to a performance that has seats",
        "گنجایش بی‌صندلی که به اجرای دارای صندلی افزوده شده است",
    ),
    "deadline": (
        "the deadline of holds: they stay pending until somebody cancels them",
        "مهلت نگه‌داشت‌ها: تا کسی لغو نکند در انتظار می‌مانند",
    ),
    "customer": (
        "the name of buyers whom the legacy side does not know: the bookings belong to its user",
        "نام خریدارانی که سامانهٔ قدیمی نمی‌شناسد: رزرو به نام کاربر تعیین‌شده می‌شود",
    ),
    "reference": (
        "references that are longer than the legacy column: they are cut",
        "شناسه‌های رزرو بلندتر از ستون قدیمی: کوتاه می‌شوند",
    ),
    "prices": (
        "several prices of places without a seat in one booking: only their sum is kept",
        "چند قیمت برای جاهای بی‌صندلی یک رزرو: تنها جمع آن‌ها می‌ماند",
    ),
    "amount": (
        "bookings that cost more than the legacy column can say",
        "رزروهایی که بیش از گنجایش ستون قدیمی مبلغ دارند",
    ),
    "closed": (
        "performances that were closed: the legacy side goes on offering them",
        "اجراهایی که بسته شده‌اند: سامانهٔ قدیمی همچنان می‌فروشد",
    ),
    "ticket_type": (
        "places of ticket types that were made in Fullhouse: they have no type over there",
        "جاهای انواع بلیتی که در فول‌هاوس ساخته شده‌اند: آنجا نوعی ندارند",
    ),
    "seats": (
        "seats that were made in Fullhouse, and which seats a booking has",
        "صندلی‌هایی که در فول‌هاوس ساخته شده‌اند، و این که هر رزرو کدام صندلی را دارد",
    ),
    "section_name": (
        "section names that are longer than the legacy column: they are cut",
        "نام بخش‌های بلندتر از ستون قدیمی: کوتاه می‌شوند",
    ),
    "second_sale": (
        "seats sold twice whose first buyer was refunded: free or somebody else's here, the second "
        "buyer's there",
        "صندلی‌های دوبار فروخته که به خریدار نخست بازپرداخت شده: اینجا آزاد یا از آنِ دیگری، آنجا از"
        " آنِ خریدار دوم",
    ),
    "reallocated": (
        "performances in which places went to another ticket type: seats keep their old type",
        "اجراهایی که جا میان انواع بلیت جابه‌جا شده: صندلی‌ها نوع پیشین خود را نگه می‌دارند",
    ),
}
_UNLIMITED: Final = 1_000_000
#: What no source holds that says itself how it is written back; its `lacks` are added to these.
_ALWAYS: Final = frozenset({"performance", "house_places", "second_sale", "ticket_type"})
#: What only such a source lacks, or one without a column for it.
_OWN_ONLY: Final = frozenset({"closed", "ticket_type", "seats"})


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind: how many, how many places only Fullhouse would know, and the performances."""

    kind: str
    count: int
    places: int
    rows: tuple[str, ...]

    @property
    def english(self) -> str:
        """For a person."""
        return f"{KINDS[self.kind][0]}: {self.count:,}"

    @property
    def persian(self) -> str:
        """For a person."""
        return f"{KINDS[self.kind][1]}: {self.count:,}"

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; the names are stable."""
        return {
            "kind": self.kind,
            "count": self.count,
            "places": self.places,
            "performances": list(self.rows),
            "en": self.english,
            "fa": self.persian,
        }


def kinds(source: Source) -> list[str]:
    """Return the kinds that the legacy tables of `source` cannot hold, in a stable order."""
    performance = source.views["performance"]
    if source.reverse is not None:
        lacking = _ALWAYS | frozenset(source.reverse.lacks)
    else:
        told = {"closed"} if "is_available" in performance.values else set()
        lacking = frozenset(KINDS) - (_OWN_ONLY - {"closed"}) - told
    return [kind for kind in KINDS if kind in lacking]


def forecast(source: Source) -> tuple[str, str]:
    """Return what the legacy tables could not hold after a cut-over, for people."""
    english = "; ".join(KINDS[kind][0] for kind in kinds(source))
    persian = "؛ ".join(KINDS[kind][1] for kind in kinds(source))
    return (
        "After a cut-over the legacy tables follow Fullhouse, so that a way back loses no sale. "
        f"What they have no column for: {english}.",
        "پس از انتقال، جدول‌های قدیمی از فول‌هاوس پیروی می‌کنند تا بازگشت فروشی را از میان نبرد. آنچه"
        f" ستونی برایش ندارند: {persian}.",
    )


def cannot_hold(run: MigrationRun, source: Source, *, using: str) -> tuple[Loss, ...]:
    """Return what of the run, as it is now, the legacy tables cannot hold. Reads only."""
    placed = places.as_placed(run)
    lacking = kinds(source)
    with opened(placed, using=using, source=source, back=True) as session:
        tables = {}
        if source.reverse is None:
            tables = legacy_columns.written(session.cursor, source, placed.legacy_schema)
        booking = tables["booking"].mapped if "booking" in tables else {}
        seat = tables["seat"].mapped if "seat" in tables else {}
        customer = booking.get("customer")
        with transaction.atomic(using=using):
            session.settle()
            session.execute(
                "live/over/cannot_hold.sql",
                customer_unknown=_unknown(customer, source),
                reference_length=(
                    0
                    if source.reverse is not None and "reference" in lacking
                    else _length(booking.get("reference"))
                ),
                section_length=_length(seat.get("section")),
                most_money=_most(booking.get("total_price")),
            )
            rows = session.cursor.fetchall()
    return tuple(Loss(str(k), int(n), int(p), tuple(ids)) for k, n, p, ids in rows if k in lacking)


def _unknown(customer: Column | None, source: Source) -> str:
    """Return the condition under which the legacy side does not hold who bought (as `r`)."""
    if source.reverse is not None:
        return "true"
    return "pg_temp.m_uuid(r.customer) IS NULL" if customer and customer.base == "uuid" else "false"


def _length(column: Column | None) -> int:
    if column is None or column.base not in TEXTS or column.length is None:
        return _UNLIMITED
    return column.length


def _most(column: Column | None) -> str:
    if column is None or column.precision is None or column.scale is None:
        return "1e30"
    return f"1e{column.precision - column.scale}"
