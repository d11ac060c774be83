"""What the documents say about how the system is built: which layers and services it has, who owns what, how
a request goes, which ports and needs.

Source: documents of the repository at the cycle's commit, and those that `sources.documents` names (files,
folders, globs): Markdown, MDX, reStructuredText and AsciiDoc with their tables, Mermaid (flowcharts,
sequences, states, classes, entities) and Graphviz digraphs, alone or inside them, docker-compose files with
what they extend and include, Kubernetes manifests, OpenAPI 2 and 3 in YAML or JSON. Jinja and Helm templates
and other diagrams are counted and left out; secrets are never read, and of environment values only the
addresses of other services. Asked: explain a section or a layer, where something is documented, cells of
tables, arrows, the way of a request, steps in order, ports, images, dependencies, start order, operations,
parameters and schemas, and what is not so, where all was read that could be. Changed documents come first. In
the register `full` a whole passage is quoted, list and code included, with its file and heading, and services
are written as prose: "`cart` depends on `db` directly, and `web` through `cart` (for example `web` -> `cart`
-> `db`)."

    {"generator": "architecture_docs", "category": "architecture",
     "messages": [{"role": "user", "content": "Which port of the host does payments publish in
     docker-compose.yaml?"},
                  {"role": "assistant", "content": "8103"}],
     "source": {"kind": "document", "ref": "samples/documents/docker-compose.yaml", "asks": ["port",
     "payments"]}, "short": true}
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from autodidact.errors import AutodidactError, NoSource
from autodidact.generators.architecture_docs import diagram_questions as docs_diagrams
from autodidact.generators.architecture_docs import (
    docker_compose_questions,
    kubernetes_questions,
    openapi_questions,
)
from autodidact.generators.architecture_docs import state_class_entity_diagrams as docs_models
from autodidact.generators.architecture_docs import text_and_table_questions as docs_prose
from autodidact.generators.architecture_docs.document_probe_facts import WORDINGS, Facts, placeholders
from autodidact.generators.architecture_docs.document_probe_facts import gone as gone
from autodidact.generators.architecture_docs.full import full_examples as full_examples
from autodidact.generators.writing import open_book, probe_questions
from autodidact.generators.writing.facts_into_words import Fact, choose, to_examples
from autodidact.generators.writing.probe_questions import ProbeFact
from autodidact.generators.writing.quotations_altered_by_masks import without_masks
from autodidact.knowledge.fact import Question
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import Example
from autodidact.sources.documents import read_referenced_file
from autodidact.sources.documents.compose import compose
from autodidact.sources.documents.diagram import Diagram
from autodidact.sources.documents.graphviz import dot
from autodidact.sources.documents.kubernetes_manifests import manifests
from autodidact.sources.documents.mermaid import mermaid
from autodidact.sources.documents.openapi import openapi
from autodidact.sources.documents.reader import Document, Section, decoded, documents, named_documents, prose
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.reading_limits import Budget, within
from autodidact.sources.snapshot import Snapshot
from autodidact.stage import Troubles

NAME = "architecture_docs"
CATEGORY = "architecture"

# Of all diagrams of one document.
MAX_ARROWS = 5_000

# Each document, and what was read of it.
_Documents = list[tuple[Document, Any]]

_READERS = {"compose", "kubernetes", "openapi"}
# What a diagram is called where a section has several.
_WORDS = {
    "flowchart": "flowchart",
    "sequence": "sequence diagram",
    "state": "state diagram",
    "class": "class diagram",
    "er": "entity diagram",
}


def examples(facts: _Documents, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the knowledge probe, then questions that the documents answer."""
    yield from probe_questions.examples(asked, WORDINGS, CATEGORY)
    met = {
        wording.format(q.subject)
        for q in asked
        for wording in (*WORDINGS[q.kind].trained, WORDINGS[q.kind].reserved)
    }
    groups = {
        name: [fact for fact in found if fact.user not in met]
        for name, found in _facts(snapshot, facts).items()
    }
    # In turns of the documents: a large one, or one that somebody filled on purpose, does not crowd out the
    # rest.
    chosen = choose(groups, snapshot.limit, snapshot.rng(NAME), origin=_document)
    opened = open_book.questions(_relations(facts), snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from without_masks(to_examples(NAME, CATEGORY, open_book.mixed(chosen, opened)))


def _document(fact: Fact) -> str:
    """Which document a fact is from: its `ref` without the line."""
    return re.sub(r":\d+$", "", fact.source["ref"])


def read(snapshot: Snapshot) -> _Documents:
    """Each document and what was read of it: sections, or what its own reader makes. Skipped without any."""
    found = list(documents(snapshot))
    if not found:
        raise NoSource(
            "there is no document in the repository, and sources.documents names none",
            setting="sources.documents",
        )
    paths = {document.path for document in found}
    if snapshot.repository:
        # A file of that name that is no document may be the one that is meant.
        paths.update(entry.path for entry in snapshot.repository.files())
    names = Counter(path.rpartition("/")[2] for path in paths)
    found = [
        replace(d, name=d.path if names[d.name] > 1 else d.name) for d in found
    ]  # a name alone must not be ambiguous
    repository = read_referenced_file.of_repository(snapshot.repository) if snapshot.repository else None
    named = read_referenced_file.of_named(named_documents(snapshot, Troubles()))
    every = (
        (document, _parsed(document, snapshot.troubles, repository if _is_committed(document) else named))
        for document in found
    )
    return [(document, parsed) for document, parsed in every if parsed is not None]


def _is_committed(document: Document) -> bool:
    return document.source["kind"] == "git"


def _parsed(document: Document, troubles: Troubles, files: Callable[[str], str | None] | None):
    """What its reader makes of a document; None, counted, where it cannot be read within the budget. `files`:
    the texts of the files that it names.
    """
    # The whole path, by which the files that it names are found.
    text, path = document.text, document.source["ref"]
    with within(troubles, path):
        if document.kind == "compose":
            return compose(text, path, troubles, files or (lambda path: None))
        if document.kind == "kubernetes":
            return manifests(text, path, troubles)
        if document.kind == "openapi":
            return openapi(text, path, troubles)
        return prose(document, troubles)
    return None


def _facts(snapshot: Snapshot, read: _Documents) -> dict[str, list[Fact]]:
    kinds = (
        "sections",
        "places",
        "outlines",
        "tables",
        "layers",
        "arrows",
        "ways",
        "steps",
        "models",
        "compose",
        "start order",
        "kubernetes",
        "openapi",
    )
    groups: dict[str, list[Fact]] = {kind: [] for kind in kinds}
    texts = [(document, found) for document, found in read if document.kind not in _READERS]
    titles = docs_prose.Titles(texts)
    others = [(document, found) for document, found in texts if document.kind == "prose" and found.sections]
    for document, found in read:
        with within(snapshot.troubles, document.path):
            made = _facts_of(document, found, titles, others, snapshot)
            for kind, facts in made.items():
                groups[kind] += facts
    return groups


def _facts_of(
    document: Document, found, titles: docs_prose.Titles, others: list, snapshot: Snapshot
) -> dict[str, list[Fact]]:
    """The facts of one document, by kind."""
    made: dict[str, list[Fact]] = defaultdict(list)
    rng = snapshot.rng(NAME, document.path)
    if document.kind == "compose":
        made["compose"] += docker_compose_questions.composed(found, document, rng)
        made["start order"] += docker_compose_questions.start_order(found, document, rng)
    elif document.kind == "kubernetes":
        made["kubernetes"] += kubernetes_questions.cluster(found, document, rng)
    elif document.kind == "openapi":
        made["openapi"] += openapi_questions.described(found, document, rng) if found else ()
    else:
        arrows = Budget(MAX_ARROWS, f"diagrams with more than {MAX_ARROWS:,} arrows in one document")
        made["outlines"] += docs_prose.outline(document, found)
        tables = docs_prose.Tables(found)
        for section in found.sections:
            made["sections"] += docs_prose.explained(section, document, titles, rng)
            made["places"] += docs_prose.places(section, document, titles, others, rng) if others else ()
            for table in section.tables:
                made["tables"] += docs_prose.cells(table, section, document, rng, tables)
            if not titles.repeated(section, document):
                for kind, fact in _drawn(section, document, rng, snapshot.troubles, arrows):
                    made[kind].append(fact)
    return made


def _relations(read: _Documents) -> Iterator[open_book.Relation]:
    """The services of compose files and which section stands where, for questions that bring their facts
    along.
    """
    titled: dict[str, tuple[str, dict]] = {}
    counts: Counter = Counter()
    for document, found in read:
        if document.kind == "compose":
            yield from docker_compose_questions.relations(found, document)
        elif document.kind not in _READERS:
            for section in found.sections:
                title = section.title.replace("`", "")
                counts[title] += 1
                titled[title] = document.name, document.source | {"asks": ["open book"]}
    single = [
        title
        for title in titled
        if counts[title] == 1 and 0 < len(title) <= open_book.LONGEST and title != titled[title][0]
    ]
    if single:
        triples = [Triple(title, "stands_in", titled[title][0]) for title in single]
        yield open_book.Relation(
            docker_compose_questions.PHRASES["stands_in"],
            triples,
            lambda triples: titled[triples[0].subject][1],
            "document",
        )


def _drawn(
    section: Section, document: Document, rng, troubles: Troubles, arrows: Budget
) -> Iterator[tuple[str, Fact]]:
    """Facts of a section's diagrams, none where one of them is over budget. Of two of a kind nobody could
    tell which is meant: neither is asked about.
    """
    diagrams: list[Diagram | None] = []
    place = f"{document.path}:{section.line}"
    with within(troubles, place):
        drawn = [mermaid(text, troubles, place) for text in section.mermaid]
        drawn += [dot(text, troubles, place) for text in section.dot]
        arrows.spend(sum(len(diagram.edges) + len(diagram.relations) for diagram in drawn if diagram))
        diagrams = drawn
    kinds = Counter(diagram.kind for diagram in diagrams if diagram)
    for diagram in diagrams:
        if not diagram or kinds[diagram.kind] > 1:
            continue
        word = "diagram" if len(diagrams) == 1 else _WORDS[diagram.kind]
        if diagram.kind == "flowchart":
            yield from docs_diagrams.flowchart(diagram, section, document, rng, word)
        elif diagram.kind == "sequence":
            yield from (("steps", fact) for fact in docs_diagrams.sequence(diagram, section, document, word))
        else:
            yield from (("models", f) for f in docs_models.modelled(diagram, section, document, rng, word))


def questions(facts: _Documents, snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks of these documents; what is new or changed since the champion's commit
    comes first and is `fresh`.
    """
    return probe_questions.questions(NAME, probe_facts(facts, snapshot), WORDINGS)


def probe_facts(facts: _Documents, snapshot: Snapshot) -> list[ProbeFact]:
    """Every fact of these documents that has one right answer."""
    replaced = placeholders(snapshot)
    found, old = Facts(replaced), Facts(replaced)
    titles = docs_prose.Titles(
        [(document, parsed) for document, parsed in facts if document.kind not in _READERS]
    )
    repository, champion = snapshot.repository, snapshot.champion_commit
    changed: set[str] | None = None
    blobs: dict[str, str] = {}
    before: Repository | None = None
    then_files: Callable[[str], str | None] | None = None
    if snapshot.champion_code_unknown:
        changed = set()
    elif repository and champion:
        changed, before = repository.changed(champion), repository.at(champion)
        blobs = {entry.path: entry.blob for entry in before.files()}
        then_files = read_referenced_file.of_repository(before)
    try:
        for document, parsed in facts:
            outside = document.source["kind"] != "git"  # no history: its facts are compared one by one
            fresh = outside or changed is None or document.path in changed
            _add(found, document, parsed, titles, fresh)
            if before and fresh and document.path in blobs and not outside:
                try:
                    text = decoded(before.read(blobs[document.path]))
                except AutodidactError:
                    continue
                if text is None:
                    continue
                then = replace(document, text=text)
                _add(old, then, _parsed(then, Troubles(), then_files), titles, False)
    finally:
        if before:
            before.close()
    outside_git = found.outside()
    compared = Compared(snapshot, "facts", outside_git)
    return [
        replace(fact, fresh=compared.news(name)) if name in outside_git else fact
        for name, fact in ((f"{fact.kind}/{fact.subject}", fact) for fact in found.all(old))
    ]


def _add(facts: Facts, document: Document, parsed, titles: docs_prose.Titles, fresh: bool) -> None:
    if document.kind in _READERS:
        if parsed:
            getattr(facts, document.kind)(parsed, document, fresh)
    elif document.kind == "prose" and parsed:
        facts.sections(parsed, document, titles, fresh)
