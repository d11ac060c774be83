"""What a command shows, as parts: headings, text and tables. Coloured by `rich` on a terminal, plain
elsewhere.

Nothing that a part quotes steers a terminal: what would is written out (safe_text.py) before a colour is
added.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from autodidact.safe_text import harmless

# Characters of a cell: what is longer is cut, and says so.
MOST_CELL = 400
# Characters of a line: as many as no honest one has.
MOST_LINE = 10_000
# Columns of a terminal on which two texts stand side by side.
WIDE = 120
# Colours of words that say how something stands, where they are a whole cell.
STYLES = {
    **dict.fromkeys(("ok", "done", "promote", "promoted", "champion", "yes", "won", "kept"), "green"),
    **dict.fromkeys(("warning", "undecided", "stale", "skipped", "archived"), "yellow"),
    **dict.fromkeys(("failed", "reject", "rejected", "no", "lost", "dropped", "withdrawn"), "red"),
    "running": "cyan",
}


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Table:
    """Rows under their columns. A number has three digits behind the point (`number`); None is `-`."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Beside:
    """Two texts side by side on a terminal that is wide enough; else the right one below, indented."""

    left: str
    right: str


@dataclass(frozen=True)
class Either:
    """`drawn` on a terminal, `plain` elsewhere: where other programs read the plain lines."""

    plain: str
    drawn: Sequence["str | Heading | Table | Beside"]


Part = str | Heading | Table | Beside | Either
View = Sequence[Part]


def draws(stream: TextIO) -> bool:
    """Whether a stream is a terminal that understands colours."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def text_of(view: str | View, stream: TextIO) -> str:
    """The view as `stream` takes it, without a line end at its end."""
    if isinstance(view, str):
        return bounded(view)
    return coloured(view) if draws(stream) else plain(view)


def plain(view: View) -> str:
    return "\n".join(_plain(part) for part in view)


def coloured(view: View, width: int | None = None) -> str:
    """With the codes of a terminal of this width; None: of the terminal that is there."""
    import io

    from rich.console import Console

    console = Console(file=io.StringIO(), force_terminal=True, width=width)
    parts = [each for part in view for each in (part.drawn if isinstance(part, Either) else [part])]
    for part in parts:
        if isinstance(part, Beside) and console.width < WIDE:
            part = _plain(part)
        console.print(_coloured(part), soft_wrap=isinstance(part, str))
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue().rstrip("\n")


def cell(value: Any) -> str:
    """A value as text in one line, harmless and cut."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return number(value)
    return harmless(cut(str(value))).replace("\n", "\\n").replace("\t", " ")


def number(value: float) -> str:
    """With three digits behind the point; more where it would look like 0 or 1 and is not: 0.99986."""
    text = f"{value:.3f}"
    if text.lstrip("-") == "0.000" and value:
        return f"{value:.2g}"
    if text.lstrip("-") == "1.000" and abs(value) < 1:
        digits = next((n for n in range(4, 8) if float(f"{abs(value):.{n}f}") < 1), 8)
        return f"{value:.{digits + 1}f}"
    return text


def bounded(text: str) -> str:
    """The text, harmless, and each of its lines cut at MOST_LINE characters."""
    if len(text) > MOST_LINE:
        text = "\n".join(cut(line, MOST_LINE) for line in text.split("\n"))
    return harmless(text)


def counts_text(counts: Mapping[str, Any]) -> str:
    """ "raw 193, kept 185": counts that are one number, a share with three digits."""
    plain = {name: value for name, value in counts.items() if isinstance(value, (int, float, str))}
    return ", ".join(f"{name} {cell(value)}" for name, value in plain.items())


def cut(text: str, most: int = MOST_CELL) -> str:
    return text if len(text) <= most else f"{text[:most]} [...]"


def _plain(part: Part) -> str:
    if isinstance(part, str):
        return bounded(part)
    if isinstance(part, Heading):
        return bounded(part.text)
    if isinstance(part, Either):
        return bounded(part.plain)
    if isinstance(part, Beside):
        below = "\n".join(f"    {line}" for line in bounded(part.right).split("\n"))
        return f"{bounded(part.left)}\n{below}"
    right = _numeric(part)
    rows = [[cell(value) for value in row] for row in (part.columns, *part.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (
            text.rjust(wide) if k in right else text.ljust(wide)
            for k, (text, wide) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _coloured(part: str | Heading | Table | Beside) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    if isinstance(part, str):
        return Text(bounded(part))
    if isinstance(part, Heading):
        return Text(bounded(part.text), "bold")
    if isinstance(part, Beside):
        grid = RichTable.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(Text(bounded(part.left)), Text(bounded(part.right), "dim"))
        return grid
    table, right = RichTable(box=SIMPLE_HEAD, pad_edge=False), _numeric(part)
    for k, name in enumerate(part.columns):
        table.add_column(cell(name), justify="right" if k in right else "left", overflow="fold")
    for row in part.rows:
        texts = [cell(value) for value in row]
        table.add_row(*(Text(text, STYLES.get(text, "")) for text in texts))
    return table


def _numeric(table: Table) -> set[int]:
    """The columns that have numbers alone."""
    found = set()
    for k in range(len(table.columns)):
        values = [row[k] for row in table.rows if row[k] is not None]
        if values and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in values
        ):
            found.add(k)
    return found
