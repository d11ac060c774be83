"""A person brings an earlier version back."""

from datetime import datetime

from airflow.sdk import Asset, Param, dag, task

from autodidact_airflow import tasks
from autodidact_airflow.docs import ROLLBACK_DOC
from autodidact_airflow.limits import STEADY, hours

CHAMPION = Asset("autodidact_champion")


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=2 * hours("rollback"),
    default_args={"owner": "autodidact"} | STEADY,
    tags=["autodidact"],
    doc_md=ROLLBACK_DOC,
    params={
        "version": Param(
            None, type=["null", "string"], description_md="Version to bring back; empty: the one before."
        ),
        "reason": Param("", type="string", minLength=1, description_md="Why; it is kept in the Chronicle."),
    },
)
def autodidact_rollback():
    @task(outlets=[CHAMPION], execution_timeout=hours("rollback"))
    def rollback(params=None, run_id=None, outlet_events=None):
        outlet_events[CHAMPION].extra = tasks.rollback(params, run_id)

    rollback()


autodidact_rollback()
