"""Diagrams in prose: the way of a request, what is around a part, what happens when."""

import random
from collections.abc import Iterator

from autodidact.generators.architecture_docs.full.docker_compose_prose import MOST
from autodidact.generators.architecture_docs.full.quoting_answers import Pair
from autodidact.generators.architecture_docs.may_path_pass_node import goes_on
from autodidact.generators.architecture_docs.text_and_table_questions import Titles, at, title
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.generators.writing.template_rotation import Row
from autodidact.sources.documents.diagram import Diagram
from autodidact.sources.documents.graphviz import dot
from autodidact.sources.documents.mermaid import mermaid
from autodidact.sources.documents.reader import Document, Prose, Section
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.stage import Troubles

# Ways traced in one diagram.
WAYS = 12
# Neighbours of a node that is worth a question: a step of a chain is not.
FEWEST = 3
# Steps of a search for a second way.
MOST_STEPS = 500


def drawn(
    document: Document, found: Prose, titles: Titles, shapes: Pair, rng: random.Random
) -> Iterator[tuple[str, Row]]:
    """(kind, row) of the diagrams of a document: one in a section, so that nobody can mistake which."""
    several = sum(len(section.mermaid) + len(section.dot) for section in found.sections) > 1
    for section in found.sections:
        texts = [(mermaid, text) for text in section.mermaid] + [(dot, text) for text in section.dot]
        if len(texts) != 1 or titles.repeated(section, document):
            continue
        read, text = texts[0]
        diagram = read(text, Troubles(), f"{document.path}:{section.line}")
        # Of several in a document "the diagram of that document" is none, nor is what has its title.
        if diagram and diagram.kind == "flowchart" and not several:
            yield from _Drawn(diagram, section, document, shapes, rng).flowchart()
        named = not several or title(section) != document.title
        if diagram and diagram.kind == "sequence" and named:
            yield from _Drawn(diagram, section, document, shapes, rng).sequence()


class _Drawn:
    """The rows of one diagram."""

    def __init__(
        self, diagram: Diagram, section: Section, document: Document, shapes: Pair, rng: random.Random
    ):
        self.diagram, self.section, self.document = diagram, section, document
        self.shapes, self.rng, self.whole = shapes, rng, diagram.unread.whole
        self.graph = Graph(Triple(edge.start, "to", edge.end) for edge in diagram.edges)
        self.texts = {(edge.start, edge.end): edge.text for edge in diagram.edges}
        self.every: dict[tuple[str, str], list[str]] = {}
        for edge in diagram.edges:
            self.every.setdefault((edge.start, edge.end), []).append(edge.text)

    def _row(self, kind: str, body: str, /, **fields: str) -> Row:
        name = title(self.section)
        d = "the diagram" if name == self.document.title else f'"{name}"'
        fields |= {"path": self.document.path, "d": d, "T": f'"{name}"'}
        ask = self.shapes.ask.draw(kind, **fields)
        answer = capital(self.shapes.say.draw("plain", body=body, **fields)) if body else ""
        source = at(self.document, self.section, f"diagram {kind}", fields.get("a", ""))
        return Row(capital(ask), answer, source, self.document.fresh, self.document.path)

    def flowchart(self) -> Iterator[tuple[str, Row]]:
        """Neighbours, ways, groups."""
        for node in self.graph.nodes("to"):
            yield "diagram", self._row("node", self._node(node), a=_named(node))
        yield from self._ways()
        for group, nodes in self.diagram.groups.items():
            if 2 <= len(nodes) <= MOST and self.whole("groups"):
                inside = [(a, b) for a, b in self.texts if a in nodes and b in nodes]
                body = f"{_named(group)} is made up of {_names(nodes)}."
                if 0 < len(inside) <= 3 and self.whole("arrows"):
                    body += f" Inside it, {listing(f'{_named(a)} leads to {_named(b)}' for a, b in inside)}."
                yield "diagram", self._row("group", body, a=_named(group))

    def _node(self, node: str) -> str:
        after, before = self.graph.out(node, "to"), self.graph.back(node, "to")
        if (
            not self.whole(f"arrows/{node}")
            or not FEWEST <= len(after) + len(before) <= MOST
            or node in self.diagram.decisions
        ):
            return ""
        group = next((name for name, nodes in self.diagram.groups.items() if node in nodes), "")
        me = _named(node)
        text = f"{me} belongs to {_named(group)}. " if group and self.whole("groups") else ""
        leading = f"{_names(before)} {_lead(before)} to"
        if before and after:
            return f"{text}{leading} {me}, which leads on to {_names(after)}."
        if after:
            return f"{text}{me} leads to {_names(after)}; no arrow leads to it."
        return f"{text}{leading} {me}; no arrow leads on from there."

    def _ways(self) -> Iterator[tuple[str, Row]]:
        if self.diagram.decisions or not self.whole("arrows"):
            return
        pairs = [
            (start, end)
            for start in self.graph.subjects("to")
            for end, steps in sorted(self.graph.paths(start, "to").steps.items())
            if 2 <= steps <= 4 and end not in self.graph.out(start, "to")
        ]
        for start, end in self.rng.sample(pairs, min(WAYS, len(pairs))):
            if not self._one_way(start, end):
                continue
            way, steps = self.graph.paths(start, "to")[end], []
            if not all(map(self._goes_on, way, way[1:], way[2:])):
                continue
            for here, there in zip(way, way[1:], strict=False):
                text = self.texts[here, there]
                steps.append(f"{_named(here)} leads to {_named(there)}{f' ({text})' if text else ''}")
            direct = f"no arrow leads straight from {_named(start)} to {_named(end)}"
            shapes = (
                f"{listing(steps)}; {direct}.",
                f"{direct}. The one way between them: {listing(steps)}.",
                f"it goes through {_names(way[1:-1])}, as {listing(steps)}.",
            )
            body = self.rng.choice(shapes)
            yield "diagram way", self._row("way", body, a=_named(start), b=_named(end))

    def _goes_on(self, before: str, node: str, after: str) -> bool:
        return goes_on(self.every, before, node, after)

    def _one_way(self, start: str, end: str) -> bool:
        """Whether the arrows make one way alone that passes no node twice; False if that takes too long."""
        open_ways: list[tuple[str, ...]] = [(start,)]
        found = steps = 0
        while open_ways and found < 2 and (steps := steps + 1) <= MOST_STEPS:
            way = open_ways.pop()
            found += way[-1] == end
            if way[-1] != end:
                open_ways += [(*way, node) for node in self.graph.out(way[-1], "to") if node not in way]
        return found == 1 and not open_ways

    def sequence(self) -> Iterator[tuple[str, Row]]:
        """The messages in order."""
        edges = self.diagram.edges
        if not 3 <= len(edges) <= 10 or not self.whole("steps") or not all(edge.sure for edge in edges):
            return
        steps = "\n".join(f"{n}. {e.start} to {e.end}: {e.text}" for n, e in enumerate(edges, 1))
        first, last = edges[0], edges[-1]
        begin = f'{_named(first.start)} sends {_named(first.end)} "{first.text}"'
        end = f'{_named(last.end)} gets "{last.text}" from {_named(last.start)}'
        if last.start == last.end:
            end = f'{_named(last.end)} comes to "{last.text}"'
        body = f"it begins when {begin}, and ends when {end}. All messages in order:\n\n{steps}"
        yield "diagram", self._row("steps", body)


def _named(node: str) -> str:
    """A node as code where it is one word, else in quotes."""
    return f'"{node}"' if " " in node or "`" in node else f"`{node}`"


def _names(nodes: list[str]) -> str:
    return listing(map(_named, nodes))


def _lead(names: list[str]) -> str:
    return "leads" if len(names) == 1 else "lead"
