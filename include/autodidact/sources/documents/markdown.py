"""Markdown and MDX: sections with their paragraphs, tables and diagrams."""

import re

from autodidact.sources.documents.inline_markdown import heading, plain, spaced, with_labels
from autodidact.sources.documents.section import Prose, Writer
from autodidact.sources.unread import Unread

_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+)$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}|:{3,}(?=\s*\{?mermaid\b))\s*\{?([\w+-]*)")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])(\s+|$)")
_DEFINITION = re.compile(r"^ {0,3}\[([^\]]+)\]:\s")
_FRONT = re.compile(
    r"(---|\+\+\+)[^\S\n]*\n(?=\s*[\w\"'-]+[^\S\n]*[:=]|\s*#|\1)(?:.*\n)*?\1[^\S\n]*(?:\n|\Z)"
)
# Lines that mark what is around them and are no text: admonitions, tabs, attributes, tables of contents.
_MARK = re.compile(r"^\s*(:::|!!!|\?\?\?|===\s+\"|\{:|\[TOC\]|\[\[toc\]\])", re.IGNORECASE)
_PICTURES = re.compile(
    r"(?:\[?!\[[^\]]*+\](?:\([^)]*+\)|\[[^\]]*+\])(?:\](?:\([^)]*+\)|\[[^\]]*+\]))?"
    r"|<(?:img|a|br|source|picture)\b[^<>]*+>|</(?:a|picture)>|&nbsp;|\s|\|)++",
    re.IGNORECASE,
)
_INCLUDE = re.compile(
    r"^\s*(\{%-?\s*(include|render|embed)|--8<--|\{\{[<%]\s*(include|readfile)|@import\b|<!--#include)"
)
_MODULE = re.compile(r"^(import\s.*['\"]|import\s*\{|export\s+(const|let|default|function|async)\b)")
_BLOCK = re.compile(r"^\s*</?([A-Za-z][\w.]*)")
# Tags within which nothing is a paragraph, and such that begin one.
_RAW = tuple("table pre script style svg ul ol dl select video iframe object math".split())
_INLINE = frozenset(
    "a abbr b br cite code del em font i img ins kbd mark q s samp small span strong sub sup tt u var".split()
)
# Of a tag that does not close on its line.
MAX_TAG_LINES = 50


def markdown(text: str, name: str, path: str, unread: Unread, *, mdx: bool = False) -> Prose:
    """The sections of a text; what stands before the first heading belongs to one called `name`. MDX:
    modules, components and expressions are left out.
    """
    blank = lambda match: "\n" * match[0].count("\n")  # noqa: E731
    if front := _FRONT.match(text):
        text = blank(front) + text[front.end() :]
    if text.rfind("<!--") > text.rfind("-->"):
        unread.add("headings", "a comment without an end", path)
    text = re.sub(r"<!--.*?(?:-->|\Z)", blank, text, flags=re.DOTALL)
    if mdx:
        text = re.sub(r"\{/\*.*?(?:\*/\}|\Z)", blank, text, flags=re.DOTALL)
    return _Markdown(text.splitlines(), Writer(name, path, unread), mdx).read()


class _Markdown:
    def __init__(self, lines: list[str], writer: Writer, mdx: bool):
        self.lines, self.writer, self.mdx = lines, writer, mdx
        self.place = 0
        self.labels = {match[1].lower() for line in lines if (match := _DEFINITION.match(line))}
        self.text: list[str] = []
        self.began = 1
        # Inside a list item or a quote, up to a blank line; inside a list, while lines are indented.
        self.continued = self.listed = False
        # Tags that are not closed any more.
        self.endless: set[str] = set()

    def read(self) -> Prose:
        while self.place < len(self.lines):
            line = self.lines[self.place]
            self.place += 1
            if not line.strip():
                self._close()
                self.continued = False
            elif not self._structure(line):
                self._line(line)
        self._close()
        return self.writer.prose(len(self.lines))

    def _close(self) -> None:
        """Ends a paragraph."""
        if self.text:
            self.writer.paragraph(self._plain(" ".join(self.text)), self.began)
        self.text.clear()

    def _structure(self, line: str) -> bool:
        """Whether a line is a heading, or begins a block of code, a table or HTML."""
        if match := _FENCE.match(line):
            self._close()
            self._fence(match[1], match[2].lower())
        elif match := _HEADING.match(line):
            self._close()
            self._heading(match[1].rstrip().rstrip("#").rstrip() or match[1][0], self.place)
        elif _UNDERLINE.match(line) and self.text and not self.continued:
            title, began = " ".join(self.text), self.began
            self.text.clear()
            self._heading(title, began)
        elif self._is_table(line):
            self._close()
            self._table(line)
        elif _INCLUDE.match(line):
            self._close()
            self.writer.lost("headings", "an included text", self.place)
        elif (match := _BLOCK.match(line)) and not self.text and match[1] not in _INLINE:
            self._html(line, match[1])
        elif _MODULE.match(line) and not self.text:
            self._module(line)
        else:
            return False
        return True

    def _line(self, line: str) -> None:
        """A line of a paragraph, of a list, of a quote or of code."""
        indented = line.startswith(("  ", "\t"))
        if _ITEM.match(line) and not (
            self.text and re.match(r"\s*\d+[.)]", line) and not line.lstrip().startswith("1")
        ):
            self._close()
            self.writer.other()
            self.continued = self.listed = True
        elif line.startswith((">", "|")) or _MARK.match(line) or _DEFINITION.match(line):
            self._close()
            self.continued = line.startswith(">")
            if line.startswith((">", "|")):
                self.writer.other()
        elif re.match(r"\s*:\s", line):
            # Its term is no paragraph.
            self.text.clear()
            self.continued = True
        elif self.continued or (self.listed and indented and not self.text):
            return
        elif _PICTURES.fullmatch(line):
            # On a line of their own they belong to no sentence.
            return
        elif self.text or not line.startswith(("    ", "\t")):
            if not self.text:
                self.began, self.listed = self.place, False
            self.text.append(line.strip())

    def _heading(self, text: str, line: int) -> None:
        self.continued = self.listed = False
        self.writer.heading(heading(with_labels(text, self.labels), mdx=self.mdx), line)

    def _fence(self, fence: str, language: str) -> None:
        began = self.place
        code: list[str] = []
        while self.place < len(self.lines):
            line = self.lines[self.place].strip()
            self.place += 1
            if line.startswith(fence) and not line.strip(fence[0]):
                self.writer.code(language, "\n".join(code), began)
                return
            code.append(self.lines[self.place - 1])
        self.writer.lost("headings", "a block of code without an end", began)

    def _is_table(self, line: str) -> bool:
        following = self.lines[self.place] if self.place < len(self.lines) else ""
        return (
            "|" in line
            and "|" in following
            and _RULE.match(spaced(following)) is not None
            and len(_split(line)) == len(_split(following))
        )

    def _table(self, line: str) -> None:
        began, rows = self.place, [self._cells(line)]
        self.place += 1
        while self.place < len(self.lines) and "|" in self.lines[self.place]:
            rows.append(self._cells(self.lines[self.place]))
            self.place += 1
        self.writer.table(rows, began)

    def _cells(self, line: str) -> list[str]:
        return [self._plain(cell.replace("\\|", "|")) for cell in _split(line)]

    def _plain(self, text: str) -> str:
        return plain(with_labels(text, self.labels), mdx=self.mdx)

    def _html(self, line: str, tag: str) -> None:
        """Passes over a block of HTML or a component; one that is a heading begins a section."""
        self._close()
        began = self.place
        if re.fullmatch(r"h[1-6]", tag, re.IGNORECASE) and (text := self._up_to(line, tag)) is not None:
            self._heading(re.sub(r"^[^>]*>", "", text.strip(), count=1), began)
        elif tag.lower() in _RAW and self._up_to(line, tag) is not None:
            if tag.lower() == "table":
                self.writer.lost(f"tables/{self.writer.section.title}", "a table in HTML", began)
            self.writer.other()
        elif tag.lower() in ("li", "td", "tr", "dd", "dt"):
            self.continued = True
        else:
            if re.match(r"^\s*<[A-Z]\w*[^<>]*/>\s*$", line) and self.mdx:
                self.writer.lost("headings", "an included text", began)
            self._end_of_tag(line)

    def _up_to(self, line: str, tag: str) -> str | None:
        """The text from a line up to a closing tag, and goes there; None, and goes nowhere, without one."""
        if tag.lower() in self.endless:
            return None
        closing, taken = re.compile(rf"</{re.escape(tag)}\s*>", re.IGNORECASE), [line]
        for place in range(self.place, len(self.lines) + 1):
            if end := closing.search(taken[-1]):
                taken[-1] = taken[-1][: end.start()]
                self.place = place
                return " ".join(taken)
            if place == len(self.lines):
                self.endless.add(tag.lower())
            if place == len(self.lines) or (place - self.place > MAX_TAG_LINES and tag.lower() not in _RAW):
                return None
            taken.append(self.lines[place])
        return None

    def _end_of_tag(self, line: str) -> None:
        """Goes to the end of a tag that is open at the end of a line."""
        for place in range(self.place, min(len(self.lines), self.place + MAX_TAG_LINES)):
            if line.rfind("<") <= line.rfind(">") or not line.strip():
                return
            line, self.place = f"<{self.lines[place]}", place + 1

    def _module(self, line: str) -> None:
        """Passes over an import or export of MDX, which ends at a blank line."""
        if re.search(r"\.mdx?['\"]", line):
            self.writer.lost("headings", "an included text", self.place)
        while self.place < len(self.lines) and self.lines[self.place].strip():
            self.place += 1


def _split(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
