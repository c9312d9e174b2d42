"""The drawn areas of a pretix zone: stage, walls, texts. No places; checked, kept, given back."""

from fullhouse.events.domain.plans.fields import known_kind, members, number, text_or_none
from fullhouse.events.domain.reading import Reader

_SHAPES = ("polygon", "rectangle", "ellipse", "circle", "text")


def check_area(item: Reader) -> None:
    """Refuse an area that the format does not know. Raises InvalidRequest with its place."""
    item.only(("color", "border_color", "rotation", "position", "uuid", "shape", *_SHAPES))
    known_kind(item, "shape", _SHAPES)
    for name in ("color", "border_color", "uuid"):
        text_or_none(item, name, most=200)
    number(item, "rotation")
    if item.fields.get("position") is not None:
        _point(members(item, "position"))
    for shape in _SHAPES:
        if item.fields.get(shape) is not None:
            _SHAPE[shape](members(item, shape))


def _point(item: Reader) -> None:
    item.only(("x", "y"))
    _numbers(item, "x", "y")


def _numbers(item: Reader, *names: str) -> None:
    for name in names:
        if number(item, name) is None:
            item.refuse(name, "is missing: a number")


def _polygon(item: Reader) -> None:
    item.only(("points",))
    if item.fields.get("points") is None:
        item.refuse("points", "is missing: a list")
    for point in item.items("points"):
        _point(point)


def _rectangle(item: Reader) -> None:
    item.only(("width", "height"))
    _numbers(item, "width", "height")


def _ellipse(item: Reader) -> None:
    item.only(("radius",))
    _point(members(item, "radius"))


def _circle(item: Reader) -> None:
    item.only(("radius",))
    _numbers(item, "radius")


def _text(item: Reader) -> None:
    item.only(("text", "color", "size", "position"))
    item.text("text", most=1000)
    text_or_none(item, "color", most=200)
    number(item, "size")
    if item.fields.get("position") is not None:
        _point(members(item, "position"))


_SHAPE = {
    "polygon": _polygon,
    "rectangle": _rectangle,
    "ellipse": _ellipse,
    "circle": _circle,
    "text": _text,
}
