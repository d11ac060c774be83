"""The DAGs: those of the deployment's one system, ready to import, and the factories of them for any system.

    from autodidact_airflow.dags import autodidact_cycle, autodidact_rollback, autodidact_watch

in a file of the dags folder is all that a deployment of one system needs. For another system:

    from autodidact_airflow.dags import cycle_dag

    cycle_dag(system="shop", repository="/srv/shop")

    cycle.py        cycle_dag: the cycle, with a watch and a rollback of its own
    wiring.py       the tasks of a cycle, and how they hang together
    cycle_params.py what a person may fill in when she triggers a cycle
    watch.py rollback.py      the two DAGs that belong to it
    dag_defaults.py       what all of them have
"""

import os

from airflow.sdk import DAG

from autodidact_airflow.dags.cycle import cycle_dag

__all__ = ["cycle_dag"]


# What was made by the first of the two questions of an import, with the variables that it was made by.
_made: dict[str, tuple[dict[str, str], DAG]] = {}


def __getattr__(name: str) -> DAG:
    """The shipped DAGs, made when they are asked for: a file that is parsed again gets what its variables say
    then. An import statement asks twice, first only whether the name is there. The second time it gets the
    DAG that was made then, which takes no time.
    """
    variables, dag = _made.pop(name, ({}, None))
    if dag is None or variables != dict(os.environ):
        dag = _make(name)
        _made[name] = dict(os.environ), dag
    return dag


def _make(name: str) -> DAG:
    if name == "autodidact_cycle":
        return cycle_dag(watch=False, rollback=False)
    if name == "autodidact_watch":
        from autodidact_airflow.dags.watch import watch_dag

        return watch_dag()
    if name == "autodidact_rollback":
        from autodidact_airflow.dags.rollback import rollback_dag

        return rollback_dag()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
