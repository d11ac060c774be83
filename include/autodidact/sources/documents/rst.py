"""reStructuredText: sections with their paragraphs, tables (grid, simple, list-table, csv-table) and
diagrams. Directives are never run.
"""

import csv
import re
from collections.abc import Callable

from autodidact.sources.documents.inline_markdown import heading, plain
from autodidact.sources.documents.section import DIAGRAMS, OTHER_DIAGRAMS, Prose, Writer
from autodidact.sources.documents.sentences import HOLE
from autodidact.sources.unread import Unread

# Of one table.
MAX_CELLS = 5_000
# Characters of the name of a role.
MAX_ROLE = 100
# Characters that a substitution stands for.
MAX_VALUE = 300

_VALUE = re.compile(r"\|([^|\s][^|]*+)\|_{0,2}")

_UNDERLINE = re.compile(r"^([=\-`:'\"~^_*+#<>.])\1{2,}\s*$")
# Of a title of one or two letters.
_SHORT = re.compile(r"([=\-~^\"'*+#])\1?")
_ITEM = re.compile(r"^\s*([-*+•]|\(?(?:\d+|#|[a-zA-Z])[.)])\s+")
_DIRECTIVE = re.compile(r"^\.\.\s+([\w-]+)::\s*(.*)$")
_RULE = re.compile(r"^={2,}(?: +={2,})+\s*$")
_GRID = re.compile(r"^\+(?:[-=]+\+)+\s*$")
# How lines begin that are no prose: indented ones, comments, line blocks and fields.
_NO_PROSE = (" ", "\t", "..", "|", ":")


_SUBSTITUTION = re.compile(r"^\.\.\s+\|([^|]+)\|\s+([\w-]+)::\s*(.*)$")
_LABEL = re.compile(r"^\.\.\s+_`?([^`:]+)`?:\s*$")


def rst(text: str, name: str, path: str, unread: Unread) -> Prose:
    """The sections of a text; what stands before the first heading belongs to one called `name`."""
    return _Rst(text.splitlines(), Writer(name, path, unread)).read()


def inline_rst(text: str) -> Callable[[str], str]:
    """What makes plain words of a piece of this text: its roles, references and substitutions are read."""
    return _Rst(text.splitlines(), Writer("", "", Unread()))._text


class _Rst:
    def __init__(self, lines: list[str], writer: Writer):
        self.lines, self.writer = lines, writer
        self.paragraph: list[str] = []
        self.began = 1
        # What `|name|` stands for, and the heading behind each label.
        self.values: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self._define()

    def read(self) -> Prose:
        lines, place = self.lines, 0
        while place < len(lines):
            line = lines[place]
            if match := _DIRECTIVE.match(line):
                self._close()
                body, end = indented(lines, place + 1)
                self._directive(match[1], match[2], body, place + 1)
                place = end
                continue
            if _GRID.match(line) or _RULE.match(line):
                self._close()
                table, end = _table(lines, place)
                self._table(table, place + 1)
                place = end
                continue
            if _is_heading(lines, place):
                if not _UNDERLINE.match(line):
                    self._close()
                    self.writer.heading(heading(self._marked(line.strip())), place + 1)
                    # Its underline.
                    place += 1
            elif (
                line.strip()
                and not line.startswith(_NO_PROSE)
                and not _UNDERLINE.match(line)
                and not _ITEM.match(line)
            ):
                self.began = self.began if self.paragraph else place + 1
                self.paragraph.append(line.strip())
            elif self.paragraph and line.startswith((" ", "\t")) and line.strip():
                # The term of a definition, or an item that goes on.
                self.paragraph.clear()
            else:
                self._close()
                if _ITEM.match(line):
                    self.writer.other()
            place += 1
        self._close()
        return self.writer.prose(len(lines))

    def _define(self) -> None:
        """Reads what substitutions and labels stand for."""
        for place, line in enumerate(self.lines):
            if match := _SUBSTITUTION.match(line):
                body, _ = indented(self.lines, place + 1)
                text = " ".join([match[3], *(part for part in body if part.strip())])
                self.values[" ".join(match[1].split()).lower()] = text if match[2] == "replace" else HOLE
            elif match := _LABEL.match(line):
                after = place + 1
                while after < min(len(self.lines), place + 6) and (
                    not self.lines[after].strip()
                    or _LABEL.match(self.lines[after])
                    or _UNDERLINE.match(self.lines[after])
                ):
                    after += 1
                if after < len(self.lines) and _is_heading(self.lines, after):
                    self.labels[" ".join(match[1].split()).lower()] = self.lines[after].strip()

    def _close(self) -> None:
        text = self._text(" ".join(self.paragraph)) if self.paragraph else ""
        if text.endswith(":") or text.startswith(">>>"):
            # What it leads to is no text, or it is none itself.
            self.writer.gap()
        elif text:
            self.writer.paragraph(text, self.began)
        self.paragraph.clear()

    def _table(self, rows: list[list[str]], line: int, caption: str = "") -> None:
        if len(rows) > 1:
            cells = [[self._text(cell) for cell in row] for row in rows]
            self.writer.table(cells, line, self._text(caption))
        else:
            self.writer.lost(f"tables/{self.writer.section.title}", "a table that is not read", line)

    def _directive(self, name: str, argument: str, body: list[str], line: int) -> None:
        options = 0
        while options < len(body) and re.match(r":[\w-]+:", body[options]):
            options += 1
        content, given = body[options:], body[:options]
        if name in ("code-block", "code", "sourcecode"):
            self.writer.code(argument.lower(), "\n".join(content), line)
        elif name in DIAGRAMS or name in OTHER_DIAGRAMS:
            if argument:
                self.writer.lost("diagrams", "a diagram in a file of its own", line)
            else:
                self.writer.code(name, "\n".join(content), line)
        elif name in ("digraph", "graph"):
            self.writer.section.dot.append(f"{name} g {{\n" + "\n".join(content) + "\n}")
        elif name in ("include", "mdinclude"):
            self.writer.lost("headings", "an included text", line)
        elif name == "list-table":
            if any(re.match(r":header-rows:\s*1\s*$", option) for option in given):
                self._table(_list_table(content) if len(content) <= MAX_CELLS else [], line, argument)
        elif name == "csv-table":
            self._csv_table(given, content, line, argument)

    def _csv_table(self, options: list[str], content: list[str], line: int, caption: str) -> None:
        header = [re.sub(r":header:\s*", "", option) for option in options if option.startswith(":header:")]
        if any(option.startswith((":file:", ":url:")) for option in options):
            self._table([], line)
        elif header:
            try:
                rows = list(csv.reader([*header, *filter(str.strip, content)], skipinitialspace=True))
                self._table(rows, line, caption)
            except csv.Error:
                self._table([], line)

    def _text(self, cell: str) -> str:
        return plain(self._marked(cell))

    def _marked(self, text: str) -> str:
        """Markup as plain code and words. What stands between double backticks is code to the letter:
        `__init__.py` holds no reference.
        """
        parts = re.split(r"``([^`]+)``", " ".join(text.split()))
        marked = (f"`{part}`" if place % 2 else self._references(part) for place, part in enumerate(parts))
        return "".join(marked)

    def _references(self, text: str, depth: int = 0) -> str:
        # A role may stand behind, too.
        text = re.sub(r"`([^`]+)`:([a-z][\w+-]*):(?!`)", r":\2:`\1`", text)
        text = re.sub(r":(?:math|sub|sup|eq|numref|raw-\w+):`[^`]*`", HOLE, text)
        # A title is words, not code.
        text = re.sub(r":(?:doc|ref|term|any|abbr|std:\w+):`([^`<]+?)\s*<[^`>]*>`", r"\1", text)
        text = re.sub(r":(?:std:)?ref:`([^`]+)`", self._title, text)
        text = re.sub(r":doc:`(?:[^`]*/)?(?:index|readme)`", HOLE, text, flags=re.IGNORECASE)
        text = re.sub(r":doc:`(?:[^`]*/)?([^`/]+)`", r"\1", text)
        text = re.sub(r":term:`([^`]+)`", r"\1", text)
        text = re.sub(r":(pep|rfc):`(\d+)(?:#[^`]*)?`", lambda match: f"{match[1].upper()} {match[2]}", text)
        text = short_references(_role(text))
        # A link, its `_` forgotten or not.
        text = re.sub(r"(?<![`\w:])`(?=\S)([^`<]+?)\s*<[^`>]*>`(?:__?(?!\w)|(?![\w`]))", r"\1", text)
        text = re.sub(r"(?<![`\w])`(?=\S)([^`]+)(?<=\S)`__?(?!\w)", r"\1", text)
        # Footnotes, each a part of the sentence before it, and references of one word.
        text = re.sub(r"((?<![.!?])[.!?]*+)(?:\s?\[(?:\d+|[#*][\w-]*)\]_(?!\w))+", rf"{HOLE}\1", text)
        text = re.sub(r"(\w)_(?=[\s.,;)]|$)", r"\1", text)
        return _VALUE.sub(lambda match: self._value(match, depth), text)

    def _title(self, match: re.Match) -> str:
        """The heading that a label leads to, where it is in this file."""
        found = self.labels.get(" ".join(match[1].lstrip("!~").split()).lower())
        return found if found is not None and "`" not in found and "|" not in found else HOLE

    def _value(self, match: re.Match, depth: int) -> str:
        """What the file says that a substitution stands for."""
        found = self.values.get(" ".join(match[1].split()).lower(), HOLE)
        if depth > 3 or len(found) > MAX_VALUE:
            return HOLE
        parts = re.split(r"``([^`]+)``", found)
        return "".join(
            f"`{part}`" if place % 2 else self._references(part, depth + 1)
            for place, part in enumerate(parts)
        )


def _is_heading(lines: list[str], place: int) -> bool:
    """Whether a line is underlined, and so a heading; one with a line above it too may be indented."""
    line, following = lines[place], lines[place + 1] if place + 1 < len(lines) else ""
    length, under = len(line.strip()), following.strip()
    if length < 3 and line[:1].isalnum() and len(under) == length and _SHORT.fullmatch(under):
        return True
    if not length or not _UNDERLINE.match(following) or len(under) < length - 1:
        return False
    overlined = place > 0 and lines[place - 1].rstrip() == following.rstrip()
    return overlined or not line.startswith((" ", "\t", ".."))


def _table(lines: list[str], place: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at `place`, and where it ends."""
    end = place
    while end < len(lines) and lines[end].strip():
        end += 1
    read = _grid if _GRID.match(lines[place]) else _simple
    return read(lines[place:end]), end


def indented(lines: list[str], place: int) -> tuple[list[str], int]:
    """The indented lines from `place` on, without what indents them all, and where they end."""
    end = place
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith((" ", "\t"))):
        end += 1
    body = [line.expandtabs(8) for line in lines[place:end]]
    depth = min((len(line) - len(line.lstrip()) for line in body if line.strip()), default=0)
    return [line[depth:] for line in body], end


def _list_table(content: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in content:
        if match := re.match(r"\* - ?(.*)$", line):
            rows.append([match[1]])
        elif (match := re.match(r"  - ?(.*)$", line)) and rows:
            rows[-1].append(match[1])
        elif line.strip() and rows:
            rows[-1][-1] += f" {line.strip()}"
    return rows


def _grid(lines: list[str]) -> list[list[str]]:
    """The rows of a grid table; [] of one with cells that span others."""
    borders = [place for place, letter in enumerate(lines[0].rstrip()) if letter == "+"]
    rows: list[list[str]] = []
    cells: list[list[str]] = [[] for _ in borders[1:]]
    for line in lines[1:]:
        line = line.rstrip()
        if _GRID.match(line):
            if [place for place, letter in enumerate(line) if letter == "+"] != borders:
                return []
            rows.append([" ".join(filter(None, cell)) for cell in cells])
            cells = [[] for _ in borders[1:]]
        elif len(line) <= borders[-1] or any(line[place] != "|" for place in borders):
            return []
        else:
            for number, (start, end) in enumerate(zip(borders, borders[1:], strict=False)):
                cells[number].append(line[start + 1 : end].strip())
    return rows if len(rows) > 1 and len(rows) * len(borders) <= MAX_CELLS else []


def _simple(lines: list[str]) -> list[list[str]]:
    """The rows of a simple table with a header: `===  ===` above, between header and body, and below."""
    rules = [place for place, line in enumerate(lines) if _RULE.match(line)]
    if len(rules) != 3 or rules[0] != 0:
        return []
    starts = [match.start() for match in re.finditer(r"=+", lines[0])]
    if len(lines) * len(starts) > 10 * MAX_CELLS:
        return []
    rows: list[list[str]] = []
    for line in [*lines[1 : rules[1]], *lines[rules[1] + 1 : rules[2]]]:
        cells = [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
        # A continuation.
        if not cells[0] and rows:
            rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)]
        elif not re.fullmatch(r"[- ]+", line):
            rows.append(cells)
    if rules[1] != 2 or len(rows) * len(starts) > MAX_CELLS:
        return []
    return rows


# References without a role: `~.http.Server` is read as `Server`, `.Server` as it stands; `.env` is none.
_LAST_PART = re.compile(r"(?<![`\w:])`~(?:\w*\.)*(\w+(?:\(\))?)`(?!`)")
_BEHIND_DOT = re.compile(r"(?<![`\w:])`\.(?=[A-Z]|\w+\.\w)([\w.]+(?:\(\))?)`(?!`)")


def short_references(text: str) -> str:
    """The text with references of Sphinx as a reader sees them, without `~` and the dot before."""
    return _BEHIND_DOT.sub(r"`\1`", _LAST_PART.sub(r"`\1`", text))


_ROLE = re.compile(r"(?<=:)`[~!.]*@?([^`<]+?)(?:\s*<[^`>]*>)?`")
_ROLE_NAME = re.compile(r"[\w:+-]*")


def _role(text: str) -> str:
    """The text with `:role:` before code left out."""
    # From where on the text is not in `pieces` yet; from where on a role is looked for.
    pieces, place, after = [], 0, 0
    while match := _ROLE.search(text, after):
        before = text[max(place, match.start() - MAX_ROLE) : match.start()]
        letters = _ROLE_NAME.match(before[::-1])
        name = text.find(":", match.start() - (letters.end() if letters else 0), match.start() - 2)
        after = match.start() + 1
        if name >= 0:
            pieces += [text[place:name], f"`{match[1]}`"]
            place = after = match.end()
    return "".join([*pieces, text[place:]])
