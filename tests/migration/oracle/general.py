"""The sections of a performance that has no seat rows."""

from uuid import UUID

from .documents import read_capacities
from .keys import name_key
from .rows import Legacy, Performance

#: The key of the section that takes what no type was given.
POOL = name_key("General admission")

Where = tuple[str, UUID | None]


def read_general(legacy: Legacy, performance: Performance) -> dict[Where, int]:
    """Sections from `ticket_capacities` (one a key), else from `max_capacity`, else none.

    Parts above the maximum say nothing about types: one section, all pool. Parts below it leave
    a remainder, which is a pool section.
    """
    kinds = legacy.types_of(performance)
    parts = read_capacities(performance.ticket_capacities, kinds)
    most = performance.max_capacity or parts.total
    if not most:
        return {}
    if parts.total > most:
        return {(POOL, None): most}
    names = {kind.id: name_key(kind.name) for kind in kinds}
    places: dict[Where, int] = {(names[key], key): part for key, part in parts.by_type.items()}
    places |= {(key, None): part for key, part in parts.strange.items()}
    if most > parts.total:
        places[POOL, None] = most - parts.total
    return places


def place_for(places: dict[Where, int], ticket_type_id: UUID | None) -> Where:
    """Where a place of this type is counted: its own section, the pool, the largest one."""
    if not places:
        return ("unseated", None)
    own = [where for where in places if ticket_type_id and where[1] == ticket_type_id]
    largest = sorted(places, key=lambda where: (-places[where], where[0], str(where[1])))
    pools = [where for where in largest if where[1] is None]
    return (own or pools or largest)[0]
