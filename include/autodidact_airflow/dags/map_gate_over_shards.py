"""The tasks that share the gate's work: its rules that look at one example at a time, mapped over shards.

    generate.* >> gate_shards.names >> gate_shards.screen [0 .. n] >> gate

The gate puts together what they leave, and makes what is missing: whatever becomes of them, it keeps what it
would have kept alone, byte for byte (autodidact/gate/shards.py).

Imported only where the deployment names several repositories when the DAG is parsed.
"""

from typing import Any

from airflow.sdk import TriggerRule, task, task_group

from autodidact_airflow import mapped_tasks
from autodidact_airflow.dags.dag_defaults import Options
from autodidact_airflow.system_of_dag import System


def map_gate(system: System, options: Options, cycle: Any) -> tuple[Any, Any]:
    """(the task that names the shards, the one that is mapped over them)"""
    limit = options.limit("gate")

    @task(trigger_rule=TriggerRule.ALL_DONE, execution_timeout=limit)
    @system.within
    def names(cycle):
        return mapped_tasks.gate_shards(cycle)

    @task(
        pool=options.pool("generate"),
        execution_timeout=limit,
        map_index_template="{{ task.op_kwargs['shard'] }}",
    )
    @system.within
    def screen(cycle, shard):
        mapped_tasks.gate_shard(cycle, shard)

    @task_group
    def gate_shards(cycle):
        shards = names(cycle)
        return shards, screen.partial(cycle=cycle).expand(shard=shards)

    named, screened = gate_shards(cycle)
    return named, screened
