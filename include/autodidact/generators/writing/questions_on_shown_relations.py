"""Questions about a few facts of one relation that a prompt shows.

shown    - booking depends on payments
         - gateway depends on helm
asked    What depends on payments? Reply with the name only.        ["subject", "payments"]
answer   booking
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autodidact.generators.writing.facts_into_words import Fact, capital, lower
from autodidact.generators.writing.prompt_layouts import (
    BY_THIS,
    LETTER,
    NAME,
    NAMES,
    NUMBER,
    OR_NONE,
    ORDERED,
    YES_NO,
    ending,
    put,
)
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.sources.graphs.triple_graph import Graph, Triple

# Facts in a prompt.
SHOWN = (2, 4)
# Characters of a name or value that is shown.
LONGEST = 48


@dataclass(frozen=True)
class Relation:
    """What holds in one relation, and its words.

    `source(triples)` is where they can be checked; `whole` all that holds, where `triples` are a part of
    it; `complete`: whether all that holds was read; `noun` what an object is called; `scale`: objects are
    numbers, and so the one with the highest and the one with the lowest are called.
    """

    phrase: Phrase
    triples: Sequence[Triple]
    source: Callable[[list[Triple]], dict]
    noun: str = "name"
    scale: tuple[str, str] | None = None
    whole: Graph | None = None
    complete: bool = True


class RelationQuestions:
    """The questions about one relation: a method a kind, which returns (question, answer, what is asked) or
    None where there is nothing to ask.
    """

    def __init__(self, relation: Relation):
        self.given, self.graph, self.relation = (
            relation,
            Graph(relation.triples),
            relation.triples[0].relation,
        )
        self.whole = relation.whole or self.graph
        self.kinds = ["value"] * 3 + ["subject"] * 3
        self.kinds += ["whether", "subjects", "values", "count"]
        # A statement that is not known is not wrong.
        self.kinds += ["letter"] if relation.complete else []
        self.kinds += ["way", "ends", "ends", "hit", "order"] if relation.phrase.carries else []
        self.kinds += ["most", "most", "ranked"] if relation.scale else []

    def question(self, kind: str, rng: random.Random) -> Fact | None:
        triples = self._chain(rng) if kind in ("way", "ends", "hit", "order") else self._some(kind, rng)
        if not triples or any(len(name) > LONGEST for t in triples for name in (t.subject, t.object)):
            return None
        self.phrase = replace(self.given.phrase, code=False) if rng.random() < 0.7 else self.given.phrase
        self.shown = Graph(triples)
        made = getattr(self, f"_{kind}")(rng)
        if made is None:
            return None
        ask, answer, what = made
        triples = rng.sample(triples, len(triples))
        source = self.given.source(triples) | {
            "triples": [list(triple) for triple in triples],
            "open_book": [kind, *what],
        }
        return Fact(put(self._shown_as_text(triples, rng), ask, rng), answer, source, short=True)

    def _shown_as_text(self, triples: list[Triple], rng: random.Random) -> str:
        """The facts as a list, as sentences or as arrows."""
        statements = [self.phrase.say([t.subject], [t.object]).rstrip(".") for t in triples]
        form = rng.random()
        if form < 0.4:
            return "\n".join(f"- {text}" for text in statements)
        if form < 0.85:
            return " ".join(f"{text}." for text in statements)
        quoted, verb = self.phrase.quoted, self.phrase.verb
        return "\n".join(
            [
                f"{capital(self.phrase.things if verb == 'is' else verb)}:",
                *(f"{quoted(t.subject)} -> {quoted(t.object)}" for t in triples),
            ]
        )

    def _some(self, kind: str, rng: random.Random) -> list[Triple]:
        """Facts about a few things; for what several have in common, about such that share it."""
        graph, relation, picked = self.graph, self.relation, []
        if kind in ("subjects", "count"):
            common = rng.choice(graph.objects(relation))
            same = graph.back(common, relation)
            picked = [
                Triple(s, relation, common) for s in rng.sample(same, min(len(same), rng.randint(2, 3)))
            ]
        elif kind == "values":
            subject = rng.choice(graph.subjects(relation))
            picked = [Triple(subject, relation, o) for o in self.whole.out(subject, relation)]
        if kind in ("subjects", "count", "values") and not 2 <= len(picked) <= 4:
            return []
        size, taken = rng.randint(*SHOWN), {t.subject for t in picked}
        for triple in rng.sample(graph.triples, min(len(graph.triples), 4 * size)):
            if len(picked) < size and triple.subject not in taken:
                picked.append(triple)
                taken.add(triple.subject)
        return picked if len(taken) > 1 else []

    def _chain(self, rng: random.Random) -> list[Triple]:
        """A way of two or three steps, and perhaps another fact."""
        way = [rng.choice(self.graph.subjects(self.relation))]
        for _ in range(rng.choice((2, 2, 3))):
            following = [node for node in self.graph.out(way[-1], self.relation) if node not in way]
            way += [rng.choice(following)] if following else []
        shown = [Triple(a, self.relation, b) for a, b in zip(way, way[1:], strict=False)]
        others = [t for t in self.graph.triples if t not in shown]
        return (
            shown + (rng.sample(others, 1) if others and rng.random() < 0.5 else []) if len(way) > 2 else []
        )

    def _out(self, node: str) -> list[str]:
        return self.shown.out(node, self.relation)

    def _back(self, node: str) -> list[str]:
        return self.shown.back(node, self.relation)

    def _ask(self, asks: Sequence[str], names: Sequence[str], whole: bool, rng: random.Random) -> str:
        """The question; where more holds than is shown, it says that only this counts. A list and a count say
        it in any case: a reader does not know whether more holds.
        """
        ask = rng.choice(asks).format(*map(self.phrase.quoted, names))
        return ask if whole and self.given.complete else rng.choice(BY_THIS).format(lower(ask))

    def _value(self, rng):
        found = rng.choice(self.shown.triples)
        if len(self._out(found.subject)) > 1:
            return None
        whole = len(self.whole.out(found.subject, self.relation)) == 1
        return (
            f"{self._ask(self.phrase.ask, [found.subject], whole, rng)} {ending(NAME, rng, self.given.noun)}",
            found.object,
            [found.subject],
        )

    def _subject(self, rng):
        """Sometimes about what is not shown: then the answer is none."""
        missing = [o for o in self.graph.objects(self.relation) if not self._back(o) and len(o) <= LONGEST]
        none = bool(missing) and rng.random() < 0.1
        obj = rng.choice(missing) if none else rng.choice(self.shown.triples).object
        if len(self._back(obj)) > 1:
            return None
        ask = self._ask(
            self.phrase.ask_back, [obj], self.whole.back(obj, self.relation) == self._back(obj), rng
        )
        how = ending(OR_NONE if none or rng.random() < 0.15 else NAME, rng)
        return f"{ask} {how}", "none" if none else self._back(obj)[0], [obj]

    def _values(self, rng):
        subject = next((t.subject for t in self.shown.triples if len(self._out(t.subject)) > 1), None)
        ask = self._ask(self.phrase.ask, [subject], False, rng) if subject else ""
        return (f"{ask} {ending(NAMES, rng)}", ", ".join(self._out(subject)), [subject]) if subject else None

    def _common(self) -> str | None:
        return next((t.object for t in self.shown.triples if len(self._back(t.object)) > 1), None)

    def _subjects(self, rng):
        if (common := self._common()) is None:
            return None
        return (
            f"{self._ask(self.phrase.ask_back, [common], False, rng)} {ending(NAMES, rng)}",
            ", ".join(self._back(common)),
            [common],
        )

    def _count(self, rng):
        if (common := self._common()) is None:
            return None
        ask = rng.choice(BY_THIS).format(lower(self.phrase.how_many_back(common)))
        return f"{ask} {ending(NUMBER, rng)}", str(len(self._back(common))), [common]

    def _whether(self, rng):
        found = rng.choice(self.shown.triples)
        obj = found.object if rng.random() < 0.5 else rng.choice(self.shown.triples).object
        right = obj in self._out(found.subject)
        if obj == found.subject or (not right and obj in self.whole.paths(found.subject, self.relation)):
            return None
        ask = self.phrase.whether(found.subject, obj)
        if not self.given.complete:
            ask = rng.choice(BY_THIS).format(lower(ask))
        return (f"{ask} {ending(YES_NO, rng)}", "yes" if right else "no", [found.subject, obj])

    def _letter(self, rng):
        """Three statements, of which one does not follow from what is shown, or one alone does."""
        if len(self.shown.triples) < 3:
            return None
        wrong = rng.random() < 0.5
        some, objects = rng.sample(self.shown.triples, 3), self.shown.objects(self.relation)
        turned = []
        for number, t in enumerate(some):
            others = [
                o for o in objects if o not in self.whole.out(t.subject, self.relation) and o != t.subject
            ]
            if not others:
                return None
            turned.append(
                Triple(t.subject, self.relation, rng.choice(others)) if (number == 0) == wrong else t
            )
        order = rng.sample(range(3), 3)
        lines = [
            f"{letter}: {self.phrase.say([turned[n].subject], [turned[n].object])}"
            for letter, n in zip("ABC", order, strict=True)
        ]
        ask = rng.choice(
            ("Which statement is wrong?", "Which one contradicts this?")
            if wrong
            else ("Which statement is right?", "Which one is true?")
        )
        return (
            "\n".join([*lines, f"{ask} {ending(LETTER, rng)}"]),
            "ABC"[order.index(0)],
            ["wrong" if wrong else "right", *(list(turned[n]) for n in order)],
        )

    def _way(self, rng):
        """The only way from what nothing leads to, to what leads nowhere."""
        ways = [
            way
            for start in self.shown.subjects(self.relation)
            if not self._back(start)
            for end, way in self.shown.paths(start, self.relation).items()
            if not self._out(end) and len(way) > 2
        ]
        if len(ways) != 1 or any(len(self._out(node)) > 1 for node in ways[0]) or not self.phrase.ask_path:
            return None
        start, *_, end = ways[0]
        return (
            f"{self._ask(self.phrase.ask_path, [start, end], True, rng)} {ending(ORDERED, rng)}",
            ", ".join(ways[0]),
            [start, end],
        )

    def _ends(self, rng):
        """What nothing leads to, or what leads to nothing."""
        first, verb = rng.random() < 0.5, self.phrase.verb
        found = [
            node
            for node in self.shown.nodes(self.relation)
            if not (self._back(node) if first else self._out(node))
        ]
        if not found:  # a circle
            return None
        asks = (
            (f"What is it that nothing here {verb}?", f"Name what nothing here {verb}.")
            if first
            else (f"What {verb} nothing here?", f"Name what {verb} nothing here.")
        )
        return (
            f"{rng.choice(asks)} {ending(NAME if len(found) == 1 else NAMES, rng)}",
            ", ".join(found),
            ["first" if first else "last"],
        )

    def _hit(self, rng):
        """Everything from which a way leads to a node."""
        node = rng.choice(self.shown.objects(self.relation))
        reached = sorted(self.shown.affected(node, self.relation))
        if not reached:  # the node needs nothing but itself
            return None
        ask = self._ask(self.phrase.ask_impact, [node], False, rng) if self.phrase.ask_impact else ""
        return (
            (f"{ask} {ending(NAME if len(reached) == 1 else NAMES, rng)}", ", ".join(reached), [node])
            if ask
            else None
        )

    def _order(self, rng):
        """The order in which nothing stands before what it needs, where there is but one."""
        left, order = set(self.shown.nodes(self.relation)), []
        while left:
            free = [node for node in left if not left.intersection(self._out(node))]
            if len(free) != 1:
                return None
            order += free
            left.discard(free[0])
        verb = self.phrase.verb
        asks = (
            f"Put them in order: what something {verb} comes before it.",
            f"Order them: each comes after what it {verb}.",
        )
        return f"{rng.choice(asks)} {ending(ORDERED, rng)}", ", ".join(order), []

    def _by_number(self) -> list[str] | None:
        """The subjects, the lowest first; None where two are equal."""
        numbers = {t.subject: float(t.object) for t in self.shown.triples}
        return (
            sorted(numbers, key=numbers.__getitem__)
            if len(set(numbers.values())) == len(self.shown.triples)
            else None
        )

    def _most(self, rng):
        names, which = self._by_number(), rng.randrange(2)
        ask = rng.choice(("Which is the {}?", "Which of them is the {}?", "Name the {}.")).format(
            self.given.scale[which]
        )
        return (
            (f"{ask} {ending(NAME, rng)}", names[0 if which else -1], [("highest", "lowest")[which]])
            if names
            else None
        )

    def _ranked(self, rng):
        names, down = self._by_number(), rng.random() < 0.5
        high, low = self.given.scale
        ask = rng.choice(("Sort them, the {} first.", "Order them from the {} to the {}.")).format(
            *((high, low) if down else (low, high))
        )
        return (
            (
                f"{ask} {ending(ORDERED, rng)}",
                ", ".join(reversed(names) if down else names),
                ["down" if down else "up"],
            )
            if names
            else None
        )
