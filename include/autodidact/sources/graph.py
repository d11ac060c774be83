"""Knowledge graphs: triples from a CSV file or from N-Triples lines, and a graph that answers questions about them."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from autodidact.sources.tables import read_text, shown
from autodidact.stage import Troubles

MAX_TRIPLES = 200_000

# How the three columns of a CSV are called in the wild; without such a header the first three columns count.
_COLUMNS = (("subject", "source", "head", "from"), ("relation", "predicate", "type", "label"), ("object", "target", "tail", "to"))
_TERM = r'(?:<([^<>"{}|^`\\\x00-\x20]*)>|_:(\S+))'
_N_TRIPLE = re.compile(rf'^\s*{_TERM}\s+<([^<>\s]*)>\s+(?:{_TERM}|"((?:[^"\\]|\\.)*)"(?:\^\^<[^<>\s]*>|@[A-Za-z0-9-]+)?)\s*\.\s*(?:#.*)?$')
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"\'\\]))')


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
        for subject, relation, obj in self.triples:
            self._out.setdefault((subject, relation), []).append(obj)
            self._in.setdefault((obj, relation), []).append(subject)

    def relations(self, most: int | None = None) -> list[str]:
        """The relations; the `most` frequent ones only, if so many are asked for."""
        counts = Counter(triple.relation for triple in self.triples)
        return sorted(sorted(counts, key=lambda name: (-counts[name], name))[:most])

    def subjects(self, relation: str) -> list[str]:
        """Whatever has this relation to something."""
        return sorted(s for s, r in self._out if r == relation)

    def objects(self, relation: str) -> list[str]:
        return sorted(o for o, r in self._in if r == relation)

    def nodes(self, relation: str) -> list[str]:
        return sorted({*self.subjects(relation), *self.objects(relation)})

    def out(self, subject: str, relation: str) -> list[str]:
        return self._out.get((subject, relation), [])

    def back(self, obj: str, relation: str) -> list[str]:
        return self._in.get((obj, relation), [])

    def affected(self, node: str, relation: str) -> dict[str, int]:
        """Whoever reaches `node` by this relation, with the number of steps: what a change of it may break."""
        return _breadth_first(node, lambda n: self.back(n, relation))[0]

    def paths(self, start: str, relation: str) -> dict[str, list[str]]:
        """A shortest way from `start` to whatever it reaches, the first of them in alphabetical order."""
        steps, before = _breadth_first(start, lambda n: self.out(n, relation))
        ways = {start: [start]}
        for node in sorted(steps, key=steps.__getitem__):
            ways[node] = [*ways[before[node]], node]
        return {node: ways[node] for node in steps}


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
    """The triples of a file: N-Triples when it ends in .nt or .ttl, else CSV (or TSV). Lines that are none are counted."""
    text = read_text(path, troubles)
    if text is None:
        return []
    found = (_n_triples if path.suffix.lower() in (".nt", ".ttl") else _csv)(text, path, troubles)
    if len(found) > MAX_TRIPLES:
        troubles.add("triples beyond the limit", shown(path), len(found) - MAX_TRIPLES)
    return found[:MAX_TRIPLES]


def _csv(text: str, path: Path, troubles: Troubles) -> list[Triple]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    places: Sequence[int] | None = None
    found = []
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            if not any(cells):
                continue
            if places is None:
                places = _places([cell.lower() for cell in cells])
                if places:
                    continue
                places = (0, 1, 2)
            if len(cells) <= max(places) or not all(cells[place] for place in places):
                troubles.add("not a triple", f"{shown(path)}:{reader.line_num}")
                continue
            found.append(Triple(*(cells[place] for place in places)))
    except csv.Error:
        troubles.add("torn line", f"{shown(path)}:{reader.line_num}")
    return found


def _places(header: list[str]) -> list[int] | None:
    """Where subject, relation and object stand, when the first row is a header."""
    places = [next((header.index(name) for name in names if name in header), None) for names in _COLUMNS]
    return None if None in places else places


def _n_triples(text: str, path: Path, troubles: Troubles) -> list[Triple]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _N_TRIPLE.match(line)
        if not match:
            troubles.add("not a triple", f"{shown(path)}:{number}")
            continue
        subject, blank, predicate, obj, blank_object, literal = match.groups()
        value = _ESCAPE.sub(_unescape, literal) if literal is not None else _local(obj) if obj else blank_object
        found.append(Triple(_local(subject) if subject else blank, _local(predicate), " ".join((value or "").split())))
    return [triple for triple in found if all(triple)]


def _local(iri: str) -> str:
    """The last part of an IRI: what people call the thing."""
    return re.split(r"[#/:]", iri.rstrip("#/"))[-1]


def _unescape(match: re.Match) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""
    return {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}.get(match[3], match[3])
