"""The window that a cycle was wanted for, and which cycle that makes it."""

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.records import cycle_id, instant


@dataclass(frozen=True)
class Window:
    """The window that a cycle was wanted for. `chosen`: a person or a backfill chose it, so that it is
    historical. `keep_base`: the settings' base model must be the champion's.
    """

    since: datetime | None
    until: datetime
    chosen: bool
    resume: bool = False
    again: bool = False
    scheduled: bool = False
    keep_base: bool = False


def kind_of(window: Window, latest: dict[str, Any] | None) -> str:
    """`latest`: {"cycle_id", "until"} of the latest closed live cycle. A window before its end is history."""
    covered = latest and instant(window.until) <= latest["until"]
    return "historical" if window.chosen or covered else "live"


def name_of(
    chronicle: Chronicle, system: str, window: Window, kind: str, latest: dict[str, Any] | None
) -> str:
    """The name of the window's cycle, of the one that is resumed, or of another try."""
    name = cycle_id(window.until)
    if window.resume and kind == "live":
        # One that ends before `latest` was overtaken: its window is covered.
        live = [row for row in chronicle.open_cycles(system) if row["kind"] == "live"]
        pending = [row for row in live if not latest or row["until"] > latest["until"]]
        if pending:
            name = max(pending, key=lambda row: row["until"])["cycle_id"]
    if window.again:
        closed = {row["cycle_id"] for row in chronicle.cycles(system, status="closed")}
        tries = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        name = next(each for each in tries if each not in closed)
    return name
