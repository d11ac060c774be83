"""Neo4j's CSV: the header of its import tool (`name`, `:LABEL`, `id:ID`, `:START_ID`, `:END_ID`, `:TYPE`,
`port:int`), and what the procedure `apoc.export.csv` writes (`_id`, `_labels`, `_start`, `_end`, `_type`).

One file may hold nodes, relationships, or both. Where it holds relationships alone, ids are names.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from autodidact.sources.graphs.property_graph import NAMES, PropertyGraph
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.unread import Unread

_FIELD = re.compile(r"(?P<name>[^:]*):(?P<kind>[A-Za-z_]+)(?P<many>\[\])?(?:[({].*[)}])?")
_OF_APOC = {"_id": "ID", "_labels": "LABEL", "_start": "START_ID", "_end": "END_ID", "_type": "TYPE"}
_MARKS = ("ID", "START_ID", "END_ID", "LABEL", "TYPE")


def is_header(cells: Sequence[str]) -> bool:
    """Whether these are names of columns as Neo4j writes them."""
    return any(kind in _MARKS for _, kind, _ in map(_field, cells))


def _field(cell: str) -> tuple[str, str, bool]:
    """(name, kind, whether it holds several) of a column."""
    cell = cell.strip()
    if cell in _OF_APOC:
        return "", _OF_APOC[cell], cell == "_labels"
    match = _FIELD.fullmatch(cell)
    if not match:
        return cell, "", False
    return match["name"].strip(), match["kind"].upper(), bool(match["many"]) or match["kind"] == "LABEL"


def triples(
    header: Sequence[str],
    rows: Iterable[tuple[list[str], int]],
    ref: str,
    unread: Unread,
    day: date | None = None,
) -> list[Triple]:
    """The triples of the rows under a header of Neo4j that hold on a day."""
    fields, graph = [_field(cell) for cell in header], PropertyGraph()
    places = {kind: place for place, (_, kind, _) in reversed(list(enumerate(fields))) if kind in _MARKS}
    edges = [places[kind] for kind in ("START_ID", "TYPE", "END_ID") if kind in places]
    if "START_ID" in places and len(edges) < 3:
        unread.add("triples", "relationships without their type", f"{ref}: {', '.join(header)}"[:200])
        return []
    ends: set[str] = set()
    for cells, number in rows:
        cells = [" ".join(cell.split()) for cell in cells]
        text = " ".join(cells).encode("utf-8", "replace")
        if len(cells) < len(fields) or any("\ufffd" in cell for cell in cells):
            unread.add("triples", "not a triple", f"{ref}:{number}", text)
        elif len(edges) == 3 and any(cells[place] for place in edges):
            source, relation, target = (cells[place] for place in edges)
            if source and relation and target:
                ends |= {source, target}
                given = {
                    name: cell for (name, _, _), cell in zip(fields, cells, strict=False) if cell and name
                }
                graph.add_edge((source, relation, target), given, day)
            else:
                unread.add("triples", "not a triple", f"{ref}:{number}", text)
        elif "ID" in places and cells[places["ID"]]:
            _node(graph, cells[places["ID"]], fields, cells)
        else:
            unread.add("triples", "not a triple", f"{ref}:{number}", text)
    if "ID" not in places:
        for end in ends:
            graph.nodes.setdefault(end, [])
    return graph.triples(ref, unread)


def _node(graph: PropertyGraph, node: str, fields: list[tuple[str, str, bool]], cells: list[str]) -> None:
    facts = graph.nodes.setdefault(node, [])
    for (name, kind, many), cell in zip(fields, cells, strict=False):
        values = (
            [part for part in re.split("[;:]" if kind == "LABEL" else ";", cell) if part] if many else [cell]
        )
        if not cell or kind in ("ID", "START_ID", "END_ID", "TYPE", "IGNORE"):
            continue
        if kind == "LABEL":
            facts += [("is_a", value) for value in values]
        elif name in NAMES["node"] and not many:
            graph.labels.setdefault(node, cell)
        elif name:
            facts += [(name, value) for value in values]
