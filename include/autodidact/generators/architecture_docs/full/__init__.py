"""The register `full` of architecture_docs: answers in prose, quoted whole from the documents and put to use,
conversations, and lines that are read before they are spoken of.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import autodidact.generators.architecture_docs.text_and_table_questions as docs_prose
from autodidact.generators.architecture_docs.document_probe_facts import WORDINGS
from autodidact.generators.architecture_docs.full.conversations import Talk, followed
from autodidact.generators.architecture_docs.full.diagram_prose import drawn
from autodidact.generators.architecture_docs.full.docker_compose_prose import ComposeRows
from autodidact.generators.architecture_docs.full.folder_contents import folders as folders_of
from autodidact.generators.architecture_docs.full.heading_phrases import TABLE, said
from autodidact.generators.architecture_docs.full.kubernetes_prose import ClusterRows
from autodidact.generators.architecture_docs.full.manifests_of_one_folder import folders as cluster_folders
from autodidact.generators.architecture_docs.full.openapi_prose import ApiRows
from autodidact.generators.architecture_docs.full.port_and_image_notes import noted, owners, versions_before
from autodidact.generators.architecture_docs.full.quotable_passages import first_sentence, longest
from autodidact.generators.architecture_docs.full.quoting_answers import (
    DocumentRows,
    Pair,
    opening_of,
    sections_below,
)
from autodidact.generators.architecture_docs.full.section_blocks import Part, parts
from autodidact.generators.architecture_docs.full.section_worth import (
    is_example_data,
    is_generated,
    is_placed,
    repeated_openings,
    says_little,
)
from autodidact.generators.architecture_docs.full.settings_and_terms import described, rows, settings
from autodidact.generators.writing import probe_questions
from autodidact.generators.writing.conversations import RepositoryTools
from autodidact.generators.writing.quotations_altered_by_masks import without_masks
from autodidact.generators.writing.template_rotation import Row, Shapes, in_turns, prompted, written
from autodidact.knowledge.fact import Question
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.documents.reader import Document
from autodidact.sources.reading_limits import within
from autodidact.sources.snapshot import Snapshot

_SERVICES = read_table(__file__, "services.yaml")

NAME = "architecture_docs"
CATEGORY = "architecture"

# Share of letters beyond ASCII from which on a text is not in English.
FOREIGN = 0.2
_TRANSLATED = re.compile(r"[-_.][a-z]{2}(?:[-_][A-Za-z]{2,4})?(\.\w+)\Z")
# Rows of the knowledge probe come first; of the limit, what is made besides, so that the gate has a choice.
SPARE = 1.5


def full_examples(
    facts: list[tuple[Document, Any]], snapshot: Snapshot, asked: list[Question]
) -> Iterator[Example]:
    """The full wordings of the knowledge probe, then what the documents say."""
    groups, openings = _rows(facts, snapshot)
    paths = {document.source["ref"]: document.path for document, _ in facts}
    requests = {
        d.source["ref"]: {o.name for o in api.operations} for d, api in facts if d.kind == "openapi" and api
    }
    questions = [
        by_path(one, paths.get(one.source.ref, ""), requests.get(one.source.ref, ())) for one in asked
    ]
    sections = {one.id: one for one in questions if one.kind == "section"}
    by_id = {one.id: one for one in questions}
    subjects = {one.id: one.subject for one in questions if one.kind != "section"}
    known = owners(asked)
    for row in probe_questions.full_examples(questions, WORDINGS, CATEGORY):
        asks = (row.model_extra or {})["probe"]
        if asks in subjects:
            yield noted(_shortly(row, subjects[asks]), by_id[asks], known)
        else:
            one = sections[asks]
            opening = openings.get((one.source.ref.rpartition(":")[0], one.subject), "")
            # A place with nothing of what is there helps nobody to tell whether it is the right one.
            if opening:
                yield probe_questions.with_more(row, opening, one)
    rng = snapshot.rng(NAME, "full")
    limit = int(snapshot.limit * SPARE)
    chosen = in_turns(groups, limit, rng)
    yield from without_masks(written(NAME, CATEGORY, prompted(chosen, snapshot.system, rng)))


def _shortly(row: Example, subject: str) -> Example:
    """The row; its answer says "`web`" where the question has named the path and did not ask for a place."""
    name, _, path = subject.partition(" in ")
    asked, answer = row.messages[-2]["content"], row.messages[-1]["content"]
    if path and subject in asked and not re.search(r"\b[Ww]here\b", asked):
        short = answer.replace(subject, name)
        return example(NAME, CATEGORY, asked, short, row.source.model_dump(), **(row.model_extra or {}))
    return row


def by_path(question: Question, path: str, requests: Collection[str] = ()) -> Question:
    """A question whose subject names the path: "`web` in `deploy/web.yaml`", not "web (web.yaml)".
    `requests`: those of its own API; nobody takes an operation for the request of another one.
    """
    name, _, file = question.subject.partition(" (")
    if question.kind == "operation":
        near = [one for one in question.confuse if one in requests]
        question = question.model_copy(update={"confuse": near})
    if question.kind.endswith("_image"):
        # Nobody takes a database for a broker, but a version for the one before.
        question = question.model_copy(update={"confuse": versions_before(question.accept[0])})
    if question.kind == "section" or not path.endswith(file.rstrip(")") or " "):
        return question
    return question.model_copy(update={"subject": f"`{name}` in `{path}`"})


def _rows(
    facts: list[tuple[Document, Any]], snapshot: Snapshot
) -> tuple[dict[str, list[Row]], dict[tuple[str, str], str]]:
    """The rows by kind; (where a document is, heading) -> how that section begins, if that tells what it is
    about.
    """
    rng = snapshot.rng(NAME, "full shapes")
    shapes = Pair(Shapes(TABLE["ask"], rng), Shapes(TABLE["say"], rng))
    groups: dict[str, list[Row]] = defaultdict(list)
    texts = [(document, found) for document, found in facts if document.kind == "prose" and found.sections]
    texts = [
        (document, found)
        for document, found in texts
        if not is_foreign(document, facts) and not is_generated(document.text)
    ]
    titles = docs_prose.Titles(texts)
    prose = {document.path: found for document, found in texts}
    pictures = Pair(Shapes(TABLE["diagram ask"], rng), Shapes(TABLE["diagram say"], rng))
    read: list[tuple[Document, list[Part]]] = []
    for document, found in texts:
        with within(snapshot.troubles, document.path):
            read.append((document, parts(document, found)))
    repeated = repeated_openings(part for _, found in read for part in found)
    tools = RepositoryTools(snapshot.repository) if snapshot.repository else None
    times: Counter[str] = sum((described(found) for _, found in read), Counter())
    most = longest(snapshot.settings.gate.max_tokens)
    for document, found in read:
        own = snapshot.rng(NAME, "full", document.path)
        passages = DocumentRows(document, found, titles, shapes, most, repeated)
        with within(snapshot.troubles, document.path):
            made = [
                *passages.rows(),
                *Talk(passages, tools).rows(),
                *settings(document, found, shapes, times),
                *rows(document, found, shapes, own),
                *drawn(document, prose[document.path], titles, pictures, own),
            ]
            for kind, row in made:
                groups[kind].append(row)
    for kind, row in folders_of(read, shapes):
        groups[kind].append(row)
    services = list(_services(facts, snapshot))
    follow = Shapes(_SERVICES["follow"], rng)
    for kind, row in (*services, *followed(services, follow, rng)):
        groups[kind].append(row)
    return groups, _openings(read, repeated)


def _openings(
    read: list[tuple[Document, list[Part]]], repeated: Collection[str]
) -> dict[tuple[str, str], str]:
    """(where a document is, heading) -> how that section begins; sections that say little are left out."""
    return {
        (document.source["ref"], part.section.title): _opening(part)
        for document, found in read
        for part in found
        if not is_example_data(document.path)
        and is_placed(part, found, document.path)
        and not says_little(part, sections_below(part, found))
        and first_sentence(part) not in repeated
    }


def _opening(part: Part) -> str:
    """How a section begins; "" where that does not tell what it is about."""
    opening = said(opening_of(part))
    return f"It begins: {opening}" if opening else ""


def is_foreign(document: Document, facts: list[tuple[Document, Any]]) -> bool:
    """Whether a document is a translation, or in a script that English sentences cannot quote well."""
    letters = [letter for letter in document.text[:20_000] if letter.isalpha()]
    if sum(not letter.isascii() for letter in letters) > len(letters) * FOREIGN:
        return True
    original = _TRANSLATED.sub(r"\1", document.path)
    return original != document.path and any(other.path == original for other, _ in facts)


def _services(facts: list[tuple[Document, Any]], snapshot: Snapshot) -> Iterator[tuple[str, Row]]:
    """(kind, row) of Compose files and of folders of manifests."""
    rng = snapshot.rng(NAME, "full services")

    def shapes(kind: str) -> Pair:
        return Pair(Shapes(_SERVICES[f"{kind} ask"], rng), Shapes(_SERVICES[f"{kind} say"], rng))

    compose, cluster = shapes("compose"), shapes("cluster")
    api = Shapes(TABLE["api ask"], rng)
    shared = _shared(
        [one.name for one in found.services] for d, found in facts if d.kind == "compose" and found
    )
    for document, found in facts:
        if document.kind == "compose" and found:
            with within(snapshot.troubles, document.path):
                yield from ComposeRows(found, document, compose, rng, shared).rows()
        elif document.kind == "openapi" and found:
            with within(snapshot.troubles, document.path):
                yield from ApiRows(found, document, api).rows()
    manifests = [(document, found) for document, found in facts if document.kind == "kubernetes" and found]
    found_folders = list(cluster_folders(manifests))
    shared = _shared({*folder.workloads, *folder.services} for folder in found_folders)
    for folder in found_folders:
        with within(snapshot.troubles, folder.path):
            yield from ClusterRows(folder, cluster, shared).rows()


def _shared(groups: Iterable[Iterable[str]]) -> set[str]:
    """The names that more than one group has."""
    times = Counter(name for group in groups for name in set(group))
    return {name for name, count in times.items() if count > 1}
