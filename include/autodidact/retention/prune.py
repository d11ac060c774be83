"""Deletes what the policies let go, and says what a system takes up."""

from collections import Counter
from datetime import datetime, timezone
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.errors import AutodidactError
from autodidact.retention.listed_files import Files
from autodidact.retention.policies import POLICIES, Held
from autodidact.runtime import Runtime

# Days: at the close of a cycle only cycles that came over their days since are looked through. To list all of
# them each time would take ever longer; `autodidact prune` does.
LATELY = 30


def plan(
    runtime: Runtime,
    chronicle: Chronicle,
    system: str,
    now: datetime | None = None,
    lately: float | None = None,
) -> dict[str, dict[str, int]]:
    """The files that are over their days, as {policy: {key: bytes}}; a policy without days is left out."""
    files = Files(runtime.store, system, whole=lately is None)
    there = Held(files, chronicle, system, now or datetime.now(timezone.utc), lately)
    found = {}
    for policy in POLICIES:
        days = policy.days(runtime.settings)
        if days is not None:
            found[policy.name] = dict(policy.find(there, days))
    return found


def prune(
    runtime: Runtime,
    chronicle: Chronicle,
    system: str,
    *,
    now: datetime | None = None,
    lately: float | None = None,
    dry_run: bool = False,
) -> dict[str, dict[str, int]]:
    """Deletes the files that are over their days. Returns {policy: {"files", "bytes"}}.

    Killed on the way, the next call deletes the rest. An event of the Chronicle names what goes before it
    goes.
    """
    found = plan(runtime, chronicle, system, now, lately)
    store = runtime.store
    counts = {name: {"files": len(files), "bytes": sum(files.values())} for name, files in found.items()}
    if dry_run or not any(found.values()):
        return counts
    parts = [f"{name}: {row['files']} files" for name, row in counts.items() if row["files"]]
    chronicle.event(system, "pruned", f"deleted by retention: {', '.join(parts)}", data=counts)
    for key in (key for files in found.values() for key in files):
        store.delete_file(key)
    return counts


def prune_after(runtime: Runtime, chronicle: Chronicle, system: str) -> None:
    """Prunes when a cycle has closed. What cannot be deleted now is said, and waits: the cycle is closed, and
    what follows its close must not be lost over this.
    """
    try:
        prune(runtime, chronicle, system, lately=LATELY)
    except AutodidactError as error:
        runtime.say(f"WARNING: retention deletes nothing now: {error}")


def sizes(runtime: Runtime, system: str) -> dict[str, Any]:
    """Bytes of a system's store: {"cycles": {cycle: bytes}, "kinds": {kind of file: bytes}, "bytes"}; a kind
    is the folder in a cycle, or `benchmarks`.
    """
    cycles: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for key, size in runtime.store.sizes(system).items():
        parts = key.split("/")
        if parts[1] == "cycles":
            cycles[parts[2]] += size
            kinds[parts[3] if len(parts) > 4 else "records"] += size
        else:
            kinds[parts[1] if len(parts) > 2 else "records"] += size
    return {"cycles": dict(sorted(cycles.items())), "kinds": dict(kinds), "bytes": kinds.total()}
