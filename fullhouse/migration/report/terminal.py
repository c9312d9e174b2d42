"""The report in a terminal: the trees before and after, the contradictions, the proof."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fullhouse.migration.live.numbers import in_words
from fullhouse.migration.report.tree import NUMBERS, Node, Side, venues

SHOWN_PERFORMANCES: Final = 5
SHOWN_QUESTIONS: Final = 40


def show_report(console: Console, report: dict[str, Any]) -> None:
    """Print state, trees, contradictions, proof and the next step."""
    console.print(
        f"[bold]{escape(report['schema'])}[/] → Fullhouse · "
        f"[bold]{escape(report['state'].replace('_', ' '))}[/]"
        f" · plan {escape(report['plan_sha'][:12] or '–')}",
        soft_wrap=True,
    )
    if report.get("units"):
        console.print(house(report["units"], "before"))
        console.print(house(report["units"], "after"))
        left = len(report["units"]) - SHOWN_PERFORMANCES
        if left > 0:
            console.print(f"  … and {left:,} more performances: --html FILE or --json", style="dim")
    if (report.get("anomalies") or {}).get("kinds"):
        console.print(_kinds(report["anomalies"]["kinds"]))
    for line in _proof(report):
        console.print(line, soft_wrap=True)
    step = report["next_step"]
    console.print(Text(f"Next: {step['en']} / {step['fa']}"), soft_wrap=True)
    console.print(Text(f"  {step['command']}"), soft_wrap=True)
    for other in step["others"]:
        console.print(Text(f"Or: {other['en']} / {other['fa']}"), soft_wrap=True)
        console.print(Text(f"  {other['command']}"), soft_wrap=True)


def show_questions(console: Console, report: dict[str, Any]) -> None:
    """Print the open questions and how each can be answered."""
    questions = [one for one in report["anomalies"]["items"] if one["open"]]
    table = Table(title="Open questions / پرسش‌های بی‌پاسخ", title_justify="left")
    for name in ("Number", "Kind", "Case", "Rows", "Proposal"):
        table.add_column(name, justify="right" if name in ("Number", "Rows") else "left")
    for one in questions[:SHOWN_QUESTIONS]:
        table.add_row(
            str(one["id"]),
            escape(one["kind"]),
            escape(one["subject"]),
            f"{one['count']:,}",
            escape(one["proposal"]),
        )
    console.print(table)
    left = len(questions) - SHOWN_QUESTIONS
    if left > 0:
        console.print(f"… and {left:,} more: --html FILE or --json", style="dim")


def house(units: list[dict[str, Any]], side: Side) -> Tree:
    """Return the tree of one side, of the first performances of the plan."""
    tree = Tree("[bold]Before / پیش[/]" if side == "before" else "[bold]After / پس[/]")
    for venue in venues(units[:SHOWN_PERFORMANCES], side):
        _grow(tree, venue)
    return tree


def _grow(tree: Tree, node: Node) -> None:
    branch = tree.add(_label(node))
    for child in node.children:
        _grow(branch, child)


def _label(node: Node) -> Text:
    name = {None: "(pool)", "": "(no name)"}.get(node.name, node.name) or ""
    styles = {"venue": "bold", "performance": "bold cyan", "section": "", "type": "dim"}
    label = Text(name, style=styles[node.kind])
    for number in NUMBERS:
        value = node.numbers.get(number)
        if value is not None and (value or number == "capacity"):
            said = f"  {value:,}" if number == "capacity" else f"  {number} {value:,}"
            label.append(said, style="not bold")
    if node.note:
        label.append(f"  {node.note}", style="yellow not bold")
    return label


def _kinds(kinds: list[dict[str, Any]]) -> Table:
    table = Table(title="Contradictions / ناسازگاری‌ها", title_justify="left")
    for name in ("Kind", "Cases", "Rows", "Open", "Proposal", "Decision"):
        table.add_column(name, justify="right" if name in ("Cases", "Rows", "Open") else "left")
    for kind in kinds:
        table.add_row(
            escape(kind["kind"].replace("_", " ")),
            f"{kind['anomalies']:,}",
            f"{kind['rows']:,}",
            f"[yellow]{kind['open']:,}[/]" if kind["open"] else "0",
            escape(_counted(kind["proposals"])),
            escape(_counted(kind["decisions"]) or "–"),
        )
    return table


def _counted(values: dict[str, int]) -> str:
    if len(values) == 1:
        return next(iter(values)).replace("_", " ")
    return ", ".join(f"{name.replace('_', ' ')} ({count:,})" for name, count in values.items())


def _proof(report: dict[str, Any]) -> list[str]:
    lines = []
    backup, validation = report.get("backup"), report.get("validation")
    if backup:
        lines.append(f"Backup: {escape(backup['folder'])} ({backup['bytes']:,} bytes), proved")
    if validation and validation["ok"]:
        digest = str(validation.get("projection_sha256", ""))[:16]
        lines.append(f"[green]Both sides are equal / دو سو یکی‌اند[/] (SHA-256 {digest}…)")
    elif validation:
        lines.append("[red]The two sides differ / دو سو یکی نیستند[/]")
    if report.get("live"):
        lines.append(escape(in_words(report["live"])))
    if not report["history_intact"]:
        lines.append("[red]The chain of events is broken / زنجیرهٔ رویدادها شکسته است[/]")
    for one in report["progress"]["failed"]:
        lines.append(f"[red]{escape(one['performance'])}: {escape(one['error'])}[/]")
    return lines
