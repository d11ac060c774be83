"""GraphML: nodes by their labels, edges by theirs, the attributes of nodes as triples. Document types, and so
entities, are refused.

A label is what yEd draws, or the attribute `label` or `name`; two nodes of one label go by their ids. An edge
without a label "is linked to". An edge goes where its arrow points that yEd draws, or from its source to its
target. An undirected edge of a relation that is the same both ways holds both ways; others are counted.
Hyperedges are counted and left out.

networkx, which is installed, reads GraphML too. It refuses a whole file for a hyperedge or for an undirected
edge in a directed graph, adds nodes that edges merely name, and lets document types through.
"""

from datetime import date
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from autodidact.sources.graphs.property_graph import LINKED, NAMES, PropertyGraph, named, said_besides
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.reading_limits import Budget
from autodidact.sources.unread import Unread

# Defaults of attributes, looked at for each node and edge.
MAX_STEPS = 2_000_000
_NODE_LABELS = ["NodeLabel", *NAMES["node"]]
_EDGE_LABELS = ["EdgeLabel", *NAMES["edge"]]
# What yEd draws.
_DRAWN = ("NodeLabel", "EdgeLabel")
# The ends that it draws as heads of arrows: not a diamond, a circle, a bar or a crow's foot.
_HEADS = frozenset("standard delta white_delta short plain concave convex".split())


def triples(text: str, ref: str, unread: Unread, day: date | None = None) -> list[Triple]:
    """The triples of a GraphML text that hold on a day; none, counted, when it is no well-formed XML or has a
    document type.
    """
    if "<!DOCTYPE" in text:
        unread.add("triples", "XML with a document type", ref)
        return []
    try:
        parser = ElementTree.XMLParser(encoding="utf-8")
        root = ElementTree.fromstring(text.encode("utf-8", "replace"), parser)
    except ElementTree.ParseError as error:
        unread.add("triples", "not XML", f"{ref}:{error.position[0]}")
        return []
    return _File(root).triples(ref, unread, day)


class _File:
    """`names` and `defaults` of attributes by their keys. `nodes`: id -> its attributes. `edges`: source,
    target, whether it is directed, its attributes.
    """

    def __init__(self, root: Element):
        keys = [element for element in root.iter() if _tag(element) == "key"]
        self.names = {key.get("id", ""): key.get("attr.name", "") for key in keys}
        self.defaults = {kind: _defaults(keys, kind) for kind in ("node", "edge")}
        self.nodes: dict[str, dict[str, str]] = {}
        self.edges: list[tuple[str, str, bool, dict[str, str]]] = []
        self.hyperedges = 0
        for graph in root.iter():
            if _tag(graph) == "graph":
                self._graph(graph)

    def _graph(self, graph: Element) -> None:
        directed = graph.get("edgedefault") != "undirected"
        for element in graph:
            tag = _tag(element)
            if tag == "node":
                known = self.nodes.setdefault(element.get("id", ""), {})
                self.nodes[element.get("id", "")] = self._attributes(element) | known
            elif tag == "edge":
                way = _way(element, directed)
                ends = element.get("source", ""), element.get("target", "")
                source, target = ends[::-1] if way == "backward" else ends
                self.edges.append((source, target, way != "none", self._attributes(element)))
            elif tag == "hyperedge":
                self.hyperedges += 1

    def _attributes(self, element: Element) -> dict[str, str]:
        """Name -> text of the data of a node or an edge; the first of each name counts."""
        found: list[tuple[str, str]] = []
        for data in element:
            if _tag(data) == "data":
                drawn = [(_tag(inner), inner.text or "") for inner in data.iter() if _tag(inner) in _DRAWN]
                name = self.names.get(data.get("key", ""), "")
                found += drawn or [(name, "".join(data.itertext()))]
        texts = [(name, " ".join(text.split())) for name, text in found if name]
        return {name: text for name, text in reversed(texts) if text}

    def triples(self, ref: str, unread: Unread, day: date | None) -> list[Triple]:
        graph = PropertyGraph()
        budget = Budget(MAX_STEPS, "a graph whose defaults unfold into too much")
        for node, given in self.nodes.items():
            budget.spend(len(self.defaults["node"]))
            facts = (self.defaults["node"] | given).items()
            graph.nodes[node] = [(name, value) for name, value in facts if name not in _NODE_LABELS]
            if label := named(given, _NODE_LABELS):
                graph.labels[node] = label
        for source, target, directed, given in self.edges:
            budget.spend(len(self.defaults["edge"]))
            given = self.defaults["edge"] | given
            relation = named(given, _EDGE_LABELS) or LINKED
            graph.add_edge(
                (source, relation, target), said_besides(given, _EDGE_LABELS), day, directed=directed
            )
        if self.hyperedges:
            unread.counting("triples").add("a hyperedge is not read", ref, self.hyperedges)
        return graph.triples(ref, unread)


def _way(edge: Element, directed: bool) -> str:
    """Which way an edge goes: "forward", "backward" or "none", where that is not known. What yEd draws comes
    first: it says of all edges that they are directed, those without an arrow or with two as well.
    """
    said = edge.get("directed", "")
    arrows = next((inner for inner in edge.iter() if _tag(inner) == "Arrows"), None)
    if arrows is None or said == "false":
        return "forward" if (said == "true" if said in ("true", "false") else directed) else "none"
    source, target = arrows.get("source", "none"), arrows.get("target", "none")
    if source == "none" and target in _HEADS:
        return "forward"
    return "backward" if target == "none" and source in _HEADS else "none"


def _defaults(keys: list[Element], kind: str) -> dict[str, str]:
    """Name -> default of the attributes of nodes or of edges."""
    found = {}
    for key in keys:
        name, kinds = key.get("attr.name", ""), (kind, "all")
        texts = [" ".join((inner.text or "").split()) for inner in key if _tag(inner) == "default"]
        if name and key.get("for", "all") in kinds and any(texts):
            found[name] = next(filter(None, texts))
    return found


def _tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
