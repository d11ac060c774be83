"""Mermaid sequence diagrams: messages, and the blocks that they stand in."""

import re

from autodidact.sources.documents.diagram import Diagram, Edge
from autodidact.sources.documents.mermaid_flowchart import worded
from autodidact.sources.reading_limits import Budget
from autodidact.sources.unread import Unread

_ARROW = re.compile(r"<<-?->>|--?>>?|--?[x)](?=[+\-\s\w(])")
_PARTICIPANT = re.compile(
    r"^\s*(?:create\s+)?(?:participant|actor)\s+(\S+?)(?:@\{[^}]*\})?(?:\s+as\s+(.+?))?\s*$"
)
# Up to a semicolon that does not end the code of a letter.
_STATEMENT = re.compile(r"(?:#\w+;|[^;])+")
_BLOCK = re.compile(r"^\s*(alt|opt|loop|par|par_over|critical|break|rect|box)\b")
_BRANCH = re.compile(r"^\s*(else|and|option)\b")
# In these every message is sent, in the order of the lines.
_PLAIN = ("rect", "box")
_PASSED = re.compile(
    r"^\s*(note|autonumber|activate|deactivate|destroy|title|links?|properties|details|acctitle|accdescr)\b",
    re.IGNORECASE,
)


def sequence(lines: list[str], budget: Budget, unread: Unread, ref: str) -> Diagram:
    """The sequence diagram of these lines, the first one left out. A message in a loop, an alternative or a
    parallel part is in a run of its own.
    """
    names: dict[str, str] = {}
    found: list[tuple[str, str, str, int, bool]] = []
    lost: list[tuple[str, str]] = []
    blocks: list[str] = []
    run = 0
    for line in (part for whole in lines for part in _STATEMENT.findall(whole)):
        if not line.strip() or _PASSED.match(line):
            continue
        if match := _PARTICIPANT.match(line):
            names[match[1]] = worded(match[2] or match[1])
        elif match := _BLOCK.match(line):
            blocks.append(match[1])
            if match[1] not in _PLAIN:
                run += 1
                unread.add("steps", "branches of a sequence diagram", ref)
        elif _BRANCH.match(line):
            run += 1
        elif re.match(r"^\s*end\s*$", line):
            run += bool(blocks) and blocks.pop() not in _PLAIN
        elif message := _message(line):
            budget.spend()
            start, arrow, end, text = message
            if arrow.startswith("<") or arrow.endswith("x"):
                unread.add("steps", "a message that is lost or goes both ways", ref)
                lost += [(start, end), (end, start)] if arrow.startswith("<") else [(start, end)]
                run += 1
                continue
            found.append((start, end, text, run, all(block in (*_PLAIN, "loop") for block in blocks)))
        else:
            unread.add("steps", "a line of a diagram that is not understood", ref)
            unread.note("pairs", "a line of a diagram that is not understood", ref)
            run += 1
    for start, end in lost:
        scope = f"pairs/{names.get(start, start)}/{names.get(end, end)}"
        unread.note(scope, "a message that is lost or goes both ways", ref)
    edges = [
        Edge(names.get(start, start), names.get(end, end), text, run, sure)
        for start, end, text, run, sure in found
    ]
    return Diagram("sequence", edges, unread=unread)


def _message(line: str) -> tuple[str, str, str, str] | None:
    """(from, arrow, to, text) of `a ->> b: text`."""
    for arrow in _ARROW.finditer(line):
        colon = line.find(":", arrow.end())
        if colon < 0:
            return None
        start, end = line[: arrow.start()].strip(), line[arrow.end() : colon].strip()
        text = worded(line[colon + 1 :])
        # It activates or ends a lifeline.
        end = end[1:].strip() or end if end.startswith(("+", "-")) else end
        # A circle where the arrow begins or ends.
        start, end = start.removesuffix("()").strip(), end.removeprefix("()").strip()
        if start and end and text:
            return start, arrow[0], end, text
    return None
