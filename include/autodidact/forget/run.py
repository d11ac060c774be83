"""`autodidact forget`: the steps in their order. Killed at any of them, the same call finishes.

find ──> list.json ──> withdraw ──> erase the store ──> erase the Chronicle ──> receipt
         (never read   (deploy, probe, swap)
          again)
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autodidact.chronicle import Chronicle, journal_in_store
from autodidact.chronicle.version_states import now
from autodidact.cycle.rebuild_chronicle import import_cycle
from autodidact.errors import UsageError
from autodidact.forget import erase, plan_and_progress, receipt
from autodidact.forget.find import cycle_of, cycles_of, find, trace_of
from autodidact.forget.plan_and_progress import Plan
from autodidact.forget.remake_examples import remake
from autodidact.forget.traces_of_source import Trace
from autodidact.forget.withdraw import successor, withdraw
from autodidact.models.find_base_model import BaseModelRef, model_digest
from autodidact.records import instant
from autodidact.runtime import Runtime
from autodidact.sources import forgotten_sources as sources
from autodidact.sources.forgotten_sources import Forgotten
from autodidact.sources.more_repositories import named_repositories
from autodidact.store import Store


def dry_run(runtime: Runtime, system: str, source: str) -> dict[str, Any]:
    """What `forget` would do, by ids and counts: {"id", "versions": {version: state}, "champion": {"before",
    "after"}, "cycles", "rows", "items", "files", "deleted", "cached", "chronicle"}. Changes nothing.
    """
    entry = _entry(runtime, source)
    with runtime.chronicle() as chronicle:
        trace = trace_of(runtime, system, _of(entry), source)
        found = find(runtime, system, trace, chronicle)
        found.chronicle = chronicle.erasable(system, *_cleaners(trace))
        states = {row["version"]: row["state"] for row in chronicle.versions(system)}
        before = (chronicle.champion(system) or {}).get("version")
        after = (
            successor(chronicle, runtime.store, system, found.versions)
            if before in found.versions
            else before
        )
    answer = found.as_dict() | {"id": entry["id"], "system": system}
    answer["versions"] = {version: states[version] for version in found.versions}
    return answer | {"champion": {"before": before, "after": after}}


def forget(runtime: Runtime, system: str, source: str, *, by: str) -> dict[str, Any]:
    """Forgets a source of the system, or finishes doing so (`source` may then be its id). Returns the
    receipt. Raises AutodidactError in one line where a step cannot be done; the next call tries again.
    """
    store = runtime.store
    with runtime.chronicle() as chronicle, store.lease(f"{system}/lease.json", wait=120):
        entry = _entry(runtime, source)
        here = plan_and_progress.load(store, system, source) or plan_and_progress.load(
            store, system, entry["id"]
        )
        _require_idle(runtime, chronicle, system)
        if here is None:
            here = _begin(runtime, chronicle, system, source, entry, by)
        receipt.write(store, here)
        sources.add(store, system, here.entry)
        if here.step == "withdraw":
            runtime.say(f"forget: {len(here.found.versions)} versions are withdrawn")
            versions = here.found.versions
            here.champion["after"] = withdraw(runtime, chronicle, system, versions, by=by)["after"]
            _next(runtime, here, "erase")
        if here.step == "erase":
            runtime.say(f"forget: the store: {len(here.found.files)} files, {len(here.found.deleted)} go")
            erase.erase(store, here)
            _next(runtime, here, "remake")
        if here.step == "remake":
            here.remade = remake(runtime, here)
            _next(runtime, here, "chronicle")
        runtime.say("forget: the Chronicle")
        _erase_chronicle(runtime, chronicle, here)
        done = receipt.write(store, here, finished=True)
        store.delete(here.key)
        return done


def _entry(runtime: Runtime, source: str) -> dict[str, Any]:
    settings = runtime.settings
    return sources.entry(source, settings.sources.repository, named_repositories(settings))


def _require_idle(runtime: Runtime, chronicle: Chronicle, system: str) -> None:
    """Raises Unavailable while an open cycle is being worked on: it would write what it has read."""
    store = runtime.store
    for row in chronicle.open_cycles(system):
        for key in store.list(f"{system}/cycles/{row['cycle_id']}"):
            if key.endswith("/lease.json"):
                with store.lease(key):
                    pass


def _begin(
    runtime: Runtime, chronicle: Chronicle, system: str, source: str, entry: dict[str, Any], by: str
) -> Plan:
    """The plan of a forgetting, written. Raises UsageError where nobody knows of the system."""
    if not chronicle.versions(system):
        raise UsageError(f"{system} has no cycle yet", "Leave the source out of the settings instead.")
    store = runtime.store
    trace = trace_of(runtime, system, _of(entry), source)
    found = find(runtime, system, trace, chronicle)
    found.chronicle = chronicle.erasable(system, *_cleaners(trace))
    here = Plan(entry["id"], system, entry, trace, found, started=instant(now()), by=by)
    here.champion = {"before": (chronicle.champion(system) or {}).get("version")}
    trained_on = trace.versions = set(found.versions)
    for row in chronicle.versions(system):
        if row["version"] in trained_on:
            here.trained.append(row["cycle_id"])
            trace.adapters.add(row["adapter"]["sha256"])
            here.models += sorted(_models_of(store, system, row))
    for cycle in cycles_of(store, system):
        champion = cycle.champion.version if cycle.champion else None
        if not _closed(chronicle, system, cycle.cycle_id) and (
            cycle.cycle_id in found.cycles or champion in trained_on
        ):
            here.dropped.append(cycle.cycle_id)
    here.save(store)
    return here


def _models_of(store: Store, system: str, row: Mapping[str, Any]) -> set[str]:
    """The digests under which a version was measured: by its own facts, and by the reports on it."""
    base, adapter = row["base"], row["adapter"]["sha256"]
    model = BaseModelRef(base["id"], Path(), base["revision"], base["sha256"])
    found = {model_digest(model, None, row["quantization"], adapter_sha256=adapter)}
    for key in store.list(f"{system}/cycles"):
        if key.endswith(("/report.json", "/champion.json")) and "/gate/" not in key:
            measured = store.read_json(key).get("model") or {}
            if measured.get("adapter_sha256") == adapter:
                found.add(measured["sha256"])
    return found


def _closed(chronicle: Chronicle, system: str, name: str) -> bool:
    return name in {row["cycle_id"] for row in chronicle.cycles(system, status="closed")}


def _of(entry: Mapping[str, Any]) -> Forgotten:
    return sources.together([entry])


def _next(runtime: Runtime, here: Plan, step: str) -> None:
    here.step = step
    here.save(runtime.store)


def _cleaners(trace: Trace) -> tuple[Any, Any]:
    """(how a row of the Chronicle should be, whether one goes as a whole)"""
    return trace.report, trace.row


def _erase_chronicle(runtime: Runtime, chronicle: Chronicle, here: Plan) -> None:
    """The journal, then the database; what was imported from files that changed is imported again."""
    store, system = runtime.store, here.system
    read = {name for name in map(cycle_of, here.touched) if name}
    cycles = [cycle for cycle in cycles_of(store, system) if cycle.cycle_id in read]
    erase.journal(store, here)
    changed = {cycle.cycle_id: store.read_json(f"{cycle.folder}/cycle.json") for cycle in cycles}
    chronicle.erase(system, *_cleaners(here.trace), imported=read, cycles=changed, dropped=here.dropped)
    for cycle in cycles:
        import_cycle(cycle, runtime, chronicle)
    journal_in_store.write(chronicle, store, system, whole=True)
