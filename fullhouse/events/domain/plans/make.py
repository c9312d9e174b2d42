"""Plans made from parameters: blocks of rows, numbered the ways that houses number."""

from dataclasses import dataclass
from typing import Final, Literal

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans.document import (
    ROWS_MOST,
    SEATS_MOST,
    Area,
    Plan,
    PlanSeat,
    PlanSection,
    Row,
    check,
)

Numbering = Literal["consecutive", "odd", "even", "odd_even"]
RowLabels = Literal["letters", "numbers", "persian"]

NUMBERINGS: Final[tuple[Numbering, ...]] = ("consecutive", "odd", "even", "odd_even")
ROW_LABELS: Final[tuple[RowLabels, ...]] = ("letters", "numbers", "persian")
_LETTERS: Final = {
    "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "persian": "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A section to make: `rows` of `seats_per_row`, seen from the stage towards the back.

    `numbering`: consecutive from `first_seat`; odd or even from the first such number; odd_even
    has the odd numbers left of the middle and the even ones right of it, both rising outwards.
    `right_to_left` begins at the right. `aisles_after`: an aisle behind that many seats, counted
    from the left; who sits across it is no neighbour. `pitch` is the distance of two seats.
    """

    name: str
    rows: int
    seats_per_row: int
    row_labels: RowLabels = "letters"
    first_row: int = 1
    numbering: Numbering = "consecutive"
    first_seat: int = 1
    right_to_left: bool = False
    aisles_after: tuple[int, ...] = ()
    category: str | None = None
    pitch: float = 25


def make_plan(name: str, *, blocks: tuple[Block, ...], areas: tuple[Area, ...] = ()) -> Plan:
    """Return the plan of these blocks, one behind the other; each area is a section of its own.

    Raises InvalidRequest with the block and the parameter that cannot be meant.
    """
    sections: list[PlanSection] = []
    y = 0.0
    for number, block in enumerate(blocks):
        _check(block, f"blocks[{number}]")
        sections.append(_section(block, y))
        y += (block.rows + 2) * block.pitch
    sections += [
        PlanSection(name=area.name, category=area.category, areas=(area,), y=y) for area in areas
    ]
    return check(Plan(name=name, sections=tuple(sections)), lambda number, *_: f"blocks[{number}]")


def _check(block: Block, where: str) -> None:
    for name, value, most in (
        ("rows", block.rows, ROWS_MOST),
        ("seats_per_row", block.seats_per_row, SEATS_MOST),
        ("first_row", block.first_row, ROWS_MOST),
        ("first_seat", block.first_seat, SEATS_MOST),
    ):
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise InvalidRequest(f"{where}.{name}", f"must be 1 to {most}, not {value!r}")
    if block.rows * block.seats_per_row > SEATS_MOST:
        raise InvalidRequest(where, f"at most {SEATS_MOST} seats")
    if block.numbering not in NUMBERINGS:
        raise InvalidRequest(f"{where}.numbering", f"must be one of {', '.join(NUMBERINGS)}")
    if block.row_labels not in ROW_LABELS:
        raise InvalidRequest(f"{where}.row_labels", f"must be one of {', '.join(ROW_LABELS)}")
    for aisle in block.aisles_after:
        if not 0 < aisle < block.seats_per_row:
            raise InvalidRequest(f"{where}.aisles_after", f"{aisle} is not inside the row")


def _section(block: Block, y: float) -> PlanSection:
    numbers = seat_numbers(block)
    gaps = [sum(place >= aisle for aisle in block.aisles_after) for place in range(len(numbers))]
    seats = tuple(
        PlanSeat(
            seat_number=str(number), rank=place + gap + 1, x=(place + gap) * block.pitch, y=0.0
        )
        for place, (number, gap) in enumerate(zip(numbers, gaps, strict=True))
    )
    rows = tuple(
        Row(
            row_number=row_label(block.row_labels, block.first_row + place),
            rank=place + 1,
            x=0.0,
            y=place * block.pitch,
            seats=seats,
        )
        for place in range(block.rows)
    )
    return PlanSection(name=block.name, category=block.category, x=0.0, y=y, rows=rows)


def seat_numbers(block: Block) -> list[int]:
    """Return the numbers of a row from left to right."""
    count, first = block.seats_per_row, block.first_seat
    if block.numbering == "consecutive":
        numbers = [first + place for place in range(count)]
    elif block.numbering == "odd_even":
        left = (count + 1) // 2
        odd = [2 * place + 1 for place in range(left)]
        numbers = [*reversed(odd), *(2 * place + 2 for place in range(count - left))]
    else:
        start = first + (first % 2 == (1 if block.numbering == "even" else 0))
        numbers = [start + 2 * place for place in range(count)]
    return numbers[::-1] if block.right_to_left else numbers


def row_label(labels: RowLabels, number: int) -> str:
    """Return the label of the row of that number, from 1: A, ..., Z, AA; or ا, ب, پ; or 1, 2."""
    if labels == "numbers":
        return str(number)
    alphabet = _LETTERS[labels]
    label = ""
    while number:
        number, place = divmod(number - 1, len(alphabet))
        label = alphabet[place] + label
    return label
