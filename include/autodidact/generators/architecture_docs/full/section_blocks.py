"""The sections of a document with all that stands in them, block by block.

The readers of documents (sources/documents) keep paragraphs alone; whoever quotes how something is done needs
the list and the code that a paragraph leads to. A block that is not read is a gap: nothing is quoted across.
"""

import re
from dataclasses import dataclass, field
from functools import partial

from autodidact.generators.architecture_docs.full.document_block import MAX_BLOCKS, Block
from autodidact.generators.architecture_docs.full.markdown_blocks import Markdown
from autodidact.generators.architecture_docs.full.rst_blocks import Rst
from autodidact.generators.architecture_docs.text_and_table_questions import title
from autodidact.sources.documents.inline_markdown import plain
from autodidact.sources.documents.reader import ASCIIDOC, Document, Prose, Section
from autodidact.sources.documents.rst import inline_rst

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass
class Part:
    """A section with its blocks, and the titles of the headings that it stands below, the nearest last."""

    section: Section
    title: str
    level: int
    above: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)


def parts(document: Document, found: Prose) -> list[Part]:
    """The sections of Markdown or reStructuredText with their blocks; [] of another document."""
    path = document.path.lower()
    if document.kind != "prose" or path.endswith(ASCIIDOC):
        return []
    rst = path.endswith(".rst")
    words = inline_rst(document.text) if rst else partial(plain, mdx=path.endswith(".mdx"))
    text = document.text
    if not rst:
        text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    lines = text.splitlines()
    made: list[Part] = []
    open_parts: list[Part] = []
    marks: list[str] = []
    for section in found.sections:
        level = _level(section, lines, marks, rst)
        while open_parts and open_parts[-1].level >= level:
            open_parts.pop()
        above = tuple(part.title for part in open_parts)
        part = Part(section, title(section), level, above)
        first = section.line + _head(section, lines, rst)
        reader = Rst(words) if rst else Markdown(words)
        part.blocks = reader.blocks(lines[first - 1 : section.end], first)[:MAX_BLOCKS]
        made.append(part)
        open_parts.append(part)
    return made


def _level(section: Section, lines: list[str], marks: list[str], rst: bool) -> int:
    """The depth of a heading, 1 for the widest; in reStructuredText by the order in which marks come up."""
    line = lines[section.line - 1] if section.line <= len(lines) else ""
    under = lines[section.line].strip() if section.line < len(lines) else ""
    if not rst:
        hashes = re.match(r"\s*(#{1,6})\s", line)
        return len(hashes[1]) if hashes else {"=": 1, "-": 2}.get(under[:1], 1)
    over = section.line > 1 and lines[section.line - 2].strip() == under
    mark = f"{under[:1]}{'over' if over else ''}"
    if mark not in marks:
        marks.append(mark)
    return marks.index(mark) + 1


def _head(section: Section, lines: list[str], rst: bool) -> int:
    """How many lines the heading of a section takes; 0 for the text before the first heading."""
    line = lines[section.line - 1] if section.line <= len(lines) else ""
    if re.match(r"\s*#{1,6}\s", line) and not rst:
        return 1
    under = lines[section.line].strip() if section.line < len(lines) else ""
    if under and len(set(under)) == 1 and not under[0].isalnum():
        return 2
    return 1 if title(section) and title(section)[:20] in line else 0
