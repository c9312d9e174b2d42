"""Phases of a rehearsal, worked through in a test."""

from fullhouse.migration.live.rehearse.phases import Phase
from fullhouse.migration.live.rehearse.rehearsal import Scene


def work_through(made: Scene, phases: tuple[Phase, ...]) -> None:
    """Do phases one after another."""
    for phase in phases:
        phase.work(made.stage)
