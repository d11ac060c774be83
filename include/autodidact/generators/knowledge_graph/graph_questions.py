"""Questions about a graph: one and two steps, backwards, along paths, impact, and what does not hold."""

import random
import re
from collections.abc import Callable, Iterable, Iterator

from autodidact.generators.writing import relation_phrases
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.unread import Unread

KINDS = ("forward", "backward", "both ways", "two steps", "path", "impact", "unknown", "absent")

# Names in an answer: a longer list is counted, not given.
MOST = 8
# Parts that a change reaches indirectly: beyond, the answer is "nearly everything" and teaches nothing.
SPREAD = 30
# Triples named in a source.
CITED = 12
# Share of the questions about a triple file that bring the facts along.
OPEN_BOOK = 0.2
# Most facts they bring.
FACTS = 14
# Most nodes that one kind of question is asked about.
MANY = 2_000
# The same where each question walks through the graph.
FAR = 400
# Most questions about what is not there.
ABSENT = 200
# Share of the nodes about which something wrong is asked.
DENIED = 0.6
# Share of the questions about code that say which file is open.
WITH_PATH = 0.15


class GraphQuestions:
    """The questions about one graph.

    `source(triples)` is where they can be checked; `fresh(node)` whether the node is new or changed;
    `implied(a, b)` whether the relation may hold from a to b without being in the graph, so that nobody
    should deny it; `out` and `back` (node, relation): whether the graph has everything that leaves or
    reaches the node; `unread`: what the reader of the graph left out; `place(node)` the file of a node of
    code; `kinds` what is asked; `words` how relations are put.
    """

    def __init__(
        self,
        graph: Graph,
        source: Callable[[list[Triple]], dict],
        rng: random.Random,
        *,
        fresh: Callable[[str], bool] = lambda node: True,
        implied: Callable[[str, str], bool] = lambda a, b: False,
        out: Callable[[str, str], bool] = lambda node, relation: True,
        back: Callable[[str, str], bool] = lambda node, relation: True,
        place: Callable[[str], str] = lambda node: "",
        open_book: bool = False,
        kinds: tuple[str, ...] = KINDS,
        here: str = "graph",
        words: Callable[[str], Phrase] = relation_phrases.of,
        unread: Unread | None = None,
    ):
        self.unread = unread or Unread()
        self.graph, self.source, self.rng = graph, source, rng
        self.fresh, self.implied, self.place = fresh, implied, place
        self.whole_out, self.whole_back = out, back
        self.open_book, self.kinds, self.here, self.words = open_book, kinds, here, words

    def questions(self, relations: list[str]) -> dict[str, list[Fact]]:
        """Facts by kind of question."""
        made: dict[str, list[Fact]] = {kind: [] for kind in self.kinds}

        def add(kind: str, facts: Iterator[Fact]) -> None:
            if kind in made:
                made[kind] += facts

        for relation in relations:
            phrase = self.words(relation)
            add("forward", self._forward(relation, phrase))
            add("backward", self._backward(relation, phrase))
            add("both ways", self._yes_or_no(relation, phrase))
            if phrase.carries:
                add("path", self._paths(relation, phrase))
                add("impact", self._impact(relation, phrase))
            else:
                add("unknown", self._unknown(relation, phrase))
            add("absent", self._absent(relation, phrase))
            for other in relations:
                add("two steps", self._two_steps(relation, other))
        return made

    def _some(self, nodes: list[str], most: int = MANY) -> list[str]:
        """At most so many nodes, fresh ones first: enough for any limit, and no hour on a graph of
        millions."""
        return sorted(self.rng.sample(nodes, len(nodes)), key=lambda node: not self.fresh(node))[:most]

    def _closed(self, answer: str, relation: str, *nodes: str) -> str:
        """An answer that needs all that the graph has of these nodes in a relation, or ""."""
        whole = all(self.unread.whole(f"triples/{relation}", naming=node) for node in nodes)
        return answer if whole else ""

    def _fact(self, asks: list, ask: str, answer: str, triples: list[Triple], node: str = "") -> Fact:
        cited = [list(triple) for triple in triples[:CITED]]
        source = self.source(triples) | {"asks": asks, "triples": cited}
        if self.open_book and triples and len(triples) <= FACTS and self.rng.random() < OPEN_BOOK:
            ask = f"{self._lines(triples)}\n\n{ask}"
        elif (path := self.place(node)) and self.rng.random() < WITH_PATH:
            ask = self.rng.choice((f"I have `{path}` open. {ask}", f"Looking at `{path}`: {ask}"))
        fresh = any(self.fresh(node) for triple in triples for node in (triple.subject, triple.object))
        return Fact(ask, answer, source, fresh, short=True)

    def _lines(self, triples: list[Triple]) -> str:
        """The needed facts and a few more, in random order."""
        more = self.rng.sample(self.graph.triples, min(3, len(self.graph.triples)))
        lines = list(dict.fromkeys([*triples, *more]))[:FACTS]
        return "\n".join(
            self.words(t.relation).say([t.subject], [t.object]) for t in self.rng.sample(lines, len(lines))
        )

    def _forward(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for node in self._some([n for n in self.graph.subjects(relation) if self.whole_out(n, relation)]):
            objects = self.graph.out(node, relation)
            triples = [Triple(node, relation, o) for o in objects]
            if len(objects) > MOST:
                answer = phrase.say([node], [f"{len(objects)} {phrase.things}"])
                answer = self._closed(answer, relation, node)
                yield self._fact(["how many", relation, node], phrase.how_many(node), answer, triples, node)
                continue
            for ask in self.rng.sample(phrase.ask, min(2, len(phrase.ask))):
                yield self._fact(
                    ["forward", relation, node],
                    ask.format(phrase.quoted(node)),
                    self._closed(phrase.say([node], objects), relation, node),
                    triples,
                    node,
                )

    def _backward(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for node in self._some([n for n in self.graph.objects(relation) if self.whole_back(n, relation)]):
            subjects = self.graph.back(node, relation)
            triples = [Triple(s, relation, node) for s in subjects]
            if len(subjects) > MOST:
                answer = phrase.say([f"{len(subjects)} {phrase.whos}"], [node], many=True)
                answer = self._closed(answer, relation, node)
                yield self._fact(
                    ["how many back", relation, node], phrase.how_many_back(node), answer, triples, node
                )
                continue
            for ask in self.rng.sample(phrase.ask_back, min(2, len(phrase.ask_back))):
                yield self._fact(
                    ["backward", relation, node],
                    ask.format(phrase.quoted(node)),
                    self._closed(phrase.say(subjects, [node]), relation, node),
                    triples,
                    node,
                )

    def _yes_or_no(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        """True ones, wrong ones, and wrong ones that are true the other way round or by a detour."""
        nodes = self.graph.objects(relation)
        for node in self._some(self.graph.subjects(relation)):
            objects = self.graph.out(node, relation)
            right = self.rng.choice(objects)
            triples = [Triple(node, relation, right)]
            yield self._fact(
                ["whether", relation, node, right],
                phrase.whether(node, right),
                f"Yes. {phrase.say([node], [right])}",
                triples,
                node,
            )
            if self.rng.random() > DENIED:
                continue
            turned = [s for s in self.graph.back(node, relation) if s not in objects]
            wrong = self.rng.choice(turned) if turned else self.rng.choice(nodes)
            known = self.whole_out(node, relation) or self.whole_back(wrong, relation)
            if (
                wrong in objects
                or wrong == node
                or len(objects) > MOST
                or not known
                or self.implied(node, wrong)
            ):
                continue
            triples = [Triple(node, relation, o) for o in objects]
            way = self.graph.paths(node, relation).get(wrong) if phrase.carries else None
            if way and len(way) > 4:
                continue
            if way:
                triples = [Triple(a, relation, b) for a, b in zip(way, way[1:], strict=False)]
                steps = [phrase.say([a], [b]).removesuffix(".") for a, b in zip(way, way[1:], strict=False)]
                answer = self._closed(f"Not directly: {', and '.join(steps)}.", relation, node, wrong)
            elif turned:
                triples.insert(0, Triple(wrong, relation, node))
                answer = f"No, the other way round: {phrase.say([wrong], [node])}"
                answer = self._closed(answer, relation, node, wrong)
            elif self.whole_out(node, relation):
                answer = self._closed(f"No. {phrase.say([node], objects)}", relation, node, wrong)
            else:
                # That it is not among them is known, and not which others there are.
                continue
            ask = phrase.mistaken(node, wrong) if self.rng.random() < 0.4 else phrase.whether(node, wrong)
            yield self._fact(["whether", relation, node, wrong], ask, answer, triples, node)

    def _two_steps(self, first: str, second: str) -> Iterator[Fact]:
        if first == second:
            return
        one, two = self.words(first), self.words(second)
        for node in self._some([n for n in self.graph.subjects(first) if self.whole_out(n, first)], FAR):
            middles = self.graph.out(node, first)
            ends = {m: self.graph.out(m, second) for m in middles}
            if not 1 <= len(middles) <= 5 or not all(ends.values()) or sum(map(len, ends.values())) > MOST:
                continue
            if not all(self.whole_out(middle, second) for middle in middles):
                continue
            triples = [Triple(node, first, m) for m in middles] + [
                Triple(m, second, e) for m in middles for e in ends[m]
            ]
            if len(middles) == 1:
                ask, answer = one.each(node, two, many=False), two.say(middles, ends[middles[0]])
            else:
                ask = one.each(node, two, many=True)
                answer = (
                    "; ".join(f"{one.quoted(m)}: {listing(map(two.quoted, ends[m]))}" for m in middles) + "."
                )
            answer = self._closed(answer, first, node) and self._closed(answer, second, *middles)
            yield self._fact(["two steps", first, second, node], ask, answer, triples, node)

    def _paths(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for start in self._some(self.graph.subjects(relation), FAR):
            ways = self.graph.paths(start, relation)
            near = (end for end, steps in ways.steps.items() if 2 <= steps <= 3 and ways.only(end))
            ends = sorted(end for end in near if not self.implied(start, end))
            for end in self.rng.sample(ends, min(2, len(ends))):
                triples = [Triple(a, relation, b) for a, b in zip(ways[end], ways[end][1:], strict=False)]
                ask = self.rng.choice(phrase.ask_path).format(phrase.quoted(start), phrase.quoted(end))
                yield self._fact(
                    ["path", relation, start, end],
                    ask,
                    f"{' -> '.join(map(phrase.quoted, ways[end]))}.",
                    triples,
                    start,
                )

    def _impact(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for node in self._some(self.graph.nodes(relation), FAR):
            reached = self.graph.affected(node, relation)
            if not all(self.whole_back(n, relation) for n in (node, *reached)):
                continue
            if not phrase.code and self._reached_otherwise(node, reached, relation):
                continue
            direct = sorted(n for n, steps in reached.items() if steps == 1)
            through = sorted(n for n, steps in reached.items() if steps > 1)
            ask = self.rng.choice(phrase.ask_impact).format(phrase.quoted(node))
            if not direct:
                if not phrase.nobody:
                    continue
                answer = phrase.nobody.format(phrase.quoted(node))
                triples = [Triple(node, relation, o) for o in self.graph.out(node, relation)]
            elif len(direct) > MOST or len(through) > SPREAD:
                continue
            else:
                answer = f"{listing(map(phrase.quoted, direct))} directly."
                if through:
                    them = (
                        listing(map(phrase.quoted, through))
                        if len(through) <= MOST
                        else f"{len(through)} more {phrase.whos.removeprefix('other ')}"
                    )
                    answer += f" Through {'it' if len(direct) == 1 else 'them'} also {them}."
                inside = {node, *reached}
                steps = (
                    (reached[n], Triple(n, relation, o))
                    for n in reached
                    for o in self.graph.out(n, relation)
                    if o in inside
                )
                triples = [triple for _, triple in sorted(steps)]
            answer = self._closed(answer, relation, node, *reached)
            yield self._fact(["impact", relation, node], ask, answer, triples, node)

    def _reached_otherwise(self, node: str, reached: Iterable[str], relation: str) -> bool:
        """Whether trouble may reach more by other relations: by one that carries it, or, where nothing is
        said to suffer, by any."""
        ways = {name for n in (node, *reached) for name in self.graph.reached_by(n)} - {relation}
        return any(self.words(name).carries for name in ways) if reached else bool(ways)

    def _unknown(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        """Nodes of which the graph does not say it: the honest answer is that it is not known."""
        subjects = set(self.graph.subjects(relation))
        if len(subjects) < 2:
            return
        others = sorted({t.subject for t in self.graph.triples} - subjects)
        for node in self.rng.sample(others, min(3, len(others))):
            known = [triple for triple in self.graph.triples if triple.subject == node]
            answer = self._closed("The graph does not say.", relation, node)
            if self.rng.random() < 0.5 and len(known) <= MOST and self.unread.whole("triples", naming=node):
                objects: dict[str, list[str]] = {}
                for triple in known:
                    objects.setdefault(triple.relation, []).append(triple.object)
                says = [
                    self.words(name).say([node], found).removesuffix(".") for name, found in objects.items()
                ]
                answer = f"That is not in the graph; it only says that {listing(says)}."
            yield self._fact(
                ["unknown", relation, node],
                self.rng.choice(phrase.ask).format(phrase.quoted(node)),
                answer,
                known,
                node,
            )

    def _absent(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        """Names that sound as if they were of this graph and are not."""
        subjects = [node for node in self.graph.subjects(relation) if re.fullmatch(r"[\w.-]+", node)]
        parts = sorted(
            {
                part
                for node in subjects
                for part in re.split(r"[-_.]", node)
                if len(part) > 2 and not part.isdigit()
            }
        )
        known = {node.lower() for triple in self.graph.triples for node in (triple.subject, triple.object)}
        if len(parts) < 3:
            return
        asks = (*phrase.ask, *phrase.ask_impact) if phrase.carries else phrase.ask
        for _ in range(min(ABSENT, max(2, len(subjects) // 6))):
            node = self.rng.choice(subjects)
            old, new = (
                self.rng.choice([part for part in re.split(r"[-_.]", node) if part] or [node]),
                self.rng.choice(parts),
            )
            made = re.sub(rf"(?<![^\W_]){re.escape(old)}(?![^\W_])", new, node)
            made = (
                made
                if made != node
                else f"{node}-{new}"
                if "-" in node or not phrase.code
                else f"{node}_{new}"
            )
            if made.lower() in known or self.place(made) or re.fullmatch(r"[a-z]+", made):
                continue
            answer = f"There is no {phrase.quoted(made)} in this {self.here}."
            answer = answer if self.unread.whole("triples", naming=made) else ""
            yield self._fact(
                ["absent", relation, made], self.rng.choice(asks).format(phrase.quoted(made)), answer, []
            )
