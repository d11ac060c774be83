"""What a cycle leaves behind, looked at by the second scan before its task succeeds: reports, manifests,
logs, the Chronicle's rows.

Not looked at are the raw examples (`generated/`), which are what the gate is there to look at and which their
owner alone may read (`store.RAW`), and what holds no text of the system: weights, checkpoints and the
tokenizer's own files.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autodidact.scanning.second_scan import require_clean_artifacts
from autodidact.store import Store

TEXTS = (".json", ".jsonl", ".md", ".txt", ".log", ".html", ".svg", ".csv", ".toml", ".yaml", ".yml")
FOREIGN = ("/generated/", "/checkpoints/", "/adapter/")

REMEDY = "What is on disk stays for you to look at."


def files(store: Store, folder: str) -> Iterator[tuple[str, Iterable[str]]]:
    """(key, lines) of every text that a cycle wrote under `folder`; of `generated/` the manifests alone."""
    for key in store.list(folder):
        raw = any(part in key for part in FOREIGN) and not key.endswith("manifest.json")
        if key.endswith(TEXTS) and not raw:
            yield key, store.read_lines(key)


def rows(name: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """(name, lines) of rows of the Chronicle, as the dashboard gets them: a line a row."""
    for table, found in tables.items():
        listed = found if isinstance(found, list) else [found]
        yield f"{name} ({table})", [json.dumps(row, default=str) for row in listed if row]


def require_clean_cycle(store: Store, folder: str, settings: Any, tables: Mapping[str, Any]) -> None:
    """Raises AutodidactError when a text or a row of the cycle holds what looks like a secret, or what
    `gate.deny` lists.
    """
    found = dict(files(store, folder)) | dict(rows("the Chronicle", tables))
    require_clean_artifacts(found, REMEDY, settings)
