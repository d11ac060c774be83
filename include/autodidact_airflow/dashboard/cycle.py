"""One cycle: its flow, what was made and kept, the training, the scores, the verdict with its rules."""

import math
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from autodidact.benchmark_categories import CATEGORIES
from autodidact.chronicle import dashboard_queries
from autodidact.knowledge.known_share_estimates import Z, wilson
from autodidact.promotion.what_would_change import would_change
from autodidact_airflow.dashboard import airflow_runs, charts
from autodidact_airflow.dashboard.cycle_stages import Stage, stages_of
from autodidact_airflow.dashboard.flow_chart import flow
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Links, Table, answer

router = APIRouter()
ROLES = ("base", "champion", "candidate")


@router.get("/cycle/{cycle_id}")
def cycle(request: Request, cycle_id: str, system: str | None = None) -> Response:
    at = here(system)
    found = stages_of(at, at.cycle(cycle_id))
    reports = reports_of(at, cycle_id)
    judged = verdict_of(at, cycle_id)
    gate = at.stored(cycle_id, "gate/report.json") or _logged_gate(at, cycle_id)
    figures = at.stored(cycle_id, "ledger/figures.json")
    scores = [_category(name, reports) for name in CATEGORIES]
    training = (found["stages"]["train"].manifest or None) and (
        (found["stages"]["train"].manifest.model_extra or {}).get("training")
    )
    kept = (gate or {}).get("by_generator", {})
    generators = [_generator(each, kept) for each in found["generators"]]
    tables = {
        "stages": _stages_table(found),
        "generators": _table(generators),
        "funnel": _funnel_table(gate),
        "categories": _categories_table(scores, judged),
        "rules": _rules_table(judged),
        "stale": stale_table((figures or {}).get("stale_facts") or []),
        "loss": Table(
            ["update", "loss", "tokens"], [list(row) for row in (training or {}).get("loss_curve", [])]
        ),
    }
    return answer(
        request,
        at,
        "cycle.html",
        tables,
        **found,
        flow=flow(found),
        generator_rows=generators,
        gate=gate,
        funnel_chart=charts.funnel(_steps(gate)) if gate else None,
        reports=reports,
        scores=scores,
        categories_chart=charts.categories(scores) if reports else None,
        judged=judged,
        would_change=would_change(judged) if judged else [],
        training=training,
        loss_chart=_loss(training),
        feedback=at.stored(cycle_id, "feedback.json"),
        figures=figures,
    )


# What links of Airflow lead to (autodidact_airflow/links.py): (below a cycle's address, query, part).
VIEWS: dict[str, tuple[str, dict[str, str], str]] = {
    "verdict": ("", {}, "#verdict"),
    "gate": ("", {}, "#gate"),
    "lost": ("/items", {"show": "lost"}, ""),
}


# What is said of a run without a cycle, by the run's state.
_NOT_YET = "This run has not opened its cycle yet. Load the page again in a minute."
NO_CYCLE = {
    "": "This run has opened no cycle of Autodidact.",
    "queued": _NOT_YET,
    "running": _NOT_YET,
    "failed": "This run failed before it opened a cycle. The log of its task open_cycle says why.",
}


@router.get("/run/{dag_id}/{run_id}")
def run(request: Request, dag_id: str, run_id: str, view: str = "") -> Response:
    """The cycle of one of Airflow's runs: what Airflow shows at the run, and where the links of
    its tasks lead.
    """
    found = airflow_runs.cycle_of(airflow_runs.Run(dag_id, run_id))
    if found is None:
        message = NO_CYCLE.get(airflow_runs.state_of(airflow_runs.Run(dag_id, run_id)) or "", NO_CYCLE[""])
        return answer(request, None, "error.html", {}, 404, message=message)
    path, query, part = VIEWS.get(view, ("", {}, ""))
    links = Links(request)
    links.query = {"system": found[0]}
    return RedirectResponse(links(f"cycle/{found[1]}{path}", **query) + part)


def reports_of(at: Here, cycle_id: str) -> dict[str, dict[str, Any]]:
    """Role to its newest report in the cycle, without items."""
    found: dict[str, dict[str, Any]] = at.chronicle.ask(dashboard_queries.reports_of, at.known(), cycle_id)
    return found


def verdict_of(at: Here, cycle_id: str) -> dict[str, Any] | None:
    """verdict.json, or what the Chronicle has of it where the store does not answer."""
    stored: dict[str, Any] | None = at.stored(cycle_id, "verdict.json")
    return stored or at.chronicle.verdict_of(at.known(), cycle_id)


def interval(score: float | None, n: int) -> dict[str, float] | None:
    """{"score", "low", "high"}: Wilson's 95% interval of the mean of `n` scores between 0 and 1."""
    if score is None or not n:
        return None
    low, high = wilson(score, n)
    return {"score": score, "low": low, "high": high}


def overall_interval(report: dict[str, Any]) -> dict[str, float] | None:
    """{"score", "low", "high"} of the overall score, 95%: the mean of category means, each of scores between
    0 and 1, whose variance is at most that of answers that are wholly right or wrong.
    """
    parts = [each for each in report["categories"].values() if each["score"] is not None and each["n"]]
    if report["overall"] is None or not parts:
        return None
    variance = sum(each["score"] * (1 - each["score"]) / each["n"] for each in parts) / len(parts) ** 2
    reach, score = Z * math.sqrt(variance), report["overall"]
    return {"score": score, "low": max(0.0, score - reach), "high": min(1.0, score + reach)}


def _category(name: str, reports: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name}
    for role in ROLES:
        each = (reports[role]["categories"].get(name) if role in reports else None) or {}
        row[role] = interval(each.get("score"), each.get("n") or 0)
    return row


def _logged_gate(at: Here, cycle_id: str) -> dict[str, Any] | None:
    rows = at.chronicle.stages(at.known(), cycle_id)["gate"]
    return rows[-1]["report"] if rows else None


def _loss(training: dict[str, Any] | None) -> Markup | None:
    """The picture that the training made; page.css gives it the page's colours."""
    if not training or not training.get("loss_curve"):
        return None
    from autodidact.training.loss_picture import picture

    return Markup(picture(training).replace("<svg ", '<svg class="chart house" ', 1))


def _generator(stage: Stage, kept: dict[str, Any]) -> dict[str, Any]:
    name, manifest = stage.name.removeprefix("generate."), stage.manifest
    counts = manifest.counts if manifest else {}
    return {
        "generator": name,
        "state": stage.state,
        "made": counts.get("examples"),
        "new": counts.get("new"),
        "kept": kept.get(name, {}).get("kept"),
        "seconds": stage.seconds,
        "reason": stage.reason,
        "setting": ((manifest.model_extra or {}) if manifest else {}).get("setting"),
        "left_out": sum(each.count for each in manifest.errors) if manifest else None,
        "why": "; ".join(f"{each.count} x {each.reason}" for each in manifest.errors[:5]) if manifest else "",
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    return Table(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def _steps(gate: dict[str, Any]) -> list[tuple[str, int, int]]:
    """(rule, left, dropped) of the gate's funnel, what came in first."""
    steps = [("made and replayed", gate["raw"], 0)]
    for step in gate.get("funnel", []):
        steps.append((step["rule"], step["total"], sum(step["dropped"].values())))
    return steps


def _stages_table(found: dict[str, Any]) -> Table:
    every = [*found["generators"], *found["stages"].values()]
    rows = [[each.name, each.state, each.started, each.seconds, each.reason] for each in every]
    return Table(["stage", "state", "started", "seconds", "reason"], rows)


def _funnel_table(gate: dict[str, Any] | None) -> Table:
    rows = [
        [step["rule"], name, step["dropped"].get(name, 0), left]
        for step in (gate or {}).get("funnel", [])
        for name, left in step["left"].items()
    ]
    return Table(["rule", "generator", "dropped", "left"], rows)


def _categories_table(scores: list[dict[str, Any]], judged: dict[str, Any] | None) -> Table:
    columns = ["category", *(f"{role}_{part}" for role in ROLES for part in ("score", "low", "high"))]
    decided = (judged or {}).get("categories") or {}
    rows = []
    for row in scores:
        values = [(row[role] or {}).get(part) for role in ROLES for part in ("score", "low", "high")]
        weekly = decided.get(row["name"]) or {}
        rows.append([row["name"], *values, *(weekly.get(name) for name in ("mean", "low", "high"))])
    return Table([*columns, "difference_this_week", "difference_low", "difference_high"], rows)


def stale_table(facts: list[dict[str, Any]]) -> Table:
    columns = ["kind", "subject", "says", "is", "since"]
    return Table(columns, [[fact.get(name) for name in columns] for fact in facts])


def _rules_table(judged: dict[str, Any] | None) -> Table:
    columns = ["name", "value", "threshold", "passed", "needs"]
    return Table(columns, [[rule.get(name) for name in columns] for rule in (judged or {}).get("rules", [])])
