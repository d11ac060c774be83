"""The words of a cycle's examples in SQLite's full-text index, and a search that is quick for common words.

Fate, generator, category, rule and source stand in the index beside the words, each as a mark that no text
can hold. So one search finds all of them together, reads the lines that fit in their order, and ends where
the page is full.
"""

import json
import re
import sqlite3
import unicodedata
from typing import Any, NamedTuple

from autodidact.gate.compact_examples import origin
from autodidact.gate.hidden_examples import field, may_be_shown, source_of, texts_of
from autodidact.records import sha256

FILTERS = ("fate", "generator", "category", "rule", "source")
# Characters of an example whose words are indexed, and words of a search.
INDEXED, MOST_WORDS = 20_000, 12
# Examples that are found and counted one by one: a count of a million takes longer than a page may.
COUNTED = 10_000
# Words that an unfinished word may stand for; with more of them it is looked for as it is. SQLite's own
# search for beginnings of words reads all lines of all of them first: half a second for a common one.
ENDINGS = 100

# The texts are made of words already: SQLite parts them at the spaces.
SCHEMA = """
    CREATE TABLE vocabulary (word PRIMARY KEY) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5(text, content='', detail='none', columnsize=0, tokenize='ascii');
"""
_WORD = re.compile(r"[^\W_]+")


class Line(NamedTuple):
    """A line of kept.jsonl or dropped.jsonl: its number in both and in its own file, and where it stands."""

    n: int
    fate: str
    number: int
    start: int
    length: int
    text: bytes


class LineWords(NamedTuple):
    """What the index of the words gets of a line; neither words nor marks where its text is not shown."""

    n: int
    length: int
    words: list[str]
    marks: list[str]


def words_of(text: str) -> list[str]:
    """The words of a text, each once: runs of letters and digits, without case and accents."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return list(dict.fromkeys(_WORD.findall(text.casefold())))


def words_of_line(line: Line) -> LineWords:
    nothing = LineWords(line.n, line.length, [], [])
    try:
        row = json.loads(line.text)
        messages, source = texts_of(row), source_of(row)
        if not messages or not may_be_shown(row, messages):
            return nothing
        where = origin({"kind": "", "ref": "", **source}) or source.get("ref")
        words = words_of(f"{' '.join(text for _, text in messages)[:INDEXED]} {source.get('ref') or ''}")
        values = (line.fate, *names_of(row)[:3], field(where))
        marks = [_mark(name, value) for name, value in zip(FILTERS, values, strict=True) if value]
        return LineWords(line.n, line.length, words, marks)
    except Exception:  # no conversation
        return nothing


def names_of(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """Generator, category, rule and id of a record; "" for none. Raises AttributeError for what is none."""
    dropped = row.get("dropped")
    why = dropped if isinstance(dropped, dict) else {}
    found = row.get("generator"), row.get("category"), why.get("rule"), row.get("id")
    return field(found[0]), field(found[1]), field(found[2]), field(found[3])


def _mark(name: str, value: str) -> str:
    """What the index has for a filter's value. No word begins with this character, which is no letter."""
    return f"\ue000{sha256(f'{name}={value}')[:16]}"


def add_words(connection: sqlite3.Connection, batch: list[LineWords]) -> None:
    with connection:
        every = sorted({word for each in batch for word in each.words})
        connection.executemany("INSERT OR IGNORE INTO vocabulary VALUES (?)", ((word,) for word in every))
        texts = [(each.n, " ".join(each.words + each.marks)) for each in batch if each.marks]
        connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", texts)


def find(
    connection: sqlite3.Connection, query: str, size: int, skip: int
) -> tuple[list[tuple[int, str, int, int]], int]:
    """((number, fate, start, length) of the lines of a page, how many lines fit: at most COUNTED + 1). No
    line beyond those that are counted is found.
    """
    number = max(0, min(size, COUNTED - skip))
    page = """
        SELECT n, fate, start, length
        FROM (SELECT rowid AS n FROM words WHERE words MATCH ? ORDER BY rowid LIMIT ? OFFSET ?)
        CROSS JOIN rows USING (n) ORDER BY n
    """
    counted = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    places = connection.execute(page, (query, number, skip)).fetchall()
    return places, connection.execute(counted, (query, COUNTED + 1)).fetchone()[0]


def query_of(
    connection: sqlite3.Connection, chosen: dict[str, str], words: list[str]
) -> tuple[str, str | None]:
    """(what SQLite looks for, the unfinished word that is looked for as it is). It looks for every value of
    FILTERS and every word, of which the last one may be unfinished.
    """
    parts = [f'"{part}"' for part in [_mark(*each) for each in chosen.items()] + words[:-1]]
    short = None
    if words:
        last = words[-1]
        sql = "SELECT word FROM vocabulary WHERE word >= ? AND word < ? LIMIT ?"
        begun = [row[0] for row in connection.execute(sql, (last, f"{last}\U0010ffff", ENDINGS + 1))]
        short = last if len(begun) > ENDINGS else None
        ends = begun if begun and not short else [last]
        parts.append("(" + " OR ".join(f'"{word}"' for word in ends) + ")")
    return " AND ".join(parts), short
