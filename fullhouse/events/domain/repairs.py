"""Why a finding of the audit cannot be mended by a program, in English and Persian."""

from typing import Final

_DECIDE: Final = (
    "Lines, counters and ledger do not agree two against one: mending would invent or drop a sale. "
    "Find out who has the place, then release, refund or reserve it.",
    "ردیف‌ها، شمارنده‌ها و دفتر دو به یک با هم نمی‌خوانند: تعمیر فروشی می‌ساخت یا از میان می‌برد. "
    "روشن کنید جا از آنِ کیست و سپس آزاد، بازپرداخت یا رزرو کنید.",
)
_WHY: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("I1", "events_eventperformance"): (
        "The venue is smaller than its performance: raise the venue's capacity or resize.",
        "سالن از اجرای خود کوچک‌تر است: ظرفیت سالن را بالا ببرید یا اندازه را تغییر دهید.",
    ),
    ("I5", "events_seat"): (
        "The seat is in two sales, or its line and the ledger differ: decide whose it is, then "
        "refund or reseat the other.",
        "صندلی در دو فروش است یا ردیف و دفتر با هم نمی‌خوانند: روشن کنید از آنِ کیست و دیگری را "
        "بازپرداخت یا جابه‌جا کنید.",
    ),
    ("I5", "events_reservationline"): (
        "The line is counted elsewhere than its seat: refund it and sell the seat again.",
        "این ردیف در جایی جز جای صندلی‌اش شمرده شده است: بازپرداخت کنید و دوباره بفروشید.",
    ),
    ("I5", "events_sectiontickettype"): (
        "There are more free seats than free places: take the surplus seats out by resize.",
        "صندلی آزاد از جای آزاد بیشتر است: صندلی‌های افزوده را با تغییر اندازه بردارید.",
    ),
    ("rows", "events_seatrow"): (
        "What is known of a row follows from its seats: mend those first, then repair again.",
        "دانستهٔ ردیف از صندلی‌های آن به دست می‌آید: نخست آن‌ها را درست کنید و دوباره تعمیر کنید.",
    ),
}


def why_not(rule: str, table: str, language: str = "en") -> str:
    """Return why a finding stays; Persian for "fa" and "fa-IR", else English."""
    persian = language.lower().split("-")[0] == "fa"
    return _WHY.get((rule, table), _DECIDE)[persian]
