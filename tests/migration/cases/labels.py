"""Names that are one name, and names that are not."""

from uuid import UUID

from ..builders import House
from ..picture import Leaf, Picture
from .registry import Check, case


@case
def spellings_of_one_section(house: House) -> tuple[UUID, Check]:
    evening = house.performance(6)
    names = ["بالکن", "بالكن", " بالکن", "بال\u200cکن", "بالکن\u200f", "بالکن\u00a0"]
    for index, name in enumerate(names):
        house.seat(evening, f"{name}-1-{index}")

    def check(picture: Picture) -> None:
        assert picture.sections == {"بالکن": 6}
        assert set(names) <= picture.spellings["بالکن"]

    return evening, check


@case
def blank_names_are_one_section(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    for index, name in enumerate(["", " ", "\u00a0"]):
        house.seat(evening, f"{name}-1-{index}")

    def check(picture: Picture) -> None:
        assert picture.sections == {"": 3}

    return evening, check


@case
def punctuation_keeps_sections_apart(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    house.seat(evening, "VIP-1-1")
    house.seat(evening, "V.I.P-1-1")

    def check(picture: Picture) -> None:
        assert picture.sections == {"vip": 1, "v.i.p": 1}

    return evening, check


@case
def a_section_called_as_blank_ones_are_shown(house: House) -> tuple[UUID, Check]:
    evening = house.performance(5)
    house.seats(evening, "", 2)
    house.seats(evening, "Section", 3)

    def check(picture: Picture) -> None:
        assert picture.sections == {"": 2, "section": 3}

    return evening, check


@case
def a_section_called_unseated_takes_the_unseated(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    house.seats(evening, "UnSeated", 2)
    house.booking(evening, [], [], people=1)

    def check(picture: Picture) -> None:
        assert picture.sections == {"unseated": 3}
        assert picture.leaves == {("unseated", None): Leaf(3, 2, 0, 0, 1)}

    return evening, check


@case
def forms_of_letters_and_digits(house: House) -> tuple[UUID, Check]:
    evening = house.performance(7)
    for index, name in enumerate(["ＶＩＰ۱", "vip 1", "VIP١", "Vip\u3000１"]):
        house.seat(evening, f"{name}-1-{index}")
    for index, name in enumerate(["ﻋﻠﻲ", "علی", "علي\u200f"]):
        house.seat(evening, f"{name}-1-{index}")

    def check(picture: Picture) -> None:
        assert picture.sections == {"vip1": 4, "علی": 3}

    return evening, check
