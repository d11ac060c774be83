"""What a cycle leaves behind, looked at by the second scan before its task succeeds: kept examples, reports,
manifests, logs, the Chronicle's rows.

Not looked at are the raw examples (`generated/`), which are what the gate is there to look at and which their
owner alone may read (`store.RAW`), and what holds no text of the system: weights, checkpoints and the
tokenizer's own files.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.scanning.deny_list import denied
from autodidact.scanning.second_scan import suspicious_line
from autodidact.store import Store

TEXTS = (".json", ".jsonl", ".md", ".txt", ".log", ".html", ".svg", ".csv", ".toml", ".yaml", ".yml")
FOREIGN = ("/generated/", "/checkpoints/", "/adapter/")

# Places named in an error.
MAX_LINES = 5

REMEDY = "What is on disk stays for you to look at."


def scan(lines: Iterable[str], settings: Any = None) -> Iterator[tuple[int, str]]:
    """(line number, kind) of each line that holds something suspicious in the strings of its JSON, or in
    itself when it is none. With `settings` (settings.gate), what `gate.deny` lists is suspicious too.
    """
    for number, line in enumerate(lines, 1):
        if kind := suspicious_line(line):
            yield number, kind
        elif settings is not None and (entry := denied(line, settings)):
            yield number, f"entry {entry} of gate.deny"


def scan_artifacts(
    artifacts: Mapping[str, Iterable[str]], settings: Any = None
) -> dict[str, list[tuple[int, str]]]:
    """Name -> (line number, kind) of each hit, of artifacts given as their lines; only those with a hit."""
    hits = {name: list(scan(lines, settings)) for name, lines in artifacts.items()}
    return {name: found for name, found in hits.items() if found}


def require_clean(
    artifacts: Mapping[str, Iterable[str]], consequence: str = "Nothing was kept.", settings: Any = None
) -> None:
    """Raises AutodidactError that names lines and kinds, never the text, when an artifact has a hit."""
    found = scan_artifacts(artifacts, settings)
    if not found:
        return
    name, hits = next(iter(found.items()))
    shown = ", ".join(f"line {number} ({kind})" for number, kind in hits[:MAX_LINES])
    more = " and more" if len(hits) > MAX_LINES else ""
    others = f"; so do {', '.join(list(found)[1:])}" if len(found) > 1 else ""
    raise AutodidactError(
        f"{name} holds what looks like a secret: {shown}{more}{others}",
        f"{consequence} Remove it from the source, or name it (or a pattern of it) in gate.deny, which"
        " drops the examples that hold it; then run the gate again.",
    )


def require_clean_cycle(store: Store, folder: str, settings: Any, tables: Mapping[str, Any]) -> None:
    """Raises AutodidactError when a text or a row of the cycle holds what looks like a secret, or what
    `gate.deny` lists.
    """
    artifacts = dict(_files(store, folder)) | dict(_rows("the Chronicle", tables))
    require_clean(artifacts, REMEDY, settings)


def _files(store: Store, folder: str) -> Iterator[tuple[str, Iterable[str]]]:
    """(key, lines) of every text that a cycle wrote under `folder`; of `generated/` the manifests alone."""
    for key in store.list(folder):
        raw = any(part in key for part in FOREIGN) and not key.endswith("manifest.json")
        if key.endswith(TEXTS) and not raw:
            yield key, store.read_lines(key)


def _rows(name: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """(name, lines) of rows of the Chronicle, as the dashboard gets them: a line a row."""
    for table, found in tables.items():
        listed = found if isinstance(found, list) else [found]
        yield f"{name} ({table})", [json.dumps(row, default=str) for row in listed if row]
