"""reStructuredText: sections with their paragraphs, tables (grid, simple, list-table, csv-table) and
diagrams. Directives are never run.
"""

import csv
import re

from autodidact.sources.documents.markdown import DIAGRAMS, Section, plain

# Of one table.
MAX_CELLS = 5_000
# Characters of the name of a role.
MAX_ROLE = 100

_UNDERLINE = re.compile(r"^([=\-`:'\"~^_*+#<>.])\1{2,}\s*$")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")
_DIRECTIVE = re.compile(r"^\.\.\s+([\w-]+)::\s*(.*)$")
_RULE = re.compile(r"^={2,}(?: +={2,})+\s*$")
_GRID = re.compile(r"^\+(?:[-=]+\+)+\s*$")
# How lines begin that are no prose: indented ones, comments, line blocks and fields.
_NO_PROSE = (" ", "\t", "..", "|", ":")


def rst(lines: list[str], name: str) -> list[Section]:
    """The sections of these lines; text before the first heading belongs to one called `name`."""
    found = [Section(name, 1)]
    paragraph: list[str] = []

    def close() -> None:
        text = plain(_roles(" ".join(paragraph))) if paragraph else ""
        if text and not text.endswith(":"):
            found[-1].paragraphs.append(text)
        paragraph.clear()

    place = 0
    while place < len(lines):
        line = lines[place]
        if match := _DIRECTIVE.match(line):
            close()
            body, place = _block(lines, place + 1)
            _directive(match[1], match[2], body, found[-1])
            continue
        if _GRID.match(line) or _RULE.match(line):
            close()
            table, place = _table(lines, place)
            if table:
                found[-1].tables.append(table)
            continue
        if _is_heading(lines, place):
            if not _UNDERLINE.match(line):
                close()
                found[-1].end = place
                found.append(Section(plain(_roles(line.strip())), place + 1))
        elif (
            line.strip()
            and not line.startswith(_NO_PROSE)
            and not _UNDERLINE.match(line)
            and not _ITEM.match(line)
        ):
            paragraph.append(line.strip())
        else:
            close()
        place += 1
    close()
    found[-1].end = len(lines)
    return [section for section in found if section.title]


def _is_heading(lines: list[str], place: int) -> bool:
    """Whether a line is underlined, and so a heading; one with a line above it too may be indented."""
    line, following = lines[place], lines[place + 1] if place + 1 < len(lines) else ""
    if not line.strip() or not _UNDERLINE.match(following) or len(following.strip()) < len(line.strip()) - 1:
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


def _block(lines: list[str], place: int) -> tuple[list[str], int]:
    """The indented lines from `place` on, without what indents them all, and where they end."""
    end = place
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith((" ", "\t"))):
        end += 1
    body = [line.expandtabs(8) for line in lines[place:end]]
    depth = min((len(line) - len(line.lstrip()) for line in body if line.strip()), default=0)
    return [line[depth:] for line in body], end


def _directive(name: str, argument: str, body: list[str], section: Section) -> None:
    options = 0
    while options < len(body) and re.match(r":[\w-]+:", body[options]):
        options += 1
    content = body[options:]
    if name in DIAGRAMS and not argument:
        getattr(section, DIAGRAMS[name]).append("\n".join(content))
    elif name in ("digraph", "graph"):
        section.dot.append(f"{name} g {{\n" + "\n".join(content) + "\n}")
    elif name == "list-table":
        rows = _list_table(content) if len(content) <= MAX_CELLS else []
        if len(rows) > 1 and any(re.match(r":header-rows:\s*1\s*$", option) for option in body[:options]):
            section.tables.append(rows)
    elif name == "csv-table":
        given = [option for option in body[:options] if option.startswith(":header:")]
        header = [re.sub(r":header:\s*", "", option) for option in given]
        try:
            lines = [*header, *filter(str.strip, content)]
            rows = [[_text(cell) for cell in row] for row in csv.reader(lines, skipinitialspace=True)]
        except csv.Error:
            return
        if header and len(rows) > 1:
            section.tables.append(rows)


def _list_table(content: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in content:
        if match := re.match(r"\* - ?(.*)$", line):
            rows.append([match[1]])
        elif (match := re.match(r"  - ?(.*)$", line)) and rows:
            rows[-1].append(match[1])
        elif line.strip() and rows:
            rows[-1][-1] += f" {line.strip()}"
    return [[_text(cell) for cell in row] for row in rows]


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
            rows.append([_text(" ".join(filter(None, cell))) for cell in cells])
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
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: str) -> str:
    return plain(_roles(cell))


def _roles(text: str) -> str:
    """Markup as plain code and words. What stands between double backticks is code to the letter:
    `__init__.py` holds no reference.
    """
    parts = re.split(r"``([^`]+)``", " ".join(text.split()))
    return "".join(f"`{part}`" if place % 2 else _references(part) for place, part in enumerate(parts))


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


def _references(text: str) -> str:
    # A role may stand behind, too.
    text = re.sub(r"`([^`]+)`:([a-z][\w+-]*):(?!`)", r":\2:`\1`", text)
    # A title is words, not code.
    text = re.sub(r":(?:doc|ref|term|numref|any):`([^`<]+?)\s*<[^`>]*>`", r"\1", text)
    text = re.sub(r":doc:`(?:[^`]*/)?([^`/]+)`", r"\1", text)
    text = re.sub(r":term:`([^`]+)`", r"\1", text)
    text = re.sub(r":(pep|rfc):`(\d+)`", lambda match: f"{match[1].upper()} {match[2]}", text)
    text = _role(text)
    # A link, its `_` forgotten or not.
    text = re.sub(r"(?<![`\w:])`(?=\S)([^`<]+?)\s*<[^`>]*>`(?:__?(?!\w)|(?![\w`]))", r"\1", text)
    text = re.sub(r"(?<![`\w])`(?=\S)([^`]+)(?<=\S)`__?(?!\w)", r"\1", text)
    return re.sub(r"\|(\w+)\||(\w)_(?=[\s.,;)]|$)", r"\1\2", text)
