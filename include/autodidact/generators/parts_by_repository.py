"""A generator on several repositories: a part for each, then the parts together.

    generated/parts/<generator>/<repository>/    what the generator makes of one repository, with a manifest
    generated/<generator>.jsonl ...              the rows of the parts in turn, one of each

The first part, `-`, is `sources.repository` and all that is in no repository; then come the repositories of
`sources.repositories`, whose rows name theirs (knowledge/add_repository_name.py). A part depends on no other,
so they may be made one after the other in one process, or by many tasks on many machines: together they are
the same, byte for byte. A part that is done is not made again; when its generator is done, the parts are
deleted.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from autodidact.errors import NoSource, Skipped
from autodidact.generators import find
from autodidact.generators.writing.diversity import Diversity
from autodidact.records import Example, Manifest
from autodidact.stage import Work, verified
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

FOLDER = "parts"
# The part of `sources.repository`; no repository is called so.
FIRST = "-"


def parts_of(cycle: "Cycle", name: str) -> list[str]:
    """The names of a generator's parts, in their order; empty where it is made in one piece."""
    return repositories_of(cycle) if find(name).repositories else []


def repositories_of(cycle: "Cycle") -> list[str]:
    """The names of the parts of each generator that has any; empty with one repository."""
    more = [each["name"] for each in cycle.repositories if "name" in each]
    return [FIRST, *more] if more else []


def folder_of(name: str, part: str) -> str:
    """Where a part lies, below `generated`."""
    return f"{FOLDER}/{name}/{part}"


def together(name: str, run: Work, parts: list[tuple[str, Manifest]]) -> None:
    """Writes what a generator made of all its parts into the folder of `run`; the counts are theirs together.
    Raises Skipped, as the first part did, where all were skipped.
    """
    done = [(part, manifest) for part, manifest in parts if manifest.status == "done"]
    if not done:
        _skipped_as(parts[0][1])
    for part, manifest in parts:
        for trouble in manifest.errors:
            ref = trouble.ref if part == FIRST or trouble.ref is None else f"{part}:{trouble.ref}"
            run.troubles.add(trouble.reason, ref, trouble.count)
    files = [f"{name}.jsonl"]
    if find(name).probe:
        files += [f"{name}.questions.jsonl", f"{name}.facts_now.jsonl"]
    for file in files:
        rows = _in_turn([_lines(run, name, part, manifest, file) for part, manifest in done])
        with run.lines(file) as line:
            for row in rows:
                line(row)
    _count(name, run, [manifest for _, manifest in done])
    first = dict(done).get(FIRST)
    key = verified(run.store, run.key(folder_of(name, FIRST)), first, f"{name}.facts.json") if first else None
    run.write_json(f"{name}.facts.json", run.store.read_json(key) if key else {"format": 1, "read": {}})


def remove_parts(name: str, cycle: "Cycle", store: Store) -> None:
    """Deletes the parts of a generator that is done, where it has any."""
    if parts_of(cycle, name):
        store.delete(f"{cycle.folder}/generated/{FOLDER}/{name}")


def _skipped_as(manifest: Manifest) -> None:
    reason = manifest.reason or "there is nothing to read"
    if setting := (manifest.model_extra or {}).get("setting"):
        raise NoSource(reason, setting=setting)
    raise Skipped(reason)


def _lines(run: Work, name: str, part: str, manifest: Manifest, file: str) -> Iterator[str]:
    return run.store.read_lines(verified(run.store, run.key(folder_of(name, part)), manifest, file))


def _in_turn(parts: list[Iterator[str]]) -> Iterator[str]:
    """One row of each part, then the next of each: what is new stands first in each, and so it does here."""
    rows: Iterable[str | None] = chain.from_iterable(zip_longest(*parts))
    return (row for row in rows if row is not None)


def _count(name: str, run: Work, parts: list[Manifest]) -> None:
    diversity = Diversity()
    for line in run.store.read_lines(run.key(f"{name}.jsonl")):
        diversity.add(Example.model_construct(**json.loads(line)))
    categories: dict[str, int] = {}
    for manifest in parts:
        for category, count in manifest.counts["categories"].items():
            categories[category] = categories.get(category, 0) + count
    totals: dict[str, Any] = {
        what: sum(manifest.counts[what] for manifest in parts) for what in ("examples", "new")
    }
    run.counts.update(**totals, categories=categories, diversity=diversity.figures())
