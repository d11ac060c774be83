"""The versions: how one followed the other, their states with reasons, any two compared, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from autodidact.benchmark_categories import CATEGORIES
from autodidact.chronicle import dashboard_queries
from autodidact.errors import UsageError
from autodidact_airflow.dashboard import charts, rights
from autodidact_airflow.dashboard.cycle import interval, overall_interval, reports_of
from autodidact_airflow.dashboard.outcome_reasons import refused, verdicts, why_of_version
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Links, Table, answer, words

router = APIRouter()

# Versions on a page, in the picture, and settings of a training that are compared.
LISTED, DRAWN = 100, 24
SETTINGS = ("rank", "alpha", "learning_rate", "epochs", "batch_size", "max_length")
MOST_REASON = 500
# Of the marks in the picture; of other states they are grey.
KINDS = ("champion", "archived", "undecided", "reject", "rejected", "withdrawn")


@router.get("/versions")
def versions(
    request: Request, user: rights.User, system: str | None = None, page: int = 1, a: str = "", b: str = ""
) -> Response:
    at = here(system)
    every = at.chronicle.versions(at.known())[::-1]
    reigns = at.chronicle.reigns(at.known())
    page = max(1, page)
    shown = every[LISTED * (page - 1) : LISTED * page]
    both = [_described(at, name) for name in (a, b)] if a and b else []
    judged = verdicts(at, [row["cycle_id"] for row in (*shown, *every[:DRAWN]) if row["state"] == "rejected"])
    tables = {"versions": _versions_table(every), "comparison": _comparison_table(both)}
    return answer(
        request,
        at,
        "versions.html",
        tables,
        versions=shown,
        every=every,
        page=page,
        number_of_pages=-(-len(every) // LISTED) or 1,
        champion=at.chronicle.champion(at.known()),
        dag_id=rights.rollback_dag(at.system),
        before=version_before(at),
        whys=_whys(shown, judged),
        words_of={row["version"]: _word(row, judged) for row in shown},
        lineage=lineage(every[:DRAWN][::-1], reigns, judged) if every else None,
        both=both,
        chosen={"a": a, "b": b},
        may_roll_back=rights.may_roll_back(user, at.system),
    )


@router.get("/version/{name}")
def version(request: Request, user: rights.User, name: str, system: str | None = None) -> Response:
    at = here(system)
    states = at.chronicle.states(at.known(), name)
    it = _described(at, name)
    judged = verdicts(at, [it["cycle_id"]]).get(it["cycle_id"], {})
    columns = ["state", "at", "by", "reason"]
    return answer(
        request,
        at,
        "version.html",
        {"states": Table(columns, [[row[key] for key in columns] for row in states])},
        states=[
            row
            | {"why": why_of_version(row, judged), "shown_state": _word(it | row, {it["cycle_id"]: judged})}
            for row in states
        ],
        it=it,
        learned_until=learned_until(at, it),
        champion=at.chronicle.champion(at.known()),
        may_roll_back=rights.may_roll_back(user, at.system),
    )


@router.get("/rollback", dependencies=rights.MAY_ROLL_BACK)
def confirm(request: Request, user: rights.User, version: str, system: str | None = None) -> Response:
    """What a roll-back would do, and the form that does it."""
    at = here(system)
    row = at.chronicle.version(at.known(), version)
    champion = at.chronicle.champion(at.known())
    token = rights.form_token(user)
    return answer(
        request,
        at,
        "rollback.html",
        {},
        version=row,
        champion=champion,
        sides=[_beside(at, each["version"]) for each in (champion, row) if each],
        token=token,
        paused=_paused(at),
        dag_id=rights.rollback_dag(at.system),
    )


@router.post("/rollback", dependencies=rights.MAY_ROLL_BACK)
def roll_back(
    request: Request,
    user: rights.User,
    version: Annotated[str, Form()],
    reason: Annotated[str, Form()],
    token: Annotated[str, Form()],
    system: str | None = None,
) -> Response:
    """Starts a run of the system's rollback DAG, which brings the version back and checks the server."""
    rights.check_form(user, token)
    at = here(system)
    row = at.chronicle.version(at.known(), version)
    if row["state"] != "archived":
        raise HTTPException(
            409, f"{version} is {row['state']}: only an archived version can be brought back."
        )
    if not reason.strip():
        raise HTTPException(422, "Say why: the reason is kept in the Chronicle.")
    run = _start(rights.rollback_dag(at.system), version, reason.strip()[:MOST_REASON], user)
    return RedirectResponse(Links(request)("versions", started=run), status_code=303)


def _beside(at: Here, name: str) -> dict[str, Any]:
    """A version as the roll-back shows it: its scores, and how old its knowledge is."""
    it = _described(at, name)
    overall = overall_interval(it["report"]) if it["report"] else None
    return it | {"overall": overall, "learned_until": learned_until(at, it)}


def _start(dag_id: str, version: str, reason: str, user: Any) -> str:
    """The id of the run. Raises HTTPException 409 where Airflow does not know the DAG, or refuses."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.exceptions import AirflowException
    from airflow.utils.types import DagRunTriggeredByType

    conf = {"version": version, "reason": reason}
    try:
        run = trigger_dag(
            dag_id, triggered_by=DagRunTriggeredByType.UI, triggering_user_name=user.get_name(), conf=conf
        )
    except (AirflowException, ValueError) as error:
        raise HTTPException(409, f"Airflow did not start {dag_id}: {error}") from None
    if run is None:
        raise HTTPException(409, f"Airflow did not start {dag_id}.")
    return str(run.run_id)


def _paused(at: Here) -> bool:
    """Whether the DAG of the system's roll-back is paused: its run would wait."""
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.get(DagModel, rights.rollback_dag(at.system))
        return bool(found and found.is_paused)


def version_before(at: Here) -> str | None:
    """The version that a roll-back brings back unless it names another; None where there is none."""
    from autodidact.promotion.rollback import predecessor

    if at.chronicle.champion(at.known()) is None:
        return None
    try:
        name = predecessor(at.chronicle, at.known())
    except UsageError:
        return None
    return name if at.chronicle.version(at.known(), name)["state"] == "archived" else None


def learned_until(at: Here, version: Mapping[str, Any] | None) -> str | None:
    """The end of the window that a version was trained on; None for a base model."""
    if version is None or not version["adapter"]:
        return None
    found: str | None = at.chronicle.ask(dashboard_queries.until_of, at.known(), version["cycle_id"])
    return found


def _word(row: Mapping[str, Any], judged: Mapping[str, Mapping[str, Any]]) -> str:
    """A version's state; of one that its cycle's verdict refused, the verdict's word."""
    outcome = judged.get(row["cycle_id"], {}).get("outcome")
    return refused(outcome, row["state"] == "rejected") or str(row["state"])


def _whys(rows: Sequence[Mapping[str, Any]], judged: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Version to why it is in its state."""
    return {row["version"]: why_of_version(row, judged.get(row["cycle_id"], {})) for row in rows}


def _described(at: Here, name: str) -> dict[str, Any]:
    """A version's row, with its scores by category and what it was trained with."""
    row = at.chronicle.version(at.known(), name)
    if row["adapter"]:
        report = reports_of(at, row["cycle_id"]).get("candidate") or {}
    else:
        report = at.chronicle.ask(dashboard_queries.newest_base_report, at.known(), row["base"]["sha256"])
    stages = (
        at.chronicle.stages(at.known(), row["cycle_id"]) if row["adapter"] else {"training": [], "gate": []}
    )
    training = (stages["training"][-1]["manifest"].get("training") if stages["training"] else None) or {}
    gate = stages["gate"][-1]["report"] if stages["gate"] else {}
    scores = {
        key: interval(each.get("score"), each.get("n") or 0)
        for key, each in (report.get("categories") or {}).items()
    }
    settings = {key: (training.get("settings") or {}).get(key) for key in SETTINGS}
    facts = {"overall": report.get("overall"), "knowledge probe": (report.get("probe") or {}).get("score")}
    made = {"examples kept": gate.get("kept"), "rows": training.get("rows"), "steps": training.get("steps")}
    judged = verdicts(at, [row["cycle_id"]]) if row["state"] == "rejected" else {}
    word = {"shown_state": _word(row, judged)}
    return row | word | {"scores": scores, "facts": facts, "made": made | settings, "report": report}


def lineage(
    rows: Sequence[Mapping[str, Any]], reigns: Sequence[str], judged: Mapping[str, Mapping[str, Any]]
) -> Markup:
    """The versions in the order in which they were made: those that served on a line, the others below."""
    left, wide = 70.0, 900.0
    step = wide / max(1, len(rows))
    parts = [charts.text(6, 46, "served", "axis"), charts.text(6, 106, "never", "axis")]
    served = [(k, row) for k, row in enumerate(rows) if row["version"] in reigns]
    xs = [left + step * (k + 0.5) for k, _ in served]
    if len(xs) > 1:
        parts.append(charts.line(xs[0], 42, xs[-1], 42, "champion"))
    for k, row in enumerate(rows):
        x, y = left + step * (k + 0.5), 42.0 if row["version"] in reigns else 102.0
        word = _word(row, judged)
        hint = f"{row['version']}: {words(word)}, {row['reason']}"
        kind = word if word in KINDS else "other"
        parts.append(
            Markup('<circle cx="{}" cy="{}" r="{}" class="version {}"><title>{}</title></circle>').format(
                round(x, 1), y, 8 if kind == "champion" else 6, kind, hint
            )
        )
        name = row["version"][:10] if row["adapter"] else "base"
        parts.append(charts.text(x, y + 22, name, "axis", "middle"))
    return charts.svg("How the versions followed each other", left + wide + 10, 134, parts)


def _versions_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = ["version", "state", "since", "by", "reason", "cycle_id", "quantization"]
    return Table(columns, [[row[name] for name in columns] for row in rows])


def _comparison_table(both: list[dict[str, Any]]) -> Table:
    if not both:
        return Table(["what", "a", "b"])
    rows: list[Sequence[Any]] = [[name, *(each["facts"][name] for each in both)] for name in both[0]["facts"]]
    for name in CATEGORIES:
        rows.append([name, *((each["scores"].get(name) or {}).get("score") for each in both)])
    rows += [[name, *(each["made"][name] for each in both)] for name in both[0]["made"]]
    return Table(["what", "a", "b"], rows)
