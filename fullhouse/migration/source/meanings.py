"""What it means for a takeover that a source does not give a column or a view, in two languages."""

from __future__ import annotations

from typing import Final

Said = tuple[str, str]

_ACTIVE: Final = ("every row counts", "همهٔ ردیف‌ها به شمار می‌آید")
_CREATED: Final = (
    "the order of what happened is taken from the keys",
    "ترتیب رویدادها از کلیدها گرفته می‌شود",
)

#: `view.column`, or the column of any view -> what its absence means.
COLUMNS: Final[dict[str, Said]] = {
    "is_active": _ACTIVE,
    "created_at": _CREATED,
    "venue.name": ("venues are named by slug or key", "نام سالن نشانی یا کلید آن می‌شود"),
    "slug": ("the key stands in addresses", "کلید به جای نشانی می‌نشیند"),
    "city": ("the city stays empty", "شهر خالی می‌ماند"),
    "country": ("the country stays empty", "کشور خالی می‌ماند"),
    "event.title": ("events are named by slug or key", "نام رویداد نشانی یا کلید آن می‌شود"),
    "currency": (
        "the currency of the seats, else of the event, else USD",
        "واحد پول صندلی‌ها، وگرنه رویداد، وگرنه USD",
    ),
    "ticket_type.name": ("types are named by code or key", "نام نوع بلیت کد یا کلید آن می‌شود"),
    "code": ("types are found by key and name alone", "نوع بلیت تنها با کلید و نام پیدا می‌شود"),
    "price_modifier": ("nothing: prices are the seats'", "هیچ: بها از صندلی‌ها می‌آید"),
    "ticket_type.price": (
        "places without seats cost 100.00 until you set their price",
        "جای بی‌صندلی ۱۰۰٫۰۰ می‌ارزد تا بهایش را بگذارید",
    ),
    "ticket_type.capacity": ("nothing: it is not read", "هیچ: خوانده نمی‌شود"),
    "date": (
        "the date of creation stands in, and is asked",
        "تاریخ ساخت به جایش می‌آید و پرسیده می‌شود",
    ),
    "start_time": (
        "performances begin at 00:00, and that is asked",
        "آغاز ۰۰:۰۰ است و پرسیده می‌شود",
    ),
    "is_available": ("every active performance is on sale", "هر اجرای فعال در فروش است"),
    "max_capacity": (
        "capacity is what seats and ticket_capacities add up to; each performance is asked",
        "گنجایش جمع صندلی‌ها و ticket_capacities است و برای هر اجرا پرسیده می‌شود",
    ),
    "current_capacity": (
        "there is no old counter to compare with; reported for each performance",
        "شمارندهٔ قدیمی برای سنجش نیست؛ برای هر اجرا گزارش می‌شود",
    ),
    "ticket_capacities": (
        "performances without seats have max_capacity places without a type",
        "اجرای بی‌صندلی به اندازهٔ max_capacity جای بی‌نوع دارد",
    ),
    "ticket_type_id": ("seats belong to their section's pool", "صندلی از آن جای مشترک بخش است"),
    "seat.price": ("seats cost 100.00, reported", "بهای صندلی ۱۰۰٫۰۰ است و گزارش می‌شود"),
    "is_accessible": ("no seat is marked accessible", "هیچ صندلی ویژهٔ توان‌یابان نیست"),
    "is_premium": ("no seat is marked premium", "هیچ صندلی ممتاز نیست"),
    "customer": ("reservations have no customer", "رزروها مشتری ندارد"),
    "reference": ("the key is the reference", "کلید به جای شمارهٔ رزرو می‌آید"),
    "participants": (
        "a booking has the places that its documents say, else none",
        "رزرو همان جاهایی را دارد که سندهایش می‌گوید",
    ),
    "unit_price": (
        "places cost their total's share, else their section's price",
        "بها سهمی از جمع است، وگرنه بهای بخش",
    ),
    "total_price": ("a booking costs what its places cost", "بهای رزرو جمع بهای جاهای آن است"),
    "seats": (
        "bookings name no seats: a seat's own status counts",
        "رزرو صندلی نام نمی‌برد؛ وضعیت خود صندلی ملاک است",
    ),
    "breakdown": ("booked places name no ticket type", "جای رزروشده نوع بلیت ندارد"),
}

VIEWS: Final[dict[str, Said]] = {
    "ticket_type": ("each event gets one type, Default", "هر رویداد یک نوع به نام Default می‌گیرد"),
    "seat": (
        "performances are sections of places without seats",
        "اجراها بخش‌هایی با جای بی‌صندلی می‌شود",
    ),
    "booking": (
        "only what seats say is sold or held",
        "تنها آنچه صندلی‌ها می‌گویند فروخته یا نگه‌داشته است",
    ),
}


def of_column(view: str, column: str) -> Said:
    """Return what it means that `view.column` is not given."""
    return COLUMNS.get(f"{view}.{column}") or COLUMNS.get(column) or ("it reads as null", "تهی است")
