"""Refusals in words, English and Persian alike: `explain(code, facts, language)`.

Sentences name the thing, the numbers and the way out. Facts that a sentence uses and the
refusal does not carry are shown as a dash, never as an error: a message must not fail.
"""

from collections.abc import Mapping
from typing import Final

from fullhouse.events.domain.errors import Json

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    # code: (English, Persian)
    "sold_out": (
        "Not enough places: {wanted} wanted, {left} left. Ask for fewer, or choose another "
        "section or ticket type.",
        "جای کافی نیست: {wanted} جا خواسته شده و {left} جا مانده است. تعداد کمتری بخواهید یا "
        "بخش یا نوع بلیت دیگری برگزینید.",
    ),
    "seat_taken": (
        "These seats are no longer free: {seats}. Choose others.",
        "این صندلی‌ها دیگر آزاد نیستند: {seats}. صندلی‌های دیگری برگزینید.",
    ),
    "closed": (
        "This performance is not on sale now (status {status}; sales from {opens_at} to "
        "{closes_at}).",
        "این اجرا اکنون در فروش نیست (وضعیت {status}؛ فروش از {opens_at} تا {closes_at}).",
    ),
    "unknown": (
        "There is no {what} {id} in this performance.",
        "در این اجرا {what} با شناسهٔ {id} وجود ندارد.",
    ),
    "not_on_offer": (
        "Ticket type {ticket_type} is not on offer for this performance.",
        "نوع بلیت {ticket_type} برای این اجرا عرضه نمی‌شود.",
    ),
    "wrong_type": (
        "These places are sold as ticket type {sold_as}, not as {ticket_type}.",
        "این جاها با نوع بلیت {sold_as} فروخته می‌شوند، نه {ticket_type}.",
    ),
    "reference_taken": (
        "Reference {reference} is in use already. Give another, or none.",
        "شمارهٔ پیگیری {reference} پیش‌تر به کار رفته است. شمارهٔ دیگری بدهید یا هیچ ندهید.",
    ),
    "expired": (
        "This hold ended at {expires_at}. Reserve again.",
        "مهلت این رزرو در {expires_at} به پایان رسید. دوباره رزرو کنید.",
    ),
    "not_reserved": (
        "This reservation is {status}; only a hold can be confirmed or released.",
        "وضعیت این رزرو {status} است؛ تنها رزرو موقت را می‌توان قطعی یا آزاد کرد.",
    ),
    "not_sold": (
        "This reservation is {status}; only sold places can be refunded.",
        "وضعیت این رزرو {status} است؛ تنها جای فروخته‌شده را می‌توان بازپرداخت کرد.",
    ),
    "too_many": (
        "Line {line} has {sold} places, {wanted} were to be refunded.",
        "ردیف {line} دارای {sold} جا است و بازپرداخت {wanted} جا خواسته شده است.",
    ),
    "kept_by_house": (
        "The house keeps these places; they are given back through the house's own operation.",
        "این جاها را سالن نگه داشته است و تنها با عملیات سالن بازگردانده می‌شوند.",
    ),
    "mixed_currencies": (
        "One reservation has one currency, not {currencies}. Reserve the sections apart.",
        "هر رزرو یک واحد پول دارد، نه {currencies}. بخش‌ها را جداگانه رزرو کنید.",
    ),
    "duplicate_section": (
        "This performance has these sections already, or they are given twice: {names}. "
        "Choose other names.",
        "این بخش‌ها در این اجرا هستند یا دو بار داده شده‌اند: {names}. نام‌های دیگری برگزینید.",
    ),
    "duplicate_seat": (
        "Section {section} has these seats twice: {seats}. Give each seat once.",
        "در بخش {section} این صندلی‌ها دو بار آمده‌اند: {seats}. هر صندلی را یک بار بدهید.",
    ),
    "over_section": (
        "Section {section} has {total_capacity} places, its ticket types {allocated_capacity}. "
        "Make the section larger or the types smaller.",
        "بخش {section} دارای {total_capacity} جا است و نوع‌های بلیت آن {allocated_capacity} جا. "
        "بخش را بزرگ‌تر یا نوع‌ها را کوچک‌تر کنید.",
    ),
    "seats_over_allocation": (
        "Section {section} numbers {seats} seats in {allocated_capacity} places of one ticket "
        "type. Give the type more places, or the seats another type.",
        "در بخش {section} برای {allocated_capacity} جای یک نوع بلیت {seats} صندلی شماره خورده "
        "است. به آن نوع جای بیشتر یا به صندلی‌ها نوع دیگری بدهید.",
    ),
    "over_venue": (
        "The venue holds {venue_capacity} places, the performance would need {needed}. Raise "
        "the venue's capacity first.",
        "سالن {venue_capacity} جا دارد و این اجرا {needed} جا می‌خواهد. نخست ظرفیت سالن را بالا "
        "ببرید.",
    ),
    "below_committed": (
        "{capacity} places are fewer than the {committed} that are reserved "
        "({reserved_capacity}) or sold ({sold_capacity}).",
        "{capacity} جا کمتر از {committed} جایی است که رزرو ({reserved_capacity}) یا فروخته "
        "({sold_capacity}) شده است.",
    ),
    "not_enough_here": (
        "{wanted} places should go, this ticket type has {available_capacity} free. Take them "
        "from another one too.",
        "{wanted} جا باید کم شود و این نوع بلیت {available_capacity} جای آزاد دارد. از نوع دیگری "
        "هم کم کنید.",
    ),
    "needs_seats": (
        "{wanted} places should go, {unseated_available} free ones have no seat number. Name "
        "the seats to remove: {free_seats} are free.",
        "{wanted} جا باید کم شود و {unseated_available} جای آزاد شماره ندارد. صندلی‌هایی را که "
        "باید حذف شوند نام ببرید: {free_seats} صندلی آزاد است.",
    ),
    "seat_elsewhere": (
        "These seats belong to another ticket type: {seat_ids}.",
        "این صندلی‌ها از نوع بلیت دیگری هستند: {seat_ids}.",
    ),
    "same_allocation": (
        "The places are of that ticket type already.",
        "این جاها از همین نوع بلیت هستند.",
    ),
    "not_house": (
        "This is a {kind}; only places that the house keeps can be given back.",
        "این رزرو از گونهٔ {kind} است؛ تنها جایی را که سالن نگه داشته می‌توان پس داد.",
    ),
    "key_reused": (
        "This idempotency key was used for another request. Use a new key for a new request.",
        "این کلید یکتایی برای درخواست دیگری به کار رفته است. برای درخواست تازه کلید تازه بدهید.",
    ),
}

_FALLBACK: Final = ("Refused: {code}.", "پذیرفته نشد: {code}.")


def codes() -> frozenset[str]:
    """Return the refusal codes that have sentences."""
    return frozenset(_SENTENCES)


def explain(code: str, facts: Mapping[str, Json], language: str = "en") -> str:
    """Return the sentence for a refusal in `language` ("fa" or "fa-IR" Persian, else English)."""
    persian = language.lower().split("-")[0] == "fa"
    english_text, persian_text = _SENTENCES.get(code, _FALLBACK)
    sentence = persian_text if persian else english_text
    return sentence.format_map(_Shown({"code": code, **facts}, persian))


class _Shown(dict[str, str]):
    """Facts as text; a missing one is a dash."""

    def __init__(self, facts: Mapping[str, Json], persian: bool) -> None:
        comma = "، " if persian else ", "
        super().__init__({name: _text(value, comma) for name, value in facts.items()})

    def __missing__(self, name: str) -> str:
        return "–"


def _text(value: Json, comma: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return comma.join(_text(item, comma) for item in value)
    return str(value)
