"""The card of a dataset: the header that the Hugging Face hub reads, then words for people."""

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.export.dataset import Counts

# The hub's words for a number of rows, by the number that they stay below.
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
COLUMNS = """\
| column | what it has |
| --- | --- |
| `messages` | the conversation; the last message is the assistant's, and the only one that was trained on |
| `tools` | the tools that it may call, as JSON schemas; often none |
| `generator`, `category` | what wrote the example, and which of nine abilities it teaches |
| `source` | where the example can be checked: for code the commit, the path and the lines |
| `id` | sha256 of messages and tools |
| `time` | of the source, or null |
| `was`, `replay_of` | the id before the gate rewrote it; the earlier cycle that it is replayed from |"""
USE = """\
```python
from datasets import load_dataset

rows = load_dataset("FOLDER_OR_NAME", split="train")
```"""


def card(cycle: "Cycle", gate: dict[str, Any], counts: "Counts", *, licence: str, language: str) -> str:
    """README.md of a cycle's examples. `gate`: the gate's report."""
    raw = gate.get("raw")
    kept = f" The gate kept {gate['kept']:,} of {raw:,} that the generators wrote." if raw else ""
    hidden = f" {counts.hidden:,} of them look like a secret, and are left out here." if counts.hidden else ""
    parts = [
        _header(cycle, counts.rows, licence, language),
        f"# What {cycle.system} taught in the cycle {cycle.cycle_id}",
        f"{counts.rows:,} training examples about the system `{cycle.system}` as it was at {cycle.until},"
        f" written and checked by Autodidact.{kept}{hidden}",
        USE,
        "## Columns",
        COLUMNS,
        "Where a library does not know Parquet's type for JSON, `tools`, `source` and the `arguments` of a"
        " call are text to be parsed.",
        "## Rows",
        _table("generator", counts.generators),
        _table("category", counts.categories),
        "## Limits",
        "An answer states what its source stated at that time, and nothing tells when it stops being true."
        " No person read every example. What the gate dropped, secrets and the benchmark's questions among"
        " it, is not here.",
        "## Origin",
        _origin(cycle),
    ]
    return "\n\n".join(parts) + "\n"


def size_category(rows: int) -> str:
    """The hub's word for so many rows."""
    return next((word for below, word in SIZES if rows < below), "10M<n<100M")


def _header(cycle: "Cycle", rows: int, licence: str, language: str) -> str:
    import yaml

    head: dict[str, Any] = {
        "pretty_name": f"{cycle.system}, cycle {cycle.cycle_id}",
        "license": licence,
        "language": [language],
        "task_categories": ["text-generation"],
        "size_categories": [size_category(rows)],
        "tags": ["autodidact", "synthetic"],
        "configs": [
            {"config_name": "default", "data_files": [{"split": "train", "path": "data/train-*.parquet"}]}
        ],
    }
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---"


def _table(name: str, counts: Counter) -> str:
    rows = [f"| {key} | {count:,} |" for key, count in counts.most_common()]
    return "\n".join([f"| {name} | rows |", "| --- | --- |", *rows])


def _origin(cycle: "Cycle") -> str:
    """Window and commits; of a repository's path only the folder's name."""
    lines = [f"- window: {cycle.since or 'the beginning'} to {cycle.until}"]
    for each in cycle.repositories:
        lines.append(f"- repository: {each['path'].rstrip('/').rpartition('/')[2]} at `{each['commit']}`")
    base = cycle.base["id"]
    name = base.rpartition("/")[2] if base.startswith("/") else base
    return "\n".join([*lines, f"- base model that they were written for: {name}"])
