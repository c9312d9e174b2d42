"""The combiner: batches by what waits, one bad question, askers that go, a task that breaks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from fullhouse.events.domain.errors import Conflict, EngineFault
from fullhouse.gate.combiner import Combiner


class Counter:
    """Answers each number with its double; holds the first batch until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.entered = asyncio.Event()
        self.go = asyncio.Event()

    async def serve(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        self.entered.set()
        await self.go.wait()
        if 13 in numbers:
            raise EngineFault("unlucky")
        return [number * 2 for number in numbers]


def run(test: Callable[[Counter, Any], Awaitable[None]], **options: Any) -> None:
    async def whole() -> None:
        counter = Counter()
        await test(counter, Combiner(counter.serve, **options))

    asyncio.run(asyncio.wait_for(whole(), 30))


def asked(combiner: Any, *numbers: int) -> list[asyncio.Task[int]]:
    return [asyncio.ensure_future(combiner.ask(number)) for number in numbers]


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_comes_meanwhile_goes_together_in_order() -> None:
    async def test(counter: Counter, combiner: Any) -> None:
        first = asked(combiner, 1)
        await counter.entered.wait()
        others = asked(combiner, 2, 3, 4)
        await settled()
        counter.go.set()
        assert await asyncio.gather(*first, *others) == [2, 4, 6, 8]
        assert counter.batches == [[1], [2, 3, 4]]
        await settled()
        assert combiner.idle

    run(test)


def test_a_batch_has_a_size() -> None:
    async def test(counter: Counter, combiner: Any) -> None:
        tasks = asked(combiner, 1)
        await counter.entered.wait()
        tasks += asked(combiner, 2, 3, 4)
        await settled()
        counter.go.set()
        await asyncio.gather(*tasks)
        assert counter.batches == [[1], [2, 3], [4]]

    run(test, together=2)


def test_one_bad_question_fails_alone() -> None:
    async def test(counter: Counter, combiner: Any) -> None:
        tasks = asked(combiner, 1)
        await counter.entered.wait()
        tasks += asked(combiner, 2, 13, 4)
        await settled()
        counter.go.set()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [told[0], told[1], told[3]] == [2, 4, 8]
        assert isinstance(told[2], EngineFault)

    run(test)


def test_who_went_before_being_served_is_not_served() -> None:
    async def test(counter: Counter, combiner: Any) -> None:
        tasks = asked(combiner, 1)
        await counter.entered.wait()
        tasks += asked(combiner, 2, 3)
        await settled()
        tasks[1].cancel()
        counter.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert counter.batches == [[1], [3]]

    run(test)


def test_who_went_while_being_served_is_told_of() -> None:
    left: list[tuple[int, int]] = []

    async def test(counter: Counter, combiner: Any) -> None:
        [task] = asked(combiner, 1)
        await counter.entered.wait()
        task.cancel()
        counter.go.set()
        await combiner.finish()
        assert left == [(1, 2)]
        assert await asyncio.gather(*asked(combiner, 5)) == [10]

    run(test, abandoned=lambda number, answer: left.append((number, answer)))


def test_too_many_are_told_at_once() -> None:
    async def test(counter: Counter, combiner: Any) -> None:
        tasks = asked(combiner, 1)
        await counter.entered.wait()
        tasks += asked(combiner, 2, 3)
        await settled()
        with pytest.raises(Conflict):
            await combiner.ask(4)
        counter.go.set()
        assert await asyncio.gather(*tasks) == [2, 4, 6]

    run(test, waiting=2)


def test_a_task_that_is_ended_leaves_nobody_waiting() -> None:
    async def test(counter: Counter, combiner: Any) -> None:
        tasks = asked(combiner, 1)
        await counter.entered.wait()
        tasks += asked(combiner, 2)
        await settled()
        combiner._task.cancel()
        counter.go.set()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(told[0], Conflict)
        assert told[1] == 4

    run(test)
