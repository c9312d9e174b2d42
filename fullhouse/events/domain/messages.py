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
    "gone": (
        "Others have some of these places by now: seats {seats}; {left} of {wanted} places without "
        "a number are left. Reserve anew, or refund what was paid.",
        "بخشی از این جاها به دیگران رسیده است: صندلی‌های {seats}؛ {left} جا از {wanted} جای بی‌شماره "
        "مانده است. دوباره رزرو کنید یا پول پرداخت‌شده را برگردانید.",
    ),
    "at_ceiling": (
        "This hold ends at {expires_at} and cannot be given more time: its limit is {ceiling}.",
        "مهلت این رزرو در {expires_at} به پایان می‌رسد و بیشتر نمی‌شود: سقف آن {ceiling} است.",
    ),
    "not_longer": (
        "This hold runs until {expires_at} already. Ask for more time than that.",
        "این رزرو هم‌اکنون تا {expires_at} مهلت دارد. زمانی بیشتر از آن بخواهید.",
    ),
    "no_deadline": (
        "This reservation has no deadline to extend.",
        "این رزرو مهلتی ندارد که بتوان آن را بیشتر کرد.",
    ),
    "waiting_offer": (
        "These places are offered to somebody on the waiting list. Take the offer up or withdraw "
        "it.",
        "این جاها به کسی در فهرست انتظار پیشنهاد شده‌اند. پیشنهاد را بپذیرید یا پس بگیرید.",
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
        "Line {line} has {held} places, {wanted} were asked for.",
        "ردیف {line} دارای {held} جا است و {wanted} جا خواسته شده است.",
    ),
    "part_of_ticket": (
        "A ticket of line {line} is for {places_per_ticket} places; {wanted} are no whole tickets.",
        "هر بلیت ردیف {line} برای {places_per_ticket} جا است؛ {wanted} جا بلیت کامل نیست.",
    ),
    "not_live": (
        "This is {status}; only what is held or sold can be exchanged, moved or transferred.",
        "وضعیت {status} است؛ تنها آنچه رزرو یا فروخته شده را می‌توان تعویض، جابه‌جا یا منتقل کرد.",
    ),
    "no_seat": (
        "Line {line} has no numbered seat to move from. Exchange it instead.",
        "ردیف {line} صندلی شماره‌دار ندارد. به جای جابه‌جایی آن را تعویض کنید.",
    ),
    "same_seat": (
        "Line {line} is in seat {seat} already. Leave it out or choose another seat.",
        "ردیف {line} هم‌اکنون در صندلی {seat} است. آن را نبرید یا صندلی دیگری برگزینید.",
    ),
    "wrong_status": (
        "This cannot be done with a performance that is {status}.",
        "با اجرایی که وضعیت آن {status} است نمی‌توان چنین کرد.",
    ),
    "in_the_past": (
        "{date}, {start_time} is past. Give a date that is still to come.",
        "{date}، {start_time} گذشته است. تاریخی در آینده بدهید.",
    ),
    "time_taken": (
        "This event has another performance on {date} at {start_time}. Choose another time.",
        "این رویداد در {date} ساعت {start_time} اجرای دیگری دارد. زمان دیگری برگزینید.",
    ),
    "season_refused": (
        "{count} performances of the season cannot give these places; none was taken anywhere.",
        "{count} اجرا از این فصل نمی‌توانند این جاها را بدهند؛ در هیچ اجرایی جایی گرفته نشد.",
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
    "no_plan": (
        "There is no seating plan {plan}. `fullhouse plan list` shows those that are kept.",
        "نقشهٔ {plan} وجود ندارد. با `fullhouse plan list` نقشه‌های موجود را ببینید.",
    ),
    "would_orphan": (
        "The plan has no place for {count} held or sold seat(s): {seats}; and takes more places "
        "without a number than are free in: {sections}. Move or refund them first, or keep the "
        "seats.",
        "نقشهٔ تازه برای {count} صندلی رزروشده یا فروخته‌شده جا ندارد: {seats}؛ و جای بی‌شماره‌ای "
        "بیش از جای آزاد برمی‌دارد در: {sections}. نخست آن‌ها را جابه‌جا یا بازپرداخت کنید یا صندلی‌ها "
        "را نگه دارید.",
    ),
    "plan_moved": (
        "The seats have a new order: plan version {plan_version} is {now} now. Load it again.",
        "ترتیب صندلی‌ها دگرگون شده است: نسخهٔ {plan_version} نقشه اکنون {now} است. نقشه را دوباره "
        "بارگیری کنید.",
    ),
    "plan_changed": (
        "The house changed since the repair was planned. Look at the plan again.",
        "از هنگام برنامه‌ریزی تعمیر، وضعیت سالن تغییر کرده است. برنامه را دوباره ببینید.",
    ),
    "not_whole_tickets": (
        "A ticket of this type takes {places_per_ticket} places together; {quantity} places do not "
        "make whole tickets. Ask for a multiple of {places_per_ticket}.",
        "هر بلیت از این نوع {places_per_ticket} جا با هم می‌گیرد و {quantity} جا بلیت کامل نمی‌شود. "
        "مضربی از {places_per_ticket} بخواهید.",
    ),
    "over_limit": (
        "At most {limit} tickets are allowed here; {wanted} wanted, {had} had already. Ask for "
        "fewer.",
        "اینجا بیش از {limit} بلیت نمی‌توان گرفت؛ {wanted} بلیت خواسته شده و {had} بلیت از پیش "
        "گرفته شده است. تعداد کمتری بخواهید.",
    ),
    "under_minimum": (
        "At least {limit} tickets are sold together here; {wanted} wanted. Ask for more.",
        "اینجا دست‌کم {limit} بلیت با هم فروخته می‌شود و {wanted} بلیت خواسته شده است. تعداد بیشتری "
        "بخواهید.",
    ),
    "customer_needed": (
        "Tickets here are limited to {limit} a customer. Say who the customer is.",
        "اینجا هر مشتری تا {limit} بلیت می‌گیرد. مشتری را نام ببرید.",
    ),
    "not_channel": (
        "This is a {kind}; only places of a sales channel have a release time to change.",
        "این رزرو از گونهٔ {kind} است؛ تنها جای کانال فروش زمان آزاد شدن دارد.",
    ),
    "not_together": (
        "{left} seats are left, but no {wanted} of them together as asked. Ask for fewer, for "
        "other sections or ticket types, or let the party be split.",
        "{left} صندلی مانده است، اما {wanted} صندلی کنار هم آن‌گونه که خواسته شده نیست. تعداد "
        "کمتر یا بخش یا نوع بلیت دیگری بخواهید، یا بگذارید گروه جدا بنشیند.",
    ),
    "protected": (
        "These seats are kept for people who need them, and their companions: {seats} (until "
        "{released_at}). Choose others, or ask for them as accessible places.",
        "این صندلی‌ها برای کسانی که به آن‌ها نیاز دارند و همراهانشان نگه داشته شده است: {seats} (تا "
        "{released_at}). صندلی‌های دیگری برگزینید یا آن‌ها را به‌عنوان جای دسترس‌پذیر بخواهید.",
    ),
    "leaves_single": (
        "This would leave a single seat: {seats}. Take {instead} instead.",
        "با این انتخاب صندلی {seats} تنها می‌ماند. به جای آن {instead} را بردارید.",
    ),
    "overbooked": (
        "Line {line} was sold beyond the house; its places cannot be passed on. Refund it instead.",
        "ردیف {line} بیش از ظرفیت سالن فروخته شده و جاهای آن واگذارشدنی نیست. به جای آن "
        "بازپرداخت کنید.",
    ),
    "not_waiting": (
        "This entry of the waiting list is {status}; that cannot be done with it now.",
        "وضعیت این نوبت در فهرست انتظار {status} است؛ اکنون نمی‌توان با آن چنین کرد.",
    ),
    "already_waiting": (
        "This customer waits for the same section and ticket type already.",
        "این مشتری هم‌اکنون در انتظار همین بخش و نوع بلیت است.",
    ),
    "party_too_large": (
        "A party of {wanted} never fits: at most {most} places can be had together here.",
        "گروه {wanted} نفره هیچ‌گاه جا نمی‌شود: اینجا دست بالا {most} جا با هم می‌توان گرفت.",
    ),
    "nothing_fits": (
        "No free places suffice for anybody on the waiting list ({waiting} waiting).",
        "جای آزاد برای هیچ‌کس در فهرست انتظار کافی نیست ({waiting} نوبت در انتظار).",
    ),
    "wrong_token": (
        "This secret does not belong to this entry of the waiting list.",
        "این رمز از آن این نوبت فهرست انتظار نیست.",
    ),
    "in_use": (
        "This cannot be deleted: {by} hang on it. Delete those first, or take it off sale.",
        "این را نمی‌توان حذف کرد: {by} به آن وابسته است. نخست آن‌ها را حذف کنید یا آن را از فروش "
        "بردارید.",
    ),
    "changed_meanwhile": (
        "This has changed since you read it. Read it again, then change it.",
        "این از هنگامی که خواندید تغییر کرده است. دوباره بخوانید و سپس تغییر دهید.",
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


def sentences(persian: bool) -> dict[str, str]:
    """Return the sentence of each code, facts in braces."""
    return {code: fa if persian else en for code, (en, fa) in _SENTENCES.items()}


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
