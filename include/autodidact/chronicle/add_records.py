"""What is added to the log: rows of stages, reports and verdicts, each once."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

import autodidact.chronicle.tables as tables
import autodidact.chronicle.version_states as versions
from autodidact.errors import UsageError
from autodidact.records import ItemResult, Manifest, Report, Verdict, canonical, sha256


def stage(
    connection: Connection,
    table: Table,
    system: str,
    cycle_id: str,
    manifest: Manifest | dict,
    extra: Mapping[str, Any],
) -> bool:
    """Adds a stage's manifest; whether it was added."""
    record = plain(manifest)
    row = {name: record.get(name) for name in ("stage", "status", "reason", "started", "seconds")}
    row |= {"system": system, "cycle_id": cycle_id, "sha256": digest(record), "manifest": record}
    return add(connection, table, {**row, "at": versions.now(), **extra})


def benchmark(connection: Connection, system: str, cycle_id: str, role: str, report: Report | dict) -> bool:
    """Adds a report and its items; whether the report was added."""
    report = Report.model_validate(plain(report))
    known = digest(plain(report))
    names = ("fingerprint", "suite", "judge", "model", "blocks", "week", "overall")
    row = {name: getattr(report, name) for name in names}
    row |= {"system": system, "cycle_id": cycle_id, "role": role, "sha256": known, "at": versions.now()}
    row["categories"] = {name: score.model_dump() for name, score in report.categories.items()}
    row["probe"] = report.probe.model_dump() if report.probe else None
    added = add(connection, tables.benchmark_runs, row)
    items = [(item, False) for item in report.items] + [(item, True) for item in report.probe_items]
    position, of = tables.benchmark_items.c.position, tables.benchmark_items.c.report
    if items and connection.execute(select(position).where(of == known).limit(1)).first() is None:
        rows = [_item_row(known, place, item, probe) for place, (item, probe) in enumerate(items)]
        connection.execute(insert(connection, tables.benchmark_items).on_conflict_do_nothing(), rows)
    return added


def verdict(
    connection: Connection,
    system: str,
    cycle_id: str,
    judged: Verdict | dict,
    candidate: str | None,
    champion: str | None,
    week: str | None,
) -> bool:
    """Adds a verdict with its rules and reasons; whether it was added."""
    record = plain(Verdict.model_validate(plain(judged)))
    names = ("outcome", "p_better", "difference", "rules", "reasons", "more_evidence")
    row = {name: record[name] for name in names}
    row |= {"system": system, "cycle_id": cycle_id, "at": versions.now()}
    row |= {"candidate": candidate, "champion": champion, "week": week}
    row["sha256"] = digest([record, candidate, champion, week])
    return add(connection, tables.verdicts, row)


def ledger(connection: Connection, system: str, entries: Iterable[Mapping[str, Any]]) -> int:
    """Adds rows of the ledger; how many were added."""
    names = ("version", "fact", "value_asked", "outcome", "says", "stratum", "served", "asked_at")
    added = 0
    for entry in entries:
        row = {name: entry[name] for name in names}
        row |= {"system": system, "cycle_id": entry["cycle"], "at": versions.now()}
        added += add(connection, tables.ledger, row)
    return added


def digest(value: Any) -> str:
    """What an import is known by."""
    return sha256(canonical(value))


def plain(value: BaseModel | Mapping[str, Any]) -> dict:
    found = value.model_dump(mode="json") if isinstance(value, BaseModel) else dict(value)
    if not found:
        raise UsageError("an empty record cannot be logged")
    return tables.clean(found)


def _item_row(report: str, position: int, item: ItemResult, probe: bool) -> dict:
    names = ("category", "family", "hidden", "block", "score", "missing", "prompt", "answer", "explanation")
    return {"report": report, "position": position, "item": item.id, "probe": probe} | {
        name: getattr(item, name) for name in names
    }


def insert(connection: Connection, table: Table):
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def add(connection: Connection, table: Table, row: dict) -> bool:
    """Adds a row unless its unique key is there; whether it was added."""
    return connection.execute(insert(connection, table).values(row).on_conflict_do_nothing()).rowcount == 1
