"""The register `full` of knowledge_graph: relations in prose with their reasons, and conversations."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import autodidact.generators.knowledge_graph.graph_probe_facts as single_answers
from autodidact.generators.knowledge_graph.full.class_and_call_prose import DefinitionRows
from autodidact.generators.knowledge_graph.full.import_graph_prose import CodeRows
from autodidact.generators.knowledge_graph.full.import_lookup_conversations import Reading
from autodidact.generators.knowledge_graph.full.module_quotes import Sources
from autodidact.generators.knowledge_graph.full.user_graph_prose import KeptRows
from autodidact.generators.writing import probe_questions
from autodidact.generators.writing.conversations import RepositoryTools, assistant, user
from autodidact.generators.writing.template_rotation import Row, Shapes, in_turns, prompted, written
from autodidact.knowledge.fact import Question
from autodidact.records import Example
from autodidact.shipped_tables import read_table
from autodidact.sources.code.import_graph import CodeGraph
from autodidact.sources.code.relations import cached_relations
from autodidact.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from autodidact.generators.knowledge_graph import Graphs

NAME = "knowledge_graph"
CATEGORY = "architecture"

_TABLE = read_table(__file__)
# Of the limit, what is made, so that the filter of frames has a choice.
SPARE = 1.5
# Kinds whose answers about one thing have much in common.
_ALIKE = ({"impact", "delete"}, {"impact", "around"}, {"brief", "down"})
# What a few pasted lines say holds for these alone: what follows would be of the whole graph.
_PASTED = ("pasted", "pasted way")


def full_examples(facts: "Graphs", snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The full wordings of the knowledge probe, then what the graphs say."""
    yield from _of_probe(facts, snapshot, asked)
    rng = snapshot.rng(NAME, "full")
    groups: dict[str, list[Row]] = defaultdict(list)
    for kind, row in _rows(facts, snapshot, rng):
        groups[kind].append(row)
    chosen = in_turns(groups, int(snapshot.limit * SPARE), rng)
    yield from written(NAME, CATEGORY, prompted(chosen, snapshot.system, rng))


def _of_probe(facts: "Graphs", snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The full wordings of the probe; those of imports go on with the line that proves it."""
    sources = Sources(snapshot.repository, facts.code) if snapshot.repository and facts.code else None
    by_id = {one.id: one for one in asked}
    for row in probe_questions.full_examples(asked, single_answers.wordings(asked), CATEGORY):
        one = by_id[str((row.model_extra or {})["probe"])]
        pair = (one.subject, one.accept[0])
        pair = pair[::-1] if one.kind == single_answers.IMPORTED else pair
        imports = one.kind in (single_answers.IMPORTED, single_answers.ONLY_IMPORT)
        proof = sources.proof(*pair) if sources and imports else ""
        yield probe_questions.with_more(row, f"The import is {proof}." if proof else "", one)


def _rows(facts: "Graphs", snapshot: Snapshot, rng: random.Random) -> Iterator[tuple[str, Row]]:
    for one in facts.kept:
        own = snapshot.rng(NAME, "full", one.source["kind"])
        ask, say = Shapes(_TABLE["kept ask"], own), Shapes(_TABLE["kept say"], own)
        made = list(KeptRows(one.graph, one.unread, one.source, one.compared.fresh, ask, say, own).rows())
        if not any(row.answer for _, row in made):
            snapshot.troubles.add("a graph too small for a text about it", one.source["ref"])
        yield from made
        yield from _followed(made, Shapes(_TABLE["kept follow"], own), "s", own, quoted=False)
    if facts.code and snapshot.repository:
        yield from _of_code(facts.code, snapshot, rng)


def _of_code(code: CodeGraph, snapshot: Snapshot, rng: random.Random) -> Iterator[tuple[str, Row]]:
    """Rows about modules, classes and functions, and conversations about modules."""
    repository = snapshot.repository
    assert repository is not None
    modules = {path: name for name, path in code.paths.items()}
    found = cached_relations(repository, modules, snapshot.cache, snapshot.system)
    changed = repository.changed(snapshot.previous_commit)
    ask, say = Shapes(_TABLE["ask"], rng), Shapes(_TABLE["say"], rng)
    sources = Sources(repository, code)
    rows = CodeRows(code, sources, changed, ask, say, rng)
    made = list(rows.rows())
    yield from made
    yield from _followed(made, Shapes(_TABLE["follow"], rng), "m", rng, quoted=True)
    talk = Shapes(_TABLE["ask talk"], rng)
    yield from Reading(rows, RepositoryTools(repository), talk, rng).conversations()
    definitions = DefinitionRows(
        found, lambda path: _cited(path, sources), changed, ask, rng, sources.text_at
    )
    own = list(definitions.rows())
    yield from own
    yield from _followed(own, Shapes(_TABLE["follow"], rng), "m", rng, quoted=True)


def _cited(path: str, sources: Sources) -> dict:
    return {"kind": "git", "ref": path, "commit": sources.commit, "path": path}


def _followed(
    rows: Sequence[tuple[str, Row]], follow: Shapes, name: str, rng: random.Random, *, quoted: bool
) -> Iterator[tuple[str, Row]]:
    """Two rows about one thing as a conversation; the second question is put as one that follows."""
    by_thing: dict[str, list[Row]] = defaultdict(list)
    for _, row in rows:
        if row.user and row.answer and _plain(row) not in _PASTED:
            by_thing[row.source["asks"][1]].append(row)
    for thing, found in sorted(by_thing.items()):
        later = [row for row in found if row.source["asks"][0].partition(" ")[2] in follow]
        for second in rng.sample(later, min(2, len(later))):
            kind = second.source["asks"][0]
            others = [
                row
                for row in found
                if row.source["asks"][0] != kind
                and {_plain(row), _plain(second)} not in _ALIKE
                and len(row.answer) < 700
                and not _said(row.answer) & _said(second.answer)
                and not _same_ends(row, second)
            ]
            if not others:
                continue
            first = rng.choice(others)
            names = {name: f"`{thing}`" if quoted else thing, "n": f"`{second.source['asks'][-1]}`"}
            ask = follow.draw(kind.partition(" ")[2], **names)
            # The yes or no is that of the question which it was made for.
            answer = re.sub(r"^(?:Yes|No)\. ", "", second.answer)
            source = second.source | {"asks": [f"talk {kind}", thing]}
            history = [user(first.user), assistant(first.answer)]
            yield f"talk {kind}", replace(second, user=ask, answer=answer, history=history, source=source)


def _same_ends(one: Row, other: Row) -> bool:
    """Whether two rows are about the way from one thing to the same other one."""
    ends = [row.source["asks"][1:] for row in (one, other)]
    return ends[0] == ends[1] and len(ends[0]) > 1


def _plain(row: Row) -> str:
    """The kind of a row without the kind of its graph."""
    return str(row.source["asks"][0]).partition(" ")[2]


def _said(text: str) -> set[str]:
    """The sentences and lines of an answer that are long enough to be noticed when they come again."""
    parts = re.split(r"(?<=[.!?:]) +|\n+", text)
    return {part.lower() for part in parts if len(part) > 25}
