"""Finds examples of a cycle among a million: an index of kept.jsonl and dropped.jsonl by generator, rule,
category and source, and of the words in them.

The index is an SQLite file in a private folder that goes when the process ends. It holds where each line
begins and which words are in it, never a text: what is shown is read from the store. It is made in the
background: first the list of all lines, then their words and sources, as the look for secrets in each text
takes thirty times as long. What is indexed so far can be looked at. When a file of the gate changes, as
`autodidact forget` changes it, or making the index failed, it is thrown away and made anew.

Words and source of an example whose text is not shown are not in it: what is hidden cannot be guessed by
searching for it, letter by letter.
"""

import atexit
import contextlib
import json
import logging
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.gate.hidden_examples import field
from autodidact.gate.read_bounded_lines import MOST_LINE, lines
from autodidact.store import Store
from autodidact_airflow.dashboard import example_full_text_search
from autodidact_airflow.dashboard.example_full_text_search import FILTERS, MOST_WORDS, Line

log = logging.getLogger(__name__)

FATES = ("kept", "dropped")
# Lines that are listed, and whose words are indexed, at a time; seconds that a view waits for the index.
BATCH, WORDS_BATCH, PATIENCE = 2000, 200, 0.7
# Bytes of an example that is shown; indexes that are kept.
MOST_BYTES, MOST_INDEXES = MOST_LINE, 6
# Lines that could not be read whose numbers are named.
NAMED = 5

SCHEMA = """
    CREATE TABLE rows (n INTEGER PRIMARY KEY, fate, generator, category, rule, id, start, length);
    CREATE INDEX by_id ON rows (id);
    CREATE INDEX by_fate ON rows (fate, n);
    CREATE INDEX by_generator ON rows (generator, fate, n);
    CREATE INDEX by_category ON rows (category, fate, n);
    CREATE INDEX by_rule ON rows (rule, n);
    CREATE TABLE counts (
        fate, generator, category, rule, number, PRIMARY KEY (fate, generator, category, rule));
"""


@dataclass
class Found:
    """Examples that fit: their records, how many fit (`more`: more than so many), how far the index is, and
    the unfinished word that was looked for as it is, because too many words begin with it.
    """

    rows: list[dict[str, Any]]
    total: int
    more: bool
    indexed: float
    short: str | None = None


class ExampleIndex:
    """The index of one cycle's examples; made in a thread of its own."""

    def __init__(self, store: Store, folder: str, mark: tuple[int, ...]):
        self.store, self.folder, self.mark = store, folder, mark
        self.bytes, self.read, self.done = max(1, sum(mark[: len(FATES)])), 0, threading.Event()
        self.used, self._stopped = time.monotonic(), False
        self.trouble: str | None = None
        self._dropped_there = store.exists(f"{folder}/dropped.jsonl")
        # Lines that are no example: how many, and the first of them.
        self._unread = 0
        self._named: list[str] = []
        try:
            self._path = Path(tempfile.mkdtemp(prefix="autodidact-page-")) / "examples.db"
            with contextlib.closing(self._connect()) as connection:
                connection.executescript(SCHEMA + example_full_text_search.SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise AutodidactError(f"no index of the examples can be made here: {error}") from None
        threading.Thread(target=self._make, daemon=True).start()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    def close(self) -> None:
        self._stopped = True
        shutil.rmtree(self._path.parent, ignore_errors=True)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one question. Raises AutodidactError where the index was thrown away meanwhile."""
        try:
            with contextlib.closing(self._connect()) as connection:
                yield connection
        except sqlite3.Error:
            raise AutodidactError("The index of the examples is being made anew", "Load again.") from None

    def _make(self) -> None:
        try:
            with contextlib.closing(self._connect()) as connection:
                for batch in self._batches(self._row, BATCH):
                    _add_rows(connection, batch)
                for batch in self._batches(example_full_text_search.words_of_line, WORDS_BATCH):
                    example_full_text_search.add_words(connection, batch)
                    self.read += sum(each.length for each in batch)
        except (AutodidactError, sqlite3.Error) as error:
            self.trouble = f"Not all examples could be indexed: {error}"
        except Exception as error:
            log.exception("the index of %s", self.folder)
            self.trouble = f"Not all examples could be indexed: {type(error).__name__}. The log says where."
        finally:
            self.done.set()

    def _batches(self, make: Callable[[Line], Any], size: int) -> Iterator[list[Any]]:
        """What `make` makes of each line of the two files, so many at a time."""
        n, batch = 0, []
        for fate in FATES:
            for number, place in enumerate(lines(self.store, f"{self.folder}/{fate}.jsonl"), 1):
                n += 1
                batch.append(make(Line(n, fate, number, *place)))
                if len(batch) == size:
                    yield batch
                    batch = []
                    # Requests come first.
                    time.sleep(0.002)
                if self._stopped:
                    return
        yield batch

    def _row(self, line: Line) -> tuple[Any, ...]:
        """What the index holds of a line but words and source. One that is no example is counted."""
        names = "", "", "", ""
        try:
            names = example_full_text_search.names_of(json.loads(line.text))
        except Exception:  # whatever a record holds, it costs only itself
            self._unread += 1
            self._named += [f"{line.fate}.jsonl:{line.number}"][: NAMED - len(self._named)]
        return line.n, line.fate, *names, line.start, line.length

    @property
    def note(self) -> str | None:
        """What is missing: dropped examples that were deleted, and lines that are no example; None for
        nothing.
        """
        notes = []
        if not self._dropped_there:
            notes.append("The dropped examples of this cycle were deleted (retention.dropped_days).")
        if self._unread:
            more = ", ..." if self._unread > NAMED else ""
            notes.append(
                f"Lines that are no example, or too long for one: {self._unread:,}"
                f" ({', '.join(self._named)}{more}). They are listed, but no word finds them."
            )
        return " ".join(notes) or None

    @property
    def share(self) -> float:
        """How much of the files is indexed, 0 to 1; 1 only when all of it is."""
        return 1.0 if self.done.is_set() and self.trouble is None else min(0.99, self.read / self.bytes)

    def search(self, wanted: dict[str, str], text: str, page: int, size: int) -> Found:
        """A page of the examples that have these values of FILTERS and all the words of `text`, in the order
        of their files. The last word may be unfinished.
        """
        self.used = time.monotonic()
        chosen = {name: wanted[name] for name in FILTERS if wanted.get(name)}
        words = example_full_text_search.words_of(text)[:MOST_WORDS]
        counted, short = bool(words or "source" in chosen), None
        with self._reading() as connection:
            if counted:
                query, short = example_full_text_search.query_of(connection, chosen, words)
                places, total = example_full_text_search.find(connection, query, size, size * (page - 1))
            else:
                places, total = _listed(connection, chosen, size, size * (page - 1))
        rows = [self._record(*place) for place in places]
        more = counted and total > example_full_text_search.COUNTED
        return Found(rows, example_full_text_search.COUNTED if more else total, more, self.share, short)

    def one(self, name: str) -> dict[str, Any] | None:
        """The example with this id, the kept one first; None where there is none (so far)."""
        self.used = time.monotonic()
        sql = "SELECT n, fate, start, length FROM rows WHERE id = ? ORDER BY n LIMIT 1"
        with self._reading() as connection:
            place = connection.execute(sql, [field(name)]).fetchone()
        return self._record(*place) if place else None

    def choices(self) -> dict[str, dict[str, int]]:
        """Filter to its values with how many examples have them, of the indexed ones."""
        found = {}
        with self._reading() as connection:
            for name in ("fate", "generator", "category", "rule"):
                sql = f"SELECT {name}, sum(number) FROM counts WHERE {name} != '' GROUP BY 1 ORDER BY 2 DESC"
                found[name] = dict(connection.execute(sql).fetchall())
        return found

    def _record(self, n: int, fate: str, start: int, length: int) -> dict[str, Any]:
        """The example as it stands in its file. One that is too large to be shown says so."""
        place = {"n": n, "fate": fate, "bytes": length}
        if length > MOST_BYTES:
            return place | {"too_large": True}
        try:
            line = self.store.read_part(f"{self.folder}/{fate}.jsonl", start, length)
            row = json.loads(line)
        except (AutodidactError, ValueError, RecursionError):
            return place | {"too_large": True}
        return (row if isinstance(row, dict) else {}) | place


def _add_rows(connection: sqlite3.Connection, batch: list[tuple[Any, ...]]) -> None:
    with connection:
        connection.executemany("INSERT INTO rows VALUES (?,?,?,?,?,?,?,?)", batch)
        more = "ON CONFLICT DO UPDATE SET number = number + 1"
        keys = [row[1:5] for row in batch]
        connection.executemany(f"INSERT INTO counts VALUES (?,?,?,?,1) {more}", keys)


def _listed(
    connection: sqlite3.Connection, chosen: dict[str, str], size: int, skip: int
) -> tuple[list[Any], int]:
    """((number, fate, start, length) of the lines of a page, how many lines have these values)."""
    condition, values = " AND ".join(["1", *(f"{name} = ?" for name in chosen)]), list(chosen.values())
    sql = f"SELECT n, fate, start, length FROM rows WHERE {condition} ORDER BY n LIMIT ? OFFSET ?"
    counted = f"SELECT sum(number) FROM counts WHERE {condition}"
    places = connection.execute(sql, [*values, size, skip]).fetchall()
    return places, connection.execute(counted, values).fetchone()[0] or 0


_indexes: dict[tuple[str, str], ExampleIndex] = {}
_lock = threading.Lock()


def index_of(store: Store, folder: str) -> ExampleIndex:
    """The index of the gate's files in `folder`, begun if it is not there; it waits a moment for it, so that
    an ordinary cycle is whole at the first view. One whose files changed, or that failed, is made anew.
    """
    keys = [f"{folder}/{fate}.jsonl" for fate in FATES]
    mark = tuple(store.size(key) if store.exists(key) else 0 for key in keys)
    mark += tuple(_changed(store, key) for key in keys)
    with _lock:
        found = _indexes.get((store.url, folder))
        if found is not None and (found.mark != mark or found.trouble):
            _indexes.pop((store.url, folder)).close()
            found = None
        if found is None:
            found = _indexes[store.url, folder] = ExampleIndex(store, folder, mark)
        for old in sorted(_indexes, key=lambda name: _indexes[name].used)[:-MOST_INDEXES]:
            _indexes.pop(old).close()
    found.done.wait(PATIENCE)
    return found


def _changed(store: Store, key: str) -> int:
    """When a local file was changed; 0 for a store that does not tell, where its size must do."""
    path = store.root and store.local(key)
    return path.stat().st_mtime_ns if path and path.exists() else 0


@atexit.register
def close_all() -> None:
    for index in _indexes.values():
        index.close()
