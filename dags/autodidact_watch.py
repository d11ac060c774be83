"""Watches a new champion for its bake time: runs whenever the champion changes."""

from datetime import datetime, timedelta

from airflow.sdk import Asset, Param, dag, task

from autodidact_airflow import tasks
from autodidact_airflow.docs import WATCH_DOC
from autodidact_airflow.limits import PATIENT, hours
from autodidact_airflow.operators import WatchChampion

CHAMPION = Asset("autodidact_champion")


@dag(
    schedule=[CHAMPION],
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=hours("watch"),
    default_args={"owner": "autodidact", "execution_timeout": hours("promote")} | PATIENT,
    tags=["autodidact"],
    doc_md=WATCH_DOC,
    params={
        "version": Param(
            None, type=["null", "string"], description_md="Version to watch; empty: the one just promoted."
        )
    },
)
def autodidact_watch():
    @task(outlets=[CHAMPION])
    def rolled_back(seen, outlet_events=None):
        outlet_events[CHAMPION].extra = tasks.after_watch(seen)

    rolled_back(WatchChampion(task_id="watch", every=timedelta(minutes=1)).output)


autodidact_watch()
