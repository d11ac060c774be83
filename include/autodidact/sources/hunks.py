"""The hunks of a unified diff."""

import re
from dataclasses import dataclass

_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")

_BEGINS = re.compile(r"[ +-]\s*(@|def |class |async def |if |for |while |try:|with )")


@dataclass
class Hunk:
    """`lines` keep their first character (' ', '+', '-'); `old` and `new` are the numbers of the first line in the file before and after."""

    old: int
    new: int
    section: str
    lines: list[str]

    def text(self) -> str:
        """As git prints it, with the counts of what it holds now."""
        before = sum(line[0] in " -" for line in self.lines)
        after = sum(line[0] in " +" for line in self.lines)
        old, new = (f"{at}" if count == 1 else f"{at},{count}" for at, count in ((self.old, before), (self.new, after)))
        return "\n".join([f"@@ -{old} +{new} @@ {self.section}".rstrip(), *self.lines])

    def before(self) -> list[str]:
        return [line[1:] for line in self.lines if line[0] in " -"]

    def after(self) -> list[str]:
        return [line[1:] for line in self.lines if line[0] in " +"]

    def parts(self, most: int) -> list["Hunk"]:
        """The hunk itself, or pieces of at most `most` lines that begin where a function, a class or a block does, if there is a place."""
        if len(self.lines) <= most:
            return [self]
        found: list[Hunk] = []
        start, old, new = 0, self.old, self.new
        while start < len(self.lines):
            end = min(start + most, len(self.lines))
            if end < len(self.lines):
                end = next((n for n in range(end, start + most // 2, -1) if _BEGINS.match(self.lines[n])), end)
            part = self.lines[start:end]
            found.append(Hunk(old, new, self.section if start == 0 else "", part))
            marks = [line[0] for line in part]
            old += len(part) - marks.count("+")
            new += len(part) - marks.count("-")
            start = end
        return found

    def numbered(self) -> list[tuple[str, int]]:
        """Each line with the number that it has after the commit (a removed one: of the line that follows)."""
        number, rows = self.new, []
        for line in self.lines:
            rows.append((line, number))
            number += line[0] != "-"
        return rows


def hunks(patch: str) -> list[Hunk]:
    """Parses a patch from its first "@@"; remarks such as "\\ No newline at end of file" are left out."""
    found: list[Hunk] = []
    lines: list[str] | None = None
    for line in patch.split("\n"):
        mark = line[:1]
        if mark == "@" and (match := _HEADER.match(line)):
            lines = []
            found.append(Hunk(int(match[1]), int(match[3]), match[5].strip(), lines))
        elif lines is not None and (mark == "+" or mark == "-" or mark == " "):
            lines.append(line)
    return found
