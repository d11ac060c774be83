"""What Airflow itself knows of the cycles: the run of a cycle, the states of its tasks, and when the next run
begins. Read from Airflow's own database, which the API server has at hand.
"""

from datetime import datetime
from typing import Any, NamedTuple

from autodidact_airflow.system_of_dag import System, suffix_of

CYCLE_DAG = System().dag_id("cycle")
# Runs among which the one of a cycle is looked for.
MOST_RUNS = 200


class Run(NamedTuple):
    dag_id: str
    run_id: str


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def suffix_of_system(system: str | None) -> str:
    """What the ids of the system's DAGs end in: those whose newest run opened a cycle of it. "" for a system
    whose cycles Airflow had no part in.
    """
    newest = next((run for run, ids in _opened() if ids.get("system") == system), None)
    return (suffix_of(newest.dag_id) if newest else None) or ""


def next_run(system: str | None) -> dict[str, Any] | None:
    """{"dag_id", "at", "paused"} of the next run of the system's DAG, `at` None without a schedule; None
    while Airflow does not know the DAG.
    """
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.get(DagModel, CYCLE_DAG + suffix_of_system(system))
        if found is None:
            return None
        at = _iso(found.next_dagrun_create_after)
        return {"dag_id": found.dag_id, "at": at, "paused": bool(found.is_paused)}


def newest_run(system: str | None) -> dict[str, Any] | None:
    """{"dag_id", "run_id", "state", "cycle"} of the newest run of the system's DAG: `cycle` is the one that
    it opened, None where it opened none, or has not yet. None where the DAG never ran.
    """
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    dag_id = CYCLE_DAG + suffix_of_system(system)
    query = select(DagRun.run_id, DagRun.state).where(DagRun.dag_id == dag_id)
    with create_session() as session:
        row = session.execute(query.order_by(DagRun.id.desc()).limit(1)).first()
    if row is None:
        return None
    opened = cycle_of(Run(dag_id, row.run_id))
    state = str(getattr(row.state, "value", row.state))
    return {"dag_id": dag_id, "run_id": row.run_id, "state": state, "cycle": opened and opened[1]}


def state_of(run: Run) -> str | None:
    """Airflow's state of a run; None where there is no such run."""
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = select(DagRun.state).where(DagRun.dag_id == run.dag_id, DagRun.run_id == run.run_id)
    with create_session() as session:
        state = session.scalar(query)
    return None if state is None else str(getattr(state, "value", state))


def run_of(system: str, cycle_id: str) -> Run | None:
    """The newest run that worked on the cycle; None where Airflow had no part in it."""
    for run, ids in _opened():
        if ids.get("system") == system and ids.get("cycle_id") == cycle_id:
            return run
    return None


def cycle_of(run: Run) -> tuple[str, str] | None:
    """(system, cycle) that a run worked on; None for a run that opened none."""
    for opened, ids in _opened(run.run_id):
        if opened == run and ids.get("system") and ids.get("cycle_id"):
            return ids["system"], ids["cycle_id"]
    return None


def _opened(run_id: str | None = None) -> list[tuple[Run, dict[str, Any]]]:
    """(run, what its open_cycle returned), the newest runs first."""
    import json

    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = select(XComModel.dag_id, XComModel.run_id, XComModel.value).where(
        XComModel.dag_id.startswith(CYCLE_DAG, autoescape=True),
        XComModel.task_id == "open_cycle",
        XComModel.key == "return_value",
    )
    if run_id is not None:
        query = query.where(XComModel.run_id == run_id)
    with create_session() as session:
        rows = session.execute(query.order_by(XComModel.dag_run_id.desc()).limit(MOST_RUNS)).all()
    values = [(Run(*run), json.loads(value) if isinstance(value, str) else value) for *run, value in rows]
    return [
        (run, value) for run, value in values if isinstance(value, dict) and suffix_of(run.dag_id) is not None
    ]


def tasks_of(run: Run) -> dict[str, dict[str, Any]]:
    """Task to {"state", "started", "seconds"} of a run."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    columns = (TaskInstance.task_id, TaskInstance.state, TaskInstance.start_date, TaskInstance.duration)
    mine = (TaskInstance.dag_id == run.dag_id) & (TaskInstance.run_id == run.run_id)
    with create_session() as session:
        rows = session.execute(select(*columns).where(mine)).all()
    return {
        task: {"state": state, "started": _iso(started), "seconds": duration}
        for task, state, started, duration in rows
    }
