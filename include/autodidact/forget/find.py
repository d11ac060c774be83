"""What came from a source: versions, cycles, rows, logged items, cached readings, rows of the Chronicle.
It only reads.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.chronicle.matches_store import cycles_in
from autodidact.cycle.record import Cycle, read_cycle
from autodidact.forget import source_texts
from autodidact.forget.clean_files import WEIGHTS, cleaned, ending_of
from autodidact.forget.distinguishing_words import own_words
from autodidact.forget.traces_of_source import Trace, labels_of
from autodidact.runtime import Runtime
from autodidact.sources.forgotten_sources import Forgotten
from autodidact.sources.samples import with_samples
from autodidact.store import Store

# What the cache keeps of base models: nothing of the system is in it.
NOT_FORGOTTEN = "cache/bases/"
# What a version was trained on.
TRAINED_ON = ("gate/kept.jsonl", "training/rows.jsonl")


@dataclass
class Found:
    """What came from the sources, by ids and counts alone.

    `rows`: ids of examples, questions and facts by generator; `files`: keys of the store that are rewritten,
    and `deleted`, that go; `chronicle`: rows by table.
    """

    versions: list[str] = field(default_factory=list)
    cycles: list[str] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    cached: dict[str, int] = field(default_factory=dict)
    chronicle: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def trace_of(runtime: Runtime, system: str, forgotten: Forgotten, source: str) -> Trace:
    """How to recognise what came from the sources, in the state in which the store is now. `source`: what a
    person calls them.
    """
    store, settings = runtime.store, with_samples(runtime.settings)
    trace, said = Trace(forgotten), [source_texts.own_name(source)]
    # Other sources, and the folders that the forgotten ones share with them.
    places = {system}
    for row in _records(store, system):
        if forgotten.cites(row["source"]):
            trace.ids |= {row[name] for name in ("id", "was") if isinstance(row.get(name), str)}
            trace.labels |= set(labels_of(row))
            said += source_texts.said_by(row)
            places.add(row["source"]["ref"].rpartition("/")[0])
        else:
            places.add(row["source"]["ref"])
    cycles = cycles_of(store, system)

    def texts(of_source: bool) -> Iterator[str]:
        for history in source_texts.histories(cycles, forgotten):
            yield from source_texts.git_texts(history, source=of_source)
        yield from source_texts.files_beside(settings, forgotten, source=of_source)

    names = [name for history in source_texts.histories(cycles, forgotten) for name in history.names()]
    trace.words = own_words([*said, *texts(True)], names, [*sorted(places), *texts(False)])
    return trace


def cycles_of(store: Store, system: str) -> list[Cycle]:
    """The cycles of the store, oldest first."""
    found = [read_cycle(store, system, name) for name in cycles_in(store, system)]
    return sorted(found, key=lambda cycle: (cycle.until, cycle.cycle_id))


def _records(store: Store, system: str) -> Iterator[dict[str, Any]]:
    """Every record of the cycles that names its source."""
    for key in store.list(f"{system}/cycles"):
        if key.endswith(".jsonl"):
            for line in store.read_lines(key):
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict) and isinstance(row.get("source"), dict) and "ref" in row["source"]:
                    yield row


def find(runtime: Runtime, system: str, trace: Trace, chronicle: Chronicle) -> Found:
    """What came from the sources."""
    store, found = runtime.store, Found()
    trained: set[str] = set()
    rows: dict[str, set[str]] = {}
    items: set[str] = set()
    for key in keys_of(store, system):
        data = store.read_bytes(key)
        clean = cleaned(key, data, trace)
        if clean == data:
            continue
        (found.deleted if clean is None else found.files).append(key)
        name = cycle_of(key)
        if name:
            found.cycles.append(name)
            if key.partition(f"/cycles/{name}/")[2] in TRAINED_ON:
                trained.add(name)
            _note(key, data, trace, rows, items)
    found.cycles = sorted(set(found.cycles))
    shards = {key for name in found.cycles for key in shard_files(store, system, name)}
    found.files = [key for key in found.files if key not in shards]
    found.deleted = sorted({*found.deleted, *shards})
    found.rows = {name: sorted(ids) for name, ids in sorted(rows.items())}
    found.items = sorted(items)
    found.versions = [row["version"] for row in chronicle.versions(system) if row["cycle_id"] in trained]
    cached = cached_keys(store)
    found.cached = {"files": len(cached)}
    return found


def keys_of(store: Store, system: str) -> list[str]:
    """The files of a system that may hold texts of its sources; not the list and the receipts themselves."""
    return [
        key
        for key in store.list(system)
        if not key.startswith(f"{system}/forgotten/") and ending_of(key) not in WEIGHTS
    ]


def shard_files(store: Store, system: str, cycle: str) -> list[str]:
    """What a gate that is not done has made of shards. It has a mark for each row, so where rows of a cycle
    go, its shards go as a whole; the gate makes them again.
    """
    from autodidact.gate.shards import FOLDER

    return store.list(f"{system}/cycles/{cycle}/{FOLDER}")


def cached_keys(store: Store) -> list[str]:
    """What the cache keeps of sources: all but base models."""
    return [key for key in store.list("cache") if not key.startswith(NOT_FORGOTTEN)]


def cycle_of(key: str) -> str | None:
    """The cycle that a file belongs to."""
    parts = key.split("/")
    return parts[2] if len(parts) > 3 and parts[1] == "cycles" else None


def _note(key: str, data: bytes, trace: Trace, rows: dict[str, set[str]], items: set[str]) -> None:
    """Notes the ids of the rows and of the logged items of a file that came from the sources."""
    if key.endswith(".jsonl"):
        for line in data.splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict) and trace.row(row) and isinstance(row.get("id"), str):
                rows.setdefault(str(row.get("generator")), set()).add(row["id"])
    elif key.endswith(".json") and ("/benchmark/" in key or "/champion/" in key):
        report = json.loads(data)
        for item in [*report.get("items", ()), *report.get("probe_items", ())]:
            if trace.row(item):
                items.add(item["id"])
