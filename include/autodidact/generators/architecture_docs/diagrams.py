"""Questions about diagrams: who points at whom, the way of a request, what is in a layer, the steps of a
sequence.
"""

import random
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.architecture_docs.prose import MOST, at, stop, title
from autodidact.generators.writing.wording import Fact, listing
from autodidact.sources.documents.mermaid import Diagram
from autodidact.sources.documents.reader import Document, Section
from autodidact.sources.graphs.graph import Graph, Triple


def flowchart(
    diagram: Diagram, section: Section, document: Document, rng: random.Random
) -> Iterator[tuple[str, Fact]]:
    """(kind, fact) of a diagram of arrows."""
    graph = Graph(Triple(edge.start, "to", edge.end) for edge in diagram.edges)
    where = (
        f"the diagram of {document.name}"
        if title(section) == document.title
        else f'the diagram "{title(section)}" of {document.name}'
    )

    def fact(asks: list[str], answer: str, *about: str) -> Fact:
        return Fact(rng.choice(asks), answer, at(document, section, *about), document.fresh, short=True)

    for group, nodes in diagram.groups.items():
        if len(nodes) <= MOST:
            asks = [
                f'What is in "{group}" in {where}?',
                f"Which parts make up {group} in {where}?",
                f'Explain the layer "{group}" of {where}: what belongs to it?',
            ]
            yield "layers", fact(asks, f"{listing(nodes)}.", "group", group)
        for node in nodes if len(diagram.groups) > 1 else ():
            if sum(node in others for others in diagram.groups.values()) == 1:
                yield (
                    "layers",
                    fact(
                        [f"In {where}, where does {node} belong?", f"Which group holds {node} in {where}?"],
                        f"{group}",
                        "member",
                        node,
                    ),
                )
    nodes = graph.nodes("to")
    for node in nodes:
        after, before = graph.out(node, "to"), graph.back(node, "to")
        if len(after) <= MOST:
            answer = f"To {listing(after)}." if after else f"To nothing: no arrow starts at {node}."
            asks = [
                f"In {where}, where do the arrows of {node} lead?",
                f"What does {node} point at in {where}?",
                f"Which parts come right after {node} in {where}?",
            ]
            yield "arrows", fact(asks, answer, "out", node)
        if len(before) <= MOST:
            answer = f"{listing(before)}." if before else f"Nothing: {node} is where the diagram begins."
            yield (
                "arrows",
                fact(
                    [
                        f"What points at {node} in {where}?",
                        f"In {where}, from where do arrows lead to {node}?",
                    ],
                    answer,
                    "in",
                    node,
                ),
            )
        others = [other for other in nodes if other != node and other not in after]
        if after and others and len(after) <= MOST:
            wrong = rng.choice(others)
            answer = (
                f"No, the other way round: {wrong} points at {node}."
                if wrong in before
                else f"No, {node} points at {listing(after)}."
            )
            asks = [
                f"Does {node} point at {wrong} in {where}?",
                f"{node} leads straight to {wrong} in {where}, right?",
            ]
            yield "arrows", fact(asks, answer, "not", node, wrong)
    pairs = Counter((edge.start, edge.end) for edge in diagram.edges)
    for edge in diagram.edges:
        if edge.text and pairs[edge.start, edge.end] == 1:
            asks = [
                f"In {where}, what is written on the arrow from {edge.start} to {edge.end}?",
                f"What passes from {edge.start} to {edge.end} in {where}?",
            ]
            yield "arrows", fact(asks, stop(edge.text), "text", edge.start, edge.end)
    for node in graph.subjects("to"):
        ways = graph.paths(node, "to")
        far = sorted(end for end, steps in ways.steps.items() if steps > 1)
        for end in rng.sample(far, min(2, len(far))):
            asks = [
                f"Trace the way from {node} to {end} in {where}.",
                f"How does {node} reach {end}, by {where}?",
                f"A request enters at {node} and ends at {end}. Which parts does it pass in {where}?",
            ]
            yield "ways", fact(asks, f"{' -> '.join(ways[end])}.", "way", node, end)
    for node in graph.objects("to"):
        behind = sorted(graph.affected(node, "to"))
        if len(behind) <= MOST:
            asks = [
                f"By {where}, which parts need {node}, directly or not?",
                f"{node} fails. Which parts of {where} lead to it?",
            ]
            yield "ways", fact(asks, f"{listing(behind)}.", "behind", node)


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
