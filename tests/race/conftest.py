"""Processes that start at the same moment, and what they say when they are done."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

ANSWER_SECONDS = 120  # a process that says nothing for so long hangs


class Crowd:
    """Spawned clients. `start` lets them all go, `answers` waits for each last word."""

    def __init__(self, client: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection] = []
        self.processes: list[BaseProcess] = []
        for own in arguments:
            ours, theirs = context.Pipe()
            process = context.Process(target=client, args=(theirs, *own), daemon=True)
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)
        for pipe in self.pipes:
            assert hear(pipe) == "ready"

    def start(self) -> None:
        for pipe in self.pipes:
            pipe.send("go")

    def answers(self, seconds: float = ANSWER_SECONDS) -> list[Any]:
        said = [hear(pipe, seconds) for pipe in self.pipes]
        for process in self.processes:
            process.join()
        return said

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.join()


def hear(pipe: Connection, seconds: float = ANSWER_SECONDS) -> Any:
    if not pipe.poll(seconds):
        pytest.fail(f"a client said nothing for {seconds} s")
    return pipe.recv()


@pytest.fixture
def crowd() -> Any:
    """Return a maker of crowds; whoever is left when the test ends is ended."""
    crowds: list[Crowd] = []

    def make(client: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> Crowd:
        crowds.append(Crowd(client, arguments))
        return crowds[-1]

    yield make
    for one in crowds:
        one.end()
