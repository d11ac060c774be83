"""Who points at whom: the arrows of Mermaid diagrams, and who stands together in them."""

import re
from dataclasses import dataclass, field

from autodidact.sources.budget import Budget, OverBudget

# Of one diagram; nobody can read one of a hundred.
MAX_ARROWS = 1_000
# Characters of one diagram.
MAX_TEXT = 100_000
# Characters of its lines: what is matched on a line may take the square of its length.
MAX_LINE = 2_000

_NAME = r"[A-Za-z0-9_](?:[\w.]|-(?=[\w]))*"
_SHAPE = (
    r"(?:\s*(?:\(\(\(.*?\)\)\)|\[\[.*?\]\]|\[\(.*?\)\]|\(\[.*?\]\)|\(\(.*?\)\)|\{\{.*?\}\}"
    r"|\[[/\\]?.*?[/\\]?\]|\(.*?\)|\{.*?\}|>.*?\]))?(?::::\w+)?"
)
_NODE = re.compile(rf"\s*({_NAME})({_SHAPE})")
_LINK = re.compile(
    # A --> B, A -.-> B, A ==> B, A --x B.
    r"\s*<?(?:(?:--+|==+|-\.+-)(?P<a>>|[xo](?=\s|\|))"
    r"|--(?!-)\s*+(?P<solid>[^\s|>-][^|>]*?)--+(?P<b>>)?|-\.(?!-)\s*+(?P<dotted>[^|>]*?)\.+-(?P<c>>)?"
    r"|==(?!=)\s*+(?P<thick>[^|>]*?)==+(?P<d>>)?"
    r"|--+|==+|-\.+-|~~~+)\s*(?:\|(?P<label>[^|]*)\|)?"
)
_ARROW = re.compile(r"<<-?-?>>|--?>>?|--?[x)]")
_PARTICIPANT = re.compile(r"^\s*(?:create\s+)?(?:participant|actor)\s+(\S+)(?:\s+as\s+(.+?))?\s*$")


@dataclass(frozen=True)
class Edge:
    """An arrow of a diagram. `text` is what is written on it, or ""."""

    start: str
    end: str
    text: str = ""


@dataclass
class Diagram:
    # "flowchart" or "sequence".
    kind: str
    edges: list[Edge] = field(default_factory=list)
    # A subgraph or cluster and the nodes in it, not those of one inside it.
    groups: dict[str, list[str]] = field(default_factory=dict)


def mermaid(text: str) -> Diagram | None:
    """A flowchart's or a sequence diagram's arrows, in the order of the text; None for another kind. Nodes
    have their labels as names.

    Raises OverBudget.
    """
    budget = within_bounds(text, MAX_LINE)
    lines = [line.split("%%")[0].rstrip() for line in text.splitlines()]
    lines = [line for line in lines if line.strip()]
    # Front matter.
    if lines and lines[0].strip() == "---":
        closing = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
        lines = lines[closing + 1 :]
    if not lines:
        return None
    head = lines[0].split()[0].rstrip(";").lower()
    if head in ("graph", "flowchart"):
        return _flowchart([part for line in lines[1:] for part in line.split(";")], budget)
    return _sequence(lines[1:], budget) if head == "sequencediagram" else None


def within_bounds(text: str, line: int) -> Budget:
    """The arrows that a diagram of this text may have. Raises OverBudget when it, or one of its lines, is too
    long.
    """
    if len(text) > MAX_TEXT or max(map(len, text.split("\n"))) > line:
        raise OverBudget("a diagram too long to read")
    return Budget(MAX_ARROWS, f"a diagram with more than {MAX_ARROWS:,} arrows")


def _flowchart(lines: list[str], budget: Budget) -> Diagram:
    labels: dict[str, str] = {}
    arrows: list[tuple[str, str, str]] = []
    members: dict[str, list[str]] = {}
    inside: list[str] = []
    # The nodes that are in a group.
    placed: set[str] = set()
    for line in lines:
        if match := re.match(r"\s*subgraph\s+(.+?)\s*$", line):
            named = re.fullmatch(r"([\w-]+)\s*\[(.+)\]", match[1])
            label = (named[2] if named else match[1]).strip('"')
            if named:
                labels.setdefault(named[1], label)
            inside.append(label)
            continue
        if re.match(r"\s*end\s*$", line):
            inside = inside[:-1]
            continue
        if re.match(r"\s*(subgraph|classDef|class|style|linkStyle|click|direction)\b", line):
            continue
        left, place = _nodes(line, 0, labels)
        met = [*left]
        while left:
            link = _LINK.match(line, place)
            if not link or link.end() == place:
                break
            right, place = _nodes(line, link.end(), labels)
            met += right
            text = (
                next((link[name] for name in ("solid", "dotted", "thick", "label") if link[name]), "")
                .strip()
                .strip('"')
            )
            if any(link[head] for head in "abcd"):
                budget.spend(len(left) * len(right))
                arrows += [(start, end, text) for start in left for end in right]
            left = right
        if inside:
            new = [node for node in dict.fromkeys(met) if node not in placed]
            members.setdefault(inside[-1], []).extend(new)
            placed.update(new)
    groups = {group: [labels[node] for node in nodes] for group, nodes in members.items() if nodes}
    return Diagram("flowchart", [Edge(labels[a], labels[b], text) for a, b, text in arrows if a != b], groups)


def _nodes(line: str, place: int, labels: dict[str, str]) -> tuple[list[str], int]:
    """The nodes joined by `&` that stand at `place`, and where they end."""
    found = []
    while match := _NODE.match(line, place):
        name, shape = match[1], re.sub(r":::\w+$", "", match[2].strip())
        label = re.sub(r"<br\s*/?>", " ", shape.strip("[](){}<>/\\ ").strip('"'))
        if label or name not in labels:
            labels[name] = label or name
        found.append(name)
        place = match.end()
        joint = re.compile(r"\s*&").match(line, place)
        if not joint:
            break
        place = joint.end()
    return found, place


def _sequence(lines: list[str], budget: Budget) -> Diagram:
    names: dict[str, str] = {}
    edges = []
    for line in lines:
        if match := _PARTICIPANT.match(line):
            names[match[1]] = match[2] or match[1]
        elif (message := _message(line)) and not re.match(r"\s*note\b", line, re.IGNORECASE):
            start, end, text = message
            budget.spend()
            edges.append(Edge(names.get(start, start), names.get(end, end), text))
    return Diagram("sequence", edges)


def _message(line: str) -> tuple[str, str, str] | None:
    """(from, to, text) of `a ->> b: text`."""
    for arrow in _ARROW.finditer(line):
        colon = line.find(":", arrow.end())
        if colon < 0:
            return None
        start, end = line[: arrow.start()].strip(), line[arrow.end() : colon].strip()
        text = line[colon + 1 :].strip()
        # It activates or ends a lifeline.
        end = end[1:].strip() or end if end.startswith(("+", "-")) else end
        if start and end and text:
            return start, end, text
    return None
