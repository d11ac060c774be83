"""Graphs that people keep, in prose: what is known of a thing, what depends on it, how two are connected, and
what a few pasted triples say.
"""

import random
from collections.abc import Callable, Iterable, Iterator

from autodidact.generators.writing import relation_phrases
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.unread import Unread

# Names in a list, things that are asked about, sentences of a brief.
MOST = 8
MANY = 600
SENTENCES = 5
# Things that a brief says at least.
FACTS = 3
# Triples of an excerpt.
EDGES = 8
# Who does this with a thing needs it, too; and who publishes something is needed by those who read that.
_USES = ("reads", "routes", "runs", "sends", "stores", "uses", "writes")


class KeptRows:
    """The rows about one graph; `source` is where it is."""

    def __init__(
        self,
        graph: Graph,
        unread: Unread,
        source: dict,
        fresh: Callable[[str], bool],
        ask: Shapes,
        say: Shapes,
        rng: random.Random,
    ):
        self.graph, self.unread, self.source, self.fresh = graph, unread, source, fresh
        self.ask, self.say, self.rng = ask, say, rng
        self.joined = Graph(Triple(one.subject, "", one.object) for one in graph.triples)
        self.relations = graph.relations(30)
        self.carrying = [name for name in self.relations if relation_phrases.of(name).carries]

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) of the things of the graph."""
        subjects = sorted({triple.subject for triple in self.graph.triples if len(triple.subject) <= 60})
        for node in self._some(subjects):
            yield "kept brief", self._row("brief", "plain", self.brief(node), node)
            yield from self._premise(node)
        for relation in self.carrying:
            phrase = relation_phrases.of(relation)
            for node in self._some(self.graph.objects(relation)):
                yield "kept down", self._row("down", "down", self.down(node, relation, phrase), node)
                yield from self._pasted(node, relation, phrase)
            for node in self._some(self.graph.subjects(relation)):
                yield from self._between(node, relation, phrase)

    def _some(self, nodes: list[str]) -> list[str]:
        return sorted(self.rng.sample(nodes, len(nodes)), key=lambda node: not self.fresh(node))[:MANY]

    def _row(self, kind: str, say: str, body: str, node: str, /, **fields: str) -> Row:
        ask = self.ask.draw(kind, s=node, **fields) if body else ""
        answer = self.say.draw(say, body=body) if body else ""
        source = self.source | {"asks": [f"kept {kind}", node]}
        return Row(_begun(ask), _begun(answer), source, self.fresh(node), node)

    def brief(self, node: str) -> str:
        """All that leaves a thing and reaches it, a sentence a relation; "" where that is too much."""
        has = []
        for relation in sorted(self.relations, key=lambda name: (name != "is_a", name)):
            objects = self.graph.out(node, relation)
            if 1 <= len(objects) <= MOST:
                verb, noun = relation_phrases.of(relation).verb, _noun(relation)
                ends = listing(map(relation_phrases.as_one, objects))
                has.append(f"has {ends} as its {noun}" if noun else f"{verb} {ends}")
        more = [relation_phrases.with_article(f"{node} {listing(has[:3])}.")] if has else []
        if len(has) > 3:
            more.append(f"It {listing(has[3:6])}.")
        for relation in self.relations:
            subjects = self.graph.back(node, relation)
            if 1 <= len(subjects) <= MOST:
                # Of what is needed, those who need it through others belong to a brief.
                phrase = relation_phrases.of(relation)
                far = relation in self.carrying and set(self.graph.affected(node, relation)) - set(subjects)
                more.append(self._reach(node, relation, phrase) if far else _say(relation, subjects, [node]))
                if not more[-1]:
                    return ""
        if len(has) + len(more) < 3:
            return ""
        counted = sum(len(self.graph.out(node, r)) + len(self.graph.back(node, r)) for r in self.relations)
        known = sum(node in (triple.subject, triple.object) for triple in self.graph.triples)
        short = len(has) <= 6 and len(more) <= SENTENCES and counted == known == self._told(node)
        # "Dienst-db is a data store. Dienst depends on dienst-db" briefs nobody.
        if not short or known + self._far(node) < FACTS:
            return ""
        if self.unread.whole("triples", naming=node):
            more.append("That is all that the graph has on this.")
        return " ".join(map(_begun, more))

    def _far(self, node: str) -> int:
        """How many things need a thing through others."""
        reached = (self.graph.affected(node, relation).values() for relation in self.carrying)
        return sum(steps > 1 for each in reached for steps in each)

    def _told(self, node: str) -> int:
        """How many triples of a thing a brief speaks of: not those of relations with many."""
        counts = [
            len(ends)
            for relation in self.relations
            for ends in (self.graph.out(node, relation), self.graph.back(node, relation))
        ]
        return sum(count for count in counts if count <= MOST)

    def down(self, node: str, relation: str, phrase: Phrase) -> str:
        """Who depends on a thing, directly and through others, with a way."""
        reached = self.graph.affected(node, relation)
        if self._else_carried(self.graph, relation, (node, *reached)):
            return ""
        text = self._reach(node, relation, phrase)
        # Asked is for those "through others" as well.
        if text and max(reached.values()) == 1:
            them = "it" if len(reached) == 1 else "them"
            text = f"{text.removesuffix('.')}, and nothing else through {them}."
        return text

    def _reach(self, node: str, relation: str, phrase: Phrase) -> str:
        """The same by one relation, whatever others say; "" where it is too much, or was not read whole."""
        reached = self.graph.affected(node, relation)
        direct = sorted(name for name, steps in reached.items() if steps == 1)
        far = sorted(name for name, steps in reached.items() if steps > 1)
        whole = all(self.unread.whole(f"triples/{relation}", naming=name) for name in (node, *reached))
        if not direct or len(direct) > MOST or len(far) > MOST or not whole:
            return ""
        text = f"{phrase.say(direct, [node]).removesuffix('.')} directly"
        for needed, names in self.graph.through(node, relation).items():
            text += f", and {listing(names)} through {listing(needed)}"
        if far:
            way = " -> ".join(self.graph.paths(far[0], relation)[node])
            text += f" ({'for example ' if len(far) > 1 else ''}{way})"
        return f"{text}."

    def _else_carried(self, graph: Graph, relation: str, nodes: Iterable[str]) -> bool:
        """Whether something depends on one of these by another relation, which a list by one leaves out."""
        others = {*self.carrying, *(name for name in self.relations if name.lower().startswith(_USES))}
        published = [name for name in self.relations if name.lower().startswith("publish")]
        return any(
            any(graph.back(node, name) for name in others - {relation})
            or any(graph.out(node, name) for name in published)
            for node in nodes
        )

    def _between(self, node: str, relation: str, phrase: Phrase) -> Iterator[tuple[str, Row]]:
        ways = self.graph.paths(node, relation)
        ends = sorted(end for end, steps in ways.steps.items() if 2 <= steps <= 4 and ways.only(end))
        # By other relations there may be a way that is as short.
        every = self.joined.paths(node, "") if ends else ways
        ends = [end for end in ends if every.steps[end] == ways.steps[end] and every.only(end)]
        for end in self.rng.sample(ends, min(2, len(ends))):
            way = ways[end]
            steps = [phrase.say([a], [b]).removesuffix(".") for a, b in zip(way, way[1:], strict=False)]
            body = f"{listing(steps)}."
            yield "kept between", self._row("between", "plain", body, node, o=end)

    def _premise(self, node: str) -> Iterator[tuple[str, Row]]:
        """A claim that another thing's value belongs to this one."""
        # Of other relations the values are of any kind: nobody asks whether a railcar replaced a chat bot.
        single = [
            name
            for name in self.relations
            if len(self.graph.out(node, name)) == 1
            and name != "is_a"
            and (relation_phrases.is_known(name) or _noun(name))
        ]
        if not single:
            return
        relation = self.rng.choice(single)
        right = self.graph.out(node, relation)
        others = [o for o in self.graph.objects(relation) if o not in right and o != node]
        if not others or not self.unread.whole(f"triples/{relation}", naming=node):
            return
        wrong = self.rng.choice(others)
        if wrong in self.graph.paths(node, relation):
            return
        claim = _say(relation, [node], [wrong]).removesuffix(".")
        whose = [name for name in self.graph.back(wrong, relation) if name != node][:3]
        # Another source may say it: the answer is that of the graph.
        body = f"not by the graph. {_begun(_say(relation, [node], right))}"
        if whose:
            body += f" {_begun(_say(relation, whose, [wrong]))}"
        yield "kept premise", self._row("premise", "plain", body, node, claim=claim)

    def _pasted(self, node: str, relation: str, phrase: Phrase) -> Iterator[tuple[str, Row]]:
        """A few triples as they stand in a file of them, and what follows from these alone."""
        reached = self.graph.affected(node, relation)
        near = sorted(name for name, steps in reached.items() if steps <= 3)
        shown: dict[Triple, None] = {}
        for name in self.rng.sample(near, min(3, len(near))):
            way = self.graph.paths(name, relation)[node]
            shown |= {Triple(a, relation, b): None for a, b in zip(way, way[1:], strict=False)}
        more = self.rng.sample(self.graph.triples, min(3, len(self.graph.triples)))
        edges = list(dict.fromkeys([*shown, *more]))[:EDGES]
        if len(edges) < 4 or any(len(t.subject) + len(t.object) > 90 for t in edges):
            return
        small = Graph(edges)
        hit = sorted(small.affected(node, relation).items(), key=lambda pair: (pair[1], pair[0]))
        # One step alone would be the line read back.
        if hit[-1][1] < 2 or self._else_carried(small, relation, (node, *dict(hit))):
            return
        reasons = []
        for name, steps in hit:
            way = small.paths(name, relation)[node]
            how = f"{name}, through {listing(way[1:-1])}"
            if steps == 1:
                how = phrase.say([name], [node]).removesuffix(".")
            reasons.append(f"- {how}")
        lines = "\n".join(",".join(triple) for triple in self.rng.sample(edges, len(edges)))
        body = f"{listing(name for name, _ in hit)}. The reasons:\n\n" + "\n".join(reasons)
        yield "kept pasted", self._row("pasted", "plain", body, node, edges=f"```\n{lines}\n```")


def _begun(text: str) -> str:
    """A sentence with its first letter in upper case, unless it begins with a name like `ledger-db`."""
    return capital(text) if text.split(" ", 1)[0].rstrip(",.;:").isalpha() else text


def _noun(relation: str) -> str:
    """The noun of a relation that is one, `home pier`; "" of a verb."""
    noun = relation_phrases.of(relation).verb.removeprefix("has the ")
    return "" if noun == relation_phrases.of(relation).verb else noun


def _say(relation: str, subjects: list[str], objects: list[str]) -> str:
    if noun := _noun(relation):
        whose, ends = (listing(map(relation_phrases.as_one, names)) for names in (subjects, objects))
        return f"the {noun} of {whose} is {ends}."
    return relation_phrases.of(relation).say(subjects, objects)
