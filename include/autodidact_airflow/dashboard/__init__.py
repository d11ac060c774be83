"""The Autodidact page: champion, what it knows of the system and what it is stale on, scores over the cycles,
the last funnel, verdicts with their reasons.

Airflow authenticates nothing under a plugin's prefix, so every route here asks Airflow itself whether this
user may see runs of the DAG.
"""

from functools import lru_cache
from pathlib import Path

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from autodidact.records import CATEGORIES

GUARD = Depends(
    requires_access_dag(method="GET", access_entity=DagAccessEntity.RUN, param_dag_id="autodidact_cycle")
)
# A page that loads and runs nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

app = FastAPI(title="Autodidact", dependencies=[GUARD], docs_url=None, redoc_url=None, openapi_url=None)
pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


@lru_cache
def _chronicle(url: str):
    from autodidact.chronicle import Chronicle

    return Chronicle(url)


def _data(system: str | None) -> dict:
    """What the page shows of one system (that of the newest cycle, if none is named). Raises HTTPException
    404 for an unknown one, 503 without a Chronicle.
    """
    from autodidact.errors import AutodidactError
    from autodidact_airflow.runtime import chronicle_url

    try:
        chronicle = _chronicle(chronicle_url())
        systems = chronicle.systems()
        if system is not None and system not in systems:
            raise HTTPException(404, "unknown system")
        chosen = system or (systems[0] if systems else None)
        if chosen is None:
            return {"systems": [], "system": None}
        history = chronicle.history(chosen, 30)
        last = next((row for row in history if row["status"] == "closed"), None)
        reports = [
            r for r in chronicle.latest_reports(chosen, 30) if last and r["cycle_id"] == last["cycle_id"]
        ]
        stages = chronicle.stages(chosen, last["cycle_id"]) if last else {"gate": [], "generators": []}
        gates, made = stages["gate"], [row["manifest"] for row in stages["generators"]]
        return {
            "systems": systems,
            "system": chosen,
            "champion": chronicle.champion(chosen),
            "knowledge": chronicle.newest_event(chosen, "knowledge"),
            "history": history,
            "last": last,
            "reports": {report["role"]: report for report in reports},
            "gate": gates[-1]["report"] if gates else None,
            "no_source": {
                each["stage"].removeprefix("generate."): each["setting"]
                for each in made
                if each.get("setting")
            },
            "versions": chronicle.versions(chosen),
        }
    except AutodidactError as error:
        raise HTTPException(503, str(error)) from None


def chart(history: list[dict], width: int = 720, height: int = 180) -> dict:
    """Points of the curve of overall scores, oldest first, in a box of that size: {"champion": "x,y x,y",
    "candidate": ..., "dots": [...]}.
    """
    rows = [row for row in reversed(history) if (row["candidate"] or row["champion"])]
    step = width / max(1, len(rows) - 1)
    lines: dict = {"champion": [], "candidate": [], "dots": []}
    for number, row in enumerate(rows):
        for role in ("champion", "candidate"):
            overall = (row[role] or {}).get("overall")
            if overall is not None:
                x, y = round(number * step, 1), round(height * (1 - overall), 1)
                lines[role].append(f"{x},{y}")
                if role == "candidate":
                    lines["dots"].append(
                        {
                            "x": x,
                            "y": y,
                            "promoted": row["outcome"] == "promoted",
                            "cycle": row["cycle_id"],
                            "overall": overall,
                        }
                    )
    return {
        "champion": " ".join(lines["champion"]),
        "candidate": " ".join(lines["candidate"]),
        "dots": lines["dots"],
    }


@app.get("/", response_class=HTMLResponse)
def page(system: str | None = None) -> HTMLResponse:
    data = _data(system)
    html = pages.get_template("page.html").render(
        **data, categories=CATEGORIES, chart=chart(data.get("history", []))
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


@app.get("/data.json")
def data(system: str | None = None) -> dict:
    """The same, for a script. No item's text, no address; of stale facts what the model says."""
    from fastapi.encoders import jsonable_encoder

    return jsonable_encoder(_data(system))
