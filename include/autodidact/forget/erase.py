"""Takes what came from the forgotten sources out of the store: first the files, then the manifests that name
them by their hashes, then what refers to these.

A file that is left is a whole file of its kind, and its manifest says what it is now and why (`forgotten`).
Every step can be done again.
"""

import json
from typing import Any

from autodidact.digests import file_sha256, folder_digest
from autodidact.forget.clean_files import cleaned
from autodidact.forget.find import cached_keys, cycle_of, cycles_of, keys_of, shard_files
from autodidact.forget.plan_and_progress import Plan
from autodidact.knowledge.new_since_earlier_cycles import reference
from autodidact.records import Output
from autodidact.stage import load_manifest
from autodidact.store import Store

PAGE = "# Gate\n\nThis page was deleted when a source was forgotten. The figures are in report.json.\n"


def erase(store: Store, plan: Plan) -> None:
    """Does all of it."""
    for name in plan.dropped:
        store.delete(f"{plan.system}/cycles/{name}")
    _models(store, plan)
    for key in (key for name in plan.found.cycles for key in shard_files(store, plan.system, name)):
        store.delete_file(key)
    _files(store, plan)
    _pages(store, plan)
    _manifests(store, plan)
    _inputs(store, plan)
    link(store, plan)
    for key in cached_keys(store):
        store.delete_file(key)


def _models(store: Store, plan: Plan) -> None:
    """Adapters and checkpoints that were trained on the sources, and all that these models answered."""
    for name in plan.trained:
        for part in ("adapter", "checkpoints"):
            store.delete(f"{plan.system}/cycles/{name}/training/{part}")
    for digest in plan.models:
        store.delete(f"{plan.system}/benchmarks/{digest}")
        store.delete(f"{plan.system}/ledger/answers/{digest}")
        store.delete(f"{plan.system}/identities/{digest}.json")


def _files(store: Store, plan: Plan) -> None:
    """Rewrites or deletes every file but manifests, cycle.json and the journal, which follow."""
    keys = [key for key in keys_of(store, plan.system) if not _later(key)]
    changed = [key for key in keys if cleaned(key, data := store.read_bytes(key), plan.trace) != data]
    plan.touched = sorted({*plan.touched, *changed})
    plan.save(store)
    for key in changed:
        if key.startswith(f"{plan.system}/benchmarks/"):
            _sheet(store, key)
            continue
        clean = cleaned(key, store.read_bytes(key), plan.trace)
        if clean is None:
            store.delete(key)
        else:
            store.write_bytes(key, clean)


def _later(key: str) -> bool:
    return key.endswith(("manifest.json", "/cycle.json")) or "/chronicle/" in key


def _sheet(store: Store, key: str) -> None:
    """Deletes all that a model answered to the same questions: they are asked again when they are needed."""
    system, _, digest, _, *place, _ = key.split("/")
    folder = f"{system}/benchmarks/{digest}"
    below = {each[len(folder) + 1 :].partition("/")[0] for each in store.list(folder)}
    for name in sorted(below):
        store.delete("/".join((folder, name, *place)))


def _pages(store: Store, plan: Plan) -> None:
    """The gate's page shows examples: where a cycle had some of the sources', it goes."""
    for name in _cycles(plan):
        key = f"{plan.system}/cycles/{name}/gate/report.md"
        rows = {f"{plan.system}/cycles/{name}/gate/{file}" for file in ("kept.jsonl", "dropped.jsonl")}
        if rows & set(plan.touched) and store.exists(key):
            store.write_text(key, PAGE)
            plan.touched = sorted({*plan.touched, key})


def _cycles(plan: Plan) -> list[str]:
    return sorted({*plan.trained, *(name for name in map(cycle_of, plan.touched) if name)})


def _manifests(store: Store, plan: Plan) -> None:
    """Every manifest says what its files are now."""
    changed: dict[str, dict[str, Any]] = {}
    for name in _cycles(plan):
        for key in store.list(f"{plan.system}/cycles/{name}"):
            if key.endswith("manifest.json"):
                old = store.read_json(key)
                new = _manifest(store, plan, key.rpartition("/")[0], name, old)
                if new != old:
                    changed[key] = new
    _write(store, plan, changed)


def _manifest(store: Store, plan: Plan, folder: str, name: str, old: dict[str, Any]) -> dict[str, Any]:
    """What the manifest should say; notes which hashes took the place of which."""
    new: dict[str, Any] = plan.trace.without(old) | {"outputs": {}}
    for file, output in old["outputs"].items():
        key = f"{folder}/{file}"
        if key in plan.touched and store.exists(key):
            path = store.local(key)
            sha = folder_digest(path) if path.is_dir() else file_sha256(path)
            if sha != output["sha256"]:
                plan.hashes[output["sha256"]] = sha
                output = _output(store, key, output, sha)
        elif key in plan.touched or (old["stage"] == "train" and file == "adapter" and name in plan.trained):
            continue
        new["outputs"][file] = output
    if old["stage"] == "train" and name in plan.trained:
        new |= {"status": "skipped", "reason": "withdrawn: a source that it was trained on was forgotten"}
    if new != old:
        new["forgotten"] = sorted({*old.get("forgotten", ()), plan.id})
    return new


def _output(store: Store, key: str, old: dict[str, Any], sha: str) -> dict[str, Any]:
    data = store.read_bytes(key)
    records = {} if old.get("records") is None else {"records": data.count(b"\n")}
    return Output.model_validate(old | {"sha256": sha, "bytes": len(data)} | records).model_dump()


def _inputs(store: Store, plan: Plan) -> None:
    """Writes the new hashes where manifests name the old ones as what they were made from."""
    changed: dict[str, dict[str, Any]] = {}
    for cycle in cycles_of(store, plan.system):
        for key in store.list(cycle.folder):
            if key.endswith("manifest.json"):
                old = store.read_json(key)
                new = _renamed(old, plan.hashes) | {"outputs": old["outputs"]}
                if new != old:
                    changed[key] = new
    _write(store, plan, changed)


def link(store: Store, plan: Plan) -> None:
    """Writes the hashes that earlier cycles have now where a cycle names them."""
    changed: dict[str, dict[str, Any]] = {}
    for cycle in cycles_of(store, plan.system):
        key = f"{cycle.folder}/cycle.json"
        old = store.read_json(key)
        new = _linked(store, plan.system, plan.trace.without(old))
        if new != old:
            changed[key] = new
    _write(store, plan, changed)


def _write(store: Store, plan: Plan, changed: dict[str, dict[str, Any]]) -> None:
    plan.touched = sorted({*plan.touched, *changed})
    plan.save(store)
    for key, value in changed.items():
        store.write_json(key, value)


def _linked(store: Store, system: str, cycle: dict[str, Any]) -> dict[str, Any]:
    """A cycle.json with the hashes that the cycles which it names have now."""
    replay = []
    for each in cycle["replay"]:
        manifest = load_manifest(store, f"{system}/cycles/{each['cycle_id']}/gate/manifest.json")
        if manifest and "kept.jsonl" in manifest.outputs:
            replay.append(each | {"sha256": manifest.outputs["kept.jsonl"].sha256})
    compared = dict(cycle.get("compared") or {})
    for role, each in compared.items():
        if each and each.get("facts") is not None:
            compared[role] = each | reference(store, system, each["cycle_id"])
    new = cycle | {"replay": replay} | ({"compared": compared} if compared else {})
    if ledger := cycle.get("ledger"):
        known = load_manifest(store, f"{system}/cycles/{ledger['cycle_id']}/knowledge/manifest.json")
        if known and "facts.jsonl" in known.outputs:
            new["ledger"] = ledger | {"facts": known.outputs["facts.jsonl"].sha256}
    return new


def _renamed(value: Any, hashes: dict[str, str]) -> Any:
    """A JSON value with the new hashes in place of the old, followed to the last."""
    if isinstance(value, str):
        met = {value}
        while value in hashes and hashes[value] not in met:
            value = hashes[value]
            met.add(value)
        return value
    if isinstance(value, dict):
        return {key: _renamed(item, hashes) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, hashes) for item in value]
    return value


def journal(store: Store, plan: Plan) -> int:
    """Takes the texts out of the journal's rows. Returns how many files changed."""
    changed = 0
    for key in store.list(f"{plan.system}/chronicle"):
        if key.endswith(".jsonl"):
            data = store.read_bytes(key)
            lines = data.splitlines(keepends=True)
            left = b"".join(line for line in lines if not _dropped(line, plan))
            clean = cleaned(key, left, plan.trace)
            if clean is not None and clean != data:
                store.write_bytes(key, clean)
                changed += 1
    return changed


def _dropped(line: bytes, plan: Plan) -> bool:
    """Whether a line of the journal says that a cycle was opened that there is no more."""
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return bool(row.get("table") == "cycles" and row.get("cycle_id") in plan.dropped)
