"""GraphML: nodes by their labels, edges by theirs, the attributes of nodes as triples. Document types, and so
entities, are refused.

A label is what yEd draws, or the attribute `label` or `name`; two nodes of one label go by their ids. An edge
without a label "is linked to". An undirected edge holds both ways. Hyperedges are counted and left out.
"""

from collections import Counter
from xml.parsers import expat

from autodidact.sources.budget import Budget
from autodidact.sources.graphs.graph import Triple
from autodidact.stage import Troubles

LINKED = "is_linked_to"
# Defaults of attributes, looked at for each node and edge.
MAX_STEPS = 2_000_000
# Characters of an attribute's value.
MAX_VALUE = 120

_NODE_LABELS = ("label", "name", "title")
_EDGE_LABELS = ("relation", "label", "type", "predicate", "name")
_DRAWN = ("NodeLabel", "EdgeLabel")


class Refused(Exception):
    pass


def triples(text: str, ref: str, troubles: Troubles) -> list[Triple]:
    """The triples of a GraphML text; none, counted, when it is no well-formed XML or has a document type."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
        reader.start,
        reader.end,
        reader.data,
    )
    parser.StartDoctypeDeclHandler = (
        reader.refuse
    )  # without a document type there are no entities to blow up or to fetch
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except Refused:
        troubles.add("XML with a document type", ref)
        return []
    except expat.ExpatError as error:
        troubles.add("not XML", f"{ref}:{error.lineno}")
        return []
    return reader.triples(ref, troubles)


class _Reader:
    def __init__(self):
        self.keys: dict[str, dict] = {}  # id -> {"for", "name", "default"}
        self.nodes: dict[str, dict[str, str]] = {}
        self.edges: list[tuple[str, str, bool, dict[str, str]]] = []
        self.hyperedges = 0
        self._directed = [True]
        self._inside: list[
            tuple[str, dict[str, str]]
        ] = []  # the nodes, edges and keys that are open, with their attributes
        self._key = ""
        self._text: list[str] | None = None

    def refuse(self, *_) -> None:
        raise Refused

    def start(self, tag: str, attributes: dict) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "key":
            key = {"for": attributes.get("for", "all"), "name": attributes.get("attr.name", "")}
            self.keys[attributes.get("id", "")] = key
            self._inside.append(("key", key))
        elif tag == "graph":
            self._directed.append(attributes.get("edgedefault", "directed") != "undirected")
            self._inside.append(("graph", {}))
        elif tag == "node":
            node = self.nodes.setdefault(attributes.get("id", ""), {})
            self._inside.append(("node", node))
        elif tag == "edge":
            given: dict[str, str] = {}
            directed = {"true": True, "false": False}.get(attributes.get("directed", ""), self._directed[-1])
            self.edges.append((attributes.get("source", ""), attributes.get("target", ""), directed, given))
            self._inside.append(("edge", given))
        elif tag == "hyperedge":
            self.hyperedges += 1
            self._inside.append(("hyperedge", {}))
        elif tag in ("data", "default"):
            self._key, self._text = attributes.get("key", ""), []
        elif tag in _DRAWN:
            self._text = []

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if self._text is not None and tag in ("data", "default", *_DRAWN):
            value = " ".join("".join(self._text).split())
            if self._inside and value:
                name = (
                    self.keys.get(self._key, {}).get("name", "")
                    if tag == "data"
                    else tag
                    if tag in _DRAWN
                    else "default"
                )
                if name:
                    self._inside[-1][1].setdefault(name, value)
            self._text = None
        if tag in ("key", "graph", "node", "edge", "hyperedge") and self._inside:
            self._inside.pop()
            if tag == "graph" and len(self._directed) > 1:
                self._directed.pop()

    def triples(self, ref: str, troubles: Troubles) -> list[Triple]:
        defaults = {
            kind: {
                key["name"]: key["default"]
                for key in self.keys.values()
                if key["for"] in (kind, "all") and key.get("default") and key["name"]
            }
            for kind in ("node", "edge")
        }
        labels = {
            node: next((given[k] for k in (_DRAWN[0], *_NODE_LABELS) if given.get(k)), node)
            for node, given in self.nodes.items()
        }
        shared = Counter(labels.values())
        names = {node: label if shared[label] == 1 else node for node, label in labels.items()}
        found = []
        budget = Budget(MAX_STEPS, "a graph whose defaults unfold into too much")
        for node, given in self.nodes.items():
            budget.spend(len(defaults["node"]))
            for name, value in (defaults["node"] | given).items():
                if name in (_DRAWN[0], *_NODE_LABELS):
                    continue
                if len(value) > MAX_VALUE:
                    troubles.add("text too long to ask for", ref)
                elif names[node]:
                    found.append(Triple(names[node], name, value))
        for source, target, directed, given in self.edges:
            if source not in names or target not in names or not names[source] or not names[target]:
                troubles.add("an edge without its nodes", ref)
                continue
            budget.spend(len(defaults["edge"]))
            given = defaults["edge"] | given
            relation = next((given[k] for k in (_DRAWN[1], *_EDGE_LABELS) if given.get(k)), LINKED)
            found.append(Triple(names[source], relation, names[target]))
            if not directed:
                found.append(Triple(names[target], relation, names[source]))
        if self.hyperedges:
            troubles.add("a hyperedge is not read", ref, self.hyperedges)
        return found
