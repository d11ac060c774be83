"""The overview: who serves, how old its knowledge is, what it knows and is stale on, how the scores went, the
cycle that runs, and what happens next.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from autodidact.chronicle import dashboard_queries
from autodidact.errors import AutodidactError
from autodidact.promotion.what_would_change import would_change
from autodidact_airflow.dashboard import airflow_runs, charts
from autodidact_airflow.dashboard.against_base import against_base
from autodidact_airflow.dashboard.cycle import overall_interval, stale_table
from autodidact_airflow.dashboard.cycle_stages import stages_of
from autodidact_airflow.dashboard.outcome_reasons import verdicts, why_of_cycles
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Table, answer
from autodidact_airflow.dashboard.rights import User, may_roll_back
from autodidact_airflow.dashboard.versions import learned_until, version_before

router = APIRouter()

# Cycles in the pictures and the table, and cycles on a page of the list.
SHOWN, LISTED = 40, 100


@router.get("/")
def overview(request: Request, user: User, system: str | None = None) -> Response:
    at = here(system)
    if at.system is None:
        next_run, newest = airflow_runs.next_run(None), airflow_runs.newest_run(None)
        return answer(request, at, "empty.html", {}, next_run=next_run, newest=newest)
    history = at.chronicle.history(at.system, SHOWN)
    known = at.chronicle.ask(dashboard_queries.events_of, at.system, "knowledge", SHOWN)
    points = score_points(at, history)
    judged = verdicts(at, [row["cycle_id"] for row in history])
    champion, last = (
        at.chronicle.champion(at.system),
        next((r for r in history if r["status"] == "closed"), None),
    )
    running = next((row for row in history if row["status"] == "open"), None)
    tables = {
        "scores": _scores_table(points),
        "knowledge": _knowledge_table(known),
        "stale": stale_table(known[-1]["data"].get("stale_facts", []) if known else []),
        "cycles": cycles_table(history),
    }
    return answer(
        request,
        at,
        "overview.html",
        tables,
        champion=champion,
        learned_until=learned_until(at, champion),
        against=against_base(at, champion, history, judged),
        known=known[-1] if known else None,
        knowledge_chart=charts.knowledge([_of_knowledge(row) for row in known]) if known else None,
        score_chart=charts.history(points, _floor(history, judged)) if points else None,
        history=history,
        why=why_of_cycles(history, judged),
        last=last,
        would_change=_missing(last, judged),
        before=version_before(at),
        running=running and _running(at, at.cycle(running["cycle_id"])),
        next_run=airflow_runs.next_run(at.system),
        newest=airflow_runs.newest_run(at.system),
        feedback=at.stored(last["cycle_id"], "feedback.json") if last else None,
        may_roll_back=may_roll_back(user, at.system),
    )


def _running(at: Here, row: dict[str, Any]) -> dict[str, Any]:
    """The stages of the cycle that runs; {"row", "damaged": why} where its record cannot be read."""
    try:
        return stages_of(at, row)
    except AutodidactError as error:
        return {"row": row, "damaged": str(error)}


def _missing(last: dict[str, Any] | None, judged: dict[str, dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """What the candidate of the last cycle lacked; nothing where it was promoted, or where there was none."""
    found = judged.get(last["cycle_id"]) if last else None
    return would_change(found) if found and found["outcome"] != "promote" else []


@router.get("/cycles")
def cycles(request: Request, system: str | None = None, page: int = 1) -> Response:
    at, page = here(system), max(1, min(page, 10_000))
    rows = at.chronicle.history(at.known(), LISTED + 1, LISTED * (page - 1))
    shown, more = rows[:LISTED], len(rows) > LISTED
    tables = {"cycles": cycles_table(shown)}
    why = why_of_cycles(shown, verdicts(at, [row["cycle_id"] for row in shown]))
    return answer(request, at, "cycles.html", tables, history=shown, why=why, page=page, more=more)


def score_points(at: Here, history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each cycle that measured something, oldest first, for charts.history."""
    outcome = {row["cycle_id"]: row["verdict"] for row in history}
    rows: dict[str, dict[str, Any]] = {}
    for report in at.chronicle.latest_reports(at.known(), SHOWN):
        name = report["cycle_id"]
        empty = {"cycle_id": name, "outcome": outcome.get(name), "champion": None, "candidate": None}
        row = rows.setdefault(name, empty)
        if report["role"] in row:
            row[report["role"]] = overall_interval(report)
    return [row for row in rows.values() if row["champion"] or row["candidate"]]


def _floor(history: list[dict[str, Any]], judged: dict[str, dict[str, Any]]) -> float | None:
    """The floor of the overall score in the newest verdict that has one."""
    for row in history:
        for rule in judged.get(row["cycle_id"], {}).get("rules", []):
            if rule["name"] == "overall_floor":
                return float(rule["threshold"])
    return None


def _of_knowledge(event: dict[str, Any]) -> dict[str, Any]:
    share = event["data"].get("share")
    return {"cycle_id": event["cycle_id"] or "", "share": share} | {
        name: event["data"].get(name) or 0 for name in ("asked", *charts.OUTCOMES)
    }


def _scores_table(points: list[dict[str, Any]]) -> Table:
    columns = ["cycle", "verdict"]
    columns += [f"{role}_{part}" for role in ("champion", "candidate") for part in ("score", "low", "high")]
    empty = {"score": None, "low": None, "high": None}
    rows = []
    for row in points:
        parts = [row[role] or empty for role in ("champion", "candidate")]
        values = [part[name] for part in parts for name in ("score", "low", "high")]
        rows.append([row["cycle_id"], row["outcome"], *values])
    return Table(columns, rows)


def _knowledge_table(known: list[dict[str, Any]]) -> Table:
    rows = []
    for event in known:
        each = _of_knowledge(event)
        share = each["share"] or {}
        counts = [each[name] for name in ("asked", *charts.OUTCOMES)]
        rows.append([each["cycle_id"], *counts, share.get("mean"), share.get("low"), share.get("high")])
    return Table(["cycle", "asked", *charts.OUTCOMES, "share", "share_low", "share_high"], rows)


def cycles_table(history: list[dict[str, Any]]) -> Table:
    columns = [
        "cycle_id",
        "kind",
        "since",
        "until",
        "status",
        "outcome",
        "verdict",
        "version",
        "state",
        "reason",
    ]
    scores = [f"{role}_{what}" for role in ("champion", "candidate") for what in ("overall", "probe")]
    rows = []
    for row in history:
        found = [
            (row[role] or {}).get(what) for role in ("champion", "candidate") for what in ("overall", "probe")
        ]
        rows.append([row[name] for name in columns] + found)
    return Table([*columns, *scores], rows)
