"""Triples, and a graph that answers questions about them."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple


class Flag(str):
    """A relation whose values are true or false, `active`: one says that it is set so."""

    __slots__ = ()


class Attribute(str):
    """A relation that a node has as an attribute, `hosts`: the name of its value, and no verb."""

    __slots__ = ()


class Triple(NamedTuple):
    subject: str
    relation: str
    object: str


class Graph:
    """Triples by subject and by object. Everything it returns is sorted."""

    def __init__(self, triples: Iterable[Triple]):
        self.triples = sorted(set(triples))
        self._out: dict[tuple[str, str], list[str]] = {}
        self._in: dict[tuple[str, str], list[str]] = {}
        self._sorted: dict[tuple[str, str], list[str]] = {}
        self._reached_by: dict[str, set[str]] = {}
        for subject, relation, obj in self.triples:
            self._reached_by.setdefault(obj, set()).add(relation)
            self._out.setdefault((subject, relation), []).append(obj)
            self._in.setdefault((obj, relation), []).append(subject)

    def relations(self, most: int | None = None) -> list[str]:
        """The relations; with `most` only the most frequent ones."""
        counts = Counter(triple.relation for triple in self.triples)
        return sorted(sorted(counts, key=lambda name: (-counts[name], name))[:most])

    def subjects(self, relation: str) -> list[str]:
        """Whatever has this relation to something."""
        return self._of(self._out, "subjects", relation)

    def objects(self, relation: str) -> list[str]:
        return self._of(self._in, "objects", relation)

    def _of(self, ends: dict[tuple[str, str], list[str]], which: str, relation: str) -> list[str]:
        if (which, relation) not in self._sorted:
            self._sorted[which, relation] = sorted(end for end, name in ends if name == relation)
        return list(self._sorted[which, relation])

    def nodes(self, relation: str) -> list[str]:
        return sorted({*self.subjects(relation), *self.objects(relation)})

    def out(self, subject: str, relation: str) -> list[str]:
        return self._out.get((subject, relation), [])

    def back(self, obj: str, relation: str) -> list[str]:
        return self._in.get((obj, relation), [])

    def reached_by(self, obj: str) -> set[str]:
        """The relations that something has to it."""
        return self._reached_by.get(obj, set())

    def affected(self, node: str, relation: str) -> dict[str, int]:
        """Whoever reaches `node` by this relation, with the number of steps: what a change of it may
        break."""
        return _breadth_first(node, lambda n: self.back(n, relation))[0]

    def through(self, node: str, relation: str) -> dict[tuple[str, ...], list[str]]:
        """What is affected in more than one step: what it goes through in the last step -> names."""
        direct = self.back(node, relation)
        found: dict[tuple[str, ...], list[str]] = {}
        for name in sorted(set(self.affected(node, relation)) - set(direct)):
            needed = self.paths(name, relation)
            found.setdefault(tuple(one for one in direct if one in needed), []).append(name)
        return found

    def paths(self, start: str, relation: str) -> "Ways":
        """A shortest way from `start` to whatever it reaches, the first of them in alphabetical order."""
        return Ways(*_breadth_first(start, lambda n: self.out(n, relation)))


class Ways(Mapping[str, list[str]]):
    """Node -> the nodes on the way to it, made on demand: all ways through a chain hold the square of its
    nodes. `steps`: their lengths.
    """

    def __init__(self, steps: dict[str, int], before: dict[str, str], forks: set[str]):
        self.steps, self._before, self._forks = steps, before, forks

    def only(self, node: str) -> bool:
        """Whether no other way to the node is as short."""
        return self._forks.isdisjoint(self[node])

    def __getitem__(self, node: str) -> list[str]:
        way = [node, self._before[node]]
        while way[-1] in self._before:
            way.append(self._before[way[-1]])
        return way[::-1]

    def __contains__(self, node: object) -> bool:
        return node in self.steps

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)


def _breadth_first(
    start: str, following: Callable[[str], list[str]]
) -> tuple[dict[str, int], dict[str, str], set[str]]:
    """(node -> steps from the start, node -> the one before it, nodes with several such)."""
    steps: dict[str, int] = {}
    before: dict[str, str] = {}
    forks: set[str] = set()
    queue = deque([(start, 0)])
    while queue:
        node, distance = queue.popleft()
        for other in following(node):
            if other != start and other not in steps:
                steps[other], before[other] = distance + 1, node
                queue.append((other, distance + 1))
            elif steps.get(other) == distance + 1:
                forks.add(other)
    return steps, before, forks
