"""AsciiDoc: sections with their paragraphs, plain tables and diagrams. Nothing is included; what a file's own
attributes say is put in.
"""

import re

from autodidact.sources.documents.inline_markdown import before_last, heading, plain
from autodidact.sources.documents.section import Prose, Writer
from autodidact.sources.documents.sentences import HOLE
from autodidact.sources.unread import Unread

# Of one table.
MAX_ROWS = 2_000
# Characters that an attribute stands for.
MAX_VALUE = 300

_HEADING = re.compile(r"^(={1,6}|#{1,6})\s+(\S.*)$")
_ATTRIBUTE = re.compile(r"^:([\w-]+):(?:\s+(.*))?$")
_UNSET = re.compile(r"^:(?:!([\w-]+)|([\w-]+)!):\s*$")
_BLOCK = re.compile(r"^(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|`{3,}|--|\"\")(\w*)\s*$")
_STYLE = re.compile(r"^\[([^\]]*)\]\s*$")
_ITEM = re.compile(r"^\s*(?:[*.-]+|\d+\.|<\d+>|[a-z]\.)\s+|^\S.*(?:::|;;)(?:\s|$)")
# What is decided when the text is built, and blocks that are no text.
_ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+")
_MACRO = re.compile(r"^(include|ifdef|ifndef|ifeval|endif|image|video|audio|toc|kroki|plantuml)::")
_NO_TEXT = re.compile(
    r"\b(?:image|icon|stem|latexmath|asciimath|menu|btn|kbd|pass|indexterm2?):[^\s\[]*+\[[^\]]*+\]"
)
# With the full stop before it: the note belongs to that sentence.
_FOOTNOTE = re.compile(r"((?<![.!?])[.!?]*+)\s?(?:\bfootnote(?:ref)?:[^\s\[]*+\[[^\]]*+\])")
# Of a link's text: not what follows it by a comma, nor `^`.
_LINK = re.compile(r"\b(?:link:|xref:|mailto:|(?=https?://))[^\s\[\]]++\[([^\]^,]*+)[^\]]*+\]")
_ANCHOR = re.compile(r"\[\[[^\]]*+\]\]|\[[#.][^\]\s]*+\](?=[\w*_`#])")
_CROSS = re.compile(r"<<[^<>,]*+(?:,\s*([^<>]*+))?>>")
_MARKED = re.compile(r"(?<![\w#])(?:\[([^\]]*)\])?#([^#\s][^#]*+)#(?![\w#])")
_REFERENCE = re.compile(r"\{([\w-]+)\}")


def asciidoc(text: str, name: str, path: str, unread: Unread) -> Prose:
    """The sections of a text; what stands before the first heading belongs to one called `name`."""
    return _AsciiDoc(text.splitlines(), Writer(name, path, unread)).read()


class _AsciiDoc:
    def __init__(self, lines: list[str], writer: Writer):
        self.lines, self.writer = lines, writer
        self.place = 0
        self.text: list[str] = []
        self.began = 1
        self.style = ""
        # The name of the block that follows.
        self.title = ""
        self.values: dict[str, str] = {}
        # Inside a list, up to a blank line.
        self.listed = False

    def read(self) -> Prose:
        while self.place < len(self.lines):
            line = self.lines[self.place].rstrip()
            self.place += 1
            if not line:
                self._close()
                self.listed = False
            elif not self._structure(line):
                self._line(line)
        self._close()
        return self.writer.prose(len(self.lines))

    def _structure(self, line: str) -> bool:
        """Whether a line is a heading, an attribute, a block, a table or a macro."""
        if match := _HEADING.match(line):
            self._close()
            self.listed, self.style = False, ""
            self.writer.heading(heading(self._words(match[2])), self.place)
            self._author()
        elif line.startswith("|===") or line in (",===", ":==="):
            self._close()
            self._table(line)
        elif match := _BLOCK.match(line):
            self._close()
            self._block(match[1], match[2])
        elif match := _STYLE.match(line):
            self._close()
            self.style = match[1]
        elif (match := _ATTRIBUTE.match(line)) or _UNSET.match(line):
            self._close()
            self._attribute(line, match)
        elif match := _MACRO.match(line):
            self._close()
            if match[1] in ("include", "ifdef", "ifndef", "ifeval"):
                self.writer.lost("headings", "a text that is decided when it is built", self.place)
        else:
            if named := re.match(r"\.([^\s.].*)", line):
                self.title = named[1].strip()
            return line.startswith("//") or named is not None
        if not _STYLE.match(line):
            self.title = ""
        return True

    def _line(self, line: str) -> None:
        self.title = ""
        if _ITEM.match(line):
            self._close()
            self.writer.other()
            self.listed = True
        elif line.startswith((" ", "\t", "+", "|")) and not self.text:
            self.listed = True
        elif not self.listed:
            self.began = self.began if self.text else self.place
            self.text.append(line.strip().removesuffix(" +"))

    def _close(self) -> None:
        words = " ".join(self.text)
        self.text.clear()
        if words and not re.match(r"(quote|verse|source|listing|literal|stem|pass|discrete)\b", self.style):
            if _ADMONITION.match(words):
                self.writer.other()
            self.writer.paragraph(plain(self._words(_ADMONITION.sub("", words))), self.began)
        if words:
            self.style = ""

    def _author(self) -> None:
        """Passes over the lines of author and revision below the title."""
        if len(self.writer.found) != 2:
            return
        for form in (r"^[^:=\[|]+ <\S+@\S+>.*$", r"^v?\d[\w.]*(,.*)?$"):
            if self.place < len(self.lines) and re.match(form, self.lines[self.place]):
                self.place += 1

    def _attribute(self, line: str, match: re.Match | None) -> None:
        if unset := _UNSET.match(line):
            self.values.pop((unset[1] or unset[2]).lower(), None)
        elif match:
            self.values[match[1].lower()] = (match[2] or "").strip()

    def _block(self, mark: str, language: str) -> None:
        """Passes over a delimited block; one that is a diagram is kept."""
        style, self.style, began = self.style, "", self.place
        code: list[str] = []
        language = language or next(
            (part.strip() for part in style.split(",")[::-1] if part.strip() and "=" not in part), ""
        )
        while self.place < len(self.lines):
            line = self.lines[self.place].rstrip()
            self.place += 1
            if line == mark:
                self.writer.code(language.lower(), "\n".join(code), began)
                return
            code.append(line)
        self.writer.lost("headings", "a block without an end", began)

    def _table(self, mark: str) -> None:
        """A table whose rows are lines of as many cells as its head."""
        style, self.style, began = self.style, "", self.place
        title, lines = self.title, list[str]()
        while self.place < len(self.lines) and self.lines[self.place].rstrip() != mark:
            lines.append(self.lines[self.place].rstrip())
            self.place += 1
        self.place += 1
        scope = f"tables/{self.writer.section.title}"
        headed = "header" in style or (len(lines) > 1 and bool(lines[0]) and not lines[1])
        rows = [re.split(r"(?<!\\)\|", line)[1:] for line in lines if line.startswith("|")]
        plain_cells = all(line.startswith("|") or not line for line in lines) and mark == "|==="
        if (
            not headed
            or not plain_cells
            or len(rows) < 2
            or len(rows) > MAX_ROWS
            or len({len(row) for row in rows}) > 1
        ):
            rows = self._stacked(lines, headed, mark)
        if not rows or len({len(row) for row in rows}) > 1:
            self.writer.lost(scope, "a table that is not read", began)
            return
        cells = [[plain(self._words(cell.replace("\\|", "|"))) for cell in row] for row in rows]
        self.writer.table(cells, began, plain(self._words(title)))

    def _stacked(self, lines: list[str], headed: bool, mark: str) -> list[list[str]]:
        """The rows of a table with a head on one line and each cell of the body on a line of its own."""
        if not headed or mark != "|===" or not 1 < len(lines) <= MAX_ROWS:
            return []
        header = re.split(r"(?<!\\)\|", lines[0])[1:]
        body = [line for line in lines[1:] if line]
        single = all(re.fullmatch(r"\|[^|]*", line) for line in body)
        if not single or len(header) < 2 or len(body) % len(header):
            return []
        cells = [line[1:] for line in body]
        return [header, *(cells[start : start + len(header)] for start in range(0, len(cells), len(header)))]

    def _words(self, text: str) -> str:
        """AsciiDoc's markup as Markdown's."""
        parts = re.split(r"(`[^`]+`)", text)
        if any(re.search(r"\{[\w-]+\}", part) for part in parts[1::2]):
            parts = re.split(r"(`[^`]+`)", _REFERENCE.sub(self._value, text))
        return "".join(
            re.sub(r"^`\+(.+)\+`$", r"`\1`", part) if place % 2 else self._marked(part)
            for place, part in enumerate(parts)
        )

    def _marked(self, text: str) -> str:
        text = _REFERENCE.sub(self._value, text)
        text = before_last(text, "]", _macros)
        text = before_last(text, ">", lambda head: _CROSS.sub(lambda m: (m[1] or "").strip() or HOLE, head))
        text = before_last(
            text,
            "#",
            lambda head: _MARKED.sub(lambda m: HOLE if "line-through" in (m[1] or "") else m[2], head),
        )
        return re.sub(r"(?<!\w)[\^~]\S[^\^~]*+[\^~]|(?<=\w)[\^~][^\^~\s]++[\^~]", HOLE, text)

    def _value(self, match: re.Match) -> str:
        """What the file says that an attribute is; else a hole."""
        value = self.values.get(match[1].lower(), "")
        known = {
            "nbsp": " ",
            "empty": "",
            "sp": " ",
            "amp": "&",
            "lt": "<",
            "gt": ">",
            "plus": "+",
            "vbar": "|",
        }
        if match[1].lower() in known:
            return known[match[1].lower()]
        return value if value and len(value) <= MAX_VALUE and "{" not in value and "[" not in value else HOLE


def _macros(text: str) -> str:
    """The text with macros as what a reader sees, or as holes."""
    text = _NO_TEXT.sub(HOLE, text)
    text = _FOOTNOTE.sub(rf"{HOLE}\1", text)
    text = _LINK.sub(lambda match: match[1].strip() or HOLE, text)
    return _ANCHOR.sub("", text)
