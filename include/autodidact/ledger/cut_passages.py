"""Texts cut into passages at the places where a reader would cut them: definitions of code, sections of
prose, entries of YAML and JSON.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.documents.section import Section

# Characters of a passage: neighbours are put together up to SHORT, and what is longer than LONG is cut on.
SHORT, LONG = 500, 1_200
# Passages of one text, and characters of a title.
MOST, TITLE = 2_000, 200


@dataclass(frozen=True)
class Passage:
    """A part of a source. `title` says where it stands: the file, and the names of what it is about."""

    title: str
    text: str

    @property
    def shown(self) -> str:
        """What a model reads of it."""
        return f"[{self.title}]\n{self.text}"


@dataclass(frozen=True)
class Block:
    """Lines of a text that belong together, from 1, both ends counted, and what they are called."""

    first: int
    last: int
    name: str = ""
    # What stands around it: only blocks within the same one are put together.
    around: str = ""


def code(path: str, text: str, definitions: Sequence[Definition]) -> list[Passage]:
    """A Python file by its definitions: each function, each class, of a long class each method. Short
    neighbours share a passage, and what stands between definitions is one of its own.
    """
    lines = text.split("\n")
    blocks: list[Block] = []
    for top in _outermost(d for d in definitions if d.owner is None):
        inside = _outermost(d for d in definitions if d.owner == top.qualname)
        first, last = _from(lines, top.lines[0]), top.lines[1]
        name = f"class {top.name}" if top.kind == "class" else top.name
        if top.kind == "class" and inside and sum(map(len, lines[first - 1 : last])) > LONG:
            blocks.append(Block(first, _from(lines, inside[0].lines[0]) - 1, "", name))
            blocks += [Block(_from(lines, d.lines[0]), d.lines[1], d.name, name) for d in inside]
        else:
            blocks.append(Block(first, last, name))
    return list(_passages(path, lines, _filled(blocks, len(lines))))


def sections(path: str, text: str, found: Iterable[Section]) -> list[Passage]:
    """A document by its headings."""
    lines = text.split("\n")
    blocks = [Block(section.line, section.end, section.title) for section in found]
    return list(_passages(path, lines, _filled(blocks, len(lines))))


def entries(path: str, text: str) -> list[Passage]:
    """A text that is structured by indentation, such as YAML or JSON with line breaks: each outer entry, of a
    long one each inner entry, which is called by the keys around it.
    """
    lines = text.split("\n")
    return list(_passages(path, lines, _indented(lines, 1, len(lines), "")))


def _outermost(definitions: Iterable[Definition]) -> list[Definition]:
    """In the order of the lines, each that does not begin within the one before."""
    found: list[Definition] = []
    for definition in sorted(definitions, key=lambda d: d.lines):
        if not found or definition.lines[0] > found[-1].lines[1]:
            found.append(definition)
    return found


def _from(lines: Sequence[str], line: int) -> int:
    """Where a definition begins with its decorators and the comments above it."""
    while line > 1 and lines[line - 2].strip()[:1] in ("@", "#"):
        line -= 1
    return line


def _filled(blocks: Sequence[Block], count: int) -> Iterator[Block]:
    """The blocks, and what stands before, between and after them."""
    line, around = 1, ""
    for block in blocks:
        if block.first > line:
            yield Block(line, block.first - 1, "", around if around == block.around else "")
        if block.last >= block.first:
            yield block
        line, around = max(line, block.last + 1), block.around
    if line <= count:
        yield Block(line, count)


def _indented(lines: list[str], first: int, last: int, name: str, depth: int = 0) -> Iterator[Block]:
    """The entries of a part of a text at its least indentation; those that are too long by their own."""
    filled = [k for k in range(first, last + 1) if lines[k - 1].strip()]
    if not filled:
        return
    least = min(_indent(lines[k - 1]) for k in filled)
    starts = [k for k in filled if _indent(lines[k - 1]) == least]
    starts[0] = first
    for start, end in zip(starts, [*(k - 1 for k in starts[1:]), last], strict=True):
        key = _key(next((line for line in lines[start - 1 : end] if line.strip(" #-")), ""))
        called = " ".join(filter(None, (name, key)))
        size = sum(map(len, lines[start - 1 : end]))
        if size > LONG and end > start and depth < 6:
            yield Block(start, start, key, name)
            yield from _indented(lines, start + 1, end, called, depth + 1)
        else:
            yield Block(start, end, key, name)


def _key(line: str) -> str:
    """What an entry is called by its first line; a comment or a bracket is no name."""
    name = line.partition(":")[0].lstrip(" \t-{[").strip(" \t\"',")[:60]
    return name if name[:1] != "#" and any(map(str.isalnum, name)) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _passages(path: str, lines: list[str], blocks: Iterable[Block]) -> Iterator[Passage]:
    """Blocks as passages, short neighbours together, at most MOST."""
    count, group = 0, _Group(path, lines)
    for block in blocks:
        if not group.takes(block):
            yield from group.out()
            count += 1
            if count >= MOST:
                return
            group = _Group(path, lines)
        group.add(block)
    yield from group.out()


class _Group:
    """Neighbouring blocks that become one passage, or one long block that becomes several."""

    def __init__(self, path: str, lines: list[str]):
        self._path, self._lines = path, lines
        self._blocks: list[Block] = []
        self._size = 0

    def takes(self, block: Block) -> bool:
        """Whether the block may still be added."""
        if not self._blocks:
            return True
        return self._size + self._length(block) <= SHORT and block.around == self._blocks[0].around

    def add(self, block: Block) -> None:
        self._blocks.append(block)
        self._size += self._length(block)

    def _length(self, block: Block) -> int:
        return sum(len(line) + 1 for line in self._lines[block.first - 1 : block.last])

    def out(self) -> Iterator[Passage]:
        """Its passages; none of white space alone."""
        if not self._blocks:
            return
        names = list(dict.fromkeys(block.name for block in self._blocks if block.name))
        title = ": ".join(filter(None, (self._path, self._blocks[0].around, ", ".join(names))))
        title = title[:TITLE]
        for text in _pieces(self._lines[self._blocks[0].first - 1 : self._blocks[-1].last]):
            if text.strip():
                yield Passage(title, text.strip("\n"))


def _pieces(lines: list[str]) -> Iterator[str]:
    """Lines as texts of at most LONG characters, a longer line cut hard."""
    taken: list[str] = []
    size = 0
    for line in lines:
        for start in range(0, max(1, len(line)), LONG):
            piece = line[start : start + LONG]
            if taken and size + len(piece) + 1 > LONG:
                yield "\n".join(taken)
                taken, size = [], 0
            taken.append(piece)
            size += len(piece) + 1
    if taken:
        yield "\n".join(taken)
