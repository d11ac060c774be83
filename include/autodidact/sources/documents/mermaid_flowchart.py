"""Mermaid flowcharts: nodes, arrows and what is written on them, subgraphs, decisions."""

import html
import re
from collections import Counter
from collections.abc import Iterator

from autodidact.sources.documents.diagram import Diagram, Edge
from autodidact.sources.documents.markdown import plain
from autodidact.sources.documents.sentences import HOLE
from autodidact.sources.reading_limits import Budget
from autodidact.sources.unread import Unread

_NAME = r"[A-Za-z0-9_](?:[\w.]|-(?=[\w]))*"
_IN = r'(?:\s*"[^"]*"\s*|[^"]*?)'
_SHAPE = (
    rf"(?:@\{{[^}}]*\}}|\s*(?:\(\(\({_IN}\)\)\)|\[\[{_IN}\]\]|\[\({_IN}\)\]|\(\[{_IN}\]\)|\(\({_IN}\)\)"
    rf"|\{{\{{{_IN}\}}\}}|\[[/\\]?{_IN}[/\\]?\]|\({_IN}\)|\{{{_IN}\}}|>{_IN}\]))?(?::::\w+)?"
)
_NODE = re.compile(rf"\s*({_NAME})({_SHAPE})")
_JOINT = re.compile(r"\s*&")
_LINK = re.compile(
    r"\s*(?:\w+@)?(?P<left><|[xo](?=[-=]))?(?:"
    # A --> B, A -.-> B, A ==> B, A --x B.
    r"(?:--+|==+|-\.+-)(?P<a>>|[xo](?=\s|\|))"
    # The same with words on it: A -- words --> B.
    r'|--(?!-)\s*+(?P<solid>"[^"]*"\s*|[^\s|>-][^|>]*?)--+(?P<b>>|[xo](?=\s))?'
    r"|-\.(?!-)\s*+(?P<dotted>[^|>]*?)\.+-(?P<c>>|[xo](?=\s))?"
    r"|==(?!=)\s*+(?P<thick>[^|>]*?)==+(?P<d>>|[xo](?=\s))?"
    r"|---+|===+|-\.+-)\s*(?:\|(?P<label>[^|]*)\|)?|\s*~~~+"
)
_PASSED = re.compile(r"\s*(classDef|class|style|linkStyle|click|direction|accTitle|accDescr|title)\b")
_STATEMENT = re.compile(r'(?:"[^"]*"|[^";]|"(?=[^"]*$))+')
_CODE = re.compile(r"#(\w+);")
# Answers that an arrow carries away from a decision.
_ANSWER = re.compile(
    r"(yes|no|y|n|true|false|ok|not ok|else|otherwise|success|failure|fail(s|ed)?|ja|nein|oui|non)\b",
    re.IGNORECASE,
)


def flowchart(lines: list[str], budget: Budget, unread: Unread, ref: str) -> Diagram:
    """The flowchart of these lines, the first one left out."""
    return _Flowchart(budget, unread, ref).read(lines)


def worded(label: str) -> str:
    """A label as people read it: without markup, icons and entity codes."""
    label = re.sub(r"\\n|<br\s*/?>", " ", label.strip().strip('"'))
    # Markdown stands in backticks as a whole; those of a word in it are its own.
    label = label[1:-1] if re.fullmatch(r"`[^`]*`", label) else label
    label = plain(re.sub(r"</?[a-zA-Z][^<>]*>|\bfa[bsr]?:fa-[\w-]+", "", label))
    return _CODE.sub(lambda m: html.unescape(f"&#{m[1]};" if m[1].isdecimal() else f"&{m[1]};"), label)


class _Flowchart:
    def __init__(self, budget: Budget, unread: Unread, ref: str):
        self.budget, self.unread, self.ref = budget, unread, ref
        self.labels: dict[str, str] = {}
        self.forks: set[str] = set()
        self.arrows: list[tuple[str, str, str]] = []
        # Links by which something is not an arrow, and not nothing: their ends.
        self.crossed: list[str] = []
        self.members: dict[str, list[str]] = {}
        # The nodes that are in a group.
        self.placed: set[str] = set()

    def read(self, lines: list[str]) -> Diagram:
        inside: list[str] = []
        broken = (re.sub(r"<br\s*/?>", " ", line, flags=re.IGNORECASE) for line in lines)
        for line in (part for whole in broken for part in _STATEMENT.findall(whole)):
            if match := re.match(r"\s*subgraph\b\s*(.*?)\s*$", line):
                inside.append(self._group(match[1], inside))
            elif re.match(r"\s*end\s*$", line):
                inside = inside[:-1]
            elif not _PASSED.match(line):
                self._statement(line, inside)
        return self._diagram()

    def _group(self, text: str, inside: list[str]) -> str:
        named = re.fullmatch(r"([\w-]+)\s*\[(.+)\]", text)
        label = worded(named[2] if named else text)
        key = named[1] if named else text
        if self.labels.get(key, key) == key:
            self.labels[key] = label
        self.members.setdefault(key, [])
        if inside:
            self.members[inside[-1]].append(key)
        return key

    def _statement(self, line: str, inside: list[str]) -> None:
        """Reads a chain of nodes and links; one that is not understood to its end costs itself."""
        left, place = self._nodes(line, 0)
        met, arrows, crossed = [*left], [], []
        while left:
            link = _LINK.match(line, place)
            if not link or link.end() == place:
                break
            right, place = self._nodes(line, link.end())
            met += right
            heads = {link["left"] or "", next((link[end] for end in "abcd" if link[end]), "")}
            text = next((link[name] for name in ("solid", "dotted", "thick", "label") if link[name]), "")
            if heads & {"x", "o"} or heads == {"<", ""}:
                crossed += left + right
            elif ">" in heads:
                self.budget.spend(len(left) * len(right))
                arrows += [(start, end, worded(text)) for start in left for end in right]
                if "<" in heads:
                    self.budget.spend(len(left) * len(right))
                    arrows += [(end, start, worded(text)) for start in left for end in right]
            left = right
        if line[place:].strip() or not met:
            self.unread.add("arrows", "a line of a diagram that is not understood", self.ref)
            self.unread.note("groups", "a line of a diagram that is not understood", self.ref)
            return
        self.arrows += arrows
        self.crossed += crossed
        if inside:
            new = [
                node for node in dict.fromkeys(met) if node not in self.placed and node not in self.members
            ]
            self.members[inside[-1]].extend(new)
            self.placed.update(new)

    def _nodes(self, line: str, place: int) -> tuple[list[str], int]:
        """The nodes joined by `&` that stand at `place`, and where they end."""
        found = []
        while match := _NODE.match(line, place):
            name, shape = match[1], re.sub(r":::\w+$", "", match[2].strip())
            if shape.startswith("@"):
                given = re.search(r'\blabel:\s*("[^"]*"|[^,}]+)', shape)
                label = worded(given[1]) if given else ""
                fork = re.search(r"\bshape:\s*(diam|diamond|decision|question)\b", shape)
            else:
                label = worded(shape.strip("[](){}<>/\\ "))
                fork = re.match(r"\{(?!\{)", shape)
            if fork:
                self.forks.add(name)
            if label or name not in self.labels:
                self.labels[name] = label or name
            found.append(name)
            place = match.end()
            joint = _JOINT.match(line, place)
            if not joint:
                break
            place = joint.end()
        return found, place

    def _diagram(self) -> Diagram:
        labels = self.labels
        for node in dict.fromkeys(self.crossed):
            self.unread.note(f"arrows/{labels[node]}", "a line with a cross or a circle", self.ref)
        if self.crossed:
            self.unread.add("links", "a line with a cross or a circle", self.ref)
        used = Counter(labels[node] for node in {node for arrow in self.arrows for node in arrow[:2]})
        for label in _several(used):
            self.unread.add(f"arrows/{label}", "two nodes of one name", self.ref)
        if any(HOLE in label for label in labels.values()):
            self.unread.add("arrows", "a node without words", self.ref)
        readable = {node for node, label in labels.items() if HOLE not in label}
        edges = [
            Edge(labels[a], labels[b], text.strip(HOLE))
            for a, b, text in self.arrows
            if a != b and {a, b} <= readable
        ]
        for node in {a for a, b, _ in self.arrows if a == b}:
            self.unread.note(f"arrows/{labels[node]}", "an arrow to itself", self.ref)
        # An arrow to a group leads to all that is in it, and one to a part of it to the group.
        ends = {node for arrow in self.arrows for node in arrow[:2]}
        for group in ends & self.members.keys():
            for node in (group, *self.members[group]):
                self.unread.note(f"arrows/{labels[node]}", "an arrow of a whole group", self.ref)
        groups: dict[str, list[str]] = {}
        for group, nodes in self.members.items():
            if nodes:
                groups.setdefault(labels[group], []).extend(labels[node] for node in nodes)
        answers = Counter(a for a, _, text in self.arrows if _ANSWER.match(text))
        forks = {node for node in self.forks if sum(a == node for a, *_ in self.arrows) > 1}
        decisions = {labels[node] for node in forks | {node for node, count in answers.items() if count > 1}}
        return Diagram("flowchart", edges, groups, decisions, unread=self.unread)


def _several(counts: Counter) -> Iterator[str]:
    return (name for name, count in sorted(counts.items()) if count > 1)
