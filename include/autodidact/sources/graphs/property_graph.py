"""Nodes with attributes and edges between them, as GraphML, Neo4j's CSV, node-link JSON and the memory of MCP
have them, as triples with the names that people use.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.edges_in_force import standing
from autodidact.sources.graphs.rdf_statements import MAX_LITERAL, OPAQUE
from autodidact.sources.graphs.triple_graph import Attribute, Triple
from autodidact.sources.unread import Unread

LINKED = "is_linked_to"

NAMES: dict[str, Any] = read_table(__file__, "names.yaml")
_SYMMETRIC = frozenset(NAMES["symmetric"])


@dataclass
class PropertyGraph:
    """`nodes`: id -> its facts, as (relation, value). `labels`: id -> what people call it. `edges`:
    source, relation, target. `undirected`: such of which it is not known which way they go. `over`: such that
    do not hold today (edges_in_force.py). `remarks`: edge -> the attributes that are not understood, and for
    which it is not taught.
    """

    nodes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str, str]] = field(default_factory=list)
    undirected: list[tuple[str, str, str]] = field(default_factory=list)
    over: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[tuple[tuple[str, str, str], Iterable[str]]] = field(default_factory=list)

    def add_edge(
        self, edge: tuple[str, str, str], given: Mapping[str, Any], day: date | None, *, directed: bool = True
    ) -> None:
        """Adds an edge of which this is said besides, to those that hold on a day or to the others."""
        found = standing(given, day)
        if found.over:
            self.over.append(edge)
            return
        if found.holds:
            (self.edges if directed else self.undirected).append(edge)
        self.remarks.append((edge, found.unread or found.undated))

    def triples(self, ref: str, unread: Unread) -> list[Triple]:
        """The triples. An edge whose ends are not there, a value that is long or called like a node, an
        attribute that is called like a relation, and nodes without a name are counted and gaps of their
        relations.
        """
        names = self._names()
        called: set[str] = {name for name in names.values() if name}
        linking = {relation for _, relation, _ in (*self.edges, *self.undirected)} - {"is_a"}
        found: list[Triple] = []
        for node, facts in self.nodes.items():
            for relation, value in facts:
                scope, known = f"triples/{relation}", f"{names[node]} {value}".encode("utf-8", "replace")
                if value in (node, names[node]):
                    continue
                if not names[node]:
                    unread.add(scope, "a node without a name", ref, known)
                elif len(value) > MAX_LITERAL:
                    unread.add(scope, "text too long to ask for", ref, known)
                elif value in called and relation != "is_a":
                    unread.add(scope, "a value that is called like a node", ref, known)
                elif relation in linking:
                    unread.add(scope, "an attribute that is called like a relation", ref, known)
                else:
                    found.append(Triple(names[node], Attribute(relation), value))
        for source, relation, target in [*self.edges, *self._both_ways(names, ref, unread)]:
            ends = names.get(source), names.get(target)
            if None in ends:
                text = " ".join(end or "" for end in ends).encode("utf-8", "replace")
                unread.add(f"triples/{relation}", "an edge without its nodes", ref, text)
            elif not all(ends):
                text = " ".join(end or "" for end in ends).encode("utf-8", "replace")
                unread.add(f"triples/{relation}", "a node without a name", ref, text)
            else:
                found.append(Triple(ends[0] or "", relation, ends[1] or ""))
        for source, relation, target in self.over:
            note_over((names.get(source) or "", relation, names.get(target) or ""), ref, unread)
        note_remarks(
            (
                ((names.get(source) or "", relation, names.get(target) or ""), said)
                for (source, relation, target), said in self.remarks
            ),
            ref,
            unread,
        )
        return found

    def _both_ways(self, names: dict[str, str], ref: str, unread: Unread) -> list[tuple[str, str, str]]:
        """The undirected edges, both ways. Those of a relation that has a direction are counted."""
        found = []
        for source, relation, target in self.undirected:
            if is_symmetric(relation):
                found += [(source, relation, target), (target, relation, source)]
            else:
                note_undirected(relation, (names.get(source), names.get(target)), ref, unread)
        return found

    def _names(self) -> dict[str, str]:
        """Id -> label, or the id where other nodes have that label or there is none; "" where the id is no
        name either.
        """
        labels = {node: self.labels.get(node, "") or node for node in self.nodes}
        shared = Counter(labels.values())
        names = {node: label if shared[label] == 1 else node for node, label in labels.items()}
        return {
            node: "" if name == node and OPAQUE.fullmatch(node) and self.labels.get(node) != node else name
            for node, name in names.items()
        }


def named(attributes: dict[str, str], names: list[str]) -> str:
    """The first of these attributes that is there; "" without one."""
    return next((attributes[name] for name in names if attributes.get(name)), "")


def said_besides(given: Mapping[str, Any], *parts: list[str]) -> dict[str, Any]:
    """The attributes of an edge without those that name it and its ends: of each of these lists of names the
    first that is there.
    """
    used = {next((name for name in names if given.get(name) not in (None, "")), None) for names in parts}
    return {key: value for key, value in given.items() if key not in used}


def is_symmetric(relation: str) -> bool:
    """Whether a relation holds both ways, by its words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", relation).lower().split()
    return not _SYMMETRIC.isdisjoint(words)


def note_undirected(relation: str, ends: Iterable[str | None], ref: str, unread: Unread) -> None:
    """Counts an edge of a relation that has a direction, which is not given."""
    text = " ".join(end or "" for end in ends).encode("utf-8", "replace")
    unread.add(f"triples/{relation}", "an undirected edge of a relation that has a direction", ref, text)


def note_over(edge: tuple[str, str, str], ref: str, unread: Unread) -> None:
    """Counts an edge that does not hold today; it is a gap of the things that it links."""
    source, relation, target = edge
    text = f"{source} {target}".encode("utf-8", "replace")
    unread.add(f"triples/{relation}", "a relation that does not hold today", ref, text)


def note_remarks(
    remarks: Iterable[tuple[tuple[str, str, str], Iterable[str]]], ref: str, unread: Unread
) -> None:
    """Counts each column or attribute of edges that is not understood, once for each relation: a place where
    an edge holds, or a condition. It is a gap of the things that these edges link, and of no others.
    """
    texts: dict[tuple[str, str], list[str]] = {}
    for (source, relation, target), said in remarks:
        for name in said:
            texts.setdefault((relation, name), []).append(f"{source} {target}")
    for (relation, name), found in texts.items():
        text = "\n".join(found).encode("utf-8", "replace")
        unread.add(f"triples/{relation}", "a column that is not understood", f"{ref}: {name}"[:200], text)
