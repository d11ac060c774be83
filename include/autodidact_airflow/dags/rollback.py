"""A person brings an earlier version back."""

from airflow.sdk import DAG, Param, task

from autodidact_airflow import tasks
from autodidact_airflow.dag_docs import ROLLBACK_DOC
from autodidact_airflow.dags.dag_defaults import Options, champion_of, new_dag
from autodidact_airflow.system_of_dag import System
from autodidact_airflow.timeouts_and_retries import STEADY


def rollback_dag(system: System | None = None, options: Options | None = None) -> DAG:
    """The DAG `autodidact_rollback`, or that of a system."""
    system, options = system or System(), options or Options()
    champion = champion_of(system)
    dag = new_dag(
        system,
        "rollback",
        options,
        STEADY,
        [],
        schedule=None,
        dagrun_timeout=2 * options.limit("rollback"),
        doc_md=ROLLBACK_DOC,
        params={
            "version": Param(
                None, type=["null", "string"], description_md="Version to bring back; empty: the one before."
            ),
            "reason": Param(
                "", type="string", minLength=1, description_md="Why; it is kept in the Chronicle."
            ),
        },
    )
    with dag:

        @task(
            outlets=[champion],
            on_success_callback=options.notifiers_of("rolled_back"),
            execution_timeout=options.limit("rollback"),
        )
        @system.within
        def rollback(params=None, run_id=None, outlet_events=None, ti=None):
            outlet_events[champion].extra = tasks.rollback(params, run_id, ti)

        rollback()
    return dag
