"""The passages that a retrieval chooses from: the sources that the generators read, at the same commit and by
the same readers.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from autodidact.errors import AutodidactError, Skipped
from autodidact.generators import select
from autodidact.ledger import cut_passages
from autodidact.ledger.cut_passages import LONG, Passage
from autodidact.records import canonical
from autodidact.sources.code.codebase import CodeBase, cached_analyses
from autodidact.sources.code.python_syntax import Unreadable, text_of
from autodidact.sources.documents.reader import Document, documents, prose
from autodidact.sources.reading_limits import within
from autodidact.sources.snapshot import Snapshot

# Of all sources. celery has 9,900, which are found in 7 s and searched in 12 ms.
MOST = 100_000
# Lines of one passage about a thing of a graph.
MOST_TRIPLES = 30


def passages(snapshot: Snapshot) -> list[Passage]:
    """The passages of what the configured generators read. A source that is absent, or cannot be read, has
    none; what cannot be read is counted as the generators count it.
    """
    found: dict[Passage, None] = {}
    chosen = select(snapshot.settings.generators.only)
    for name, read in _READERS.items():
        if name not in chosen:
            continue
        try:
            for passage in read(snapshot):
                found.setdefault(_named(passage, snapshot.repository_name))
                if len(found) >= MOST:
                    snapshot.troubles.add("passages beyond the limit", passage.title)
                    return list(found)
        except Skipped:
            continue
        except AutodidactError as error:
            snapshot.troubles.add("a source of the retrieval that cannot be read", error.message[:200])
    return list(found)


def _named(passage: Passage, repository: str | None) -> Passage:
    """The passage with the name of its repository, if it is of one of `sources.repositories`."""
    return replace(passage, title=f"{repository}:{passage.title}") if repository else passage


def _code(snapshot: Snapshot) -> Iterator[Passage]:
    """The Python files of the repository."""
    repository = snapshot.repository
    if repository is None:
        return
    code = CodeBase(repository, cached_analyses(snapshot.cache, snapshot.system))
    texts = dict.fromkeys(file.blob for file in code.files.values())
    paths: dict[str, list[str]] = {blob: [] for blob in texts}
    for path, file in code.files.items():
        paths[file.blob].append(path)
    for blob, data in repository.read_many(texts):
        try:
            text = text_of(data)
        except Unreadable:
            continue
        for path in paths[blob]:
            yield from cut_passages.code(path, text, code.files[path].definitions)


def _documents(snapshot: Snapshot) -> Iterator[Passage]:
    """The documents of the repository and those of the settings."""
    for document in documents(snapshot):
        made: list[Passage] = []
        with within(snapshot.troubles, document.path):
            made = _of_document(document)
        yield from made


def _of_document(document: Document) -> list[Passage]:
    if document.kind in ("compose", "kubernetes", "openapi"):
        return cut_passages.entries(document.path, document.text)
    return cut_passages.sections(document.path, document.text, prose(document).sections)


def _tools(snapshot: Snapshot) -> Iterator[Passage]:
    """Each tool with its description and its schema, a long one cut at its arguments."""
    from autodidact.sources.mcp.list_tools import tools

    for tool in tools(snapshot.settings.sources.mcp, snapshot.troubles, snapshot.cache):
        title, text = f"tool {tool.name} of {tool.server}", f"{tool.name}: {tool.description}"
        short = f"{text}\nArguments: {canonical(tool.schema)}"
        if len(short) <= LONG:
            yield Passage(title, short)
        else:
            yield Passage(title, text[:LONG])
            yield from cut_passages.entries(title, json.dumps(tool.schema, indent=1, ensure_ascii=False))


def _goals(snapshot: Snapshot) -> Iterator[Passage]:
    """Each goal, a field a line."""
    from autodidact.generators.goal_examples import read

    table = read(snapshot)
    for name, goal in table.goals.items():
        filled = {key: value for key, value in asdict(goal).items() if value and key not in ("ref", "word")}
        lines = [f"{key}: {_plain(value)}" for key, value in filled.items()]
        yield Passage(f"{table.source['ref']}: goal {name}", "\n".join(lines)[:LONG])


def _plain(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)


def _graphs(snapshot: Snapshot) -> Iterator[Passage]:
    """Of each thing of a kept graph, what the graph says of it."""
    from autodidact.generators.knowledge_graph import read

    for kept in read(snapshot).kept:
        by_subject: dict[str, list[str]] = {}
        for triple in kept.graph.triples:
            by_subject.setdefault(triple.subject, []).append(" ".join(triple))
        for subject, lines in by_subject.items():
            yield Passage(f"{kept.source['ref']}: {subject}", "\n".join(lines[:MOST_TRIPLES])[:LONG])


# What a generator's sources are cut into.
_READERS: dict[str, Callable[[Snapshot], Iterator[Passage]]] = {
    "ast_parser": _code,
    "architecture_docs": _documents,
    "tool_spec": _tools,
    "goal_examples": _goals,
    "knowledge_graph": _graphs,
}
