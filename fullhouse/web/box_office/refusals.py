"""Why the house says no, in words for buyers."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fullhouse.events.admin.problems import in_words
from fullhouse.events.domain.errors import CapacityError, Conflict, InvalidRequest, Refusal
from fullhouse.events.domain.messages import explain
from fullhouse.web.templatetags.fullhouse_text import digits

# What a buyer can be told and answers with another choice; anything else is a fault of ours.
ANSWERS = (Refusal, InvalidRequest, Conflict)


def told(error: CapacityError) -> str:
    """Return the sentence for a refusal, in the reader's language and digits."""
    if isinstance(error, Conflict):
        return _("Many people are buying at this moment and yours was not done. Try again.")
    if isinstance(error, Refusal):
        return _own(error) or digits(explain(error.code, error.facts, get_language() or "en"))
    return in_words(error) if isinstance(error, InvalidRequest) else str(error)


def _own(refusal: Refusal) -> str:
    """Words for what the buyer sees from here, where the engine's are for operators."""
    match refusal.code:
        case "closed":
            return _("This performance is not on sale now.")
        case "expired" | "not_reserved":
            return _("The time for these places is over. Choose again: they may still be free.")
        case "at_ceiling" | "not_longer":
            return _("These places cannot be held any longer. Confirm them in time.")
        case "unknown" | "not_on_offer" | "wrong_type":
            return _("What you chose is no longer on offer. Load the page again and choose anew.")
        case "customer_needed":
            return _("Tickets here are limited for each customer. Enter your e-mail address.")
        case "already_waiting":
            return _("You are on this waiting list already.")
        case "gone":
            return _("Others have some of these places by now. Choose again.")
    return ""
