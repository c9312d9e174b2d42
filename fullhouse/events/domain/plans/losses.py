"""What a format cannot hold, said in English and Persian."""

from dataclasses import dataclass
from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "areas": (
        "{count} area(s) of general admission, with their places",
        "{count} محوطهٔ بی‌شماره با جاهایش",
    ),
    "accessible": ("accessible places: {count}", "جای ویژهٔ ویلچر: {count}"),
    "companion": ("companion seats: {count}", "صندلی همراه: {count}"),
    "restricted_view": ("restricted views: {count}", "صندلی با دید محدود: {count}"),
    "premium": ("premium seats: {count}", "صندلی ویژه: {count}"),
    "seat_prices": ("seats with a price of their own: {count}", "صندلی با بهای جداگانه: {count}"),
    "category_prices": ("prices of {count} category(ies)", "بهای {count} رده"),
    "categories": ("{count} category(ies) themselves, with colours", "خودِ {count} رده و رنگ‌ها"),
    "section_categories": (
        "the category of {count} section(s) as a whole",
        "ردهٔ سراسری {count} بخش",
    ),
    "ranks": ("ranks of {count} row(s): gaps and aisles", "رتبه‌های {count} ردیف: راهروها"),
    "orphan_rule": (
        "{count} section(s) without the rule against single seats",
        "{count} بخش بدون قاعدهٔ صندلی تنها",
    ),
    "focus": ("where the best places of {count} section(s) are", "جای بهترین صندلی‌های {count} بخش"),
    "drawing": ("drawing and identifiers of {count} part(s)", "نقشه و شناسهٔ {count} جزء"),
    "offsets": ("{count} section and row position(s)", "{count} جایگاه بخش و ردیف"),
    "empty_rows": ("{count} row(s) without a seat", "{count} ردیف بی‌صندلی"),
    "name": ("the plan's name and size", "نام و اندازهٔ نقشه"),
    "guids": (
        "{count} seat(s) got a guid of their own making",
        "برای {count} صندلی شناسه ساخته شد",
    ),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of thing that an export left out or made up, and how often."""

    what: str
    count: int

    def told(self, language: str = "en") -> str:
        """Return it in words; Persian for "fa" and "fa-IR", else English."""
        persian = language.lower().split("-")[0] == "fa"
        return _WORDS[self.what][persian].format(count=self.count)


def losses(**counts: int) -> tuple[Loss, ...]:
    """Return those that happened, in the order given."""
    return tuple(Loss(what, count) for what, count in counts.items() if count)
