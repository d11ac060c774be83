"""Graphs as JSON: nodes and links as D3 and networkx write them, as Cytoscape and JSON Graph do, and the
memory of MCP's reference server (entities and relations), whole or a line each, and the lines of Neo4j.

networkx, which is installed, reads node-link data too. There one link without its end costs the whole file,
and names are ids.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from autodidact.sources.graphs.property_graph import LINKED, NAMES, PropertyGraph, named, said_besides
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.json_of_expected_type import dict_of, parsed
from autodidact.sources.placeholders import is_no_statement
from autodidact.sources.unread import Unread

_EDGES = ("links", "edges", "relationships")
# What Cytoscape says of an element besides: all but its data, and classes that somebody gave it.
_LOOKS = frozenset(
    "grabbable grabbed group locked pannable position removed scratch selectable selected".split()
)
# Where a node or an edge has its attributes.
_INNER = ("data", "attributes", "properties", "metadata")


def is_node_link(content: Any) -> bool:
    """Whether a JSON document holds nodes and links."""
    return _parts(content) is not None


def _parts(content: Any) -> tuple[dict, Any, Any] | None:
    """(the mapping around them, nodes, edges); None for a document of another form."""
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("elements"), list):
        return _elements(content)
    for outer in (content, content.get("elements"), content.get("graph")):
        if isinstance(outer, dict) and isinstance(outer.get("nodes"), (list, dict)):
            edges = next((outer[key] for key in _EDGES if isinstance(outer.get(key), list)), None)
            if edges is not None:
                return content | outer, outer["nodes"], edges
    return None


def _elements(content: dict) -> tuple[dict, list, list] | None:
    """The same of Cytoscape's elements in one list, where each says its group, or an edge has ends; None
    where they are of another form.
    """
    listed = content["elements"]
    if not listed or not all(isinstance(one, dict) and isinstance(one.get("data"), dict) for one in listed):
        return None
    there = [one for one in listed if one.get("removed") is not True]
    edges = [one for one in there if one.get("group") == "edges" or "source" in one["data"]]
    nodes = [one for one in there if one not in edges]
    return content, [_without_looks(one) for one in nodes], [_without_looks(one) for one in edges]


def _without_looks(element: dict) -> dict:
    """An element without what Cytoscape keeps of how it is drawn and handled."""
    return {key: value for key, value in element.items() if key not in _LOOKS}


def node_link(content: dict, ref: str, unread: Unread, day: date | None = None) -> list[Triple]:
    """The triples of nodes and links that hold on a day."""
    parts = _parts(content)
    assert parts is not None
    outer, nodes, edges = parts
    if isinstance(nodes, dict):
        nodes = [{"id": key} | (node if isinstance(node, dict) else {}) for key, node in nodes.items()]
    graph, ids = PropertyGraph(), []
    flat = [_flat(node if isinstance(node, dict) else {"id": node}) for node in nodes]
    labels = Counter(named(_texts(given), NAMES["node"]) for given in flat)
    for place, given in enumerate(flat):
        ids.append(_node(graph, given, place, ref, unread, labels))
    # D3 counts nodes where they have no ids.
    numbered = not any("id" in _flat(node) for node in nodes if isinstance(node, dict))
    for edge in edges:
        given = _flat(edge) if isinstance(edge, dict) else {}
        source, target = (_end(given, NAMES[end], ids if numbered else None) for end in ("source", "target"))
        if not source or not target:
            unread.add("triples", "an edge without its nodes", ref)
            continue
        relation = named(_texts(given), NAMES["edge"]) or _key(given) or LINKED
        own = given.get("directed", not given["undirected"] if "undirected" in given else None)
        directed = (outer.get("directed") if own is None else own) is not False
        said = said_besides(given, NAMES["edge"], NAMES["source"], NAMES["target"], ["undirected"])
        graph.add_edge((source, relation, target), said, day, directed=directed)
    return graph.triples(ref, unread)


def _key(edge: dict) -> str:
    """The key of an edge of a multigraph of networkx, where it is a word."""
    key = edge.get("key")
    return " ".join(key.split()) if isinstance(key, str) and not key.isdigit() else ""


def _flat(item: dict) -> dict:
    inner = (item[key] for key in _INNER if isinstance(item.get(key), dict))
    found = {key: value for key, value in item.items() if key not in _INNER}
    for part in inner:
        found |= part
    return found


def _texts(given: dict) -> dict[str, str]:
    """The attributes that are texts, numbers or truth values, as texts."""
    return {
        str(key): " ".join((value if isinstance(value, str) else json.dumps(value)).split())
        for key, value in given.items()
        if isinstance(value, (str, int, float, bool))
    }


def _node(
    graph: PropertyGraph, given: dict, place: int, ref: str, unread: Unread, labels: Counter[str]
) -> str:
    texts = _texts(given)
    label = named(texts, NAMES["node"])
    # Of nodes without ids those with one label look alike: none of them has a name.
    own = label if labels[label] == 1 else ""
    name = texts.get("id") or texts.get("key") or texts.get("uuid") or own or f"{place}"
    if label:
        graph.labels[name] = label
    facts = graph.nodes.setdefault(name, [])
    for key, value in given.items():
        if key in NAMES["drawn"] or key in NAMES["node"]:
            continue
        relation = "is_a" if key in NAMES["kinds"] else str(key)
        values = value if isinstance(value, list) else [value]
        for one in values:
            text = _texts({key: one}).get(str(key), "")
            if text:
                facts.append((relation, text))
            elif one not in (None, ""):
                unread.note(f"triples/{relation}", "an attribute that is no text", ref)
    return name


def _end(edge: dict, names: list[str], numbered: list[str] | None) -> str:
    """The id of one end of an edge; "" where it has none."""
    value = next((edge[name] for name in names if edge.get(name) is not None), None)
    if isinstance(value, dict):
        value = value.get("id", value.get("key"))
    if numbered is not None and isinstance(value, int) and not isinstance(value, bool):
        return numbered[value] if 0 <= value < len(numbered) else ""
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def memory_items(text: str, content: Any) -> list | None:
    """Entities and relations of MCP's memory, from its document or from its lines; None for another text."""
    if isinstance(content, dict) and isinstance(content.get("entities"), list):
        relations = content.get("relations")
        return [
            *({"type": "entity"} | one if isinstance(one, dict) else one for one in content["entities"]),
            *(
                {"type": "relation"} | one if isinstance(one, dict) else one
                for one in (relations if isinstance(relations, list) else ())
            ),
        ]
    return _lines(text, content, ("entity", "relation"))


def exported_lines(text: str, content: Any) -> dict | None:
    """The lines that Neo4j's `apoc.export.json` writes as nodes and links; None for another text."""
    items = _lines(text, content, ("node", "relationship"))
    if items is None:
        return None
    found: dict[str, list] = {"nodes": [], "links": []}
    for item in items:
        given = item if isinstance(item, dict) else {}
        if given.get("type") == "node":
            found["nodes"].append({key: value for key, value in given.items() if key != "type"})
        else:
            ends = {"source": given.get("start"), "target": given.get("end")}
            said = dict_of(given.get("properties"))
            found["links"].append(said | ends | {"relation": given.get("label")})
    return found


def _lines(text: str, content: Any, kinds: tuple[str, ...]) -> list | None:
    """The lines of a text whose first is an object of one of these types; None for another text."""
    lines = [line for line in text.split("\n") if line.strip()]
    first = content if content is not None else parsed(lines[0]) if lines else None
    if not isinstance(first, dict) or first.get("type") not in kinds:
        return None
    return [parsed(line) for line in lines]


def memory(items: Iterable[Any], ref: str, unread: Unread, day: date | None = None) -> list[Triple]:
    """The triples of the entities, with what was observed of them, and of the relations of MCP's memory that
    hold on a day.
    """
    graph, listed = PropertyGraph(), [item if isinstance(item, dict) else {} for item in items]
    entities = [_texts(given) for given in listed if _texts(given).get("type") == "entity"]
    kinds: dict[str, set[str]] = {}
    for texts in entities:
        kinds.setdefault(texts.get("name", ""), set()).update(filter(None, [texts.get("entityType")]))
    spelled = {name.casefold(): name for name in kinds}
    for given in listed:
        texts = _texts(given)
        names = [texts.get("name")] if texts.get("type") == "entity" else [texts.get("from"), texts.get("to")]
        known = " ".join(name or "" for name in names).encode("utf-8", "replace")
        if any(len(kinds.get(name or "", ())) > 1 for name in names):
            unread.add("triples", "two things of one name", ref, known)
        elif any(name and spelled.get(name.casefold(), name) != name and name not in kinds for name in names):
            unread.add("triples", "an end that is spelled unlike its node", ref, known)
        elif texts.get("type") == "entity" and texts.get("name"):
            _entity(graph, texts, given.get("observations"), ref, unread)
        elif texts.get("type") == "relation" and all(
            texts.get(key) for key in ("from", "to", "relationType")
        ):
            for end in ("from", "to"):
                graph.nodes.setdefault(texts[end], [])
            ends = {"type", "from", "to", "relationType"}
            said = {key: value for key, value in given.items() if key not in ends}
            graph.add_edge((texts["from"], texts["relationType"], texts["to"]), said, day)
        else:
            unread.add("triples", "neither an entity nor a relation", ref)
    graph.labels = {name: name for name in graph.nodes}
    return graph.triples(ref, unread)


def _entity(graph: PropertyGraph, texts: dict[str, str], seen: Any, ref: str, unread: Unread) -> None:
    """Adds an entity of MCP's memory with what was observed of it."""
    facts = graph.nodes.setdefault(texts["name"], [])
    facts += [("is_a", texts["entityType"])] if texts.get("entityType") else []
    for text in seen if isinstance(seen, list) else ():
        if isinstance(text, str) and text.strip() and is_no_statement(text):
            known = texts["name"].encode("utf-8", "replace")
            unread.add("triples", "an observation that is still to be written", ref, known)
        elif isinstance(text, str) and text.strip():
            facts.append(("note", f'"{" ".join(text.split())}"'))
