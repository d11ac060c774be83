"""A hunk with a planted bug, and what its lines show of the code around it."""

import ast
import contextlib
import itertools
import re
import textwrap
from dataclasses import dataclass

from autodidact.generators.diff_miner.hunk_reviews import with_defect
from autodidact.generators.diff_miner.plant_bugs import Defect
from autodidact.generators.diff_miner.shown_diff import Shown
from autodidact.sources.git.commits_with_diffs import FileDiff
from autodidact.sources.git.hunks import Hunk

# Texts within a line, whose brackets open nothing.
_TEXTS = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
# Lines of a statement that is put right, and those above its bad line that may belong to it.
MOST_LINES, MOST_ABOVE = 8, 6
# Characters of a line that a review quotes.
QUOTED = 70


def _open(lines: list[str]) -> int:
    """How many brackets are open at the end of some lines, by their signs alone."""
    text = _TEXTS.sub("", "\n".join(lines))
    return sum(text.count(sign) for sign in "([{") - sum(text.count(sign) for sign in ")]}")


def parsed(lines: list[str]) -> ast.stmt | None:
    """The first statement of these lines, which may end with the head of a block; None where they are no
    Python.
    """
    text = textwrap.dedent("\n".join(lines)).strip("\n")
    for head, end in (("", ""), ("", " pass"), ("if 0: pass\n", " pass"), ("try: pass\n", " pass")):
        with contextlib.suppress(SyntaxError, ValueError, IndexError):
            first = ast.parse(head + text + end).body[0]
            # An `elif` is an `if` in the `else` of another.
            return first.orelse[0] if head and isinstance(first, ast.If) else first
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


@dataclass(frozen=True)
class Planted:
    """A hunk with a bug: `hunk` as it was merged, `shown` with the bug in it."""

    file: FileDiff
    hunk: Hunk
    shown: Hunk
    defect: Defect

    @property
    def _after(self) -> list[tuple[str, int]]:
        """The lines as they were merged, with their numbers."""
        return [(line[1:], number) for line, number in self.hunk.numbered() if line[0] != "-"]

    @property
    def right(self) -> list[str]:
        """The lines that belong there."""
        hit = range(self.defect.line, self.defect.line + self.defect.count)
        return [text for text, number in self._after if number in hit]

    @property
    def removed(self) -> list[str]:
        """The lines that the diff takes away, without their indents."""
        return [line[1:].strip() for line in self.shown.lines if line[0] == "-"]

    @property
    def was_there(self) -> bool:
        """Whether a removed line has what is right."""
        return any(self.defect.good in line for line in self.removed)

    @property
    def replaces_it(self) -> bool:
        """Whether the diff removes the very lines that belong there."""
        return bool(self.right) and {line.strip() for line in self.right} <= {*self.removed}

    @property
    def statement(self) -> list[str]:
        """The lines that belong there, with the others of their statement; they alone where the diff does not
        show it whole.
        """
        lines = [text for text, _ in self._after]
        start = next((at for at, (_, number) in enumerate(self._after) if number == self.defect.line), None)
        if start is None:
            return self.right
        end = start + self.defect.count
        for first in range(start, max(start - MOST_ABOVE, 0) - 1, -1):
            above = lines[first:start]
            if above and _indent(above[0]) > _indent(lines[start]) + 4:
                break
            last = end
            while last < len(lines) and last - first <= MOST_LINES and _open(lines[first:last]) > 0:
                last += 1
            if _open(lines[first:last]) == 0 and parsed(lines[first:last]) is not None:
                one = first == start or _is_one(lines[first:last])
                return lines[first:last] if one else self.right
        return self.right

    @property
    def tree(self) -> ast.stmt | None:
        """The statement that belongs there."""
        return parsed(self.statement)

    def _below(self) -> list[str]:
        """The lines below the bad one."""
        end = self.defect.line + self.defect.count
        return [text for text, number in self._after if number >= end]

    @property
    def inner(self) -> str | None:
        """The first statement of the block that the bad line opens; None where it is not shown or long."""
        if len(self.right) != 1 or _open(self.right):
            return None
        return _first(self._below(), _indent(self.right[0]))

    @property
    def else_inner(self) -> str | None:
        """The first statement of the `else` of that block; None where it is not shown or long."""
        depth = _indent(self.right[0]) if self.right else 0
        below = [text for text in self._below() if text.strip() and not text.lstrip().startswith("#")]
        left = list(itertools.dropwhile(lambda text: _indent(text) > depth, below))
        return _first(left[1:], depth) if self.has_else and left else None

    @property
    def falls_to(self) -> str | None:
        """The statement that follows the block which the bad line opens, where that block is one statement
        that leaves; None where it is not shown.
        """
        inner = self.inner
        if not inner or not re.match(r"(?:return|raise|continue|break)\b", inner):
            return None
        depth = _indent(self.right[0])
        below = [text for text in self._below() if text.strip() and not text.lstrip().startswith("#")]
        left = list(itertools.dropwhile(lambda text: _indent(text) > depth, below))
        if not left or _indent(left[0]) != depth or re.match(r"\s*(?:el(?:if|se)|except|finally)\b", left[0]):
            return None
        short = len(_code(left[0])) <= QUOTED and "`" not in left[0] and not _open(left[:1])
        return _code(left[0]).removesuffix(":") if short and not left[0].lstrip().startswith(_HEADS) else None

    @property
    def has_else(self) -> bool:
        """Whether the block that the bad line opens is shown to have an `else`."""
        depth = _indent(self.right[0]) if self.right else 0
        for text in self._below():
            if text.strip() and not text.lstrip().startswith("#") and _indent(text) <= depth:
                return _indent(text) == depth and text.lstrip().startswith("else:")
        return False

    def diff(self) -> str:
        """The diff with the bug."""
        return Shown(self.file, [self.shown]).diff()

    def mended(self) -> str:
        """The diff without it."""
        return Shown(self.file, [self.hunk]).diff()


# What is no step of the same function.
_HEADS = ("def ", "class ", "async def ", "@")


def _is_one(lines: list[str]) -> bool:
    """Whether lines are one statement."""
    text = textwrap.dedent("\n".join(lines)).strip("\n")
    for end in ("", " pass"):
        with contextlib.suppress(SyntaxError, ValueError):
            return len(ast.parse(text + end).body) == 1
    return False


def _code(line: str) -> str:
    """A line without its indent and the comment at its end."""
    return re.sub(r"\s+#\s.*$", "", line).strip() if not re.search(r"['\"].*#", line) else line.strip()


def _first(lines: list[str], depth: int) -> str | None:
    """The first statement of the block that begins with these lines, below a head of this depth; None where
    it is not there or long.
    """
    for text in lines:
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if _indent(text) <= depth or text.lstrip().startswith(_HEADS):
            return None
        code = _code(text)
        # Of a call over several lines, its beginning.
        called = re.match(r"(?:return |raise |await |\w+ = )?[\w.]+(?=\()", code)
        code = f"{called[0]}(...)" if called and _open([text]) > 0 else code
        short = 3 < len(code) <= QUOTED and "`" not in code
        return code if short and code[-1] not in ":\\" and not _open([code]) else None
    return None


def planted(file: FileDiff, hunk: Hunk, defect: Defect) -> Planted | None:
    """The two versions; None where nothing of the change is left to be reviewed, or where the bug is what was
    there before the commit: then the same line goes and comes.
    """
    shown = with_defect(hunk, defect)
    gone = {line[1:].strip() for line in hunk.lines if line[0] == "-"}
    if defect.planted and {line.strip() for line in defect.planted} <= gone:
        return None
    return Planted(file, hunk, shown, defect) if any(line[0] in "+-" for line in shown.lines) else None
