"""The tasks that are mapped: over repositories what a generator makes, over shards what the gate checks."""

from autodidact_airflow.errors_as_task_outcomes import airflow_terms
from autodidact_airflow.tasks import counts_of, load, require_chosen, require_opened


def repositories(ids: dict | None) -> list[str]:
    """The parts that generators are mapped over: a name for each repository; none where there is only one."""
    from autodidact.generators.parts_by_repository import repositories_of

    with airflow_terms():
        return repositories_of(load(ids)[0])


def generate_part(ids: dict | None, name: str, part: str) -> None:
    """What a generator makes of one of several repositories."""
    from autodidact.cycle import run

    with airflow_terms():
        cycle, here = load(ids)
        require_chosen(name, cycle)
        manifest = run.generate_part(name, part, cycle, here)
        here.say(counts_of(f"{name} of {part}", manifest))


def gate_shards(ids: dict | None) -> list[str]:
    """What the gate's first rules are mapped over: a name for each shard of what the generators made."""
    from autodidact.gate.stage import shards_of

    with airflow_terms():
        require_opened(ids)
        return shards_of(*load(ids))


def gate_shard(ids: dict | None, shard: str) -> None:
    """What the gate's first rules leave of a shard."""
    from autodidact.cycle import run

    with airflow_terms():
        cycle, here = load(ids)
        counts = run.gate_shard(shard, cycle, here).counts
        here.say(f"gate of {shard}: {counts.get('passed', 0)} of {counts.get('examples', 0)} examples pass")
