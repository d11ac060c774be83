"""Where a cycle stands: its stages with state and duration, from their manifests, the leases of what runs,
and the Chronicle.
"""

from collections.abc import Mapping
from typing import Any

from autodidact.cycle.record import Cycle
from autodidact.lease import is_taken
from autodidact.runtime import Runtime
from autodidact.stage import load_manifest, manifest_key

# Stages with a manifest, after the generators, in their order.
STAGES = ("knowledge", "gate", "measure_champion", "train", "benchmark", "ask_ledger")


def stages_so_far(cycle: Cycle, runtime: Runtime, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """{"stage", "state": done, skipped, running or waiting, "seconds", "started", "reason", "counts"} of
    every stage. `row` is the cycle's in the Chronicle.
    """
    names = [*(f"generate.{name}" for name in cycle.generators()), *STAGES]
    found = [_stage(cycle, runtime, name, row["status"] == "open") for name in names]
    closed, promoted = row["status"] == "closed", row["outcome"] == "promoted"
    decided = closed or cycle.verdict(runtime.store) is not None
    ends = {
        "decide": "done" if decided else "waiting",
        "promote": ("done" if promoted else "skipped") if closed else "waiting",
        "keep_champion": ("skipped" if promoted else "done") if closed else "waiting",
        "close_cycle": "done" if closed else "waiting",
    }
    last = found.pop()
    rest: dict[str, Any] = {"seconds": None, "started": None, "reason": None, "counts": {}}
    ending = [{"stage": name, "state": state} | rest for name, state in ends.items()]
    return [{"stage": "open_cycle", "state": "done"} | rest, *found, *ending[:-1], last, ending[-1]]


def _stage(cycle: Cycle, runtime: Runtime, name: str, is_open: bool) -> dict[str, Any]:
    key = f"{cycle.folder}/{manifest_key(name)}"
    manifest = load_manifest(runtime.store, key)
    if manifest is not None:
        return {
            "stage": name,
            "state": manifest.status,
            "seconds": manifest.seconds,
            "started": manifest.started,
            "reason": manifest.reason,
            "counts": dict(manifest.counts),
        }
    lease = key.replace("manifest.json", "lease.json")
    runs = is_open and name in STAGES and is_taken(runtime.store, lease)
    state = "running" if runs else "waiting"
    return {"stage": name, "state": state, "seconds": None, "started": None, "reason": None, "counts": {}}
