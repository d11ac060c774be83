"""What all readers of prose make: sections."""

from dataclasses import dataclass, field

from autodidact.sources.documents.sentences import HOLE, is_broken, whole, without_marks
from autodidact.sources.placeholders import is_placeholder, without_open_places
from autodidact.sources.unread import Unread

# The language of a code block -> whose diagram it is.
DIAGRAMS = {"mermaid": "mermaid", "dot": "dot", "graphviz": "dot"}
# Languages of diagrams that are counted.
OTHER_DIAGRAMS = frozenset(
    ("plantuml", "puml", "uml", "d2", "ditaa", "blockdiag", "seqdiag", "nomnoml", "structurizr", "kroki")
)


@dataclass
class Section:
    """A heading and the plain paragraphs, tables and diagrams below it, up to the next heading. `line` is the
    heading's, from 1.
    """

    title: str
    line: int
    end: int = 0
    # Runs of sentences that follow one another; "" stands for what is lost between them.
    paragraphs: list[str] = field(default_factory=list)
    # Rows of cells, the header first.
    tables: list[list[list[str]]] = field(default_factory=list)
    # The place of a table -> the name that stands above it.
    captions: dict[int, str] = field(default_factory=dict)
    mermaid: list[str] = field(default_factory=list)
    dot: list[str] = field(default_factory=list)


@dataclass
class Prose:
    """The sections of a document, and what was not read of it: `headings`, and `tables/TITLE` (rows)."""

    sections: list[Section] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread)


class Writer:
    """Puts sections together; text before the first heading belongs to one called `name`."""

    def __init__(self, name: str, path: str, unread: Unread):
        self.path, self.unread = path, unread
        self.found = [Section(name, 1)]

    @property
    def section(self) -> Section:
        """The section that is being read."""
        return self.found[-1]

    def heading(self, title: str, line: int) -> None:
        """Begins a section. One whose heading is not whole costs itself."""
        self.section.end = line - 1
        if not title or is_placeholder(title) or is_broken(title):
            self.lost("headings", "a heading without words", line)
            title = ""
        self.found.append(Section(title, line))

    def paragraph(self, text: str, line: int) -> None:
        """Adds the sentences of a paragraph that are whole."""
        runs = list(whole(without_open_places(without_marks(text), HOLE)))
        if "" in runs:
            self.lost("sentences", "a sentence with a part that is not text", line)
        self.section.paragraphs += runs

    def other(self) -> None:
        """Notes that something else stands where a paragraph may: a list, a table, code. What follows is not
        how the section begins.
        """
        if not self.section.paragraphs:
            self.gap()

    def gap(self) -> None:
        """Notes that a paragraph is left out."""
        if self.section.paragraphs[-1:] != [""]:
            self.section.paragraphs.append("")

    def table(self, rows: list[list[str]], line: int, caption: str = "") -> None:
        """Adds the rows of a table that are whole. Without its header it costs itself."""
        self.other()
        header, *body = ([without_marks(cell) for cell in row] for row in rows)
        scope = f"tables/{self.section.title}"
        if any(map(is_broken, header)):
            self.lost(scope, "a table with an unreadable header", line)
            return
        good = [row for row in body if len(row) == len(header) and not any(map(is_broken, row))]
        good = [row for row in good if row[0] not in continued(good)]
        if len(good) < len(body):
            self.lost(scope, "a table row with missing or unreadable cells", line)
        if caption and not is_broken(caption) and not is_placeholder(caption):
            self.section.captions[len(self.section.tables)] = caption
        self.section.tables.append([header, *good])

    def code(self, language: str, text: str, line: int) -> None:
        """Adds a block of code if it is a diagram."""
        self.other()
        if language in DIAGRAMS:
            getattr(self.section, DIAGRAMS[language]).append(text)
        elif language in OTHER_DIAGRAMS:
            self.lost("diagrams", "a diagram of a language that is not read", line)

    def lost(self, scope: str, reason: str, line: int) -> None:
        """Counts what is left out."""
        self.unread.add(scope, reason, f"{self.path}:{line}")

    def prose(self, end: int) -> Prose:
        """What was read of a text with so many lines."""
        self.section.end = end
        return Prose([section for section in self.found if section.title], self.unread)


def continued(rows: list[list[str]]) -> set[str]:
    """First cells that do not stand for one row: blank ones, which go on with the row above, and the cells
    above these.
    """
    above, found = "", set()
    for row in rows:
        if row[0].strip():
            above = row[0]
        else:
            found |= {row[0], above}
    return found
