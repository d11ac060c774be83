"""The tasks that read several repositories side by side: each generator mapped over them.

    open_cycle >> repositories.names >> repositories.ast_parser [0 .. n] >> generate.ast_parser

A task instance makes what its generator makes of one repository, and `generate.<generator>` puts the parts
together; it would make those that are missing. What comes out is what one task alone would have made, byte
for byte (autodidact/generators/parts_by_repository.py).

Imported only where the deployment names several repositories when the DAG is parsed.
"""

from typing import Any

from airflow.sdk import task, task_group

from autodidact.generators import GENERATORS
from autodidact_airflow import mapped_tasks
from autodidact_airflow.dags.dag_defaults import Options
from autodidact_airflow.system_of_dag import System


def map_generators(system: System, options: Options, cycle: Any) -> dict[str, Any]:
    """The mapped tasks, by their generators."""
    limit = options.limit("generate")

    @task(execution_timeout=limit)
    @system.within
    def names(cycle):
        return mapped_tasks.repositories(cycle)

    @task(
        pool=options.pool("generate"),
        execution_timeout=limit,
        map_index_template="{{ task.op_kwargs['part'] }}",
    )
    @system.within
    def generator(cycle, name, part):
        mapped_tasks.generate_part(cycle, name, part)

    @task_group
    def repositories(cycle):
        parts = names(cycle)
        return {
            each.name: generator.override(task_id=each.name)
            .partial(cycle=cycle, name=each.name)
            .expand(part=parts)
            for each in GENERATORS
            if each.repositories
        }

    mapped: dict[str, Any] = repositories(cycle)
    return mapped
