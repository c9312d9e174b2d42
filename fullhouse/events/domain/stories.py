"""The story of a seat, an allocation or a reservation in sentences, English and Persian.

Each entry of the ledger says what happened to how many places, by which operation, when, by whom
and why. What an operation is called is known here; one that is not is called by its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened in one step; `places` 0: a note, which moved none. States None: outside."""

    at: datetime
    operation: str
    from_state: str | None = None
    to_state: str | None = None
    places: int = 0
    seats: tuple[str, ...] = ()
    reference: str | None = None
    actor: str = ""
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


# (from, to): what happened to the places, English and Persian.
_MOVES: Final[dict[tuple[str | None, str | None], tuple[str, str]]] = {
    (None, "available"): ("{places} made and put on sale", "{places} ساخته و آمادهٔ فروش شد"),
    (None, "reserved"): ("{places} made and held", "{places} ساخته و رزرو شد"),
    (None, "sold"): ("{places} made and sold", "{places} ساخته و فروخته شد"),
    ("available", "reserved"): ("{places} held", "{places} رزرو شد"),
    ("available", "sold"): ("{places} sold", "{places} فروخته شد"),
    ("reserved", "sold"): ("{places} sold out of the hold", "{places} از رزرو به فروش رسید"),
    ("reserved", "available"): ("{places} let go, free again", "{places} از رزرو آزاد شد"),
    ("sold", "available"): ("{places} taken back, free again", "{places} پس گرفته و آزاد شد"),
    ("sold", "reserved"): ("{places} taken back into a hold", "{places} از فروش به رزرو بازگشت"),
    ("available", None): ("{places} taken out of the house", "{places} از سالن برداشته شد"),
    ("reserved", None): ("{places} let go and taken out", "{places} از رزرو آزاد و برداشته شد"),
    ("sold", None): ("{places} taken back and taken out", "{places} پس گرفته و برداشته شد"),
}
_OPERATIONS: Final[dict[str, tuple[str, str]]] = {
    "migrate": ("the takeover", "جابه‌جایی داده"),
    "open_performance": ("building the house", "ساختن سالن"),
    "reserve": ("a hold", "رزرو"),
    "confirm": ("a sale", "فروش"),
    "release": ("a release", "آزادسازی"),
    "expire": ("a hold past its deadline", "پایان مهلت رزرو"),
    "refund": ("a refund", "بازپرداخت"),
    "house": ("the house", "سهم سالن"),
    "give_back": ("given back by the house", "پس‌دادن سهم سالن"),
    "resize": ("a change of size", "تغییر اندازه"),
    "reallocate": ("moved between ticket types", "جابه‌جایی میان نوع‌های بلیت"),
    "change_plan": ("a change of plan", "تغییر نقشه"),
    "repair": ("a repair", "تعمیر"),
    "extend": ("more time for the hold", "تمدید مهلت رزرو"),
    "transfer": ("another customer", "واگذاری به مشتری دیگر"),
    "exchange": ("an exchange", "تعویض"),
    "reseat": ("another seat", "جابه‌جایی صندلی"),
    "cancel_performance": ("the performance is cancelled", "لغو اجرا"),
    "postpone_performance": ("the performance is postponed", "به‌تعویق‌افتادن اجرا"),
    "resume_performance": ("on sale again", "بازگشایی فروش"),
    "kill": ("not for sale", "بیرون از فروش"),
    "comp": ("complimentary", "مهمان"),
    "channel": ("kept for a sales channel", "سهم یک کانال فروش"),
    "change_channel": ("a change of a sales channel", "تغییر یک کانال فروش"),
    "amend_house": ("a change of what the house keeps", "تغییر سهم سالن"),
    "edit_seats": ("a change of seats", "تغییر صندلی‌ها"),
    "change_performance": ("a change of the performance", "تغییر اجرا"),
    "change_section": ("a change of a section", "تغییر یک بخش"),
    "change_allocation": ("a change of an allocation", "تغییر یک سهم"),
    "set_rule": ("a sales rule", "قاعدهٔ فروش"),
    "drop_rule": ("a sales rule taken away", "برداشتن قاعدهٔ فروش"),
    "skip_waiting": ("the waiting list out of turn", "فهرست انتظار بیرون از نوبت"),
    "retake": ("a late confirmation", "قطعی‌کردن دیرهنگام"),
    "hand_over": ("handed over", "واسپاری"),
    "offer_waiting": ("an offer to the waiting list", "پیشنهاد به فهرست انتظار"),
    "offer": ("an offer to the waiting list", "پیشنهاد به فهرست انتظار"),
    "takeover": ("taken over from the old system", "آوردن از سامانهٔ پیشین"),
    "backfill": ("taken over from the old system", "آوردن از سامانهٔ پیشین"),
}
# What the ledger and its notes call what was done.
OPERATIONS: Final = tuple(_OPERATIONS)
_PARTS: Final[dict[str, tuple[str, str]]] = {
    "by": (", by {actor}", "، به دست {actor}"),
    "for": (", reservation {reference}", "، رزرو {reference}"),
    "seats": (" (seats {seats})", " (صندلی‌های {seats})"),
    "reason": (". Reason: {reason}", ". دلیل: {reason}"),
}


def told(entry: Entry, language: str = "en") -> str:
    """Return an entry as a sentence; Persian for "fa" and "fa-IR", else English.

    The time is written as it is given: convert it to the reader's zone before.
    """
    persian = language.lower().split("-")[0] == "fa"
    said = _OPERATIONS.get(entry.operation, (entry.operation, entry.operation))[persian]
    when = entry.at.strftime("%Y-%m-%d %H:%M:%S") + f".{entry.at.microsecond // 1000:03d}"
    values = {
        "actor": entry.actor,
        "reference": entry.reference,
        "reason": entry.reason,
        "seats": ("، " if persian else ", ").join(entry.seats),
    }
    if entry.places:
        count = f"{_persian(entry.places)} جا" if persian else _places(entry.places)
        move = _MOVES[entry.from_state, entry.to_state][persian].format(places=count)
        sentence = f"{when}: {move}"
        if entry.seats and len(entry.seats) <= entry.places:
            sentence += _PARTS["seats"][persian].format(**values)
        sentence += f" — {said}"
    else:
        sentence = f"{when}: {said}{_facts(entry.facts, persian)}"
    if entry.reference:
        sentence += _PARTS["for"][persian].format(**values)
    if entry.actor:
        sentence += _PARTS["by"][persian].format(**values)
    if entry.reason:
        sentence += _PARTS["reason"][persian].format(**values)
    return sentence.rstrip(".") + "."


def operation_name(operation: str, language: str = "en") -> str:
    """Return what an operation of the ledger is called; an unknown one by its own name."""
    persian = language.lower().split("-")[0] == "fa"
    return _OPERATIONS.get(operation, (operation, operation))[persian]


def _places(count: int) -> str:
    return "1 place was" if count == 1 else f"{count} places were"


def _persian(count: int) -> str:
    return _digits(f"{count:,}")


def _digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬"))


def _facts(facts: Mapping[str, Any], persian: bool) -> str:
    """Return the plain facts of a note; lists and objects are for machines."""
    plain = [
        f"{name} {value}"
        for name, value in facts.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    ]
    comma = "، " if persian else ", "
    return f" ({comma.join(plain)})" if plain else ""


def ending(status: str, language: str = "en") -> str:
    """Return how the story stands now; `status` is a state, or counts of states: `8 sold, ...`."""
    if language.lower().split("-")[0] != "fa":
        return f"Now: {status}."
    words = [_NOW.get(each, each) for each in status.replace(",", " ،").split()]
    return f"اکنون: {_digits(' '.join(words).replace(' ،', '،'))}."


_NOW: Final[dict[str, str]] = {
    "available": "آزاد",
    "reserved": "رزروشده",
    "sold": "فروخته‌شده",
    "released": "آزادشده",
    "expired": "پایان‌یافته",
    "refunded": "بازپرداخت‌شده",
}


def earlier(count: int, language: str = "en") -> str:
    """Return how much of the story is not told."""
    if language.lower().split("-")[0] == "fa":
        return f"{_persian(count)} رویداد پیش از این‌ها (با ‎--last‎ بیشتر ببینید)."
    return f"{count} earlier entries (see more with --last)."
