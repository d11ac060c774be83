"""What the command and the dashboard read from the Chronicle. Each function takes a connection and returns
plain dicts.
"""

from sqlalchemy import Connection, Select, Table, case, func, select

import autodidact.chronicle.version_states as versions_
from autodidact.chronicle.tables import (
    benchmark_items,
    benchmark_runs,
    champions,
    cycle_closings,
    deployments,
    events,
    gate_reports,
    generator_runs,
    knowledge_runs,
    training_runs,
    verdicts,
    version_states,
    versions,
)
from autodidact.chronicle.tables import cycles as cycles_
from autodidact.errors import UsageError


def _rows(connection: Connection, query: Select) -> list[dict]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _cycles(frozen: bool = True) -> Select:
    """Cycles with how they ended; `frozen`: with all that was frozen of them, which is long."""
    same = (cycle_closings.c.system == cycles_.c.system) & (cycle_closings.c.cycle_id == cycles_.c.cycle_id)
    status = case((cycle_closings.c.id.is_(None), "open"), else_="closed").label("status")
    closing = (status, cycle_closings.c.at.label("closed"), cycle_closings.c.outcome, cycle_closings.c.reason)
    columns = [column for column in cycles_.c if frozen or column.name != "cycle"]
    return select(*columns, *closing).select_from(cycles_.outerjoin(cycle_closings, same))


def cycle(connection: Connection, system: str, cycle_id: str) -> dict:
    found = _rows(connection, _cycles().where(cycles_.c.system == system, cycles_.c.cycle_id == cycle_id))
    if not found:
        raise UsageError(
            f"{system} has no cycle {cycle_id} in the Chronicle", "See the cycles with `autodidact history`."
        )
    return found[0]


def cycles(
    connection: Connection,
    system: str,
    status: str | None,
    kind: str | None,
    limit: int | None,
    offset: int = 0,
    frozen: bool = True,
) -> list[dict]:
    query = (
        _cycles(frozen)
        .where(cycles_.c.system == system)
        .order_by(cycles_.c.until.desc(), cycles_.c.id.desc())
    )
    if status is not None:
        query = query.where(
            cycle_closings.c.at.is_(None) if status == "open" else cycle_closings.c.at.is_not(None)
        )
    if kind is not None:
        query = query.where(cycles_.c.kind == kind)
    return _rows(connection, query.limit(limit).offset(offset) if limit is not None else query)


def measured_models(connection: Connection, system: str) -> list[dict]:
    """{"cycle_id", "role", "model", "at"} of each report that was logged; `model` is the model's digest."""
    runs = benchmark_runs.c
    query = select(runs.cycle_id, runs.role, runs.model, runs.at).where(runs.system == system)
    return [row | {"model": row["model"]["sha256"]} for row in _rows(connection, query)]


def newest_cycle(connection: Connection, system: str) -> dict | None:
    query = select(cycles_.c.cycle_id, cycles_.c.at).where(cycles_.c.system == system)
    return next(iter(_rows(connection, query.order_by(cycles_.c.id.desc()).limit(1))), None)


def champion(connection: Connection, system: str) -> dict | None:
    query = (
        select(versions, champions.c.generation, champions.c.at.label("promoted_at"))
        .join(
            champions, (champions.c.system == versions.c.system) & (champions.c.version == versions.c.version)
        )
        .where(champions.c.system == system)
    )
    return next(iter(_rows(connection, query)), None)


def reigns(connection: Connection, system: str, by: str | None) -> list[str]:
    mine = (version_states.c.system == system) & (version_states.c.state == "champion")
    if by is not None:
        mine &= version_states.c.by == by
    return list(
        connection.execute(
            select(version_states.c.version).where(mine).order_by(version_states.c.id)
        ).scalars()
    )


def newest(connection: Connection, table: Table, system: str, limit: int) -> list[dict]:
    return _rows(
        connection, select(table).where(table.c.system == system).order_by(table.c.id.desc()).limit(limit)
    )


def newest_event(connection: Connection, system: str, kind: str) -> dict | None:
    of_kind = (events.c.system == system) & (events.c.kind == kind)
    return next(
        iter(_rows(connection, select(events).where(of_kind).order_by(events.c.id.desc()).limit(1))), None
    )


def last_deployment(connection: Connection, system: str) -> dict | None:
    mine = (deployments.c.system == system) & (deployments.c.state != "retired")
    return next(
        iter(_rows(connection, select(deployments).where(mine).order_by(deployments.c.id.desc()).limit(1))),
        None,
    )


def deployed(connection: Connection, system: str) -> dict[str, str]:
    last = (
        select(func.max(deployments.c.id))
        .where(deployments.c.system == system)
        .group_by(deployments.c.version)
    )
    rows = _rows(connection, select(deployments).where(deployments.c.id.in_(last)).order_by(deployments.c.id))
    return {row["version"]: row["state"] for row in rows}


def _newest_of(
    connection: Connection, table: Table, system: str, cycle_ids: list[str], *by: str
) -> list[dict]:
    """The newest row of `table` for each cycle and each value of the columns `by`."""
    groups = [table.c.cycle_id, *(table.c[name] for name in by)]
    last = (
        select(func.max(table.c.id))
        .where(table.c.system == system, table.c.cycle_id.in_(cycle_ids))
        .group_by(*groups)
    )
    return _rows(connection, select(table).where(table.c.id.in_(last)).order_by(table.c.id))


def stages(connection: Connection, system: str, cycle_id: str) -> dict[str, list[dict]]:
    of = {
        "generators": generator_runs,
        "knowledge": knowledge_runs,
        "gate": gate_reports,
        "training": training_runs,
    }
    return {name: _newest_of(connection, table, system, [cycle_id], "stage") for name, table in of.items()}


def items(connection: Connection, report: str) -> list[dict]:
    return _rows(
        connection,
        select(benchmark_items)
        .where(benchmark_items.c.report == report)
        .order_by(benchmark_items.c.position),
    )


def verdict_of(connection: Connection, system: str, cycle_id: str) -> dict | None:
    return next(iter(_newest_of(connection, verdicts, system, [cycle_id])), None)


def latest_reports(connection: Connection, system: str, n: int) -> list[dict]:
    newest_first = cycles(connection, system, None, None, n, frozen=False)
    place = {row["cycle_id"]: number for number, row in enumerate(reversed(newest_first))}
    until = {row["cycle_id"]: row["until"] for row in newest_first}
    reports = _newest_of(connection, benchmark_runs, system, list(place), "role")
    reports.sort(key=lambda row: (place[row["cycle_id"]], row["id"]))
    return [report | {"until": until[report["cycle_id"]]} for report in reports]


def history(connection: Connection, system: str, limit: int, offset: int = 0) -> list[dict]:
    rows = cycles(connection, system, None, None, limit, offset, frozen=False)
    ids = [row["cycle_id"] for row in rows]
    verdict_of = {row["cycle_id"]: row for row in _newest_of(connection, verdicts, system, ids)}
    reports = {
        (row["cycle_id"], row["role"]): row
        for row in _newest_of(connection, benchmark_runs, system, ids, "role")
    }
    version_of = {
        row["cycle_id"]: row for row in versions_.listing(connection, system, cycles=ids) if row["adapter"]
    }
    found = []
    for row in rows:
        cycle_id = row["cycle_id"]
        verdict, version = verdict_of.get(cycle_id, {}), version_of.get(cycle_id, {})
        entry = {
            name: row[name]
            for name in ("cycle_id", "kind", "since", "until", "status", "closed", "outcome", "reason")
        }
        entry |= {"opened": row["at"], "verdict": verdict.get("outcome"), "p_better": verdict.get("p_better")}
        entry |= {
            "reasons": verdict.get("reasons", []),
            "version": version.get("version"),
            "state": version.get("state"),
        }
        for role in ("candidate", "champion", "base"):
            report = reports.get((cycle_id, role), {})
            entry[role] = (
                {"overall": report.get("overall"), "probe": (report.get("probe") or {}).get("score")}
                if report
                else None
            )
        found.append(entry)
    return found


def _is_of(measured: str, adapter: str) -> bool:
    """Whether a report's adapter (a path or a store key; empty for the base) is the version's."""
    return measured.endswith(adapter) if adapter else not measured


def introspection(connection: Connection, system: str, most_cycles: int = 10) -> dict:
    """What the system can say about itself: who is champion, how it scored, what it was trained on, how the
    last cycles ended.

    Scores only, never an item's text. {} before the first champion.
    """
    reigning = champion(connection, system)
    if reigning is None:
        return {}
    adapter = (reigning["adapter"] or {}).get("path", "")
    runs = connection.execute(
        select(benchmark_runs)
        .where(benchmark_runs.c.system == system)
        .order_by(benchmark_runs.c.id.desc())
        .limit(60)
    ).mappings()
    report = next((dict(run) for run in runs if _is_of(run["model"].get("adapter") or "", adapter)), {})
    gates = _newest_of(connection, gate_reports, system, [reigning["cycle_id"]])
    closed = [row for row in history(connection, system, most_cycles) if row["status"] == "closed"]
    names = ("cycle_id", "since", "until", "outcome", "verdict", "candidate", "champion")
    return {
        "version": reigning["version"],
        "base": reigning["base"]["id"],
        "promoted_at": reigning["promoted_at"],
        "overall": report.get("overall"),
        "categories": {name: score["score"] for name, score in report.get("categories", {}).items()},
        "probe": (report.get("probe") or {}).get("score"),
        "trained_on": {"cycle_id": reigning["cycle_id"]}
        | {key: gates[-1]["report"].get(key) for key in ("raw", "kept")}
        if gates
        else {},
        "cycles": [{key: row[key] for key in names} for row in closed],
    }
