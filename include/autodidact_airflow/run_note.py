"""The verdict of a cycle as the note of its run, where Airflow's web UI shows it: in the list of runs and at
the run.

A listener: the scheduler calls it when a run ends, in the transaction in which it writes the run's state. A
note that somebody has written stays.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

from autodidact.promotion.what_would_change import needed
from autodidact.safe_text import one_line
from autodidact_airflow.system_of_dag import suffix_of

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from sqlalchemy.orm import Session

# The task whose result is the sentence.
SAID_BY = "close_cycle"
# Characters of a note in Airflow's database.
LONGEST = 1000


@hookimpl
def on_dag_run_success(dag_run: "DagRun", msg: str) -> None:
    """Called by Airflow when a run has ended well."""
    add_note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:
    """Called by Airflow when a task of a run has failed; its cycle may have closed all the same."""
    add_note(dag_run)


def add_note(dag_run: "DagRun") -> None:
    """Writes what the run's `close_cycle` returned; nothing where it said nothing or a note is there."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy.orm import object_session

    if suffix_of(dag_run.dag_id) is None:
        return
    if session := object_session(dag_run):
        _write(dag_run, session)
    else:  # `dag.test()` hands over a run that it has taken out of its session
        with create_session() as session:
            if kept := session.get(DagRun, dag_run.id):
                _write(kept, session)


def _write(dag_run: "DagRun", session: "Session") -> None:
    from airflow.models.xcom import XCOM_RETURN_KEY, XComModel

    said = session.scalar(
        XComModel.get_many(
            run_id=dag_run.run_id, dag_ids=dag_run.dag_id, task_ids=SAID_BY, key=XCOM_RETURN_KEY, limit=1
        )
    )
    text = XComModel.deserialize_value(said) if said is not None else None
    if isinstance(text, str) and text and not dag_run.note:
        dag_run.note = text[:LONGEST]


def sentences(summary: Mapping[str, Any]) -> str:
    """How a cycle ended, what serves now, and what that knows, in at most a note's length. `summary`: as
    cycle/summary.py makes it.
    """
    said = [_outcome(summary.get("verdict") or {})]
    if champion := summary.get("champion"):
        said.append(f"In service: {champion}.")
    if known := summary.get("knowledge"):
        said.append(f"Knowledge: {known['says']}")
    return one_line(" ".join(said))[:LONGEST]


def _outcome(verdict: Mapping[str, Any]) -> str:
    """Of a promotion by what it won; of a refusal what was missing; of both, how it really ended where that
    is something else.
    """
    if not verdict:
        return "No candidate was measured."
    reasons = list(verdict.get("reasons") or [])
    won = next((reason for reason in reasons if reason.startswith("promoted: ")), None)
    why = won.removeprefix("promoted: ") if won else needed(verdict) or "; ".join(reasons)
    said = f"Verdict: {verdict['outcome']}" + (f", {why}." if why else ".")
    if ended := verdict.get("ended"):
        said += f" {ended['outcome'].replace('_', ' ').capitalize()}: {ended['reason'].rstrip('.')}."
    return said
