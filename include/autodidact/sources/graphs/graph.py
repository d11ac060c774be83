"""Knowledge graphs: triples from a file in any of the usual formats, and a graph that answers questions about
them.
"""

import csv
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autodidact.sources.budget import within
from autodidact.sources.table_files import read_text, shown
from autodidact.stage import Troubles

MAX_TRIPLES = 200_000

# How the three columns of a CSV are called in the wild; without such a header the first three columns count.
_COLUMNS = (
    ("subject", "source", "head", "from"),
    ("relation", "predicate", "type", "label"),
    ("object", "target", "tail", "to"),
)


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
        for subject, relation, obj in self.triples:
            self._out.setdefault((subject, relation), []).append(obj)
            self._in.setdefault((obj, relation), []).append(subject)

    def relations(self, most: int | None = None) -> list[str]:
        """The relations; the `most` frequent ones only, if so many are asked for."""
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

    def affected(self, node: str, relation: str) -> dict[str, int]:
        """Whoever reaches `node` by this relation, with the number of steps: what a change of it may
        break."""
        return _breadth_first(node, lambda n: self.back(n, relation))[0]

    def paths(self, start: str, relation: str) -> "Ways":
        """A shortest way from `start` to whatever it reaches, the first of them in alphabetical order."""
        return Ways(*_breadth_first(start, lambda n: self.out(n, relation)))


class Ways(Mapping[str, list[str]]):
    """Node -> the nodes on the way to it, made when asked for: all ways through a chain hold the square of
    its nodes. `steps`: their lengths.
    """

    def __init__(self, steps: dict[str, int], before: dict[str, str]):
        self.steps, self._before = steps, before

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


def _breadth_first(start: str, following) -> tuple[dict[str, int], dict[str, str]]:
    steps, before, queue = {}, {}, deque([(start, 0)])
    while queue:
        node, distance = queue.popleft()
        for other in following(node):
            if other != start and other not in steps:
                steps[other], before[other] = distance + 1, node
                queue.append((other, distance + 1))
    return steps, before


def read_triples(path: Path, troubles: Troubles) -> list[Triple]:
    """The triples of a file by its ending: .ttl, .nt, .jsonld or .json, .graphml, .tsv, else CSV. What cannot
    be read is counted.
    """
    text = read_text(path, troubles)
    if text is None:
        return []
    found: list[Triple] = []
    with within(troubles, shown(path)):
        found = list(parse_triples(text, path.suffix.lower(), shown(path), troubles))
    if len(found) > MAX_TRIPLES:
        troubles.add("triples beyond the limit", shown(path), len(found) - MAX_TRIPLES)
    return found[:MAX_TRIPLES]


def parse_triples(text: str, suffix: str, ref: str, troubles: Troubles) -> list[Triple]:
    """The triples of a text in the format of a file that ends so. `ref` names it in what is counted."""
    from autodidact.sources.graphs import graphml, jsonld, rdf, turtle

    if suffix == ".graphml":
        return graphml.triples(text, ref, troubles)
    readers = {
        ".nt": turtle.n_triples,
        ".ttl": turtle.statements,
        ".jsonld": jsonld.statements,
        ".json": jsonld.statements,
    }
    if suffix in readers:
        return rdf.triples(islice(readers[suffix](text, ref, troubles), MAX_TRIPLES + 1), ref, troubles)
    return _csv(text, "\t" if suffix == ".tsv" else ",", ref, troubles)


def _csv(text: str, delimiter: str, ref: str, troubles: Troubles) -> list[Triple]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    places: Sequence[int] | None = None
    found = []
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            if not any(cells):
                continue
            if places is None:
                places = columns(cells)
                if places:
                    continue
                places = (0, 1, 2)
            if len(cells) <= max(places) or not all(cells[place] for place in places):
                troubles.add("not a triple", f"{ref}:{reader.line_num}")
                continue
            found.append(Triple(*(cells[place] for place in places)))
    except csv.Error:
        troubles.add("torn line", f"{ref}:{reader.line_num}")
    return found


def columns(header: Sequence[str]) -> list[int] | None:
    """Where subject, relation and object stand among columns of these names; None when the names do not
    say."""
    header = [name.lower() for name in header]
    places = [next((header.index(name) for name in names if name in header), None) for names in _COLUMNS]
    return None if None in places else places
