"""Markdown: sections with their paragraphs, tables and diagrams."""

import re
from dataclasses import dataclass, field

DIAGRAMS = {"mermaid": "mermaid", "dot": "dot", "graphviz": "dot"}  # the language of a code block -> whose diagram it is


@dataclass
class Section:
    """A heading and the plain paragraphs, tables and diagrams below it, up to the next heading. `line` is the heading's, from 1."""

    title: str
    line: int
    end: int = 0
    paragraphs: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)  # rows of cells, the header first
    mermaid: list[str] = field(default_factory=list)
    dot: list[str] = field(default_factory=list)


_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")


def markdown(lines: list[str], name: str) -> list[Section]:
    """The sections of these lines; text before the first heading belongs to one called `name`."""
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


_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|br|hr|img|div|span|sub|sup|code|kbd|pre|h[1-6]|table|thead|tbody|tr|td|th|ul|ol|li|details|summary|picture|source|center"
    r"|video|svg|font|small|nobr)(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)))*\s*/?>",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """One line of Markdown as plain text; code keeps its backticks, and what is in it is no markup."""
    parts = re.split(r"(`[^`]+`)", text)
    if any(re.search(r"\[[^\]]*$", part) for part in parts[::2]):  # code within a link's text: the link comes first
        parts = re.split(r"(`[^`]+`)", _links(text))
    return " ".join("".join(part if place % 2 else _words(part) for place, part in enumerate(parts)).split())


def _links(text: str) -> str:
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\[([^\]]+)\]\[[^\]]*\]", r"\1", text)


def _words(text: str) -> str:
    text = _TAG.sub("", _links(text))
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)", r"\1", text)
    text = text.replace("**", "")  # around code
    return re.sub(r"\{#[^}]*\}|\[\^[^\]]*\]", "", text)
