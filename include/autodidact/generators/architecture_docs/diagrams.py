"""Questions about diagrams: who points at whom, the way of a request, what is in a layer, the steps of a
sequence.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from autodidact.generators.architecture_docs.prose import MOST, at, stop, title
from autodidact.generators.writing.wording import Fact, listing
from autodidact.sources.documents.mermaid import Diagram
from autodidact.sources.documents.reader import Document, Section
from autodidact.sources.graphs.graph import Graph, Triple


def flowchart(
    diagram: Diagram, section: Section, document: Document, rng: random.Random
) -> Iterator[tuple[str, Fact]]:
    """(kind, fact) of a diagram of arrows."""
    facts = _Flowchart(diagram, section, document, rng)
    for kind, found in (
        ("layers", facts.layers()),
        ("arrows", facts.neighbours()),
        ("arrows", facts.labels()),
        ("ways", facts.ways()),
    ):
        yield from ((kind, fact) for fact in found)


class _Flowchart:
    """The facts of one diagram of arrows."""

    def __init__(self, diagram: Diagram, section: Section, document: Document, rng: random.Random):
        self.diagram, self.section, self.document, self.rng = diagram, section, document, rng
        self.graph = Graph(Triple(edge.start, "to", edge.end) for edge in diagram.edges)
        alone = title(section) == document.title
        self.where = f"the diagram of {document.name}"
        self.where = self.where if alone else f'the diagram "{title(section)}" of {document.name}'

    def _fact(self, asks: Sequence[str], answer: str, *about: str) -> Fact:
        source = at(self.document, self.section, *about)
        return Fact(self.rng.choice(asks), answer, source, self.document.fresh, short=True)

    def layers(self) -> Iterator[Fact]:
        """What is in each group, and in which group a node is."""
        where, groups = self.where, self.diagram.groups
        for group, nodes in groups.items():
            if len(nodes) <= MOST:
                asks = [
                    f'What is in "{group}" in {where}?',
                    f"Which parts make up {group} in {where}?",
                    f'Explain the layer "{group}" of {where}: what belongs to it?',
                ]
                yield self._fact(asks, f"{listing(nodes)}.", "group", group)
            for node in nodes if len(groups) > 1 else ():
                if sum(node in others for others in groups.values()) == 1:
                    asks = [f"In {where}, where does {node} belong?", f"Which group holds {node} in {where}?"]
                    yield self._fact(asks, f"{group}", "member", node)

    def neighbours(self) -> Iterator[Fact]:
        """Where the arrows of each node lead, from where they come, and where they do not lead."""
        where, graph, nodes = self.where, self.graph, self.graph.nodes("to")
        for node in nodes:
            after, before = graph.out(node, "to"), graph.back(node, "to")
            if len(after) <= MOST:
                asks = [
                    f"In {where}, where do the arrows of {node} lead?",
                    f"What does {node} point at in {where}?",
                    f"Which parts come right after {node} in {where}?",
                ]
                answer = f"To {listing(after)}." if after else f"To nothing: no arrow starts at {node}."
                yield self._fact(asks, answer, "out", node)
            if len(before) <= MOST:
                asks = [
                    f"What points at {node} in {where}?",
                    f"In {where}, from where do arrows lead to {node}?",
                ]
                answer = f"{listing(before)}." if before else f"Nothing: {node} is where the diagram begins."
                yield self._fact(asks, answer, "in", node)
            others = [other for other in nodes if other != node and other not in after]
            if after and others and len(after) <= MOST:
                yield self._not_pointed_at(node, self.rng.choice(others), after, before)

    def _not_pointed_at(self, node: str, wrong: str, after: list[str], before: list[str]) -> Fact:
        asks = [
            f"Does {node} point at {wrong} in {self.where}?",
            f"{node} leads straight to {wrong} in {self.where}, right?",
        ]
        answer = f"No, {node} points at {listing(after)}."
        if wrong in before:
            answer = f"No, the other way round: {wrong} points at {node}."
        return self._fact(asks, answer, "not", node, wrong)

    def labels(self) -> Iterator[Fact]:
        """What is written on an arrow."""
        pairs = Counter((edge.start, edge.end) for edge in self.diagram.edges)
        for edge in self.diagram.edges:
            if edge.text and pairs[edge.start, edge.end] == 1:
                asks = [
                    f"In {self.where}, what is written on the arrow from {edge.start} to {edge.end}?",
                    f"What passes from {edge.start} to {edge.end} in {self.where}?",
                ]
                yield self._fact(asks, stop(edge.text), "text", edge.start, edge.end)

    def ways(self) -> Iterator[Fact]:
        """Ways of more than one arrow, and everything that leads to a node."""
        where, graph = self.where, self.graph
        for node in graph.subjects("to"):
            ways = graph.paths(node, "to")
            far = sorted(end for end, steps in ways.steps.items() if steps > 1)
            for end in self.rng.sample(far, min(2, len(far))):
                asks = [
                    f"Trace the way from {node} to {end} in {where}.",
                    f"How does {node} reach {end}, by {where}?",
                    f"A request enters at {node} and ends at {end}. Which parts does it pass in {where}?",
                ]
                yield self._fact(asks, f"{' -> '.join(ways[end])}.", "way", node, end)
        for node in graph.objects("to"):
            behind = sorted(graph.affected(node, "to"))
            if len(behind) <= MOST:
                asks = [
                    f"By {where}, which parts need {node}, directly or not?",
                    f"{node} fails. Which parts of {where} lead to it?",
                ]
                yield self._fact(asks, f"{listing(behind)}.", "behind", node)


def sequence(diagram: Diagram, section: Section, document: Document) -> Iterator[Fact]:
    """A sequence diagram's messages, one after the other."""
    where = f'"{title(section)}" in {document.name}'
    pairs = Counter((edge.start, edge.end) for edge in diagram.edges)
    whole = Counter((edge.start, edge.end, edge.text) for edge in diagram.edges)
    for number, edge in enumerate(diagram.edges):
        if pairs[edge.start, edge.end] == 1:
            source = at(document, section, "sends", edge.start, edge.end)
            yield Fact(
                f"What does {edge.start} send to {edge.end} in {where}?",
                stop(edge.text),
                source,
                document.fresh,
                short=True,
            )
        last = diagram.edges[number - 1]
        if number and whole[last.start, last.end, last.text] == 1:
            ask = f'In {where}, what happens after {last.start} has sent {last.end} "{last.text}"?'
            yield Fact(
                ask,
                f"{edge.start} sends {edge.end}: {stop(edge.text)}",
                at(document, section, "after", last.start, last.end, last.text),
                document.fresh,
            )
    if 2 <= len(diagram.edges) <= MOST:
        steps = "\n".join(
            f"{n}. {edge.start} -> {edge.end}: {edge.text}" for n, edge in enumerate(diagram.edges, 1)
        )
        for ask in (f"List the steps of {where} in order.", f"Trace the request of {where}, step by step."):
            yield Fact(ask, steps, at(document, section, "steps"), document.fresh)
