"""The examples that a cycle's gate kept, as a dataset of the Hugging Face hub.

    README.md                              the card (dataset_card.py)
    data/train-00000-of-0000N.parquet      the rows; JSON where an object has no fixed fields

Rows are written as they are read, and the folder takes its name last (atomic_folder.py).
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.export.atomic_folder import new_folder
from autodidact.export.dataset_card import card
from autodidact.gate.hidden_examples import as_shown
from autodidact.gate.read_bounded_lines import MOST_LINE, lines
from autodidact.stage import verified

if TYPE_CHECKING:
    import pyarrow

    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime

# Bytes of kept.jsonl for one file of Parquet, which is a fifth of it or less; the hub asks for files below
# 500 MB. Rows that are written together.
SHARD, GROUP = 500_000_000, 5_000


@dataclass
class Counts:
    """What was written: rows, how many were left out, and the rows by generator and by category."""

    rows: int = 0
    hidden: int = 0
    generators: Counter = field(default_factory=Counter)
    categories: Counter = field(default_factory=Counter)


def export_dataset(
    cycle: "Cycle", runtime: "Runtime", out: Path, *, licence: str = "unknown", language: str = "en"
) -> dict[str, Any]:
    """Writes the folder `out`. Returns {"folder", "rows", "left_out", "files", "license"}; `left_out` counts
    the rows that look like a secret now, as newer rules find more.

    Raises Skipped or AutodidactError where the gate kept nothing, or not what it wrote is there.
    """
    store, manifest = runtime.store, cycle.done(runtime.store, "gate")
    key = verified(store, f"{cycle.folder}/gate", manifest, "kept.jsonl")
    counts = Counts()
    with new_folder(out) as folder:
        (folder / "data").mkdir()
        files = _write(lines(store, key), store.size(key), folder / "data", counts)
        text = card(cycle, cycle.gate_report(store) or {}, counts, licence=licence, language=language)
        (folder / "README.md").write_text(text, encoding="utf-8")
    return {
        "folder": str(out),
        "rows": counts.rows,
        "left_out": counts.hidden,
        "files": files,
        "license": licence,
    }


def _write(found: Iterator[tuple[int, int, bytes]], size: int, folder: Path, counts: Counts) -> list[str]:
    """The names of the files, into which the lines of a file of `size` bytes went, in their order."""
    from pyarrow.parquet import ParquetWriter

    schema, many = _features().arrow_schema, max(1, -(-size // SHARD))
    names = [f"train-{number:05d}-of-{many:05d}.parquet" for number in range(many)]
    waiting = next(found, None)
    for number, name in enumerate(names, 1):
        with ParquetWriter(folder / name, schema, compression="zstd") as writer:
            rows: list[dict[str, Any]] = []
            while waiting is not None and (number == many or waiting[0] < number * size // many):
                rows += _rows(waiting, counts)
                waiting = next(found, None)
                if len(rows) == GROUP:
                    writer.write_table(_table(rows, schema))
                    rows = []
            writer.write_table(_table(rows, schema))
    return names


def _table(rows: list[dict[str, Any]], schema: "pyarrow.Schema") -> "pyarrow.Table":
    """Rows whose JSON is text, as a table whose columns know that it is JSON."""
    import pyarrow as pa
    from datasets.table import table_cast

    text = pa.string()
    call = pa.struct({"type": text, "function": pa.struct({"name": text, "arguments": text})})
    message = pa.struct({"role": text, "content": text, "tool_calls": pa.list_(call), "name": text})
    lists = {"messages": pa.list_(message), "tools": pa.list_(text)}
    plain = pa.schema({name: lists.get(name, text) for name in schema.names})
    return table_cast(pa.Table.from_pylist(rows, plain), schema)


def _rows(line: tuple[int, int, bytes], counts: Counts) -> list[dict[str, Any]]:
    """The row of a line, counted; none for one that people may not see."""
    example = json.loads(line[2]) if line[1] <= MOST_LINE else None
    if example is None or as_shown(example)["hidden"]:
        counts.hidden += 1
        return []
    counts.rows += 1
    counts.generators[example["generator"]] += 1
    counts.categories[example["category"]] += 1
    return [as_row(example)]


def as_row(example: dict[str, Any]) -> dict[str, Any]:
    """A line of kept.jsonl as a row of the table."""
    names = ("id", "generator", "category", "time", "was", "replay_of")
    return {name: example.get(name) for name in names} | {
        "messages": [_message(message) for message in example["messages"]],
        "tools": [_json(tool) for tool in example.get("tools") or []],
        "source": _json(example["source"]),
    }


def _message(message: dict[str, Any]) -> dict[str, Any]:
    calls = [
        {
            "type": "function",
            "function": {
                "name": call["function"]["name"],
                "arguments": _json(call["function"].get("arguments")),
            },
        }
        for call in message.get("tool_calls") or ()
    ]
    found = {name: message.get(name) for name in ("role", "content", "name")}
    return found | {"tool_calls": calls or None}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _features() -> Any:
    """JSON where tools, arguments and sources have fields of their own: readers that know Parquet's type for
    it (the library `datasets` from 4.7 on, DuckDB) give objects, others the text.
    """
    from datasets import Features, Json, List, Value

    text = Value("string")
    call = {"type": text, "function": {"name": text, "arguments": Json()}}
    message = {"role": text, "content": text, "tool_calls": List(call), "name": text}
    fields = {"id": text, "generator": text, "category": text, "messages": List(message)}
    fields |= {"tools": List(Json()), "source": Json(), "time": text, "was": text, "replay_of": text}
    return Features(fields)
