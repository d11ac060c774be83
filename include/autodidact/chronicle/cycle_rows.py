"""The part of `Chronicle` (chronicle.py) that is about cycles: what their stages made, and what was decided.

Imports are idempotent: a manifest, report or verdict is known by its hash, and the same one twice is one row.
A stage that ran again with another result adds a row; readers take the newest.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sqlalchemy import Engine, Table, func, select

import autodidact.chronicle.add_records as additions
import autodidact.chronicle.connection as database
import autodidact.chronicle.queries as overview
import autodidact.chronicle.tables as tables
import autodidact.chronicle.version_states as versions
from autodidact.errors import AutodidactError
from autodidact.records import Manifest, Report, Verdict

Role = Literal["candidate", "champion", "base"]


class CycleRows:
    """Rows of cycles; `Chronicle` opens the engine."""

    _engine: Engine

    def record_cycle(self, cycle: Mapping[str, Any], at: str | None = None) -> bool:
        """Logs a cycle, cycle.json as frozen, opened `at` (now, if None); False when it is there already.

        Raises AutodidactError when the same cycle was logged with other content: a cycle never changes.
        """
        frozen = tables.clean(dict(cycle))
        row = {
            "system": cycle["system"],
            "cycle_id": cycle["cycle_id"],
            "kind": cycle.get("kind", "live"),
            "since": cycle.get("since"),
            "until": cycle["until"],
            "sha256": additions.digest(frozen),
            "cycle": frozen,
            "at": at or versions.now(),
        }
        with database.writing(self._engine) as connection:
            if additions.add(connection, tables.cycles, row):
                return True
            there = overview.cycle(connection, cycle["system"], cycle["cycle_id"])
        if there["sha256"] != row["sha256"]:
            raise AutodidactError(
                f"cycle {cycle['cycle_id']} of {cycle['system']} is in the Chronicle with another cycle.json",
                "Put that cycle.json back, or open the window again as a new cycle (param `again`).",
            )
        return False

    def close_cycle(self, system: str, cycle_id: str, outcome: str, reason: str = "") -> bool:
        """Logs that a cycle is done, once; False when it was closed before. Raises UsageError for an unknown
        cycle.
        """
        row = {
            "system": system,
            "cycle_id": cycle_id,
            "outcome": outcome,
            "reason": reason,
            "at": versions.now(),
        }
        with database.writing(self._engine) as connection:
            overview.cycle(connection, system, cycle_id)
            return additions.add(connection, tables.cycle_closings, row)

    def cycle(self, system: str, cycle_id: str) -> dict:
        """The cycle's row with `status` (open, closed), `closed`, `outcome` and `reason`. Raises UsageError
        for an unknown cycle.
        """
        with database.reading(self._engine) as connection:
            return overview.cycle(connection, system, cycle_id)

    def cycles(
        self,
        system: str,
        *,
        status: Literal["open", "closed"] | None = None,
        kind: str | None = None,
        limit: int | None = None,
    ) -> list[dict]:
        """The system's cycles, newest window first."""
        with database.reading(self._engine) as connection:
            return overview.cycles(connection, system, status, kind, limit)

    def newest_cycle(self, system: str) -> dict | None:
        """{"cycle_id", "at"} of the cycle that was logged last; None before the first."""
        with database.reading(self._engine) as connection:
            return overview.newest_cycle(connection, system)

    def is_closed(self, system: str, cycle_id: str) -> bool:
        return self.cycle(system, cycle_id)["status"] == "closed"

    def open_cycles(self, system: str) -> list[dict]:
        return self.cycles(system, status="open")

    def latest_closed_live(self, system: str) -> dict | None:
        """The closed live cycle with the latest `until`: where the next window begins."""
        return next(iter(self.cycles(system, status="closed", kind="live", limit=1)), None)

    # Stages

    def record_generator(self, system: str, cycle_id: str, manifest: Manifest | dict) -> bool:
        stage = additions.plain(manifest)["stage"]
        return self._record_stage(
            tables.generator_runs, system, cycle_id, manifest, generator=stage.removeprefix("generate.")
        )

    def record_gate(self, system: str, cycle_id: str, manifest: Manifest | dict, report: dict) -> bool:
        return self._record_stage(tables.gate_reports, system, cycle_id, manifest, report=report)

    def record_knowledge(self, system: str, cycle_id: str, manifest: Manifest | dict) -> bool:
        return self._record_stage(tables.knowledge_runs, system, cycle_id, manifest)

    def record_training(self, system: str, cycle_id: str, manifest: Manifest | dict) -> bool:
        return self._record_stage(tables.training_runs, system, cycle_id, manifest)

    def _record_stage(
        self, table: Table, system: str, cycle_id: str, manifest: Manifest | dict, **extra: Any
    ) -> bool:
        """Adds a stage's manifest; False when it is there already."""
        with database.writing(self._engine) as connection:
            return additions.stage(connection, table, system, cycle_id, manifest, extra)

    def record_benchmark(self, system: str, cycle_id: str, role: Role, report: Report | dict) -> bool:
        """Adds a report and its items; False when this cycle has this report in this role already."""
        with database.writing(self._engine) as connection:
            return additions.benchmark(connection, system, cycle_id, role, report)

    def record_verdict(
        self,
        system: str,
        cycle_id: str,
        verdict: Verdict | dict,
        *,
        candidate: str | None = None,
        champion: str | None = None,
        week: str | None = None,
    ) -> bool:
        """Adds a verdict with its rules and reasons; `week` (e.g. "2026-W48") is what `looks` counts by."""
        with database.writing(self._engine) as connection:
            return additions.verdict(connection, system, cycle_id, verdict, candidate, champion, week)

    def verdict_of(self, system: str, cycle_id: str) -> dict | None:
        """The cycle's newest verdict; None when there is none."""
        with database.reading(self._engine) as connection:
            return overview.verdict_of(connection, system, cycle_id)

    def looks(self, system: str, week: str, but: str | None = None) -> int:
        """How many cycles, other than `but`, have had a verdict in that ISO week."""
        mine = (tables.verdicts.c.system == system) & (tables.verdicts.c.week == week)
        query = select(func.count(tables.verdicts.c.cycle_id.distinct())).where(
            mine, tables.verdicts.c.cycle_id != (but or "")
        )
        with database.reading(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def record_ledger(self, system: str, entries: Iterable[Mapping[str, Any]]) -> int:
        """Adds what versions were asked about facts; returns how many of these rows were not there yet."""
        with database.writing(self._engine) as connection:
            return additions.ledger(connection, system, entries)

    def ledger(self, system: str, version: str, cycle_id: str) -> list[dict]:
        """What a version was asked in a cycle, in the order in which it was written."""
        mine = (tables.ledger.c.system == system) & (tables.ledger.c.version == version)
        query = select(tables.ledger).where(mine, tables.ledger.c.cycle_id == cycle_id)
        with database.reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(query.order_by(tables.ledger.c.id)).mappings()]
