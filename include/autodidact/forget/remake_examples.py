"""Makes the examples of withdrawn cycles again as if the sources had never been there: later cycles replay
them, and where a generator or the gate keeps a limited number of rows, others take the place of those that
are gone.

Only what reads the same sources as then is made again: a generator whose other sources have changed since
keeps the rows that are left.
"""

import dataclasses
from collections.abc import Callable

from autodidact.cycle.record import Cycle, read_cycle
from autodidact.errors import AutodidactError, Skipped
from autodidact.forget.erase import link
from autodidact.forget.plan_and_progress import Plan
from autodidact.gate.stage import GATE
from autodidact.generators.parts_by_repository import remove_parts
from autodidact.generators.stage import stage as generator_stage
from autodidact.runtime import Runtime
from autodidact.stage import Stage, manifest_key


def remake(runtime: Runtime, plan: Plan) -> dict[str, list[str]]:
    """Makes them again, oldest first. Returns {cycle: what was made again}. What cannot be is left as it is,
    and said.
    """
    done: dict[str, list[str]] = {}
    for name in sorted(plan.trained):
        # What it replays may have been made again just now.
        link(runtime.store, plan)
        cycle = read_cycle(runtime.store, plan.system, name)
        lost = [each for each in cycle.generators() if _lost(plan, cycle, f"generated/{each}")]
        made = [each for each in lost if _generator(runtime, cycle, each, plan.id)]
        gated = made or any(_lost(plan, cycle, f"gate/{file}") for file in ("kept", "dropped"))
        if gated and _again(runtime, cycle, GATE, "gate/", plan.id):
            made.append("gate")
        if made:
            done[name] = made
    link(runtime.store, plan)
    return done


def _lost(plan: Plan, cycle: Cycle, file: str) -> bool:
    return f"{cycle.folder}/{file}.jsonl" in plan.touched


def _generator(runtime: Runtime, cycle: Cycle, name: str, why: str) -> bool:
    """Runs a generator again; whether what it made stays: it read what it had read then, but for the
    sources.
    """
    store, facts = runtime.store, f"{cycle.folder}/generated/{name}.facts.json"
    before = store.read_json(facts) if store.exists(facts) else None

    def same() -> bool:
        now = store.read_json(facts) if store.exists(facts) else None
        if before is not None and now != before:
            runtime.say(f"forget: {name} of {cycle.cycle_id} reads other sources by now; its rows stay")
        return before is None or now == before

    made = _again(runtime, cycle, generator_stage(name), f"generated/{name}.", why, same)
    remove_parts(name, cycle, store)
    return made


def _again(
    runtime: Runtime,
    cycle: Cycle,
    stage: Stage,
    files: str,
    why: str,
    stays: Callable[[], bool] = lambda: True,
) -> bool:
    """Runs a stage again, whose files begin with `files`; puts them back where it fails, or `stays` says
    no.
    """
    store, folder = runtime.store, f"{cycle.folder}/{files}".rpartition("/")[0]

    def there() -> list[str]:
        return [key for key in store.list(folder) if key.startswith(f"{cycle.folder}/{files}")]

    before = {key: store.read_bytes(key) for key in there()}
    if _run(runtime, cycle, stage, why) and stays():
        return True
    for key in set(there()) - before.keys():
        store.delete(key)
    for key, data in before.items():
        store.write_bytes(key, data)
    return False


def _run(runtime: Runtime, cycle: Cycle, stage: Stage, why: str) -> bool:
    """Runs a stage of a closed cycle again; False where it cannot be done now. Its manifest says `why`: the
    id of the forgetting.
    """
    try:
        dataclasses.replace(stage, sealed=_open).run(cycle, runtime, force=True)
    except Skipped:
        pass
    except AutodidactError as error:
        runtime.say(f"forget: {stage.name} of {cycle.cycle_id} cannot be run again: {error.message}")
        return False
    key = f"{cycle.folder}/{manifest_key(stage.name)}"
    runtime.store.write_json(key, runtime.store.read_json(key) | {"forgotten": [why]})
    return True


def _open(store: object, folder: str) -> None:
    """No cycle is sealed against this."""
