"""Bugs planted into a commit's own lines with libcst, every other character kept. What results still
compiles.

Only the function or method around the lines is parsed: libcst needs about 10 ms a kilobyte, and most files
are long.
"""

import ast
import random
import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from autodidact.generators.diff_miner.codemods import Change, Sight
    from autodidact.generators.diff_miner.codemods.positions import Lines

# Characters that are parsed for one hunk; more is hardly a function.
MOST_TEXT = 12_000
# Candidates of one kind, in case the result does not compile.
TRIES = 4
_TOP = re.compile(r"(async def|def|class|import|from|@|if|try|with|for|while)\b|@|[A-Za-z_][\w.]* *(=|\()")
_METHOD = re.compile(r"( +|\t+)(async def|def|class|@)")


@dataclass(frozen=True)
class Defect:
    """What was planted: `line` and how many lines of the file after the commit it replaces, and what stands
    there instead (maybe nothing).

    A review says: `wrong`: `bad` should be `good`: `effect`. Without `bad`, `good` is missing.
    """

    kind: str
    line: int
    count: int
    planted: tuple[str, ...]
    wrong: str
    bad: str
    good: str
    effect: str


def plant(
    source: str,
    own: set[int],
    around: set[int],
    rng: random.Random,
    used: Counter | None = None,
    shown: list[tuple[str, int]] | None = None,
    without: Collection[str] = (),
) -> Defect | None:
    """A defect in the lines `own` that a commit wrote, or a check or clean-up taken away `around` them; None
    where there is nothing to break.

    Kinds that were `used` least come first, so that frequent ones (comparisons) do not crowd out the rest.
    `shown`: the lines of the diff, from which it must be clear that the defect is one. Then lines `around`
    may be changed in any way, since the diff shows them as they were. `without`: kinds that are not planted.
    """
    from autodidact.generators.diff_miner.codemods.positions import Positions

    used = Counter() if used is None else used
    lines = source.split("\n")
    if not own:
        return None
    found = _parsed(lines, min(own | around), max(own | around))
    if found is None:
        return None
    module, first, text = found
    positions = Positions().of(module)
    kinds: dict[str, list[Change]] = {}
    near = lines[min(own | around) - 1 : max(own | around)]
    place = _Place(first, own, around, shown, near)
    for change in _changes(module, positions, source, place):
        if change.kind not in without:
            kinds.setdefault(change.kind, []).append(change)
    for kind in sorted(sorted(kinds), key=lambda kind: (used[kind], rng.random())):
        for change in rng.sample(kinds[kind], min(TRIES, len(kinds[kind]))):
            if defect := _planted(module, positions, change, text, place):
                return defect
    return None


@dataclass(frozen=True)
class _Place:
    """Which lines may be changed. `first`: the number of the first line that was parsed; `near`: the text
    from the first of these lines to the last.
    """

    first: int
    own: set[int]
    around: set[int]
    shown: list[tuple[str, int]] | None
    near: list[str]

    def allows(self, change: "Change", where: set[int]) -> bool:
        """Whether a change of these lines may be planted here."""
        from autodidact.generators.diff_miner.bug_is_visible import evident, ruled

        if ruled(change, self.near):
            return False
        if where <= self.own:
            return self.shown is None or evident(change, where, self.shown)
        return where <= self.around and (change.context or self.shown is not None)


def _parsed(lines: list[str], first: int, last: int) -> "tuple[cst.Module, int, list[str]] | None":
    """The module of the smallest part around these lines that is Python, the number of its first line, and
    its lines.
    """
    import libcst as cst

    for start, end in dict.fromkeys((_method(lines, first, last), _top(lines, first, last), (0, len(lines)))):
        part = lines[start:end]
        if part and part[0][:1] in " \t":  # a method: a class has to stand above it
            part, start = ["class _:", *part], start - 1
        text = "\n".join(part) + "\n"
        if len(text) <= MOST_TEXT and _compiles(text):
            try:
                return cst.parse_module(text), start + 1, part
            except (cst.ParserSyntaxError, RecursionError):  # rare: what compiles but libcst does not know
                continue
    return None


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<excerpt>", "exec", dont_inherit=True, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _top(lines: list[str], first: int, last: int) -> tuple[int, int]:
    """The statements of the module around these lines, as a slice."""
    start, end = first - 1, last
    while start > 0 and not _TOP.match(lines[start]):
        start -= 1
    while start > 0 and lines[start - 1].startswith("@"):
        start -= 1
    while end < len(lines) and not _TOP.match(lines[end]):
        end += 1
    return (0, len(lines)) if _in_string(lines, start) else (start, end)


def _method(lines: list[str], first: int, last: int) -> tuple[int, int]:
    """The methods around these lines, as a slice; the statements of the module where there is no class."""
    start, end = _top(lines, first, last)
    indents = [match[1] for line in lines[start:end] if (match := _METHOD.match(line))]
    if not any(line.startswith("class ") for line in lines[start:end]) or not indents:
        return start, end
    indent = min(indents, key=len)
    head = re.compile(rf"{indent}(async def|def|class|@)")
    begin, stop = first - 1, last
    while begin > start and not head.match(lines[begin]):
        begin -= 1
    while begin > start and lines[begin - 1].startswith(f"{indent}@"):
        begin -= 1
    while stop < end and not head.match(lines[stop]):
        stop += 1
    if (
        begin <= start
        or any(line[:1] not in ("", " ", "\t", "#") for line in lines[begin:stop])
        or _in_string(lines, begin)
    ):
        return start, end
    return begin, stop


def _in_string(lines: list[str], start: int) -> bool:
    """Whether a line may be in the middle of a string of several lines."""
    above = "\n".join(lines[:start])
    return bool(above.count('"""') % 2 or above.count("'''") % 2)


def _changes(module: "cst.Module", positions: "Lines", source: str, place: _Place) -> "Iterator[Change]":
    """What the codemods offer for these lines."""
    from autodidact.generators.diff_miner.codemods import LONGEST, Sight

    first, lines = place.first, place.own | place.around
    see = Sight(module, source)

    def spans(node) -> set[int] | None:
        at = positions.get(node)
        return set(range(at.start.line + first - 1, at.end.line + first)) if at else None

    for node in _walk(module, see, positions, min(lines) - first + 1, max(lines) - first + 1):
        for change in _offers(node, see):
            where = spans(change.node) or set()
            quoted = (
                max(len(change.bad), len(change.good)) <= LONGEST
                and "\n" not in change.bad + change.good
                and "`" not in change.bad + change.good
            )
            short = change.context or len(where) == 1 or change.kind in ("missing await", "lost return")
            if quoted and short and where and place.allows(change, where):
                yield change


def _offers(node: "cst.CSTNode", see: "Sight") -> "Iterator[Change]":
    from autodidact.generators.diff_miner.codemods import CODEMODS

    for codemod in CODEMODS.get(type(node), ()):
        yield from codemod(node, see)


def _walk(
    module: "cst.Module", see: "Sight", positions: "Lines", first: int, last: int
) -> "Iterator[cst.CSTNode]":
    """The nodes that overlap these lines, each while `see` looks at its place."""
    stack: list[tuple[cst.CSTNode, tuple]] = [(module, ())]
    while stack:
        node, parents = stack.pop()
        see.around = parents
        yield node
        for child in node.children:
            if _overlaps(child, positions, first, last):
                stack.append((child, (*parents, node)))


def _overlaps(node: "cst.CSTNode", positions: "Lines", first: int, last: int) -> bool:
    at = positions.get(node)
    return at is None or (at.start.line <= last and at.end.line >= first)


def _planted(
    module: "cst.Module", positions: "Lines", change: "Change", text: list[str], place: _Place
) -> Defect | None:
    """The change made, as lines; None when it touches other lines or does not compile."""
    import libcst as cst

    at = positions[change.node]

    class Put(cst.CSTTransformer):
        def on_visit(self, node):
            # The lines of a definition are those below its decorators.
            defines = isinstance(node, (cst.FunctionDef, cst.ClassDef))
            return defines or _overlaps(node, positions, at.start.line, at.end.line)

        def on_leave(self, original_node, updated_node):
            return change.new if original_node is change.node else updated_node

    try:
        code = module.visit(Put()).code
    except (cst.CSTValidationError, TypeError, AttributeError):
        return None
    after = code.removesuffix("\n").split("\n")
    same = _common(text, after)
    tail = _common(text[same:][::-1], after[same:][::-1])
    line, count, planted = place.first + same, len(text) - same - tail, tuple(after[same : len(after) - tail])
    hit = set(range(line, line + count))
    if after == text or not hit or not place.allows(change, hit) or not _compiles(code):
        return None
    return Defect(change.kind, line, count, planted, change.wrong, change.bad, change.good, change.effect)


def _common(one: list[str], other: list[str]) -> int:
    """How many first items are equal."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
