"""A body that does not come ends its request, and nothing else."""

import asyncio
from typing import Any

import pytest

from fullhouse.gate import patience


def test_who_takes_too_long_is_ended_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_LOOK_SECONDS", 0.0)

    async def reading(limit: patience.Patience, arrives: "asyncio.Event") -> str:
        try:
            with limit:
                await arrives.wait()
        except patience.SlowError:
            await asyncio.sleep(0)  # the task lives on, to say why
            return "slow"
        return "read"

    async def whole() -> list[Any]:
        none, much = patience.Patience(0.0), patience.Patience(1000.0)
        never, now = asyncio.Event(), asyncio.Event()
        cancelled = asyncio.ensure_future(reading(much, never))
        asks = [reading(none, never), reading(much, now)]
        gathered = asyncio.gather(*asks, cancelled, return_exceptions=True)
        await asyncio.sleep(0)
        cancelled.cancel()
        now.set()
        return await asyncio.wait_for(gathered, 30)

    told = asyncio.run(whole())
    assert told[:2] == ["slow", "read"]
    assert isinstance(told[2], asyncio.CancelledError)
