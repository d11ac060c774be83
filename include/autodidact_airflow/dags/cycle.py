"""The cycle of one system, and the two DAGs that belong to it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable

from autodidact_airflow import tasks
from autodidact_airflow.dag_docs import CYCLE_DOC
from autodidact_airflow.dags.cycle_params import cycle_params
from autodidact_airflow.dags.dag_defaults import Callbacks, Options, new_dag, wanted
from autodidact_airflow.dags.wiring import approval, wire_cycle
from autodidact_airflow.system_of_dag import System
from autodidact_airflow.timeouts_and_retries import CONSENT, STEADY

# The logical date is the end of the window: the run of noon is of the twelve hours before it.
EVERY_12_HOURS = CronTriggerTimetable("0 */12 * * *", timezone="UTC", interval=timedelta(hours=12))


def cycle_dag(
    system: str | None = None,
    *,
    repository: str | None = None,
    repositories: Sequence[str] = (),
    schedule: Any = EVERY_12_HOURS,
    settings: Mapping[str, Any] | None = None,
    connections: Mapping[str, str] | None = None,
    queue: str = "gpu",
    pools: Mapping[str, str] | None = None,
    timeouts: Mapping[str, timedelta] | None = None,
    callbacks: Callbacks | None = None,
    default_args: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    notify: Mapping[str, Any] | None = None,
    watch: bool = True,
    rollback: bool = True,
) -> DAG:
    """The DAG of the cycles of a system: `autodidact_cycle_SYSTEM`, or `autodidact_cycle` without a name.
    `watch` and `rollback`: whether the system's own two other DAGs are made in the same file.

    repository      the git repository that the system is read from, as `sources.repository`
    repositories    those that it has besides, as `sources.repositories`: generators are mapped over them
    schedule        whatever Airflow's DAG takes
    settings        dotted keys that hold for this system alone: {"deploy.url": "http://vllm:8000/v1"}
    connections     the system's own: {"server": "shop_server"}, of `judge`, `teacher`, `server` and `git`
    queue, pools    of the GPU's stages; {"gpu": "a100", "generate": "small"} instead of those pools
    timeouts        {"train": timedelta(hours=20)}; names: timeouts_and_retries.HOURS
    notify          who hears of what: {"promoted": SlackNotifier(...)}; names: notify.EVENTS; without it,
                    what the variable AUTODIDACT_NOTIFY asks for
    callbacks       of the runs: {"on_failure_callback": ...}; those of tasks go into `default_args`

    Raises UsageError for a name in these tables that nothing reads.
    """
    own = dict(settings or {}) | ({"sources.repository": repository} if repository else {})
    own |= {"sources.repositories": list(repositories)} if repositories else {}
    served = System(system, own, dict(connections or {}))
    notifiers = wanted() if notify is None else notify
    options = Options(
        queue, pools or {}, timeouts or {}, callbacks or {}, default_args or {}, tags, notifiers
    )
    dag = _cycle_itself(served, options, schedule)
    _watch_and_rollback(served, options, watch, rollback)
    return dag


def _cycle_itself(system: System, options: Options, schedule: Any) -> DAG:
    """The DAG with its tasks and params."""
    consent = CONSENT if approval() in ("before_train", "before_promote") else timedelta(0)
    dag = new_dag(
        system,
        "cycle",
        options,
        STEADY,
        ["fine-tuning"],
        schedule=schedule,
        dagrun_timeout=options.limit("cycle") + consent,
        doc_md=CYCLE_DOC,
        user_defined_macros={"report": system.within(tasks.report)},
        deadline=options.deadline() or None,
    )
    with dag:
        wire_cycle(system, options)
    # Last, because each task copies the params that the DAG has when the task is made: 20 ms at every parse.
    dag.params.update(cycle_params())
    return dag


def _watch_and_rollback(system: System, options: Options, watch: bool, rollback: bool) -> None:
    """Makes the two other DAGs; imported only where they are wanted, as imports cost time at each parse."""
    if watch:
        from autodidact_airflow.dags.watch import watch_dag

        watch_dag(system, options)
    if rollback:
        from autodidact_airflow.dags.rollback import rollback_dag

        rollback_dag(system, options)
