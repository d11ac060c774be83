"""Nodes with attributes and edges between them, as GraphML, Neo4j's CSV, node-link JSON and the memory of MCP
have them, as triples with the names that people use.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autodidact.sources.graphs.rdf_statements import MAX_LITERAL, OPAQUE
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.unread import Unread

LINKED = "is_linked_to"

NAMES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("names.yaml").read_text("utf-8"))


@dataclass
class PropertyGraph:
    """`nodes`: id -> its facts, as (relation, value). `labels`: id -> what people call it. `edges`:
    source, relation, target.
    """

    nodes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str, str]] = field(default_factory=list)

    def triples(self, ref: str, unread: Unread) -> list[Triple]:
        """The triples. An edge whose ends are not there, a value that is long or called like a node, and
        nodes without a name are counted and gaps of their relations.
        """
        names = self._names()
        called: set[str] = {name for name in names.values() if name}
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
                else:
                    found.append(Triple(names[node], relation, value))
        for source, relation, target in self.edges:
            ends = names.get(source), names.get(target)
            if None in ends:
                text = " ".join(end or "" for end in ends).encode("utf-8", "replace")
                unread.add(f"triples/{relation}", "an edge without its nodes", ref, text)
            elif not all(ends):
                text = " ".join(end or "" for end in ends).encode("utf-8", "replace")
                unread.add(f"triples/{relation}", "a node without a name", ref, text)
            else:
                found.append(Triple(ends[0] or "", relation, ends[1] or ""))
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
