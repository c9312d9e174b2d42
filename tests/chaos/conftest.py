"""The table of what came of each cell, at the end of the run."""

import pytest

from .matrix import Cell

_RESULTS: list[Cell] = []


@pytest.fixture(scope="session")
def results() -> list[Cell]:
    return _RESULTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _RESULTS:
        return
    terminalreporter.write_line("| phase | fault | done to it | the runner | again, s | holds |")
    terminalreporter.write_line("|---|---|---|---|---|---|")
    for one in _RESULTS:
        ended = one.ended.partition(":")[0]
        again = f"{one.resumed_seconds:.1f}" if one.resumed_seconds else ""
        holds = "yes" if one.holds else "NO"
        row = (one.phase, one.fault, one.said, ended, again, holds)
        terminalreporter.write_line(f"| {' | '.join(row)} |")
