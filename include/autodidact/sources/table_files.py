"""Small tables that people keep by hand: YAML, JSON, JSON lines and CSV, read alike. Values come out as plain
JSON.
"""

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from autodidact.errors import NoSource
from autodidact.records import instant
from autodidact.settings import SAMPLES
from autodidact.sources.budget import OverBudget, within
from autodidact.stage import Troubles

# Of one file; a table kept by hand is far smaller.
MAX_BYTES = 20_000_000
# Of a CSV: a row without the last of them has them all the same.
MAX_COLUMNS = 1_000
# Of nested YAML: libyaml's composer calls itself at each level and would crash the process, not raise.
MAX_DEPTH = 100
# Of one file once its YAML aliases are followed: ten nested ones already stand for a billion values.
MAX_VALUES = 500_000


@dataclass(frozen=True)
class Row:
    """One record of a table. `ref` is its place: `goals.yaml#ramp-booking`, or `file.jsonl:12`."""

    data: dict[str, Any]
    ref: str


def shown(path: Path) -> str:
    """How a source names a file: as the user wrote it; files of the package's samples from `samples/` on, so
    that the name is the same on every machine.
    """
    if path.is_relative_to(SAMPLES):
        return f"samples/{path.relative_to(SAMPLES).as_posix()}"
    return path.as_posix()


def named_file(value: str | None, key: str) -> Path:
    """The file that a setting names. Raises NoSource when it names none, or one that is not there."""
    if not value:
        raise NoSource(f"{key} names no file", setting=key)
    path = Path(value).expanduser()
    if not path.is_file():
        raise NoSource(f"{key} names {value}, which is not there", setting=key)
    return path


def read_text(path: Path, troubles: Troubles) -> str | None:
    """The text of a file, undecodable bytes replaced and counted; None when it cannot be read or is larger
    than MAX_BYTES.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            troubles.add("file too large", shown(path))
            return None
        with path.open("rb") as file:
            # However large the file has become since.
            data = file.read(MAX_BYTES)
    except OSError:
        troubles.add("file cannot be read", shown(path))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        troubles.add("invalid UTF-8", shown(path))
        return data.decode("utf-8-sig", "replace")


def load(path: Path, troubles: Troubles) -> Any:
    """The content of a YAML or JSON file; None, counted, when it cannot be parsed."""
    text = read_text(path, troubles)
    if text is None:
        return None
    with within(troubles, shown(path)):
        if path.suffix.lower() != ".json":
            return load_yaml(text, shown(path), troubles)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            troubles.add("not JSON", shown(path))
    return None


def load_yaml(text: str, ref: str, troubles: Troubles) -> Any:
    """The first document of a YAML text as plain JSON; None, counted, when it cannot be parsed or unfolds
    into too much.
    """
    return next(load_all_yaml(text, ref, troubles), None)


def load_all_yaml(text: str, ref: str, troubles: Troubles) -> Iterator[Any]:
    """The documents of a YAML text as plain JSON. At one that cannot be parsed or unfolds into too much it
    ends, and that is counted.
    """
    import yaml

    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    left = [MAX_VALUES]
    loader = None
    try:
        depth = 0
        for event in yaml.parse(text, Loader=kind):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise ValueError("nested too deep")
        loader = kind(text)
        while loader.check_node():
            node = loader.get_node()
            # Before anything is made of it: merge keys unfold while values are made.
            if _unfolded(node, {}) > MAX_VALUES:
                troubles.add("YAML that unfolds into too much", ref)
                return
            yield _plain(loader.construct_document(node), left)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        troubles.add("not YAML", ref)
    finally:
        if loader:
            loader.dispose()


def _unfolded(node: Any, known: dict[int, float]) -> float:
    """How many values a YAML node stands for once aliases are followed: no end for one that is inside
    itself."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = math.inf
    children = node.value if isinstance(node.value, list) else []
    total = 1.0
    for child in children:
        parts = child if isinstance(child, tuple) else (child,)
        total += sum(_unfolded(part, known) for part in parts)
    known[id(node)] = total
    return total


def rows(path: Path, troubles: Troubles, section: str | None = None) -> list[Row]:
    """The records of a file: the list under `section` of a YAML or JSON mapping, else the list that the file
    is; lines of JSONL or CSV.

    What is no record, and lines that are torn, are counted and left out.
    """
    with within(troubles, shown(path)):
        return _rows(path, troubles, section)
    return []


def _rows(path: Path, troubles: Troubles, section: str | None) -> list[Row]:
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson", ".csv"):
        text = read_text(path, troubles) or ""
        found: Iterator[tuple[Any, str]] = (
            _json_lines(text, path, troubles) if suffix != ".csv" else _csv_lines(text, path, troubles)
        )
    else:
        content = load(path, troubles)
        if isinstance(content, dict):
            content = content.get(section) if section else None
        listed = content if isinstance(content, list) else []
        found = (
            (item, f"{shown(path)}#{item.get('id', number) if isinstance(item, dict) else number}")
            for number, item in enumerate(listed, 1)
        )
    kept = []
    for item, ref in found:
        if isinstance(item, dict):
            kept.append(Row(item, ref))
        else:
            troubles.add("not a record", ref)
    return kept


def _json_lines(text: str, path: Path, troubles: Troubles) -> Iterator[tuple[Any, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        ref = f"{shown(path)}:{number}"
        if not line.strip():
            continue
        try:
            yield json.loads(line), ref
        except (ValueError, RecursionError):
            troubles.add("torn line", ref)


def _csv_lines(text: str, path: Path, troubles: Troubles) -> Iterator[tuple[Any, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        if len(reader.fieldnames or ()) > MAX_COLUMNS:
            raise OverBudget(f"a table of more than {MAX_COLUMNS:,} columns")
        for row in reader:
            complete = None not in row and None not in row.values()
            yield row if complete else None, f"{shown(path)}:{reader.line_num}"
    except csv.Error:
        troubles.add("torn line", f"{shown(path)}:{reader.line_num}")


def _plain(value: Any, left: list[int]) -> Any:
    """`value` in the types of JSON: dates as ISO texts, keys as strings. ValueError beyond the budget
    `left`."""
    left[0] -= 1
    if left[0] < 0:
        raise ValueError("too many values")
    if isinstance(value, dict):
        return {str(key): _plain(item, left) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item, left) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
