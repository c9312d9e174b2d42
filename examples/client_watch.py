"""Watch seats change: python examples/client_watch.py http://localhost:8000 PERFORMANCE [TIMES]

Ends after so many changes (default 10).
"""

import asyncio
import sys
from uuid import UUID

from fullhouse.client import AsyncClient, SeatMap


def line(seats: SeatMap, ordinal: int) -> str:
    """Return a seat as a person reads it."""
    words = {"a": "free", "r": "held", "s": "sold"}
    plan = seats.plan
    return f"{plan.rows[ordinal]}-{plan.numbers[ordinal]} is {words[seats.state(ordinal)]}"


async def main(url: str, performance: str, times: int) -> None:
    async with AsyncClient(url) as house:
        seats: SeatMap | None = None
        async for _ in house.stream(UUID(performance)):
            if seats is None:
                seats = await house.seat_map(UUID(performance))
                print(f"Watching {len(seats)} seats, {len(list(seats.free()))} free", flush=True)
            elif changed := await house.refresh(seats):
                print(", ".join(line(seats, ordinal) for ordinal in changed), flush=True)
                times -= 1
            if not times:
                return


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int((sys.argv[3:4] or ["10"])[0])))
