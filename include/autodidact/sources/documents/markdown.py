"""Markdown: sections with their paragraphs, tables and diagrams.

Every expression here passes over a text once: what it does not find the end of, it does not look for again
from the next character.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

# The language of a code block -> whose diagram it is.
DIAGRAMS = {"mermaid": "mermaid", "dot": "dot", "graphviz": "dot"}


@dataclass
class Section:
    """A heading and the plain paragraphs, tables and diagrams below it, up to the next heading. `line` is the
    heading's, from 1.
    """

    title: str
    line: int
    end: int = 0
    paragraphs: list[str] = field(default_factory=list)
    # Rows of cells, the header first.
    tables: list[list[list[str]]] = field(default_factory=list)
    mermaid: list[str] = field(default_factory=list)
    dot: list[str] = field(default_factory=list)


_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+)$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")


def markdown(lines: list[str], name: str) -> list[Section]:
    """The sections of these lines; text before the first heading belongs to one called `name`."""
    found = [Section(name, 1)]
    paragraph: list[str] = []
    fence, kind = "", ""
    code: list[str] = []

    def close() -> None:
        if text := plain(" ".join(paragraph)) if paragraph else "":
            found[-1].paragraphs.append(text)
        paragraph.clear()

    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                if kind in DIAGRAMS:
                    getattr(found[-1], DIAGRAMS[kind]).append("\n".join(code))
                fence, code = "", []
            else:
                code.append(line)
        elif match := _FENCE.match(line):
            close()
            fence, kind = match[1], match[2].lower()
        elif match := _HEADING.match(line):
            close()
            found[-1].end = place - 1
            found.append(Section(plain(match[1].rstrip().rstrip("#").rstrip() or match[1][0]), place))
        elif (
            "|" in line and place < len(lines) and "|" in lines[place] and _RULE.match(_spaced(lines[place]))
        ):
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
            # Lists, code, quotes and markup are no paragraphs.
            close()
        else:
            paragraph.append(line.strip())
    close()
    found[-1].end = len(lines)
    return [section for section in found if section.title]


def _cells(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return [plain(cell.replace("\\|", "|")) for cell in cells]


_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|br|hr|img|div|span|sub|sup|code|kbd|pre|h[1-6]|table|thead|tbody|tr|td|th"
    r"|ul|ol|li|details|summary|picture|source|center|video|svg|font|small|nobr)"
    r"(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)))*\s*/?>",
    re.IGNORECASE,
)


# An opening bracket and all up to the closing one, or to the end of the text; group 2 makes a link of that.
_IMAGE = re.compile(r"!(\[)[^\]]*+(?:\](\([^)]*+\))?+|\Z)")
_LINK = re.compile(r"\[([^\]]*+)(?:\](\([^)]*+\))?+|\Z)")
_REFERENCE = re.compile(r"\[(?:\]|([^\]]++)(?:\](\[[^\]]*+\])?+|\Z))")
_ANCHOR = re.compile(r"\{#[^}]*+\}?+")
_FOOTNOTE = re.compile(r"\[\^[^\]]*+\]?+")
_STRONG = re.compile(r"(\*\*|__)(?=\S)")
_STRONG_END = {mark: re.compile(rf"(?<=\S){re.escape(mark)}") for mark in ("**", "__")}


def _spaced(text: str) -> str:
    """The text with single spaces: what matches white space passes over a run of it once for each of its
    characters.
    """
    return " ".join(text.split())


def plain(text: str) -> str:
    """One line of Markdown as plain text; code keeps its backticks, and what is in it is no markup."""
    text = _spaced(text)
    parts = re.split(r"(`[^`]+`)", text)
    # Code within a link's text: the link comes first.
    if any(part.rfind("[") > part.rfind("]") for part in parts[::2]):
        parts = re.split(r"(`[^`]+`)", _links(text))
    return _spaced("".join(part if place % 2 else _words(part) for place, part in enumerate(parts)))


def _links(text: str) -> str:
    text = before_last(text, ")", lambda head: _IMAGE.sub(lambda match: "" if match[2] else match[0], head))
    text = before_last(
        text, ")", lambda head: _LINK.sub(lambda match: match[1] if match[2] else match[0], head)
    )
    return _REFERENCE.sub(lambda match: match[1] if match[2] else match[0], text)


def before_last(text: str, end: str, change: Callable[[str], str]) -> str:
    """The text with what stands up to its last `end` changed: there, whoever looks for one finds it."""
    cut = text.rfind(end) + 1
    return change(text[:cut]) + text[cut:] if cut else text


def _strong(text: str) -> str:
    """The text without `**` and `__` around words."""
    pieces, place, ended = [], 0, set()
    while match := _STRONG.search(text, place):
        end = None if match[1] in ended else _STRONG_END[match[1]].search(text, match.end() + 1)
        # Nor will a later one find its end.
        if end is None:
            ended.add(match[1])
        if end:
            pieces += [text[place : match.start()], text[match.end() : end.start()]]
        else:
            pieces.append(text[place : match.start() + 1])
        place = end.end() if end else match.start() + 1
    return "".join([*pieces, text[place:]])


def _words(text: str) -> str:
    text = _TAG.sub("", _links(text))
    text = _strong(text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)", r"\1", text)
    # Around code.
    text = text.replace("**", "")
    text = before_last(text, "}", lambda head: _ANCHOR.sub("", head))
    return before_last(text, "]", lambda head: _FOOTNOTE.sub("", head))
