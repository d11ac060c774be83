"""Questions about diagrams of states, classes and entities."""

import random
from collections.abc import Iterator

from autodidact.generators.architecture_docs.diagram_questions import where
from autodidact.generators.architecture_docs.text_and_table_questions import MOST, at, stop
from autodidact.generators.writing.facts_into_words import Fact, capital, listing
from autodidact.sources.documents.diagram import Diagram
from autodidact.sources.documents.reader import Document, Section

# What is asked of the first class of a relation.
_CLASS = {
    "inherits": "Which class does {} inherit from in {}?",
    "realizes": "What does {} implement in {}?",
    "composition": "Of what is {} made up, by {}?",
    "aggregation": "What does {} have, by {}?",
    "association": "Which classes does {} refer to in {}?",
    "dependency": "On which classes does {} depend in {}?",
}


def modelled(
    diagram: Diagram, section: Section, document: Document, rng: random.Random, word: str = "diagram"
) -> Iterator[Fact]:
    """The facts of a diagram of states, classes or entities."""
    place = where(section, document, word)
    made = {"state": _states, "class": _classes, "er": _entities}[diagram.kind]
    for asks, answer, about in made(diagram, place):
        source = at(document, section, *about)
        yield Fact(rng.choice(asks), answer, source, document.fresh, short=True)


_Made = Iterator[tuple[list[str], str, tuple[str, ...]]]


def _states(diagram: Diagram, place: str) -> _Made:
    closed = diagram.unread.closed
    # A fork or a choice is no state: what is behind it is.
    if len(set(diagram.first)) == 1 and diagram.first[0] not in diagram.decisions:
        yield [f"In which state does {place} begin?"], closed(diagram.first[0], "arrows"), ("begins",)
    for state in sorted(
        {name for edge in diagram.edges for name in (edge.start, edge.end)} | set(diagram.last)
    ):
        if state in diagram.decisions:
            continue
        after = [edge for edge in diagram.edges if edge.start == state]
        ways = [f"{edge.end} ({edge.text})" if edge.text else edge.end for edge in after]
        ways += ["the end"] if state in diagram.last else []
        asks = [f"Which states can follow {state} in {place}?", f"In {place}, what may come after {state}?"]
        answer = f"{capital(listing(ways, 'or'))}." if ways else f"None: no transition leaves {state}."
        if len(ways) <= MOST and not diagram.decisions & {edge.end for edge in after}:
            yield asks, closed(answer, f"arrows/{state}"), ("next", state)
        for edge in after:
            if edge.text and [other.end for other in after].count(edge.end) == 1:
                asks = [f"In {place}, what leads from {state} to {edge.end}?"]
                yield asks, closed(stop(edge.text), f"arrows/{state}"), ("transition", state, edge.end)


def _classes(diagram: Diagram, place: str) -> _Made:
    for kind, ask in _CLASS.items():
        of_kind = [relation for relation in diagram.relations if relation.kind == kind]
        for name in dict.fromkeys(relation.start for relation in of_kind):
            ends = list(dict.fromkeys(relation.end for relation in of_kind if relation.start == name))
            if len(ends) <= MOST:
                answer = diagram.unread.closed(f"{listing(ends)}.", "arrows")
                yield [ask.format(name, place)], answer, (kind, name)


def _entities(diagram: Diagram, place: str) -> _Made:
    pairs = [frozenset((one.start, one.end)) for one in diagram.relations]
    for one in diagram.relations:
        if pairs.count(frozenset((one.start, one.end))) > 1 or one.start == one.end:
            continue
        for some, other, count in ((one.start, one.end, one.ends), (one.end, one.start, one.starts)):
            asks = [
                f"By {place}, how many {other} belong to one {some}?",
                f"{place}: one {some}, how many {other}?",
            ]
            yield (
                [capital(ask) for ask in asks],
                diagram.unread.closed(capital(count), "arrows"),
                ("count", some, other),
            )
        if one.text:
            asks = [f"How is {one.start} related to {one.end} in {place}?"]
            yield asks, f"{one.start} {one.text} {one.end}.", ("related", one.start, one.end)
