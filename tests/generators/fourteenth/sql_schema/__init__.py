"""The tables of the system's databases: their columns and what these refer to.

Source: the CREATE TABLE statements of the `.sql` files of `sources.repository` at the cycle's commit. Files that
changed since the window began come first.

    {"generator": "sql_schema", "category": "architecture",
     "messages": [{"role": "user", "content": "Which columns has the table `berth`?"},
                  {"role": "assistant", "content": "id, pier and length."}],
     "source": {"kind": "git", "ref": "schema.sql:1", "commit": "1f0c...", "path": "schema.sql", "lines": [1, 5]}}
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autodidact.errors import NoSource, Skipped
from autodidact.generators.writing import probe_questions
from autodidact.generators.writing.facts_into_words import Fact, choose, listing, to_examples
from autodidact.generators.writing.probe_questions import Wordings
from autodidact.knowledge.fact import Question
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot

NAME = "sql_schema"
CATEGORY = "architecture"

WORDINGS = {
    "created_in": Wordings(
        (
            "Which file creates the table `{}`?",
            "Where is the table `{}` created?",
            "I add a column to the table `{}`. Which file do I open?",
            "Name the file with the CREATE TABLE of `{}`.",
        ),
        "In what file is the table `{}` declared?",
        "The table `{}` is created in `{}`.",
    )
}

_TABLE = re.compile(r"CREATE\s+TABLE\s+(\w+)\s*\((.*?)\)\s*;", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"^\s*(?!PRIMARY\b|FOREIGN\b|UNIQUE\b|CHECK\b|CONSTRAINT\b)(\w+)\s+\w", re.IGNORECASE)
_REFERENCE = re.compile(r"\bREFERENCES\s+(\w+)", re.IGNORECASE)


@dataclass
class Table:
    name: str
    columns: list[str]
    references: list[str]
    source: dict
    fresh: bool


def read(snapshot: Snapshot) -> list[Table]:
    """The tables, by file. Skipped without any."""
    repository = snapshot.repository
    if repository is None:
        raise NoSource("no repository: set sources.repository", setting="sources.repository")
    changed, found = repository.changed(snapshot.previous_commit), []
    for entry in repository.files([".sql"]):
        text = repository.read(entry.blob).decode("utf-8", "replace")
        for match in _TABLE.finditer(text):
            lines = [text.count("\n", 0, place) + 1 for place in match.span()]
            where = {"kind": "git", "ref": f"{entry.path}:{lines[0]}", "commit": repository.commit}
            where |= {"path": entry.path, "lines": lines}
            columns = [column[1] for line in match[2].split("\n") if (column := _COLUMN.match(line))]
            references = _REFERENCE.findall(match[2])
            found.append(Table(match[1], columns, references, where, entry.path in changed))
    if not found:
        raise Skipped("the repository creates no table")
    return found


def questions(facts: list[Table], snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks: which file creates a table."""
    return probe_questions.questions(NAME, probe_facts(facts, snapshot), WORDINGS)


def probe_facts(facts: list[Table], snapshot: Snapshot) -> list[probe_questions.ProbeFact]:
    """Which file creates each table."""
    return [
        probe_questions.ProbeFact(
            "created_in", table.name, table.source["path"], [table.source["path"]], table.source, table.fresh
        )
        for table in {table.name: table for table in facts}.values()
    ]


def examples(facts: list[Table], snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """Where each table is created, its columns, and the tables that these refer to."""
    yield from probe_questions.examples(asked, WORDINGS, CATEGORY)
    groups: dict[str, list[Fact]] = {"columns": [], "references": []}
    for table in facts:
        ask, answer = f"Which columns has the table `{table.name}`?", f"{listing(table.columns)}."
        groups["columns"].append(Fact(ask, answer, table.source, table.fresh))
        ask = f"To which tables does `{table.name}` refer?"
        answer = f"{listing(table.references)}." if table.references else "To none."
        groups["references"].append(Fact(ask, answer, table.source, table.fresh, short=True))
    yield from to_examples(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))
