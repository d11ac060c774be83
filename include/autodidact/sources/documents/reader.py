"""Documents of the living system: prose (Markdown, MDX, reStructuredText, AsciiDoc), diagrams (Mermaid,
Graphviz), docker-compose, Kubernetes, OpenAPI.

Those of the repository at the cycle's commit, and those that `sources.documents` names. Each text is read
once, wherever it lies. Templates (Jinja, Helm) are counted and left out: their content is decided elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autodidact.errors import AutodidactError
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import sha256
from autodidact.sources.documents.asciidoc import asciidoc
from autodidact.sources.documents.inline_markdown import plain
from autodidact.sources.documents.markdown import markdown
from autodidact.sources.documents.outside_paths import outside_paths
from autodidact.sources.documents.rst import rst
from autodidact.sources.documents.section import Prose, Section
from autodidact.sources.documents.sentences import LOST
from autodidact.sources.file_patterns import named
from autodidact.sources.table_files import read_text, shown
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

if TYPE_CHECKING:
    from autodidact.sources.git.repository import Repository
    from autodidact.sources.snapshot import Snapshot

__all__ = [
    "COMPOSE",
    "Document",
    "Prose",
    "Section",
    "documents",
    "named_documents",
    "plain",
    "prose",
    "wanted",
]

# Not `.asc`: signatures are called so.
ASCIIDOC = (".adoc", ".asciidoc")
PROSE = (".md", ".markdown", ".mdx", ".rst", *ASCIIDOC)
DIAGRAM = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot"}
# Diagrams that are counted.
OTHER_DIAGRAM = (".puml", ".plantuml", ".iuml", ".d2")
# Documents if their content is that of one.
DATA = (".yaml", ".yml", ".json")
COMPOSE = re.compile(r"(^|/)(docker-)?compose[^/]*\.ya?ml$", re.IGNORECASE)
# Of one document.
MAX_BYTES = 1_000_000
# The same of YAML, which takes seconds to read.
MAX_YAML = 400_000
MAX_DOCUMENTS = 2_000

_OPENAPI = re.compile(r"""^[\s{]*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\b""", re.MULTILINE)
_KUBERNETES = (re.compile(r"^apiVersion:\s*\S", re.MULTILINE), re.compile(r"^kind:\s*\w", re.MULTILINE))
_TEMPLATE = re.compile(r"^[^\S\n]*\{[{%]|[:\-]\s+\{\{|^[\w.-]*\{\{", re.MULTILINE)
# Where Helm's templates lie.
_CHART = re.compile(r"(^|/)templates/")
_TRIED = re.compile(
    r"(^|/)(tests?|testdata|fixtures|__tests__|spec|cassettes|node_modules)/"
    r"|(^|/)(package(-lock)?|tsconfig|composer)\.json$",
    re.IGNORECASE,
)

# Texts that tests are tried on describe no system.
_SAMPLE = re.compile(
    r"(^|/)(testdata|test_data|_*fixtures?_*|__snapshots__|cassettes|node_modules"
    r"|tests?/(data|resources|samples|cases|files|[\w-]+-tests))/",
    re.IGNORECASE,
)

# Texts about the past, the law or how to take part do not describe how the system is built.
_ASIDE = re.compile(
    r"(^|/)(changelog|changes|history|news|release[-_ ]?notes?|licen[cs]e|authors|contributors|contributing"
    r"|code_of_conduct|copying)[^/]*$",
    re.IGNORECASE,
)
_ASIDE_FOLDER = re.compile(
    r"(^|/)(\.[^/]+|changelog|changes|history|newsfragments|locales?|translations?)/", re.IGNORECASE
)


@dataclass(frozen=True)
class Document:
    """A text and where it is from: `source` is what an example's `source` starts with, `fresh` whether it is
    new since the last cycle. `path`: as answers name it, outside of the repository from the folder on that
    `sources.documents` names; its `source` has the whole path.
    """

    path: str
    text: str
    source: dict
    fresh: bool = True
    # How people call it: the last part of its path, unless the text has a name for it.
    name: str = ""
    # "prose", "mermaid", "dot", "compose", "kubernetes" or "openapi".
    kind: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.title)
        object.__setattr__(self, "kind", self.kind or kind_of(self.path, self.text) or "prose")

    @property
    def title(self) -> str:
        """The heading of what stands before the first heading."""
        return self.path.rpartition("/")[2]


def documents(snapshot: "Snapshot") -> Iterator[Document]:
    """The documents, in the order of their paths: first the repository's, then the named ones. What cannot be
    read is counted.
    """
    digests: set[str] = set()
    number = 0
    for path, text, source, fresh in _all(snapshot):
        kind = kind_of(path, text)
        if not kind:
            continue
        digest = sha256(text)
        if digest in digests:
            continue
        digests.add(digest)
        if LOST in text:
            snapshot.troubles.add("a text with characters that were lost", path)
            continue
        if kind in ("compose", "kubernetes", "openapi"):
            if _TEMPLATE.search(text) or ("{{" in text and _CHART.search(path)):
                snapshot.troubles.add("a template, not rendered", path)
                continue
            if len(text) > MAX_YAML and not path.lower().endswith(".json"):
                snapshot.troubles.add("file too large", path)
                continue
        number += 1
        if number > MAX_DOCUMENTS:
            snapshot.troubles.add("documents beyond the limit", path)
            return
        yield Document(path, text, source, fresh, kind=kind)


def kind_of(path: str, text: str) -> str:
    """What kind of document a text is, by its name and, where that is not enough, by what it begins with; ""
    for none.
    """
    lowered = path.lower()
    if lowered.endswith(PROSE):
        return "prose"
    if kind := DIAGRAM.get(Path(lowered).suffix):
        return kind
    if COMPOSE.search(path):
        return "compose"
    if lowered.endswith(DATA):
        if _OPENAPI.search(text, 0, 4_000):
            return "openapi"
        if not lowered.endswith(".json") and all(part.search(text, 0, 20_000) for part in _KUBERNETES):
            return "kubernetes"
    return ""


def _all(snapshot: "Snapshot") -> Iterator[tuple[str, str, dict, bool]]:
    """(path, text, source, fresh) of whatever may be a document."""
    if snapshot.repository:
        yield from _committed(snapshot, snapshot.repository)
    outside = named_documents(snapshot, snapshot.troubles)
    taken = {entry.path for entry in snapshot.repository.files()} if snapshot.repository else set()
    called = outside_paths(outside, snapshot.settings.sources.documents, taken)
    for path in outside:
        broken = Troubles()
        text = read_text(path, broken)
        for trouble in broken.list():
            snapshot.troubles.add(trouble.reason, trouble.ref)
        if text is not None and not broken.list():
            name = shown(path)
            fresh = Compared(snapshot, "documents", {name: text}).fresh(name)
            yield called[path], text, {"kind": "document", "ref": name}, fresh


def _committed(snapshot: "Snapshot", repository: "Repository") -> Iterator[tuple[str, str, dict, bool]]:
    """As `_all`, of the repository."""
    changed = repository.changed(snapshot.previous_commit)
    for reason, path in repository.not_followed((*PROSE, *DIAGRAM, *DATA)):
        snapshot.troubles.add(reason, path)
    for entry in repository.files():
        path = entry.path
        if not wanted(path) and not _maybe(path):
            continue
        if entry.size > MAX_BYTES:
            if wanted(path):
                snapshot.troubles.add("file too large", path)
            continue
        if path.lower().endswith(OTHER_DIAGRAM):
            snapshot.troubles.add("a diagram of a language that is not read", path)
            continue
        try:
            text = decoded(repository.read(entry.blob))
        except AutodidactError:
            snapshot.troubles.add("file cannot be read", path)
            continue
        if text is None:
            if wanted(path):
                snapshot.troubles.add("invalid UTF-8", path)
            continue
        source = {"kind": "git", "ref": path, "commit": repository.commit, "path": path}
        yield path, text, source, path in changed


def decoded(data: bytes) -> str | None:
    """The text of a document: UTF-8, or UTF-16 with its mark; None for bytes of another encoding."""
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def named_documents(snapshot: "Snapshot", troubles: Troubles) -> list[Path]:
    """The files that `sources.documents` names: files, folders, globs (file_patterns.py). A name that leads
    nowhere is counted.
    """
    found: set[Path] = set()
    for name in snapshot.settings.sources.documents:
        matches = list(named(name, troubles))
        if not matches:
            troubles.add("no such document", name)
        found.update(
            p
            for p in matches
            if p.name.lower().endswith((*PROSE, *DIAGRAM, *DATA))
            and not _ASIDE.search(p.name)
            and not snapshot.forgotten.path(shown(p))
        )
    return sorted(found)


def wanted(path: str) -> bool:
    """Whether a path is a document by its name."""
    if COMPOSE.search(path):
        return not _TRIED.search(path)
    return (
        path.lower().endswith((*PROSE, *DIAGRAM, *OTHER_DIAGRAM))
        and not _ASIDE.search(path)
        and not _ASIDE_FOLDER.search(path)
        and not _SAMPLE.search(path)
    )


def _maybe(path: str) -> bool:
    """Whether a file is a document by its content only."""
    return path.lower().endswith(DATA) and not _TRIED.search(path) and not _ASIDE_FOLDER.search(path)


def prose(document: Document, troubles: Troubles | None = None) -> Prose:
    """The sections of prose; a diagram's file is one section; other documents have none. What is left out is
    counted.
    """
    text, unread = document.text, Unread(troubles)
    if document.kind in ("mermaid", "dot"):
        section = Section(document.title, 1, text.count("\n") + 1)
        getattr(section, document.kind).append(text)
        return Prose([section], unread)
    if document.kind != "prose":
        return Prose([], unread)
    lowered = document.path.lower()
    if lowered.endswith(".rst"):
        return rst(text, document.title, document.path, unread)
    if lowered.endswith(ASCIIDOC):
        return asciidoc(text, document.title, document.path, unread)
    return markdown(text, document.title, document.path, unread, mdx=lowered.endswith(".mdx"))
