"""Where a cycle stands: its stages with states and durations, from the manifests in the store, the leases of
what runs, and Airflow's tasks where it runs the cycle.
"""

from dataclasses import dataclass
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.lease import is_taken
from autodidact.records import Manifest
from autodidact.stage import load_manifest, manifest_key
from autodidact_airflow.dashboard import airflow_runs
from autodidact_airflow.dashboard.page_data_sources import Here

# Stages with a manifest, after the generators, and those that only Airflow and the Chronicle know.
STAGES = ("knowledge", "gate", "train", "measure_champion", "benchmark", "ask_ledger")
# Airflow's states of a task, as the page says them; all others are `waiting`.
STATES = {
    "success": "done",
    "failed": "failed",
    "upstream_failed": "failed",
    "skipped": "skipped",
    "running": "running",
    "deferred": "running",
    "up_for_retry": "retried",
    "queued": "queued",
}


@dataclass
class Stage:
    """A stage of a cycle: `state` is done, skipped, running, failed, retried, queued or waiting."""

    name: str
    state: str
    seconds: float | None = None
    started: str | None = None
    reason: str | None = None
    manifest: Manifest | None = None


def stages_of(at: Here, row: dict[str, Any]) -> dict[str, Any]:
    """{"row", "cycle", "generators", "stages" by name, "run", "trouble"} of a cycle's row."""
    cycle, trouble = at.frozen(row), None
    run = airflow_runs.run_of(cycle.system, cycle.cycle_id)
    tasks = airflow_runs.tasks_of(run) if run else {}
    names = [f"generate.{name}" for name in cycle.generators()]
    manifests: dict[str, Manifest | None] = {}
    leases: set[str] = set()
    try:
        for name in (*names, *STAGES):
            manifests[name] = load_manifest(at.store, f"{cycle.folder}/{manifest_key(name)}")
            if manifests[name] is None and row["status"] == "open" and name in STAGES:
                lease = manifest_key(name).replace("manifest.json", "lease.json")
                if is_taken(at.store, f"{cycle.folder}/{lease}"):
                    leases.add(name)
    except AutodidactError as error:
        trouble, manifests = str(error), _logged(at, cycle.cycle_id)
    found = {
        name: _stage(name, manifests.get(name), tasks.get(name), name in leases) for name in (*names, *STAGES)
    }
    found |= _without_manifest(row, tasks)
    generators = [found.pop(name) for name in names]
    return {
        "row": row,
        "cycle": cycle,
        "generators": generators,
        "stages": found,
        "run": run,
        "trouble": trouble,
        "made": sum(each.manifest.counts.get("examples") or 0 for each in generators if each.manifest),
    }


def _logged(at: Here, cycle_id: str) -> dict[str, Manifest | None]:
    """The manifests that the Chronicle has: without the store, of the stages that it logs."""
    rows = at.chronicle.stages(at.known(), cycle_id).values()
    return {row["stage"]: Manifest.model_validate(row["manifest"]) for each in rows for row in each}


def _stage(name: str, manifest: Manifest | None, task: dict[str, Any] | None, leased: bool) -> Stage:
    """A manifest says more than Airflow: a task that is cleared later leaves the stage as it was."""
    if manifest is not None and (task or {}).get("state") not in ("running", "deferred"):
        return Stage(name, manifest.status, manifest.seconds, manifest.started, manifest.reason, manifest)
    if task is None:
        return Stage(name, "running" if leased else "waiting", manifest=manifest)
    state = STATES.get(task["state"] or "", "waiting")
    if leased and state == "waiting":
        state = "running"
    return Stage(name, state, task["seconds"], task["started"], manifest=manifest)


def _without_manifest(row: dict[str, Any], tasks: dict[str, dict[str, Any]]) -> dict[str, Stage]:
    """open_cycle, decide, promote, keep_champion and close_cycle."""
    found = {"open_cycle": Stage("open_cycle", "done", started=row["at"])}
    closed, promoted = row["status"] == "closed", row["outcome"] == "promoted"
    ends = {
        "decide": "done",
        "promote": "done" if promoted else "skipped",
        "keep_champion": "skipped" if promoted else "done",
        "close_cycle": "done",
    }
    for name, state in ends.items():
        task = tasks.get(name)
        if closed or task is None:
            found[name] = Stage(name, state if closed else "waiting")
        else:
            found[name] = _stage(name, None, task, False)
        if task:
            found[name].seconds, found[name].started = task["seconds"], task["started"]
    return found
