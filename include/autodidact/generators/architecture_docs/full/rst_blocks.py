"""The blocks of reStructuredText (document_block.py). Directives are never run."""

import re
from collections.abc import Callable

from autodidact.generators.architecture_docs.full.document_block import (
    ITEM,
    MAX_BLOCKS,
    MAX_DEPTH,
    MAX_LIST,
    Block,
    code_block,
    flush,
    is_lost,
    quoted,
    text_block,
)
from autodidact.sources.documents.rst import indented

_DIRECTIVE = re.compile(r"^\.\.\s+([\w:-]+)::\s*(.*)$")
_OPTION = re.compile(r"^:[\w-]+:")
_NOTES = ("note", "warning", "caution", "important", "tip", "danger", "attention", "admonition", "hint")
_SINCE = {"versionadded": "added", "versionchanged": "changed", "deprecated": "deprecated"}
_CODE = ("code-block", "code", "sourcecode", "literalinclude")
_TERMS = ("py:data", "data", "envvar", "confval", "option", "cmdoption", "setting:entry")


class Rst:
    """Blocks of reStructuredText. Directives are never run."""

    def __init__(self, words: Callable[[str], str]):
        self.words = words

    def blocks(self, lines: list[str], first: int, depth: int = 0) -> list[Block]:
        """`first`: the number of the first line."""
        found: list[Block] = []
        place = 0
        while place < len(lines) and len(found) < MAX_BLOCKS:
            if not lines[place].strip():
                place += 1
                continue
            end, made = self._block(lines, place, first, depth)
            span = (first + place, first + end - 1)
            found += [Block(b.kind, b.text, b.title, b.inner, b.lines if b.lines[0] else span) for b in made]
            place = max(end, place + 1)
        return found

    def _block(self, lines: list[str], place: int, first: int, depth: int) -> tuple[int, list[Block]]:
        line = lines[place]
        if match := _DIRECTIVE.match(line):
            body, end = _indented(lines, place + 1)
            return end, self._directive(match[1], match[2], body, first + place + 1, depth)
        if line.startswith(".."):
            return _indented(lines, place + 1)[1], []
        if line.startswith((" ", "\t")):
            body, end = _indented(lines, place)
            if ITEM.match(body[0]):
                return end, [self._list(body)]
            return end, [Block("gap")]
        if ITEM.match(line):
            end = place + 1
            while end < len(lines) and (
                not lines[end].strip() or lines[end].startswith((" ", "\t")) or ITEM.match(lines[end])
            ):
                end += 1
            return end, [self._list(lines[place:end])]
        if re.match(r"^([=\-+|:>])(\1|=|-| |>)", line):
            end = place
            while end < len(lines) and lines[end].strip():
                end += 1
            return end, [code_block("python", lines[place:end]) if line.startswith(">>>") else Block("gap")]
        return self._paragraph(lines, place, first, depth)

    def _paragraph(self, lines: list[str], place: int, first: int, depth: int) -> tuple[int, list[Block]]:
        end = place
        while end < len(lines) and lines[end].strip() and not (end > place and lines[end].startswith(" ")):
            end += 1
        if end == place + 1 and end < len(lines) and lines[end].startswith(" ") and lines[end].strip():
            return self._term(lines, place, end, first, depth)
        text = self.words(" ".join(part.strip() for part in lines[place:end]))
        if not lines[end - 1].rstrip().endswith("::"):
            return end, [text_block(text)]
        body, after = _indented(lines, end)
        text = text.removesuffix("::").rstrip()
        text = f"{text}:" if text and not text.endswith((":", ".", "!", "?")) else text
        return after, [*([text_block(text)] if text else []), code_block("", body)]

    def _term(
        self, lines: list[str], place: int, end: int, first: int, depth: int
    ) -> tuple[int, list[Block]]:
        body, after = _indented(lines, end)
        if depth >= MAX_DEPTH:
            return after, [Block("gap")]
        inner = self.blocks(body, first + end, depth + 1)
        term = self.words(lines[place].strip())
        return after, [Block("entry", "", term, tuple(inner)) if term and not is_lost(term) else Block("gap")]

    def _directive(self, name: str, argument: str, body: list[str], first: int, depth: int) -> list[Block]:
        while body and _OPTION.match(body[0]):
            body, first = body[1:], first + 1
        if name in _CODE:
            return [code_block(argument.strip().lower(), body) if name != "literalinclude" else Block("gap")]
        if depth >= MAX_DEPTH:
            return [Block("gap")]
        if name in _NOTES:
            lead = [] if name == "admonition" or not argument else [argument]
            inner = self.blocks([*lead, *body], first, depth + 1)
            text = quoted(inner) if all(one.kind != "gap" for one in inner) else ""
            return [Block("note", text, name, tuple(inner)) if text else Block("gap")]
        if name in _SINCE:
            inner = self.blocks(body, first, depth + 1)
            return [Block("since", argument.strip(), _SINCE[name], tuple(inner))]
        if name in _TERMS and argument.strip():
            inner = self.blocks(body, first, depth + 1)
            return [Block("entry", "", f"`{argument.strip()}`", tuple(inner))]
        if name == "glossary":
            return self.blocks(body, first, depth + 1)
        if name in ("setting", "index", "currentmodule", "module", "program", "contents", "label"):
            return []
        return [Block("gap")]

    def _list(self, lines: list[str]) -> Block:
        """A list whose items are paragraphs; one with more in it, or a very long one, is a gap."""
        if len(lines) > MAX_LIST:
            return Block("gap")
        rows: list[str] = []
        item, apart = "", False
        depth = len(lines[0]) - len(lines[0].lstrip())
        for before, line in zip(["", *lines], lines, strict=False):
            line = line[depth:]
            if match := ITEM.match(line):
                # A heading of the items that follow would run into the item before it.
                if apart and item.endswith(":"):
                    return Block("gap")
                apart = False
                flush(rows, item, self.words)
                item = f"{match[1]}{match[2]} {match[3].rstrip()}"
            elif line.strip().startswith("..") or line.rstrip().endswith("::"):
                return Block("gap")
            elif line.strip():
                apart = apart or not before.strip()
                item = f"{item} {line.strip()}"
        flush(rows, item, self.words)
        text = "\n".join(rows)
        return Block("gap") if is_lost(text) or not text else Block("list", text)


def _indented(lines: list[str], place: int) -> tuple[list[str], int]:
    """As `indented`, without empty lines at the beginning; at least one line."""
    body, end = indented(lines, place)
    while body and not body[0].strip():
        body = body[1:]
    return (body or [""]), end
