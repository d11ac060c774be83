"""The gate's rules that look at one example at a time, by shards of what the generators made, so that many
workers can share them.

    gate/shards/<generator>.<number>/    what is left of so many rows of a generator, with a manifest

A shard depends on no other. The gate then only puts them together, and what it keeps, drops and reports is
what it would without shards, byte for byte. With none there it does all in one piece. Where there are some it
makes those that are missing. When the gate is done they are deleted. What is replayed is no shard: those are
some hundred rows, which are read in the whole history.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy

from autodidact import fast_json
from autodidact.gate.compact_examples import MARK
from autodidact.gate.counts import Tally
from autodidact.gate.driver import Part, Row, Screened, screen
from autodidact.gate.rule import Context
from autodidact.records import Manifest
from autodidact.stage import Work, verified
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

FOLDER = "gate/shards"
# Rows of a shard. Some 10 s of the rules, several times what Airflow takes to start a task.
ROWS = 10_000


def names_of(made: dict[str, Manifest]) -> list[str]:
    """The shards of what generators made, by their manifests, in the order in which the gate reads it."""
    return [
        f"{name}.{number}"
        for name, manifest in made.items()
        for number in range(-(-(manifest.outputs[f"{name}.jsonl"].records or 0) // ROWS))
    ]


def rows_of(shard: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Of all rows of its generator those of a shard."""
    first = int(shard.rpartition(".")[2]) * ROWS
    return islice(rows, first, first + ROWS)


def write_shard(rows: Iterable[Row], rules: Sequence[Any], context: Context, run: Work) -> None:
    """Passes rows through the rules that look at one at a time, and writes what `read_shard` reads."""
    tally = Tally(tuple(rule.NAME for rule in rules))
    with run.lines("dropped.jsonl") as dropped:
        part = screen(rows, rules, context, tally, dropped)
    try:
        with run.lines("passed.jsonl") as line:
            for text in part.lines():
                line(text)
        marks = io.BytesIO()
        numpy.save(marks, part.take_marks(), allow_pickle=False)
        run.outputs["marks.npy"] = run.store.write_bytes(run.key("marks.npy"), marks.getvalue())
        run.write_json("counts.json", tally.as_dict())
        run.counts = {"examples": sum(tally.raw.values()), "passed": len(part)}
    finally:
        part.close()


def read_shard(store: Store, folder: str, manifest: Manifest) -> Screened:
    """What `write_shard` wrote. Raises AutodidactError where a file is not what its manifest says."""
    keys = {name: verified(store, folder, manifest, name) for name in manifest.outputs}
    marks = numpy.load(io.BytesIO(store.read_bytes(keys["marks.npy"])), allow_pickle=False)
    part = Part()
    part.take_over(store.read_lines(keys["passed.jsonl"]), marks.astype(MARK, copy=False))
    return Screened(
        part,
        Tally.of_dict(store.read_json(keys["counts.json"])),
        map(fast_json.loads, store.read_lines(keys["dropped.jsonl"])),
    )


def any_there(cycle: "Cycle", store: Store) -> bool:
    return bool(store.list(f"{cycle.folder}/{FOLDER}"))


def remove_shards(cycle: "Cycle", store: Store) -> None:
    """Deletes the shards of a gate that is done."""
    store.delete(f"{cycle.folder}/{FOLDER}")
