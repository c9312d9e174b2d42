"""Where the product differs from the oracle, said so that a person can look it up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from .oracle import Legacy, expected
from .oracle.state import PerformanceState
from .picture import Picture, Taken, from_database, from_oracle

#: Currencies whose prices have no decimals: a price with some always needs to be the seat's own.
WHOLE = {"IRR", "JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF"}


def differences(legacy: Legacy, using: str = "default") -> list[str]:
    """Compare all performances and venues; an empty list means that both readings agree."""
    made = {key: from_database(legacy, key, using) for key in legacy.performances}
    bases = {(key, name): base for key, one in made.items() for name, base in one.bases.items()}
    wanted = expected(legacy, bases)
    found: list[str] = []
    for key, state in wanted.performances.items():
        found += [f"{key}: {difference}" for difference in compare(state, made[key])]
    return found


def compare(state: PerformanceState, made: Picture) -> list[str]:
    """Compare one performance."""
    wanted = from_oracle(state)
    found: list[str] = []
    for name in ("status", "max_capacity"):
        if getattr(wanted, name) != getattr(made, name):
            found.append(f"{name} is {getattr(made, name)}, not {getattr(wanted, name)}")
    for name in ("sections", "leaves", "seats", "aliases", "unnamed_sales", "money"):
        found += _between(name, getattr(wanted, name), getattr(made, name))
    inexact = {r.reference for r in state.reservations if not r.exact_prices}
    found += _between("taken", _shown(wanted.taken, inexact), _shown(made.taken, inexact))
    return found + _chosen(state, made)


def _between(name: str, wanted: Mapping[Any, Any], made: Mapping[Any, Any]) -> list[str]:
    keys = sorted({*wanted, *made}, key=str)
    return [
        f"{name}: {key} is {made.get(key)}, not {wanted.get(key)}"
        for key in keys
        if wanted.get(key) != made.get(key)
    ]


def _shown(taken: Counter[Taken], inexact: set[str | None]) -> Counter[Taken]:
    """Where only the sum is decided, how a booking's money is shared does not matter."""
    shown: Counter[Taken] = Counter()
    for one, places in taken.items():
        free = one.reference is not None and one.reference in inexact
        shown[replace(one, price=None) if free else one] += places
    return shown


def _chosen(state: PerformanceState, made: Picture) -> list[str]:
    """What may be chosen among several: currency in a tie, base price, spellings shown."""
    found: list[str] = []
    for key, section in state.sections.items():
        if key not in made.sections:
            continue
        if section.currency not in (None, made.currencies[key]):
            found.append(f"{key}: currency {made.currencies[key]}, not {section.currency}")
        if made.bases[key] not in section.prices:
            found.append(f"{key}: base price {made.bases[key]} is none of its prices")
        most = section.own_priced_at_most
        if made.own_priced[key] > most and made.currencies[key] not in WHOLE:
            found.append(f"{key}: {made.own_priced[key]} seats have their own price, {most} must")
        if lost := section.spellings - made.spellings[key]:
            found.append(f"{key}: spellings not found any more: {sorted(lost)}")
    return found


def wrong_venues(legacy: Legacy, totals: Mapping[UUID, int]) -> list[str]:
    """Compare what the venues hold now."""
    return _between("venue", expected(legacy).venues, dict(totals))
