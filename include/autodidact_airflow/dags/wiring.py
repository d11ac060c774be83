"""The tasks of a cycle, and how they hang together. What they do is in autodidact/cycle/run.py; how they meet
Airflow, in autodidact_airflow/tasks.py.
"""

import os
from typing import Any

from airflow.providers.standard.operators.python import BranchPythonOperator
from airflow.sdk import TriggerRule, task, task_group

from autodidact.generators import GENERATORS
from autodidact_airflow import tasks
from autodidact_airflow.dags.dag_defaults import Options, champion_of, knowledge_of
from autodidact_airflow.links import GateLink, LostLink, VerdictLink
from autodidact_airflow.system_of_dag import System
from autodidact_airflow.timeouts_and_retries import CONSENT, PATIENT


def where() -> str:
    """Where the stages of the GPU run: `queue`, `local` or `kubernetes`."""
    return os.environ.get("AUTODIDACT_TRAINING__WHERE") or "queue"


def approval() -> str:
    """What waits for a person's consent: `before_train`, `before_promote`, or nothing."""
    return os.environ.get("AUTODIDACT_APPROVAL", "none")


def several_repositories(system: System) -> bool:
    """Whether generators are mapped over repositories: the DAG file or the variable names them. Where only
    autodidact.toml does, which no DAG file reads, each generator reads all of them in one task.
    """
    named = system.settings.get("sources.repositories") or os.environ.get("AUTODIDACT_SOURCES__REPOSITORIES")
    return bool(named) and named != "[]"


def wire_cycle(system: System, options: Options) -> None:
    """Puts the tasks of a cycle into the DAG that is being made."""
    cycle = _open_cycle(system, options)
    gated = _stage(system, options, cycle, "gate", trigger_rule=TriggerRule.ALL_DONE)
    known = _stage(system, options, cycle, "knowledge", trigger_rule=TriggerRule.ALL_DONE)
    trained = _gpu_stage(system, options, cycle, "train")
    champion = _gpu_stage(system, options, cycle, "measure_champion")
    measured = _gpu_stage(system, options, cycle, "benchmark", trigger_rule=TriggerRule.NONE_FAILED)
    ledger = _gpu_stage(system, options, cycle, "ask_ledger", trigger_rule=TriggerRule.NONE_FAILED)
    decide = _decide(system, options, cycle)
    promoted, kept, closed = _endings(system, options, cycle)
    made = _generators(system, options, cycle)
    gated.operator.operator_extra_links = (GateLink(),)

    if several_repositories(system):
        shards, screened = _shards(system, options, cycle)
        made >> shards >> screened >> gated
    made >> gated >> [trained, champion] >> measured  # nothing to train on, nothing to measure
    measured >> decide >> [promoted, kept] >> ledger >> closed
    made >> known >> ledger
    if approval() == "before_train":
        gated >> _approval("approve_training", "Train on what the gate kept?", "gate") >> trained
    if approval() == "before_promote":
        decide >> _approval("approve_promotion", "Promote the candidate?", "verdict") >> promoted


def _open_cycle(system: System, options: Options) -> Any:
    @task(execution_timeout=options.limit("open_cycle"))
    @system.within
    def open_cycle(params=None, dag_run=None, data_interval_start=None, data_interval_end=None):
        return tasks.open_cycle(params, dag_run, data_interval_start, data_interval_end)

    return open_cycle()


def _generators(system: System, options: Options, cycle: Any) -> Any:
    @task(pool=options.pool("generate"), execution_timeout=options.limit("generate"))
    @system.within
    def generator(cycle, name):
        tasks.generate(cycle, name)

    parts = _parts(system, options, cycle) if several_repositories(system) else {}

    @task_group
    def generate(cycle):
        return [
            # A repository in which there is nothing to read is a task that is skipped.
            generator.override(task_id=each.name, trigger_rule=TriggerRule.NONE_FAILED)(cycle, each.name)
            if each.name in parts
            else generator.override(task_id=each.name)(cycle, each.name)
            for each in GENERATORS
        ]

    made = generate(cycle)
    for each, whole in zip(GENERATORS, made, strict=True):
        if each.name in parts:
            parts[each.name] >> whole
    return made


def _parts(system: System, options: Options, cycle: Any) -> dict[str, Any]:
    """The tasks that are mapped over repositories, by their generators."""
    # Here, as every import costs time at each parse, and most systems have one repository.
    from autodidact_airflow.dags.map_generators_over_repositories import map_generators

    return map_generators(system, options, cycle)


def _shards(system: System, options: Options, cycle: Any) -> tuple[Any, Any]:
    """The task that names shards of what the generators made, and the one that is mapped over them."""
    from autodidact_airflow.dags.map_gate_over_shards import map_gate

    return map_gate(system, options, cycle)


def _stage(system: System, options: Options, cycle: Any, name: str, **more: Any) -> Any:
    """A stage on any worker."""

    @task(task_id=name, execution_timeout=options.limit(name), **more)
    @system.within
    def stage(cycle, name):
        tasks.stage(cycle, name)

    return stage(cycle, name)


def _gpu_stage(system: System, options: Options, cycle: Any, name: str, **more: Any) -> Any:
    """A stage that wants the GPU: on a worker, or in a pod that runs the same stage. Interrupted, it is tried
    again and goes on.
    """
    queue = "default" if where() in ("local", "kubernetes") else options.queue
    place: dict[str, Any] = {"pool": options.pool("gpu"), "queue": queue}
    retries = {how: options.default_args.get(how, value) for how, value in PATIENT.items()}
    place |= retries | {"execution_timeout": options.limit(name)} | more
    if where() == "kubernetes":
        from autodidact_airflow.pods import StagePod

        return StagePod(task_id=name, stage=name, ids=cycle, system=system, **place)
    return task(task_id=name, **place)(system.within(tasks.stage))(cycle, name)


def _decide(system: System, options: Options, cycle: Any) -> BranchPythonOperator:
    branch = "approve_promotion" if approval() == "before_promote" else "promote"
    decide = BranchPythonOperator(
        task_id="decide",
        python_callable=system.within(tasks.decide),
        op_args=[cycle, branch],
        trigger_rule=TriggerRule.NONE_FAILED,
        execution_timeout=options.limit("decide"),
    )
    decide.operator_extra_links = (VerdictLink(), LostLink())
    return decide


def _endings(system: System, options: Options, cycle: Any) -> tuple[Any, Any, Any]:
    """The tasks `promote`, `keep_champion` and `close_cycle`."""
    asset, known = champion_of(system), knowledge_of(system)
    notifiers = options.notifiers_of("promoted", "kept", "rolled_back", "stale")

    @task(outlets=[asset], execution_timeout=options.limit("promote"))
    @system.within
    def promote(cycle, outlet_events=None):
        outlet_events[asset].extra = tasks.promote(cycle)

    @task(execution_timeout=options.limit("keep_champion"))
    @system.within
    def keep_champion(cycle):
        tasks.keep_champion(cycle)

    @task(
        trigger_rule=TriggerRule.NONE_FAILED,
        outlets=[known],
        on_success_callback=notifiers,
        execution_timeout=options.limit("close_cycle"),
    )
    @system.within
    def close_cycle(cycle, ti=None, outlet_events=None):
        return tasks.close_cycle(cycle, ti, outlet_events[known].extra)

    return promote(cycle), keep_champion(cycle), close_cycle(cycle)


def _approval(task_id: str, subject: str, report: str) -> Any:
    """A person's consent to what the report says, within six hours; without an answer it is a no."""
    from autodidact_airflow.approval import Approval

    body = f"{{{{ report(ti.xcom_pull(task_ids='open_cycle'), '{report}') }}}}"
    return Approval(task_id=task_id, subject=subject, body=body, defaults="Reject", response_timeout=CONSENT)
