"""Questions about diagrams of arrows: who points at whom, the way of a request, what is in a layer."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from autodidact.generators.architecture_docs.may_path_pass_node import goes_on
from autodidact.generators.architecture_docs.text_and_table_questions import MOST, at, stop, title
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.sources.documents.diagram import Diagram
from autodidact.sources.documents.reader import Document, Section
from autodidact.sources.graphs.triple_graph import Graph, Triple


def flowchart(
    diagram: Diagram, section: Section, document: Document, rng: random.Random, word: str = "diagram"
) -> Iterator[tuple[str, Fact]]:
    """(kind, fact) of a diagram of arrows. Where the way forks by an answer, the answer stands with
    the arrow, and no way is traced through it.
    """
    facts = _Flowchart(diagram, section, document, rng, word)
    for kind, found in (
        ("layers", facts.layers()),
        ("arrows", facts.neighbours()),
        ("arrows", facts.labels()),
        ("ways", facts.ways() if not diagram.decisions else ()),
    ):
        yield from ((kind, fact) for fact in found)


def where(section: Section, document: Document, word: str = "diagram") -> str:
    """How a question names the diagram of a section. `word`: what it is, where there are several."""
    alone = title(section) == document.title
    return f"the {word} of {document.name}" if alone else f'the {word} "{title(section)}" of {document.name}'


def ended(text: str) -> str:
    """The text with a full stop, unless it ends as a sentence does."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


class _Flowchart:
    """The facts of one diagram of arrows."""

    def __init__(self, diagram: Diagram, section: Section, document: Document, rng: random.Random, word: str):
        self.diagram, self.section, self.document, self.rng = diagram, section, document, rng
        self.graph = Graph(Triple(edge.start, "to", edge.end) for edge in diagram.edges)
        self.texts: dict[tuple[str, str], list[str]] = {}
        for edge in diagram.edges:
            self.texts.setdefault((edge.start, edge.end), []).append(edge.text)
        self.where, self.closed = where(section, document, word), diagram.unread.closed

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
                answer = self.closed(ended(listing(dict.fromkeys(nodes))), "groups")
                yield self._fact(asks, answer, "group", group)
            for node in nodes if len(groups) > 1 else ():
                if sum(node in others for others in groups.values()) == 1:
                    asks = [f"In {where}, where does {node} belong?", f"Which group holds {node} in {where}?"]
                    yield self._fact(asks, f"{group}", "member", node)

    def neighbours(self) -> Iterator[Fact]:
        """Where the arrows of each node lead, from where they come, and where they do not lead."""
        where, graph, nodes = self.where, self.graph, self.graph.nodes("to")
        for node in nodes:
            after, before = graph.out(node, "to"), graph.back(node, "to")
            here = f"arrows/{node}"
            if len(after) <= MOST:
                asks = [
                    f"In {where}, where do the arrows of {node} lead?",
                    f"What does {node} point at in {where}?",
                    f"Which parts come right after {node} in {where}?",
                ]
                answer = (
                    ended(f"To {self._targets(node, after)}")
                    if after
                    else f"To nothing: no arrow starts at {node}."
                )
                yield self._fact(asks, self.closed(answer, here), "out", node)
            if len(before) <= MOST:
                asks = [
                    f"What points at {node} in {where}?",
                    f"In {where}, from where do arrows lead to {node}?",
                ]
                answer = ended(listing(before)) if before else f"Nothing: no arrow leads to {node}."
                yield self._fact(asks, self.closed(answer, here), "in", node)
            others = [other for other in nodes if other != node and other not in after]
            if after and others and len(after) <= MOST:
                yield self._not_pointed_at(node, self.rng.choice(others), after, before)

    def _targets(self, node: str, after: list[str]) -> str:
        """Where the arrows of a node lead; of a decision, with the answer that leads there."""
        if node not in self.diagram.decisions:
            return listing(after)
        answers = {
            other: listing(dict.fromkeys(filter(None, self.texts[node, other])), "or") for other in after
        }
        return listing(f"{other} ({answers[other]})" if answers[other] else other for other in after)

    def _not_pointed_at(self, node: str, wrong: str, after: list[str], before: list[str]) -> Fact:
        asks = [
            f"Does {node} point at {wrong} in {self.where}?",
            f"{node} leads straight to {wrong} in {self.where}, right?",
        ]
        answer = ended(f"No, {node} points at {listing(after)}")
        if wrong in before:
            answer = ended(f"No, the other way round: {wrong} points at {node}")
        return self._fact(asks, self.closed(answer, f"arrows/{node}"), "not", node, wrong)

    def labels(self) -> Iterator[Fact]:
        """What is written on an arrow."""
        for (start, end), texts in self.texts.items():
            if len(texts) == 1 and texts[0]:
                asks = [
                    f"In {self.where}, what is written on the arrow from {start} to {end}?",
                    f"What passes from {start} to {end} in {self.where}?",
                ]
                answer = self.closed(stop(texts[0]), f"arrows/{start}")
                fork = start in self.diagram.decisions
                yield self._fact(asks[:1] if fork else asks, answer, "text", start, end)

    def ways(self) -> Iterator[Fact]:
        """Ways of more than one arrow, where there is only one, and everything that leads to a node."""
        where, graph = self.where, self.graph
        for node in graph.subjects("to"):
            ways = graph.paths(node, "to")
            far = sorted(end for end, steps in ways.steps.items() if steps > 1)
            for end in self.rng.sample(far, min(2, len(far))):
                way = ways[end]
                passes = all(
                    goes_on(self.texts, *three) for three in zip(way, way[1:], way[2:], strict=False)
                )
                if not self._only(way) or not passes:
                    continue
                asks = [
                    f"Trace the way from {node} to {end} in {where}.",
                    f"How does {node} reach {end}, by {where}?",
                    f"A request enters at {node} and ends at {end}. Which parts does it pass in {where}?",
                ]
                answer = self.closed(ended(" -> ".join(way)), "arrows")
                yield self._fact(asks, answer, "way", node, end)
        for node in graph.objects("to"):
            behind = sorted(graph.affected(node, "to"))
            if len(behind) <= MOST and self._all_go_on({node, *behind}):
                asks = [
                    f"By {where}, from which parts do arrows lead to {node}, straight or through others?",
                    f"{node} fails. Which parts of {where} lead to it?",
                ]
                yield self._fact(asks, self.closed(ended(listing(behind)), "arrows"), "behind", node)

    def _all_go_on(self, passed: set[str]) -> bool:
        """Whether everything that comes in at one of these nodes may go on to another of them."""
        return all(
            goes_on(self.texts, before, one, after)
            for one in passed
            for before in self.graph.back(one, "to")
            for after in self.graph.out(one, "to")
            if after in passed
        )

    def _only(self, way: list[str]) -> bool:
        """Whether no other way leads from its first node to its last."""
        others: set[str] = set()
        passed: set[str] = set()
        for node, following in zip(way, way[1:], strict=False):
            passed.add(node)
            others.update(
                other for other in self.graph.out(node, "to") if other != following and other not in passed
            )
        return not others or not others & {way[-1], *self.graph.affected(way[-1], "to")}


def sequence(diagram: Diagram, section: Section, document: Document, word: str = "diagram") -> Iterator[Fact]:
    """A sequence diagram's messages, one after the other. In a branch a message follows those of the same
    branch only, and the steps of a diagram with branches are not listed.
    """
    place, closed = f'"{title(section)}" in {document.name}', diagram.unread.closed
    place = place if word == "diagram" else where(section, document, word)
    pairs = Counter((edge.start, edge.end) for edge in diagram.edges)
    whole = Counter((edge.start, edge.end, edge.text) for edge in diagram.edges)
    for number, edge in enumerate(diagram.edges):
        if pairs[edge.start, edge.end] == 1 and edge.sure:
            source = at(document, section, "sends", edge.start, edge.end)
            answer = closed(stop(edge.text), f"pairs/{edge.start}/{edge.end}")
            ask = f"What does {edge.start} send to {edge.end} in {place}?"
            yield Fact(ask, answer, source, document.fresh, short=True)
        last = diagram.edges[number - 1]
        if number and last.run == edge.run and whole[last.start, last.end, last.text] == 1:
            ask = f'In {place}, what happens after {last.start} has sent {last.end} "{last.text}"?'
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
        for ask in (f"List the steps of {place} in order.", f"Trace the request of {place}, step by step."):
            yield Fact(ask, closed(steps, "steps"), at(document, section, "steps"), document.fresh)
