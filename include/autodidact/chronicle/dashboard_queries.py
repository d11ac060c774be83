"""What the page reads from the Chronicle besides queries.py: bounded, by index, no prompt or answer that is
not shown. Each function takes a connection first (`Chronicle.ask`).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Text, cast, func, select

from autodidact.chronicle.tables import benchmark_items, benchmark_runs, cycles, events, ledger, verdicts

# Newest reports among which one is looked for.
MOST_REPORTS = 40


def events_of(connection: Connection, system: str, kind: str, limit: int) -> list[dict[str, Any]]:
    """The newest events of that kind, oldest first."""
    mine = (events.c.system == system) & (events.c.kind == kind)
    rows = connection.execute(select(events).where(mine).order_by(events.c.id.desc()).limit(limit))
    return [dict(row) for row in rows.mappings()][::-1]


def verdicts_of(connection: Connection, system: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Cycle to its newest verdict, of the named cycles."""
    mine = (verdicts.c.system == system) & verdicts.c.cycle_id.in_(names)
    last = select(func.max(verdicts.c.id)).where(mine).group_by(verdicts.c.cycle_id)
    rows = connection.execute(select(verdicts).where(verdicts.c.id.in_(last))).mappings()
    return {row["cycle_id"]: dict(row) for row in rows}


def reports_of(connection: Connection, system: str, cycle_id: str) -> dict[str, dict[str, Any]]:
    """Role to its newest report in a cycle, without items."""
    mine = (benchmark_runs.c.system == system) & (benchmark_runs.c.cycle_id == cycle_id)
    rows = connection.execute(select(benchmark_runs).where(mine).order_by(benchmark_runs.c.id)).mappings()
    return {row["role"]: dict(row) for row in rows}


def until_of(connection: Connection, system: str, cycle_id: str) -> str | None:
    """The end of a cycle's window; None for an unknown cycle."""
    mine = (cycles.c.system == system) & (cycles.c.cycle_id == cycle_id)
    found: str | None = connection.execute(select(cycles.c.until).where(mine)).scalar()
    return found


def scores(connection: Connection, report: str) -> list[dict[str, Any]]:
    """What each item of a report scored, in its order, without its texts."""
    names = ("item", "category", "family", "hidden", "block", "probe", "score", "missing")
    query = select(*(benchmark_items.c[name] for name in names))
    rows = connection.execute(
        query.where(benchmark_items.c.report == report).order_by(benchmark_items.c.position)
    )
    return [dict(row) for row in rows.mappings()]


def texts(connection: Connection, report: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Item to its row with prompt, answer and explanation, of the named items of a report."""
    mine = (benchmark_items.c.report == report) & benchmark_items.c.item.in_(names)
    rows = connection.execute(select(benchmark_items).where(mine)).mappings()
    return {row["item"]: dict(row) for row in rows}


def containing(connection: Connection, report: str, words: str) -> set[str]:
    """The items of a report whose prompt, answer or name has all these words, whatever their case."""
    columns = (cast(benchmark_items.c.prompt, Text), benchmark_items.c.answer, benchmark_items.c.item)
    whole = func.lower(columns[0] + " " + columns[1] + " " + columns[2])
    query = select(benchmark_items.c.item).where(benchmark_items.c.report == report)
    for word in words.lower().split():
        query = query.where(whole.contains(word, autoescape=True))
    return set(connection.execute(query).scalars())


def newest_base_report(connection: Connection, system: str, base: str) -> dict[str, Any]:
    """The newest report on the base of that digest, among the newest reports on a base, without items; empty
    without one.
    """
    mine = (benchmark_runs.c.system == system) & (benchmark_runs.c.role == "base")
    query = select(benchmark_runs).where(mine).order_by(benchmark_runs.c.id.desc()).limit(MOST_REPORTS)
    rows = connection.execute(query).mappings()
    return next((dict(row) for row in rows if row["model"].get("base_sha256") in (None, base)), {})


def asked_in(connection: Connection, system: str, cycle_id: str) -> list[dict[str, Any]]:
    """The rows of the ledger of the version in service that a cycle asked last."""
    mine = (ledger.c.system == system) & (ledger.c.cycle_id == cycle_id) & ledger.c.served
    query = select(*(ledger.c[name] for name in ("version", "fact", "outcome", "says")))
    rows = [dict(row) for row in connection.execute(query.where(mine).order_by(ledger.c.id)).mappings()]
    return [row for row in rows if row["version"] == rows[-1]["version"]]
