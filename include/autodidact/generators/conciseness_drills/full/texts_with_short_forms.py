"""What a system has that people wrote at length, each with the short form that a person gave it: sections and
their headings, docstrings and their first lines, messages of commits and their subjects.
"""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError, NoSource
from autodidact.generators.ast_parser.codebase_for_questions import ROLES
from autodidact.generators.conciseness_drills.full.entries import Entry, entries
from autodidact.generators.conciseness_drills.full.misspelt_words import spelled
from autodidact.generators.conciseness_drills.full.shorten_sentences import balanced, is_fact
from autodidact.generators.diff_miner.usable_commit_messages import TRAILER, message
from autodidact.generators.writing.facts_into_words import sentences
from autodidact.sources.code.definitions import MAX_FILE, is_test
from autodidact.sources.documents.reader import documents, prose
from autodidact.sources.documents.rst import short_references

if TYPE_CHECKING:
    from autodidact.sources.documents.section import Section
    from autodidact.sources.snapshot import Snapshot

NAME = "conciseness_drills"

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# Python files whose docstrings are read in a cycle, changed ones first; commits that are looked at.
FILES, COMMITS = 300, 3_000
# Of each kind, in a cycle.
MOST = 1_500
# Words of a docstring, and of a commit's message beyond its subject.
DOCSTRING, MESSAGE = (25, 160), (14, 90)
# Words of a first line, and of a subject.
SUMMARY, SUBJECT = (5, 20), (5, 14)
# Characters of a subject: a longer one is a paragraph that begins with its subject.
MOST_SUBJECT = 90
# Folders whose documents are there to be shown or tested with, and tell nothing of the system.
_SHOWN = re.compile(r"(?:^|/)(?:examples?|samples?|testdata|tests?|fixtures?|demos?|mocks?)/", re.IGNORECASE)

# A formula, a substitution, a reference that shows the heading it leads to.
_HOLE = re.compile(r":(?:math|sub|sup|eq|numref|ref):`|\|")
_FIELD = re.compile(
    r"^\s*(Args|Arguments|Parameters|Returns?|Raises|Yields?|Examples?|Attributes|See Also|Notes?"
    r"|Warnings?|Keyword Arguments)\s*:?\s*$|^\s*[:@]\w+|^\s*(>>>|\.\. )",
    re.MULTILINE,
)
_PERSONAL = re.compile(
    r"\b(I|I'm|I've|we|we're|our|my|us|you|lol|sorry|hopefully|maybe|goin|gonna)\b|:-?\)|https?:|\?|#\d|\bGH-"
)
_POINTS = re.compile(
    r"\b(it|this|that|them|these|those|same|above|below|stuff|things?|various|some|misc|as well"
    r"|suggestions|review)\b"
    r"|\b([a-z]+) \2\b"
    r"|[-=]>|@\w|(?<!\S)\" |^(Bump|Pin|Upgrade|Update) .*(\d|\bdependenc)|^(Try|Update (the )?docs?\b"
    r"|Fix (an? |the |for )?(issue|bug|error|problem|test)s?\b)",
    re.I,
)

# What a change is in, before its subject (`tests: set the width`): without it the subject says too much.
_SCOPE = re.compile(
    r"(?!(?:feat|fix|perf|refactor)!?:)\s*(?:\[|[\w./ -]{2,30}(?:\([^)]*\))?!?:\s)", re.IGNORECASE
)

# A sentence that takes for granted what it is about: "The method ...", "When no key is included ...".
_LEANS = re.compile(r"(The|These|This|Those|Such|Each|Every|All|Both|When|If|In|By|With|Otherwise)\b")


@dataclass(frozen=True)
class Passage:
    """A section: its paragraphs, and those of its sentences that are facts."""

    title: str
    path: str
    paragraphs: list[str]
    facts: list[str]
    source: dict
    fresh: bool = True

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Docstring:
    """A definition and what its docstring says: the first line, and the prose after it."""

    name: str
    summary: str
    details: list[str]
    source: dict
    fresh: bool = True
    is_class: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join([self.summary, *self.details])


@dataclass(frozen=True)
class Change:
    """A commit: its subject as a sentence, the prose of its message, the files that it changes."""

    sha: str
    subject: str
    body: str
    paths: list[str]
    source: dict
    time: str


@dataclass
class Texts:
    """What was read, of each kind at most MOST."""

    passages: list[Passage] = field(default_factory=list)
    docstrings: list[Docstring] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.passages or self.docstrings or self.changes or self.entries)


def read_texts(snapshot: "Snapshot") -> Texts:
    """The texts of documents, of Python code and of the window's commits, and what graph and goals state.
    Skipped without any.
    """
    texts = Texts(_first(_passages(snapshot)), _first(_docstrings(snapshot)))
    texts.entries = entries(snapshot)
    others = [passage.text for passage in texts.passages] + [one.text for one in texts.docstrings]
    texts.changes = spelled(_first(_changes(snapshot)), others)
    if not texts:
        raise NoSource(
            "no document, docstring or commit to shorten: set sources.documents", setting="sources.documents"
        )
    return texts


def _first(found: Iterator) -> list:
    return [one for _, one in zip(range(MOST), found, strict=False)]


def _passages(snapshot: "Snapshot") -> Iterator[Passage]:
    for document in documents(snapshot):
        if _SHOWN.search(document.path) and document.source["kind"] == "git":
            continue
        for section in prose(document, snapshot.troubles).sections:
            if passage := _passage(section, document.path, document.source, document.fresh):
                yield passage


def _passage(section: "Section", path: str, cited: dict, fresh: bool) -> Passage | None:
    """The beginning of a section up to where something is lost; None of one without prose."""
    paragraphs: list[str] = []
    for paragraph in section.paragraphs:
        if not _begins(paragraph, path) or not paragraph.endswith((".", "!", "?")) or not balanced(paragraph):
            break
        paragraphs.append(paragraph)
    facts = _facts(section, path)
    if not paragraphs and not facts:
        return None
    lines = [section.line, max(section.end, section.line)]
    source = cited | {"ref": f"{cited['ref']}:{section.line}", "lines": lines}
    return Passage(section.title, path, paragraphs, facts, source, fresh)


def _facts(section: "Section", path: str) -> list[str]:
    """The facts that a section begins with, one after the other: further down, "the limit" and "by default"
    are said of what the lines before have introduced, but for a sentence that begins with a name in code.
    """
    for number, paragraph in enumerate(section.paragraphs):
        found = sentences(paragraph) if _begins(paragraph, path) else []
        states = [_states(one, section.title) and (not number or one.startswith("`")) for one in found]
        begun = dropwhile(lambda pair: not pair[1], zip(found, states, strict=True))
        if run := list(dict.fromkeys(one for one, _ in takewhile(lambda pair: pair[1], begun))):
            return run
    return []


def _states(sentence: str, title: str) -> bool:
    """Whether a sentence is a fact that is understood without the heading; under the name of a setting it
    has to say that name, and one that begins with "the" or a condition has to name the subject there.
    """
    name = re.match(r"[\"']?``?[\"']?([\w.:-]+)[\"']?``?", title)
    begin = " ".join(sentence.split()[:8]).lower()
    stems = [word.rstrip("s")[:5].lower() for word in re.findall(r"[^\W\d_]{4,}", title)]
    leans = _LEANS.match(sentence) and not any(stem in begin for stem in stems)
    return is_fact(sentence) and not leans and (name is None or name[1] in sentence)


def _begins(paragraph: str, path: str) -> bool:
    """Whether a paragraph begins with a sentence. In reStructuredText one that begins with code may be the
    rest of a line that began with a role.
    """
    return re.match(r"[A-Z(\"]" if path.endswith(".rst") else r"[A-Z(\"`]", paragraph) is not None


def _docstrings(snapshot: "Snapshot") -> Iterator[Docstring]:
    """The docstrings of what can be asked for without a path: no other file has its name, or its class."""
    found = list(_all_docstrings(snapshot))
    files = Counter(name for _, names in found for name in names)
    yield from (
        one for docstrings, _ in found for one in docstrings if files[one.name.partition(".")[0]] == 1
    )


def _all_docstrings(snapshot: "Snapshot") -> Iterator[tuple[list[Docstring], set[str]]]:
    """(docstrings, names of all definitions) of each file."""
    repository = snapshot.repository
    if not repository:
        return
    changed, rng = repository.changed(snapshot.previous_commit), snapshot.rng(NAME, "full docstrings")
    entries = [e for e in repository.files((".py",)) if not is_test(e.path) and e.size <= MAX_FILE]
    for entry in sorted(rng.sample(entries, len(entries)), key=lambda e: e.path not in changed)[:FILES]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(repository.read(entry.blob))
        except (SyntaxError, ValueError, RecursionError, MemoryError, AutodidactError):
            snapshot.troubles.add("not Python 3", entry.path)
            continue
        docstrings: list[Docstring] = []
        definitions = list(_definitions(tree))
        for name, node in definitions:
            lines = [node.lineno, node.end_lineno or node.lineno]
            source: dict[str, Any] = {"kind": "git", "ref": f"{entry.path}:{node.lineno}"}
            source |= {"commit": repository.commit, "path": entry.path, "lines": lines}
            if found := _docstring(name, node, source, entry.path in changed):
                docstrings.append(found)
        yield docstrings, {name for name, _ in definitions}


def _definitions(tree: ast.Module) -> Iterator[tuple[str, _Definition]]:
    """(name, definition) of functions and classes at the top level, and of the methods of such classes."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield f"{node.name}.{inner.name}", inner


def _docstring(name: str, node: _Definition, source: dict, fresh: bool) -> Docstring | None:
    doc = ast.get_docstring(node)
    if not doc or _HOLE.search(doc) or not balanced(doc):
        return None
    doc = short_references(ROLES.sub(r"`\1`", doc)).replace("``", "`")
    first, _, rest = doc.partition("\n\n")
    summary = " ".join(first.split())
    if not _short_form(summary, SUMMARY) or _FIELD.search(first):
        return None
    found = _FIELD.search(rest)
    parts = (rest[: found.start()] if found else rest).split("\n\n")
    details = [" ".join(part.split()) for part in parts if part.strip()]
    if any(
        part[-1] not in ".!?" or _PERSONAL.search(part) or re.match(r"[-*#=>]|\d+[.)]", part)
        for part in details
    ):
        return None
    return Docstring(name, summary, details, source, fresh, isinstance(node, ast.ClassDef))


def _short_form(text: str, length: tuple[int, int]) -> bool:
    return (
        length[0] <= len(text.split()) <= length[1]
        and text.endswith(".")
        and not text.endswith(" .")
        and len(sentences(text)) == 1
        and balanced(text)
        and not _PERSONAL.search(text)
    )


def _changes(snapshot: "Snapshot") -> Iterator[Change]:
    if not snapshot.repository:
        return
    subjects: set[str] = set()
    for commit in snapshot.repository.commits(snapshot.since, limit=COMMITS, after=snapshot.previous_commit):
        left_out = commit.invalid or commit.boundary or _SCOPE.match(commit.subject)
        says = None if left_out else message(commit)
        if not says or says.endswith(";."):
            continue
        subject, _, body = says.partition(". ")
        if body and not _is_all(body, commit.body):
            body = ""
        subject = f"{subject.rstrip('.')}."
        if (
            len(subject) > MOST_SUBJECT
            or not _short_form(subject, SUBJECT)
            or _POINTS.search(subject)
            or subject in subjects
        ):
            continue
        subjects.add(subject)
        paths = [file.path for file in commit.files if not file.invalid][:4]
        source = {"kind": "git", "ref": commit.sha, "sha": commit.sha}
        yield Change(commit.sha, subject, _whole(body), paths, source, commit.committer_time.isoformat())


def _is_all(prose: str, body: str) -> bool:
    """Whether the prose that was read of a message is all of it but its trailers: what was left out may be
    what the subject is about.
    """
    lines = [line for line in body.splitlines() if not TRAILER.match(line.strip())]
    return " ".join(" ".join(lines).split()).rstrip(".") == prose.rstrip(".")


def _whole(body: str) -> str:
    """The prose of a message where it is long enough to be shortened, whole, and nobody's own voice."""
    fits = MESSAGE[0] <= len(body.split()) <= MESSAGE[1]
    return (
        body
        if fits
        and re.match(r"[A-Z`]", body)
        and body.endswith(".")
        and not _PERSONAL.search(body)
        and balanced(body)
        else ""
    )
