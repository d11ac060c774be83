"""docs/reliability.md, out of what runs of `make chaos` wrote: python -m tests.chaos.table FILE "ON WHAT MACHINE"

The text stands in reliability.md beside this file, the figures and the tables come from FILE.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from tests.airflow_.started import ROOT
from tests.chaos.faults import FAULTS

PAGE = ROOT / "docs" / "reliability.md"
TEXT = Path(__file__).with_name("reliability.md")


def table(rows: list[dict[str, Any]]) -> str:
    """A line for each kind of fault: how many, the moments, what settled it, seconds."""
    kinds = defaultdict(list)
    for row in rows:
        kinds[row["name"]].append(row)
    lines = ["| fault | times | settled by | seconds: median, longest |", "| --- | --- | --- | --- |"]
    for name, some in kinds.items():
        seconds = [row["seconds"] for row in some]
        ways = ", ".join(sorted({row["settled_by"] for row in some}))
        lines.append(f"| {name} | {len(some)} | {ways} | {median(seconds):.0f}, {max(seconds):.0f} |")
    return "\n".join(lines)


def each_fault(rows: list[dict[str, Any]]) -> str:
    """A line for each fault, in their order."""
    lines = ["| | fault | moment | settled by | seconds |", "| --- | --- | --- | --- | --- |"]
    for number, row in enumerate(rows, 1):
        cells = (row["name"], row["moment"], row["settled_by"], f"{row['seconds']:.0f}")
        lines.append(f"| {number} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page(rows: list[dict[str, Any]], machine: str) -> str:
    """The whole document. `machine`: what the runs had, in words."""
    wrong = [row for row in rows if row["broken"]]
    # A file may have the rows of several runs, each with a seed of its own.
    cycles = {row["seed"]: row["cycles"] for row in rows}
    figures = {
        "faults": str(len(rows)),
        "cycles": str(sum(cycles.values())),
        "seeds": ", ".join(map(str, cycles)),
        "machine": machine,
        "broken": str(len(wrong)),
        "table": table(rows),
        "missing": ", ".join(sorted({fault.name for fault in FAULTS} - {row["name"] for row in rows}))
        or "none",
        "each": each_fault(rows),
    }
    text = TEXT.read_text(encoding="utf-8")
    for name, value in figures.items():
        text = text.replace(f"<{name}>", value)
    return text


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    PAGE.write_text(page([json.loads(line) for line in lines], sys.argv[2]), encoding="utf-8")
