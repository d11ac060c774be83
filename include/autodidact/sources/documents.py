"""Documents of the living system: Markdown and reStructuredText, Mermaid diagrams, docker-compose files.

Those of the repository at the cycle's commit, and those that `sources.documents` names. Each text is read once, wherever it lies.
"""

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autodidact.errors import AutodidactError
from autodidact.records import sha256
from autodidact.sources.tables import read_text, shown

if TYPE_CHECKING:
    from autodidact.snapshot import Snapshot

PROSE = (".md", ".markdown", ".rst", ".mmd")
COMPOSE = re.compile(r"(^|/)(docker-)?compose[^/]*\.ya?ml$", re.IGNORECASE)
MAX_BYTES = 1_000_000  # of one document
MAX_DOCUMENTS = 2_000

# Texts about the past, the law or how to take part say nothing of how the system is built.
_ASIDE = re.compile(
    r"(^|/)(changelog|changes|history|news|release[-_ ]?notes?|licen[cs]e|authors|contributors|contributing|code_of_conduct|copying)[^/]*$", re.I
)
_ASIDE_FOLDER = re.compile(r"(^|/)(\.[^/]+|changelog|changes|history|newsfragments|locales?|translations?)/", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A text and where it is from: `source` is what an example's `source` starts with, `fresh` whether it is new since the last cycle."""

    path: str
    text: str
    source: dict
    fresh: bool = True
    name: str = ""  # how people call it: the last part of its path, unless somebody knows better

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.title)

    @property
    def title(self) -> str:
        """The heading of what stands before the first heading."""
        return self.path.rpartition("/")[2]


@dataclass
class Section:
    """A heading and the plain paragraphs, tables and diagrams below it, up to the next heading. `line` is the heading's, from 1."""

    title: str
    line: int
    end: int = 0
    paragraphs: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)  # rows of cells, the header first
    mermaid: list[str] = field(default_factory=list)


def documents(snapshot: "Snapshot") -> Iterator[Document]:
    """The documents, in the order of their paths: first the repository's, then the named ones. What cannot be read is counted."""
    seen: set[str] = set()
    for number, document in enumerate(_all(snapshot)):
        if number >= MAX_DOCUMENTS:
            snapshot.troubles.add("documents beyond the limit", document.path)
            return
        digest = sha256(document.text)
        if digest not in seen:
            seen.add(digest)
            yield document


def _all(snapshot: "Snapshot") -> Iterator[Document]:
    repository = snapshot.repository
    if repository:
        changed = repository.changed(snapshot.previous_commit)
        for entry in repository.files():
            if not wanted(entry.path):
                continue
            if entry.size > MAX_BYTES:
                snapshot.troubles.add("file too large", entry.path)
                continue
            try:
                text = repository.read(entry.blob).decode("utf-8-sig", "replace")
            except AutodidactError:
                snapshot.troubles.add("file cannot be read", entry.path)
                continue
            yield Document(entry.path, text, {"kind": "git", "ref": entry.path, "commit": repository.commit, "path": entry.path}, entry.path in changed)
    for path in named_documents(snapshot):
        text = read_text(path, snapshot.troubles)
        if text is not None:
            yield Document(shown(path), text, {"kind": "document", "ref": shown(path)})


def named_documents(snapshot: "Snapshot") -> list[Path]:
    """The files that `sources.documents` names: files, folders, globs. A name that leads nowhere is counted."""
    found: set[Path] = set()
    for name in snapshot.settings.sources.documents:
        path = Path(name).expanduser()
        if path.is_dir():
            matches = [p for p in path.rglob("*") if p.is_file()]
        else:
            matches = [Path(match) for match in glob.glob(str(path), recursive=True) if Path(match).is_file()]
        if not matches:
            snapshot.troubles.add("no such document", name)
        found.update(p for p in matches if wanted(p.as_posix()))
    return sorted(found)


def wanted(path: str) -> bool:
    """Whether a path is a document by its name."""
    if COMPOSE.search(path):
        return True
    return path.lower().endswith(PROSE) and not _ASIDE.search(path) and not _ASIDE_FOLDER.search(path)


def sections(document: Document) -> list[Section]:
    """The sections of a Markdown or reStructuredText document; text before the first heading belongs to one called like the file."""
    if document.path.lower().endswith(".mmd"):
        lines = document.text.splitlines()
        return [Section(document.title, 1, len(lines), mermaid=["\n".join(lines)])]
    lines = re.sub(r"<!--.*?(?:-->|\Z)", lambda m: "\n" * m[0].count("\n"), document.text, flags=re.DOTALL).splitlines()
    return _rst(lines, document.title) if document.path.lower().endswith(".rst") else _markdown(lines, document.title)


_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")


def _markdown(lines: list[str], name: str) -> list[Section]:
    found = [Section(name, 1)]
    paragraph: list[str] = []
    fence, code, kind = "", [], ""

    def close() -> None:
        text = plain(" ".join(paragraph))
        if text:
            found[-1].paragraphs.append(text)
        paragraph.clear()

    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                if kind == "mermaid":
                    found[-1].mermaid.append("\n".join(code))
                fence, code = "", []
            else:
                code.append(line)
        elif match := _FENCE.match(line):
            close()
            fence, kind = match[1], match[2].lower()
        elif match := _HEADING.match(line):
            close()
            found[-1].end = place - 1
            found.append(Section(plain(match[2]), place))
        elif "|" in line and place < len(lines) and _RULE.match(lines[place]) and "|" in lines[place]:
            close()
            table = [_cells(line)]
            place += 1
            while place < len(lines) and "|" in lines[place] and lines[place].strip():
                table.append(_cells(lines[place]))
                place += 1
            found[-1].tables.append(table)
        elif not line.strip():
            close()
        elif _ITEM.match(line) or line.startswith(("    ", "\t", ">", "|", "<")):
            close()  # lists, code, quotes and markup are no paragraphs
        else:
            paragraph.append(line.strip())
    close()
    found[-1].end = len(lines)
    return [section for section in found if section.title]


def _cells(line: str) -> list[str]:
    return [plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))]


_UNDERLINE = re.compile(r"^([=\-`:'\"~^_*+#<>.])\1{2,}\s*$")


def _rst(lines: list[str], name: str) -> list[Section]:
    found = [Section(name, 1)]
    paragraph: list[str] = []

    def close() -> None:
        text = plain(_roles(" ".join(paragraph)))
        if text and not text.endswith(":"):
            found[-1].paragraphs.append(text)
        paragraph.clear()

    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if line.strip() and not line.startswith((" ", "\t", "..")) and _UNDERLINE.match(following) and len(following.strip()) >= len(line.strip()) - 1:
            if not _UNDERLINE.match(line):
                close()
                found[-1].end = place
                found.append(Section(plain(_roles(line)), place + 1))
        elif not line.strip() or line.startswith((" ", "\t", "..", "|", "+-", ":")) or _UNDERLINE.match(line) or _ITEM.match(line):
            close()
        else:
            paragraph.append(line.strip())
    close()
    found[-1].end = len(lines)
    return [section for section in found if section.title]


def _roles(text: str) -> str:
    text = re.sub(r":[\w:+-]+:`[~!.]?([^`<]+?)(?:\s*<[^`>]*>)?`", r"`\1`", text)
    text = re.sub(r"`([^`<]+?)\s*<[^`>]*>`__?", r"\1", text)
    text = re.sub(r"(?<!`)`([^`]+)`__?", r"\1", text)
    return re.sub(r"``([^`]+)``", r"`\1`", re.sub(r"\|(\w+)\||(\w)_(?=[\s.,;)]|$)", r"\1\2", text))


_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|br|hr|img|div|span|sub|sup|code|kbd|pre|h[1-6]|table|thead|tbody|tr|td|th|ul|ol|li|details|summary|picture|source|center"
    r"|video|svg|font|small|nobr)(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)))*\s*/?>",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """One line of Markdown as plain text; code keeps its backticks."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[([^\]]+)\]\[[^\]]*\]", r"\1", text)
    text = _TAG.sub("", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)", r"\1", text)
    text = re.sub(r"\{#[^}]*\}|\[\^[^\]]*\]", "", text)
    return " ".join(text.split())
