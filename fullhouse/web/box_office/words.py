"""The texts that the seat map's scripts show, in the reader's language."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from fullhouse.web.templatetags.fullhouse_text import currency_word, is_persian


def map_words() -> dict[str, object]:
    """Return the words by name. Braces are filled in by the scripts."""
    persian = is_persian()
    return {
        "locale": "fa-IR" if persian else "en-GB",
        "toman": bool(settings.FULLHOUSE_TOMAN),
        "units": {code: currency_word(code) for code in ("IRR", "IRT", "USD", "EUR", "GBP")},
        "comma": "، " if persian else ", ",
        "seat": _("row {row}, seat {seat}"),
        "a": _("available"),
        "r": _("held by somebody"),
        "s": _("sold"),
        "mine": _("chosen by you"),
        "accessible": _("wheelchair place"),
        "companion": _("companion seat"),
        "premium": _("premium"),
        "restricted": _("restricted view"),
        "free": _("{n} free"),
        "full": _("full"),
        "chosen": _("{seat} chosen. {price}"),
        "unchosen": _("{seat} given up"),
        "notFree": _("{seat} is {state}"),
        "lost": _("Somebody was quicker: {seats} is no longer free."),
        "lostMany": _("Somebody was quicker: {seats} are no longer free."),
        "nearest": _("Take {seats} instead"),
        "close": _("Close"),
        "nothingNear": _("No other seat is free here."),
        "most": _("At most {n} seats in one order."),
        "remove": _("Give up {seat}"),
        "asType": _("Ticket for {seat}"),
        "rows": _("rows {first} to {last}"),
        "stage": _("Stage"),
        "seats": _("{n} seats"),
        "oneSeat": _("1 seat"),
        "hold": _("Hold {n} seats"),
        "holdOne": _("Hold this seat"),
        "failed": _("The house did not answer. Check your connection and try again."),
        "map": _("Seat map. Arrow keys move it, plus and minus zoom, 0 shows all of it."),
        "price": _("from {price}"),
        "notAtPrice": _("none at this price"),
        "only": _("Show seats at this price only"),
        "left": _("{n} min left"),
        "leftSeconds": _("{n} seconds left"),
        "over": _("The time is over."),
    }
