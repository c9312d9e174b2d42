"""What a takeover did and why, for people and for programs: terminal, JSON, one HTML file.

All three are made from the one report of `build_report`.
"""

from fullhouse.migration.report.build import build_report, summary
from fullhouse.migration.report.page import render_page, write_page
from fullhouse.migration.report.terminal import show_questions, show_report

__all__ = [
    "build_report",
    "render_page",
    "show_questions",
    "show_report",
    "summary",
    "write_page",
]
