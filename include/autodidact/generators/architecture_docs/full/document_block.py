"""What stands below a heading: paragraphs, lists, code, notes, and terms with their texts."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from autodidact.sources.documents.sentences import is_broken, without_marks
from autodidact.sources.placeholders import has_open_place

# Blocks of one section, and depth of lists and notes in it; beyond, nobody reads on.
MAX_BLOCKS = 200
MAX_DEPTH = 3
# Lines of a list; a longer one is never quoted.
MAX_LIST = 300

ITEM = re.compile(r"^(\s*)([-*+•]|\(?(?:\d+|#)[.)])\s+(\S.*)$")


# A link to an address, in Markdown and in reStructuredText.
_LINK = re.compile(r"\[[^\[\]]+\]\((https?://[^\s()<>]+)\)\.?|`[^`<>]+<(https?://[^\s<>]+)>`__?\.?")

# What fences of Markdown hand to Sphinx and is no code.
_DIRECTIVES = frozenset(
    "include literalinclude toctree eval-rst image figure contents glossary list-table csv-table autofunction"
    " autoclass automodule admonition note warning tip versionadded versionchanged deprecated seealso".split()
)
# A directive of reStructuredText, as in fences that documents in Markdown hand to it.
_DIRECTIVE = re.compile(r"\.\. [\w:-]+::")


@dataclass(frozen=True)
class Block:
    """`kind`: "text", "list", "code", "note", "since", "entry" or "gap". `title`: of code its language, of a
    note what it is ("warning"), of a change "added", "changed" or "deprecated", of an entry its term.
    `inner`: the blocks of a note or an entry. `lines`: the first and last line in the document.
    """

    kind: str
    text: str = ""
    title: str = ""
    inner: tuple["Block", ...] = ()
    lines: tuple[int, int] = (0, 0)


def quoted(blocks: list[Block] | tuple[Block, ...]) -> str:
    """Blocks as Markdown, paragraphs apart."""
    return "\n\n".join(fenced(one) if one.kind == "code" else one.text for one in blocks if one.text)


def flush(rows: list[str], item: str, words: Callable[[str], str]) -> None:
    """Adds an item of a list to its rows, its marker as it is and its text as plain words."""
    if item.strip():
        lead = re.match(r"\s*(?:(?:[-*+•]|\(?(?:\d+|#)[.)])\s+)?", item)
        assert lead
        text = words(item[lead.end() :])
        # An item that is nothing but a link is worth nothing without the address.
        if link := _LINK.fullmatch(item[lead.end() :].strip()):
            text = f"{text.rstrip('.')}: {link[1] or link[2]}"
        rows.append(f"{lead[0].replace('•', '-').replace('#', '1')}{text}")


def fenced_code(lines: list[str], place: int, fence: re.Match) -> tuple[int, Block]:
    """(where it ends, the block) of the fenced code that begins at `place`."""
    end = place + 1
    while end < len(lines) and not lines[end].strip().startswith(fence[2]):
        end += 1
    body = [
        line[len(fence[1]) :] if line.startswith(fence[1]) else line.lstrip()
        for line in lines[place + 1 : end]
    ]
    return min(end + 1, len(lines)), code_block(fence[3].lower(), body)


def code_block(language: str, body: list[str]) -> Block:
    """A block of code; a gap where it is empty, markup in a fence, or could not be fenced again."""
    text = "\n".join(line.rstrip() for line in body).strip("\n")
    markup = _DIRECTIVE.match(text) and language != "rst" or language in _DIRECTIVES
    good = text.strip() and "```" not in text and not markup
    return Block("code", text, language) if good else Block("gap")


def fenced(block: Block) -> str:
    """A block of code in a fence."""
    language = {"text": "", "default": "", "none": ""}.get(block.title, block.title)
    return f"```{language}\n{block.text}\n```"


def is_lost(text: str) -> bool:
    """Whether something of a text is lost, or still to be written."""
    return is_broken(text) or has_open_place(text)


def text_block(text: str) -> Block:
    """A paragraph; a gap where something of it is lost."""
    text = without_marks(text.strip())
    return Block("gap") if not text or is_lost(text) else Block("text", text)


def note_block(kind: str, text: str) -> Block:
    """A note or a warning; a gap where something of it is lost."""
    return Block("note", text.strip(), kind) if text.strip() and not is_lost(text) else Block("gap")
