"""What lies where in a repository, by the documents that lie there: a newcomer's orientation."""

import re
from collections.abc import Iterator, Sequence

from autodidact.generators.architecture_docs.full.heading_phrases import block, said
from autodidact.generators.architecture_docs.full.quotable_passages import is_away, passage, whole_sentences
from autodidact.generators.architecture_docs.full.quoting_answers import Pair
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.generators.architecture_docs.text_and_table_questions import at
from autodidact.generators.writing.template_rotation import Row
from autodidact.sources.documents.reader import Document

# Characters that tell somebody more of a folder than its name.
LEAST = 65
# How a README speaks of the folder that it lies in.
_THIS = (
    r"(?:this|the current) (?:folder|directory|package|service|module|library|example|sample|tutorial|chart"
    r"|crate|component|plugin|tool|demo) (?:is|are|holds?|has|contains?|provides?|implements?|shows?"
    r"|demonstrates?|includes?|consists|adds?|defines?|wraps?)"
)


def folders(read: Sequence[tuple[Document, list[Part]]], shapes: Pair) -> Iterator[tuple[str, Row]]:
    """(kind, row) of folders with a README of their own."""
    for document, parts in read:
        folder, _, name = document.path.rpartition("/")
        if document.source["kind"] != "git" or not folder:
            continue
        if name.lower().startswith("readme."):
            yield from _readme(folder, document, parts, shapes)


def _readme(folder: str, document: Document, parts: list[Part], shapes: Pair) -> Iterator[tuple[str, Row]]:
    first = next((part for part in parts if part.blocks), None)
    text = _beginning(first) if first else ""
    if first is None or len(text) < LEAST:
        return
    quote = {"said": said(text), "block": block(text)}
    # What stands under a heading further down is about a part of the folder.
    headed = [part for part in parts if part.title and part.title != document.title]
    if first in headed[1:] or not _of_folder(text, folder):
        return
    fields = {"folder": f"{folder}/", "readme": document.path}
    answer = shapes.say.draw("folder", **fields, **quote)
    source = at(document, first.section, "folder", folder)
    yield "folder", Row(shapes.ask.draw("folder", **fields), answer, source, document.fresh, folder)


def _beginning(part: Part) -> str:
    """What a README begins with. "This folder" is plain where somebody asks about the folder."""
    first = part.blocks[0]
    if first.kind == "text" and re.match(rf"(?i){_THIS}\b", first.text):
        text = whole_sentences(first).text
        return text if text.endswith(".") and not is_away(text) else ""
    found = passage(part.blocks, code=False)
    return found.text if found else ""


def _of_folder(text: str, folder: str) -> bool:
    """Whether a text says what is in its folder: it speaks of "this folder" or names it."""
    name = re.escape(folder.rpartition("/")[2])
    return re.search(rf"(?i)\b(?:{name}|{_THIS})\b", text) is not None
