"""The hunks of a unified diff."""

import bisect
import re
from dataclasses import dataclass, field

_HEADER = re.compile(r"-(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)")

_BEGINS = re.compile(r"\n[ +-][^\S\n]*(?:@|def |class |async def |if |for |while |try:|with )")
# A line that is none of a hunk's.
_OTHER = re.compile(r"\n[^ +-]")


@dataclass
class Hunk:
    """`lines` keep their first character (' ', '+', '-'); `old` and `new` are the numbers of the first line
    in the file before and after.
    """

    old: int
    new: int
    section: str
    lines: list[str]
    _known: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def text(self) -> str:
        """As git prints it, with the counts of what it holds now."""
        before = sum(line[0] in " -" for line in self.lines)
        after = sum(line[0] in " +" for line in self.lines)
        old, new = (
            f"{at}" if count == 1 else f"{at},{count}"
            for at, count in ((self.old, before), (self.new, after))
        )
        return "\n".join([f"@@ -{old} +{new} @@ {self.section}".rstrip(), *self.lines])

    def before(self) -> list[str]:
        return [line[1:] for line in self.lines if line[0] in " -"]

    def after(self) -> list[str]:
        return [line[1:] for line in self.lines if line[0] in " +"]

    def cuts(self, most: int) -> list[tuple[int, int]]:
        """Where the hunk is cut into parts of at most `most` lines, (first, one after the last): where a
        function, a class or a block begins, if there is such a place.
        """
        size = len(self.lines)
        if size <= most:
            return [(0, size)]
        found, begins, start = [], self._begins(), 0
        while start < size:
            end = start + most
            if end < size:
                last = begins[bisect.bisect_right(begins, end) - 1]
                end = last if last > start + most // 2 else end
            found.append((start, min(end, size)))
            start = end
        return found

    def part(self, start: int, end: int) -> "Hunk":
        """Some of its lines, as a hunk."""
        if end - start == len(self.lines):
            return self
        marks = [line[0] for line in self.lines[:start]]
        old, new = self.old + start - marks.count("+"), self.new + start - marks.count("-")
        return Hunk(old, new, "" if start else self.section, self.lines[start:end])

    def _begins(self) -> list[int]:
        """The numbers of the lines at which a function, a class or a block begins, after a -1."""
        if not self._known:
            whole, number, at = "\n" + "\n".join(self.lines), 0, 1
            self._known.append(-1)
            # Once over all lines, since a hunk is cut for several uses.
            for match in _BEGINS.finditer(whole):
                number += whole.count("\n", at, match.end())
                at = match.end()
                self._known.append(number)
        return self._known

    def numbered(self) -> list[tuple[str, int]]:
        """Each line with the number that it has after the commit (a removed one: of the line that
        follows)."""
        number, rows = self.new, []
        for line in self.lines:
            rows.append((line, number))
            number += line[0] != "-"
        return rows


def hunks(patch: str) -> list[Hunk]:
    """Parses a patch from its first "@@"; remarks such as "\\ No newline at end of file" are left out."""
    found: list[Hunk] = []
    for part in f"\n{patch}".split("\n@@ ")[1:]:
        head, _, body = part.partition("\n")
        lines = body.removesuffix("\n").split("\n") if body else []
        if _OTHER.search(part):
            lines = [line for line in lines if line[:1] in ("+", "-", " ")]
        if match := _HEADER.match(head):
            found.append(Hunk(int(match[1]), int(match[2]), match[3].strip(), lines))
        elif found:
            found[-1].lines.extend(lines)
    return found
