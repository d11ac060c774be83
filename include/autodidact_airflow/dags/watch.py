"""Watches a new champion for its bake time: runs whenever the champion changes."""

from datetime import timedelta

from airflow.sdk import DAG, Param, task

from autodidact_airflow import tasks
from autodidact_airflow.dag_docs import WATCH_DOC
from autodidact_airflow.dags.dag_defaults import Options, champion_of, new_dag
from autodidact_airflow.system_of_dag import System
from autodidact_airflow.timeouts_and_retries import PATIENT
from autodidact_airflow.watch_operator import WatchChampion


def watch_dag(system: System | None = None, options: Options | None = None) -> DAG:
    """The DAG `autodidact_watch`, or that of a system."""
    system, options = system or System(), options or Options()
    champion = champion_of(system)
    dag = new_dag(
        system,
        "watch",
        options,
        PATIENT | {"execution_timeout": options.limit("promote")},
        [],
        schedule=[champion],
        dagrun_timeout=options.limit("watch"),
        doc_md=WATCH_DOC,
        params={
            "version": Param(
                None,
                type=["null", "string"],
                description_md="Version to watch; empty: the one just promoted.",
            )
        },
    )
    with dag:

        @task(outlets=[champion], on_success_callback=options.notifiers_of("rolled_back"))
        @system.within
        def rolled_back(seen, outlet_events=None, ti=None):
            outlet_events[champion].extra = tasks.after_watch(seen, ti)

        rolled_back(WatchChampion(task_id="watch", every=timedelta(minutes=1), system=system).output)
    return dag
