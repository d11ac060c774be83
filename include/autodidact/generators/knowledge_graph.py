"""Relations between the parts of the system: from a file of triples, and from the imports among the repository's own modules.

Asked in one and two steps, backwards, along paths, as impact ("what breaks if"), and about what is not so.

    {"generator": "knowledge_graph", "category": "architecture",
     "messages": [{"role": "user", "content": "What breaks if ledger-db is down?"},
                  {"role": "assistant", "content": "payments directly. Through it also booking, gateway and helm."}],
     "source": {"kind": "graph", "ref": "samples/graph.csv",
                "triples": [["payments", "depends_on", "ledger-db"], ["booking", "depends_on", "payments"], ...]}}
"""

import random
from collections.abc import Callable, Iterator

from autodidact.errors import Skipped
from autodidact.generators import phrases
from autodidact.generators.phrases import Phrase
from autodidact.generators.wording import Fact, choose, listing, told
from autodidact.records import Example
from autodidact.snapshot import Snapshot
from autodidact.sources.code_graph import IMPORTS, CodeGraph, code_graph
from autodidact.sources.graph import Graph, Triple, read_triples
from autodidact.sources.tables import named_file, shown

NAME = "knowledge_graph"
CATEGORY = "architecture"

MOST = 8  # names in an answer: a longer list is counted, not told
SPREAD = 30  # parts that a change reaches indirectly: beyond, the honest answer is "nearly everything" and teaches nothing
CITED = 12  # triples named in a source
OPEN_BOOK = 0.2  # share of the questions about a triple file that bring the facts along
FACTS = 14  # most facts they bring
RELATIONS = 30  # most relations of one graph that are asked about, the frequent ones first
MANY = 2_000  # most nodes that one kind of question is asked about
FAR = 400  # the same where each question walks through the graph


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """Examples of the triple file and of the repository's imports. Skipped without either."""
    groups: dict[str, list[Fact]] = {}
    reason = ""
    try:
        path = named_file(snapshot.settings.sources.knowledge_graph, "sources.knowledge_graph")
        graph = Graph(read_triples(path, snapshot.troubles))
        book = Book(graph, lambda triples: {"kind": "graph", "ref": shown(path)}, snapshot.rng(NAME, "graph"), open_book=True)
        groups |= {f"graph {name}": facts for name, facts in book.questions(graph.relations(RELATIONS)).items()}
    except Skipped as skipped:
        reason = str(skipped)
    if snapshot.repository:
        code = code_graph(snapshot.repository, snapshot.troubles)
        rng, fresh = snapshot.rng(NAME, "code"), _fresh(code, snapshot)
        book = Book(code.graph, _code_source(code, snapshot), rng, fresh=fresh, implied=_around(code.graph))
        groups |= {f"code {name}": facts for name, facts in book.questions([IMPORTS]).items()}
        groups["code tests"] = _tests(code, snapshot)
    elif reason:
        raise Skipped(f"{reason}, and there is no repository")
    yield from told(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))


def _code_source(code: CodeGraph, snapshot: Snapshot) -> Callable[[list[Triple]], dict]:
    def source(triples: list[Triple]) -> dict:
        path = code.paths[triples[0].subject]
        return {"kind": "git", "ref": path, "commit": snapshot.repository.commit, "path": path}

    return source


def _around(graph: Graph) -> Callable[[str, str], bool]:
    """Whether Python imports a package unasked, because it is around the module or around one that the module imports."""
    return lambda module, package: any(name.startswith(f"{package}.") for name in (module, *graph.out(module, IMPORTS)))


def _fresh(code: CodeGraph, snapshot: Snapshot) -> Callable[[str], bool]:
    changed = snapshot.repository.changed(snapshot.previous_commit)
    return lambda name: code.paths.get(name, "") in changed


def _tests(code: CodeGraph, snapshot: Snapshot) -> list[Fact]:
    """Which tests import a module."""
    facts, rng, fresh = [], snapshot.rng(NAME, "tests"), _fresh(code, snapshot)
    for module in code.tests.objects(IMPORTS):
        tests = sorted(code.paths[test] for test in code.tests.back(module, IMPORTS))
        if module not in code.graph.nodes(IMPORTS) or len(tests) > MOST:
            continue
        ask = rng.choice(("Which tests import `{0}`?", "I changed `{0}`. Which test files use it directly?", "Where is `{0}` imported in the tests?"))
        source = {"kind": "git", "ref": tests[0], "commit": snapshot.repository.commit, "path": tests[0], "triples": [[t, IMPORTS, module] for t in tests]}
        answer = f"{listing(f'`{t}`' for t in tests)} import{'s' if len(tests) == 1 else ''} `{module}`."
        facts.append(Fact(ask.format(module), answer, source, fresh(module), short=True))
    return facts


class Book:
    """The questions about one graph.

    `source(triples)` is where they can be checked; `fresh(node)` whether the node is new or changed; `implied(a, b)` whether the relation
    may hold from a to b without being in the graph, so that nobody should deny it.
    """

    def __init__(self, graph: Graph, source, rng: random.Random, *, fresh=lambda node: True, implied=lambda a, b: False, open_book: bool = False):
        self.graph, self.source, self.rng = graph, source, rng
        self.fresh, self.implied, self.open_book = fresh, implied, open_book

    def _some(self, nodes: list[str], most: int = MANY) -> list[str]:
        """At most so many nodes, fresh ones first: enough for any limit, and no hour on a graph of millions."""
        return sorted(self.rng.sample(nodes, len(nodes)), key=lambda node: not self.fresh(node))[:most]

    def questions(self, relations: list[str]) -> dict[str, list[Fact]]:
        """Facts by kind of question."""
        made: dict[str, list[Fact]] = {kind: [] for kind in ("forward", "backward", "both ways", "two steps", "path", "impact", "unknown")}
        for relation in relations:
            phrase = phrases.of(relation)
            made["forward"] += self._forward(relation, phrase)
            made["backward"] += self._backward(relation, phrase)
            made["both ways"] += self._yes_or_no(relation, phrase)
            if phrase.carries:
                made["path"] += self._paths(relation, phrase)
                made["impact"] += self._impact(relation, phrase)
            else:
                made["unknown"] += self._unknown(relation, phrase)
            for other in relations:
                made["two steps"] += self._two_steps(relation, other)
        return made

    def _fact(self, ask: str, answer: str, triples: list[Triple], *, fresh: bool | None = None) -> Fact:
        source = self.source(triples) | {"triples": [list(triple) for triple in triples[:CITED]]}
        if self.open_book and len(triples) <= FACTS and self.rng.random() < OPEN_BOOK:
            ask = f"{self._lines(triples)}\n\n{ask}"
        if fresh is None:
            fresh = any(self.fresh(node) for triple in triples for node in (triple.subject, triple.object))
        return Fact(ask, answer, source, fresh, short=True)

    def _lines(self, triples: list[Triple]) -> str:
        """The needed facts and a few more, in random order."""
        more = self.rng.sample(self.graph.triples, min(3, len(self.graph.triples)))
        lines = list(dict.fromkeys([*triples, *more]))[:FACTS]
        return "\n".join(phrases.of(t.relation).say([t.subject], [t.object]) for t in self.rng.sample(lines, len(lines)))

    def _forward(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for node in self._some(self.graph.subjects(relation)):
            objects = self.graph.out(node, relation)
            if len(objects) > MOST:
                triples = [Triple(node, relation, o) for o in objects]
                yield self._fact(phrase.how_many(node), phrase.say([node], [f"{len(objects)} {phrase.things}"]), triples)
                continue
            triples = [Triple(node, relation, o) for o in objects]
            for ask in self.rng.sample(phrase.ask, min(2, len(phrase.ask))):
                yield self._fact(ask.format(phrase.quoted(node)), phrase.say([node], objects), triples)

    def _backward(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for node in self._some(self.graph.objects(relation)):
            subjects = self.graph.back(node, relation)
            triples = [Triple(s, relation, node) for s in subjects]
            if len(subjects) > MOST:
                answer = f"{len(subjects)}: {phrase.say([f'{len(subjects)} {phrase.whos}'], [node], many=True)}"
                yield self._fact(phrase.how_many_back(node), answer, triples)
                continue
            for ask in self.rng.sample(phrase.ask_back, min(2, len(phrase.ask_back))):
                yield self._fact(ask.format(phrase.quoted(node)), phrase.say(subjects, [node]), triples)

    def _yes_or_no(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        """True ones, wrong ones, and wrong ones that are true the other way round."""
        nodes = self.graph.objects(relation)
        for node in self._some(self.graph.subjects(relation)):
            objects = self.graph.out(node, relation)
            right = self.rng.choice(objects)
            yield self._fact(phrase.whether(node, right), f"Yes. {phrase.say([node], [right])}", [Triple(node, relation, right)])
            turned = [s for s in self.graph.back(node, relation) if s not in objects]
            wrong = self.rng.choice(turned) if turned else self.rng.choice(nodes)
            if wrong in objects or wrong == node or len(objects) > MOST or self.implied(node, wrong):
                continue
            triples = [Triple(node, relation, o) for o in objects]
            if turned:
                triples.insert(0, Triple(wrong, relation, node))
                answer = f"No, the other way round: {phrase.say([wrong], [node])}"
            else:
                answer = f"No. {phrase.say([node], objects)}"
            ask = phrase.mistaken(node, wrong) if self.rng.random() < 0.4 else phrase.whether(node, wrong)
            yield self._fact(ask, answer, triples)

    def _two_steps(self, first: str, second: str) -> Iterator[Fact]:
        one, two = phrases.of(first), phrases.of(second)
        if first == second:
            return
        for node in self._some(self.graph.subjects(first), FAR):
            middles = self.graph.out(node, first)
            ends = {m: self.graph.out(m, second) for m in middles}
            if not 1 <= len(middles) <= 5 or not all(ends.values()) or sum(map(len, ends.values())) > MOST:
                continue
            triples = [Triple(node, first, m) for m in middles] + [Triple(m, second, e) for m in middles for e in ends[m]]
            if len(middles) == 1:
                ask, answer = one.each(node, two, many=False), two.say(middles, ends[middles[0]])
            else:
                ask, answer = one.each(node, two, many=True), "; ".join(f"{m}: {listing(ends[m])}" for m in middles) + "."
            yield self._fact(ask, answer, triples)

    def _paths(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for start in self._some(self.graph.subjects(relation), FAR):
            ways = self.graph.paths(start, relation)
            ends = sorted(end for end, way in ways.items() if 3 <= len(way) <= 4 and not self.implied(start, end))
            for end in self.rng.sample(ends, min(2, len(ends))):
                triples = [Triple(a, relation, b) for a, b in zip(ways[end], ways[end][1:], strict=False)]
                ask = self.rng.choice(phrase.ask_path).format(phrase.quoted(start), phrase.quoted(end))
                yield self._fact(ask, f"{' -> '.join(map(phrase.quoted, ways[end]))}.", triples)

    def _impact(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        for node in self._some(self.graph.nodes(relation), FAR):
            reached = self.graph.affected(node, relation)
            direct = sorted(n for n, steps in reached.items() if steps == 1)
            through = sorted(n for n, steps in reached.items() if steps > 1)
            ask = self.rng.choice(phrase.ask_impact).format(phrase.quoted(node))
            if not direct:
                answer = phrase.nobody.format(phrase.quoted(node))
                triples = [Triple(node, relation, o) for o in self.graph.out(node, relation)]
            elif len(direct) > MOST or len(through) > SPREAD:
                continue
            else:
                answer = f"{listing(map(phrase.quoted, direct))} directly."
                if through:
                    them = listing(map(phrase.quoted, through)) if len(through) <= MOST else f"{len(through)} more {phrase.whos}"
                    answer += f" Through {'it' if len(direct) == 1 else 'them'} also {them}."
                inside = {node, *reached}
                steps = ((reached[n], Triple(n, relation, o)) for n in reached for o in self.graph.out(n, relation) if o in inside)
                triples = [triple for _, triple in sorted(steps)]
            yield self._fact(ask, answer, triples)

    def _unknown(self, relation: str, phrase: Phrase) -> Iterator[Fact]:
        """Nodes of which the graph does not say it: the honest answer is that it is not known."""
        subjects = set(self.graph.subjects(relation))
        if len(subjects) < 2:
            return
        others = sorted({t.subject for t in self.graph.triples} - subjects)
        for node in self.rng.sample(others, min(3, len(others))):
            known = self.rng.choice([t for t in self.graph.triples if t.subject == node])
            also = phrases.of(known.relation).say([node], [known.object])
            answer = f"That is not in the graph; it only says that {also}" if self.rng.random() < 0.5 else "The graph does not say."
            yield self._fact(self.rng.choice(phrase.ask).format(node), answer, [known])
