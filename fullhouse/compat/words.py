"""What compat says to people, English and Persian alike, in the language that is active."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language

from fullhouse.events.domain.errors import Json, Refusal
from fullhouse.events.domain.messages import codes, explain

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    # name: (English, Persian)
    "deprecated": (
        "{old} is kept for old code only. Call {new} instead.",
        "{old} تنها برای کد قدیمی مانده است. به جای آن {new} را فرا بخوانید.",
    ),
    "count": (
        "a whole number of places from 1 up is needed, not {value}",
        "عددی درست از ۱ به بالا لازم است، نه {value}",
    ),
    "key": (
        "a row or its UUID is needed, not {value}",
        "یک سطر یا شناسهٔ UUID آن لازم است، نه {value}",
    ),
    "price_of_caller": (
        "the house sets the price; leave it out and read it from the answer",
        "قیمت را سالن تعیین می‌کند؛ آن را ندهید و از پاسخ بخوانید",
    ),
    "seats_of_configuration": (
        "before the cut-over seats are rows of the legacy table; leave them out",
        "پیش از جابه‌جایی، صندلی‌ها سطرهای جدول قدیمی‌اند؛ آن‌ها را ندهید",
    ),
    "too_many_seats": (
        "at most {most} numbered seats in one call, not {wanted}",
        "در یک فراخوان بیش از {most} صندلی شماره‌دار نمی‌شود؛ {wanted} خواسته شده است",
    ),
    "legacy_schema": (
        "{schema} cannot be the schema of the legacy tables; name theirs in FULLHOUSE_COMPAT",
        "{schema} نمی‌تواند شِمای جدول‌های قدیمی باشد؛ نام آن را در FULLHOUSE_COMPAT بدهید",
    ),
    "no_tables": (
        "Neither the legacy tables ({legacy}) nor Fullhouse's ({fullhouse}) are in database "
        "{using}. Name alias and schema in FULLHOUSE_COMPAT, and the schema of Fullhouse in "
        "FULLHOUSE_SCHEMA.",
        "در پایگاه {using} نه جدول‌های قدیمی ({legacy}) هست و نه جدول‌های فول‌هاوس ({fullhouse})."
        " نام پایگاه و شِما را در FULLHOUSE_COMPAT و شِمای فول‌هاوس را در FULLHOUSE_SCHEMA بدهید.",
    ),
    "moved": (
        "The database was cut over (or taken back) during this transaction. Roll it back and run "
        "it again: a new transaction finds the new side.",
        "در میان این تراکنش، پایگاه جابه‌جا (یا بازگردانده) شد. آن را برگردانید و از نو اجرا کنید:"
        " تراکنش تازه طرف تازه را می‌یابد.",
    ),
    "others_faster": (
        "Others took these places faster, {times} times in a row. Try again.",
        "دیگران {times} بار پیاپی این جاها را زودتر گرفتند. دوباره بکوشید.",
    ),
    "not_validated": (
        "The takeover of {schema} is not validated (state: {state}). Run: fullhouse "
        "capacity_migration validate --source events --schema {schema}",
        "جابه‌جایی {schema} اعتبارسنجی نشده است (وضعیت: {state}). اجرا کنید: fullhouse"
        " capacity_migration validate --source events --schema {schema}",
    ),
    "finding": (
        "{rule}: {table} {id}: expected {expected}, found {found}",
        "{rule}: {table} {id}: انتظار {expected}، یافته {found}",
    ),
    # Refusals of compat's own; those of the engine are in events/domain/messages.py.
    "not_ours": (
        "{wanted} places to give back, but only {ours} of this performance were sold by "
        "book_capacity. Other sales go back by refund, holds by release.",
        "{wanted} جا برای بازگرداندن خواسته شده، اما تنها {ours} جای این اجرا با book_capacity"
        " فروخته شده است. فروش‌های دیگر با refund و رزروها با release بازمی‌گردند.",
    ),
    "not_used": (
        "{wanted} places to give back, but only {ours} are counted as used.",
        "{wanted} جا برای بازگرداندن خواسته شده، اما تنها {ours} جا پُر شمرده شده است.",
    ),
    "not_seated": (
        "Section {section} has no seat rows in the legacy tables; its places are booked with "
        "book_capacity.",
        "بخش {section} در جدول‌های قدیمی صندلی ندارد؛ جاهایش با book_capacity فروخته می‌شود.",
    ),
    "has_capacity": (
        "This performance has its capacity by ticket type already.",
        "ظرفیت این اجرا بر حسب نوع بلیت پیش‌تر نوشته شده است.",
    ),
    "over_venue": (
        "The venue holds {venue_capacity} places, {needed} are needed.",
        "این مکان {venue_capacity} جا دارد و {needed} جا لازم است.",
    ),
    "below_committed": (
        "{committed} places are seats or used already, more than the {total_capacity} given.",
        "{committed} جا صندلی دارد یا پُر است، بیش از {total_capacity} جای داده‌شده.",
    ),
}


def say(name: str, **facts: Json) -> str:
    """Return the sentence `name` in the active language, filled in."""
    english, persian = _SENTENCES[name]
    return (persian if _language().startswith("fa") else english).format(**facts)


def refused(refusal: Refusal) -> str:
    """Return a refusal as a sentence in the active language."""
    if refusal.code in _SENTENCES and refusal.code not in codes():
        return say(refusal.code, **_shown(refusal.facts))
    return explain(refusal.code, refusal.facts, _language())


class _Facts(dict[str, Json]):
    """A fact that a sentence wants and the refusal does not carry is a dash, not an error."""

    def __missing__(self, name: str) -> str:
        return "–"


def _shown(facts: Mapping[str, Json]) -> dict[str, Json]:
    return _Facts(facts)


def _language() -> str:
    return get_language() or "en"
