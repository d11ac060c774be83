"""Small tables that people keep by hand: YAML, JSON, JSON lines and CSV, read alike. Values come out as plain
JSON.
"""

import csv
import io
import json
import math
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from autodidact.errors import NoSource
from autodidact.records import instant
from autodidact.settings import SAMPLES
from autodidact.sources.json_of_expected_type import parsed
from autodidact.sources.reading_limits import OverBudget, within
from autodidact.sources.unread import Unread
from autodidact.sources.yaml_loader import safe_loader
from autodidact.stage import Troubles

# Of one file; a table kept by hand is far smaller.
MAX_BYTES = 20_000_000
# Of a CSV: a row without the last of them has them all the same.
MAX_COLUMNS = 1_000
# Characters of the header of a CSV that are looked through for its delimiter.
MAX_HEADER = 100_000
# Of nested YAML: libyaml's composer calls itself at each level and would crash the process, not raise.
MAX_DEPTH = 100
# Of one file once its YAML aliases are followed: ten nested ones already stand for a billion values.
MAX_VALUES = 500_000

# Between the documents of a YAML text; what may stand above the first line of one.
_BETWEEN = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)
_DIRECTIVES = re.compile(r"\A(?:[%#].*\n|\s*\n)+")

# What people and programs write into a cell that holds nothing, and where they do not know.
NOTHING = {"", "-", "--", "\u2013", "\u2014", "n/a", "none", "null", "nil", "nan"}
UNKNOWN = {"?", "??", "???", "tbd", "tba", "tbc", "todo", "unknown", "..."}


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
    # As spreadsheets write "Unicode text".
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        troubles.add("invalid UTF-8", shown(path))
        return data.decode(encoding, "replace")


def load(path: Path, troubles: Troubles) -> Any:
    """The content of a YAML or JSON file; None, counted, when it cannot be parsed."""
    text = read_text(path, troubles)
    if text is None:
        return None
    with within(troubles, shown(path)):
        if path.suffix.lower() != ".json":
            return load_yaml(text, shown(path), troubles)
        return _json(text, shown(path), troubles)
    return None


def _json(text: str, ref: str, troubles: Troubles) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        troubles.add("not JSON", ref)
    return None


def load_yaml(text: str, ref: str, troubles: Troubles, loader: Any = None) -> Any:
    """The first document of a YAML text as plain JSON; None, counted, when it cannot be parsed or unfolds
    into too much.
    """
    return next(load_all_yaml(text, ref, troubles, loader), None)


def load_all_yaml(text: str, ref: str, troubles: Troubles, kind: Any = None) -> Iterator[Any]:
    """The documents of a YAML text as plain JSON. At one that cannot be parsed or unfolds into too much it
    ends, and that is counted. `kind`: a safe loader that knows more tags than YAML's own.
    """
    import yaml

    kind = kind or safe_loader()
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


def load_each_yaml(text: str, ref: str, troubles: Troubles) -> Iterator[Any]:
    """As `load_all_yaml`, but a document that cannot be parsed, which is counted, costs itself alone."""
    lost = Troubles()
    found = list(load_all_yaml(text, ref, lost))
    # A line that begins with `---` ends whatever is before it, quotes and blocks of text, too.
    pieces = [_DIRECTIVES.sub("", piece) for piece in _BETWEEN.split(text)]
    pieces = [piece for piece in pieces if piece.strip()]
    if len(pieces) < 2 or [one.reason for one in lost.list()] != ["not YAML"]:
        for one in lost.list():
            troubles.add(one.reason, one.ref, one.count)
        yield from found
        return
    for piece in pieces:
        yield from load_all_yaml(piece, ref, troubles)


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


def table(path: Path, unread: Unread, scope: str) -> Any:
    """What a file holds: the rows of JSON lines or CSV, else the content of its YAML or JSON. None when it
    cannot be read. What is lost of it is a gap of `scope`.
    """
    troubles = unread.counting(scope)
    lines = LINES.get(suffix := path.suffix.lower())
    if lines is None and suffix != ".json":
        return load(path, troubles)
    with within(troubles, shown(path)):
        text = read_text(path, troubles)
        if text is None:
            return None
        if lines is None:
            lines = _json_lines
            if not _each_line_is_json(text):
                return _json(text, shown(path), troubles)
        return [row for item, ref in lines(text, path, troubles) if (row := _row(item, ref, troubles))]
    return None


def records(content: Any, path: Path, unread: Unread, scope: str, *sections: str) -> list[Row]:
    """The records of what `table` returns: its rows, the list that it is, or the first list that a mapping
    has under one of `sections` ("issues", "data.issues"). A mapping there is a list of what its keys name.

    What is no record is counted, left out, and a gap of `scope`.
    """
    troubles, found = unread.counting(scope), content
    if isinstance(content, dict):
        under = (_under(content, section) for section in sections)
        found = next((one for one in under if isinstance(one, (list, dict))), None)
    if isinstance(found, dict):
        found = [{"id": key} | value if isinstance(value, dict) else value for key, value in found.items()]
    kept = []
    for number, item in enumerate(found if isinstance(found, list) else (), 1):
        ref = f"{shown(path)}#{item.get('id', number) if isinstance(item, dict) else number}"
        row = item if isinstance(item, Row) else _row(item, ref, troubles)
        if row is not None:
            kept.append(row)
    return kept


def fields(content: Any) -> list[str]:
    """The names that a file gives its parts, in their order: columns, or the keys of what it holds."""
    items = content if isinstance(content, list) else [content]
    given = (item.data if isinstance(item, Row) else item for item in items)
    return list(dict.fromkeys(str(key) for item in given if isinstance(item, dict) for key in item))


def _under(content: Any, section: str) -> Any:
    for key in section.split("."):
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _row(item: Any, ref: str, troubles: Troubles) -> Row | None:
    if not isinstance(item, dict):
        troubles.add("not a record", ref)
        return None
    # Undecodable bytes, counted with the file: no name and no sentence with a hole in it.
    return None if "\ufffd" in str(item) else Row(item, ref)


def _each_line_is_json(text: str) -> bool:
    """Whether a JSON file has a record in each line, as a tracker that is asked for no list writes it: its
    first line is an object, and there are more.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and isinstance(parsed(lines[0].rstrip().removesuffix(",")), dict)


def _json_lines(text: str, path: Path, troubles: Troubles) -> Iterator[tuple[Any, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        ref = f"{shown(path)}:{number}"
        if not line.strip():
            continue
        try:
            # Taskwarrior separates its tasks by commas, without a list around them.
            yield json.loads(line.rstrip().removesuffix(",")), ref
        except (ValueError, RecursionError):
            troubles.add("incomplete line", ref)


def _csv_lines(text: str, path: Path, troubles: Troubles) -> Iterator[tuple[Any, str]]:
    header: list[str] | None = None
    for cells, number in csv_rows(text, shown(path), troubles):
        if header is None:
            header = cells
            if len(header) > MAX_COLUMNS:
                raise OverBudget(f"a table of more than {MAX_COLUMNS:,} columns")
            continue
        extra = cells[len(header) :]
        complete = len(cells) >= len(header) and not any(extra)
        yield _by_column(header, cells) if complete else None, f"{shown(path)}:{number}"


def _by_column(header: list[str], cells: list[str]) -> dict[str, Any]:
    """The cells by column; those of columns of one name as a list."""
    row: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        if name not in row:
            row[name] = cell
        elif isinstance(row[name], list):
            row[name].append(cell)
        else:
            row[name] = [row[name], cell]
    return {
        name: [cell for cell in cells if cell] if isinstance(cells, list) else cells
        for name, cells in row.items()
    }


def csv_rows(
    text: str, ref: str, troubles: Troubles, delimiter: str | None = None
) -> Iterator[tuple[list[str], int]]:
    """(cells, number of its last line) of the rows of a CSV that are not blank. Without a delimiter it is the
    one that gives the first row most cells: a comma, a semicolon, as spreadsheets write it in countries with
    a decimal comma, or a tab.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield cells, reader.line_num
    except csv.Error:
        troubles.add("incomplete line", f"{ref}:{reader.line_num}")


def _delimiter(text: str) -> str:
    first = next((line for line in text[:MAX_HEADER].splitlines() if line.strip()), "")

    def cells(mark: str) -> int:
        return len(next(csv.reader([first], delimiter=mark), []))

    return max(",;\t", key=cells)


# Ending of a file whose lines are records -> its reader.
LINES = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv_lines, ".tsv": _csv_lines}


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
