"""Triples from a file in any of the usual formats."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from autodidact.sources.graphs import graph_json, graphml, neo4j_csv
from autodidact.sources.graphs.edges_in_force import standing
from autodidact.sources.graphs.jsonld import statements as jsonld_statements
from autodidact.sources.graphs.names_of_nothing import without_nothing
from autodidact.sources.graphs.property_graph import (
    LINKED,
    NAMES,
    is_symmetric,
    note_over,
    note_remarks,
    note_undirected,
)
from autodidact.sources.graphs.rdf_statements import triples as rdf_triples
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.graphs.true_or_false import with_flags
from autodidact.sources.graphs.turtle import n_triples
from autodidact.sources.graphs.turtle import statements as turtle_statements
from autodidact.sources.json_of_expected_type import parsed
from autodidact.sources.reading_limits import within
from autodidact.sources.table_files import NOTHING, UNKNOWN, csv_rows, read_text, shown
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

# Of one file or table.
MAX_TRIPLES = 200_000

# What Gephi calls the direction of an edge, in the column `Type`.
_DIRECTIONS = {"directed", "undirected", "mixed"}
# Graphs in formats that are not read.
_OTHERS = {
    ".rdf",
    ".owl",
    ".xml",
    ".trig",
    ".nq",
    ".n3",
    ".gexf",
    ".gml",
    ".sif",
    ".dot",
    ".cypher",
    ".yaml",
    ".yml",
}
# Ending of a file of RDF -> its reader.
_STATEMENTS = {
    ".nt": n_triples,
    ".ttl": turtle_statements,
    ".jsonld": jsonld_statements,
    ".json": jsonld_statements,
}


def read_graph(path: Path, troubles: Troubles, day: date | None = None) -> tuple[list[Triple], Unread]:
    """The triples of a file that hold on a day, by its ending (.ttl, .nt, .jsonld, .json, .jsonl, .graphml,
    .tsv, else CSV), and what was not read of it, by the scopes `triples` and `triples/RELATION`.
    """
    unread = Unread(troubles)
    counting = unread.counting("triples")
    text = read_text(path, counting)
    if text is None:
        return [], unread
    found: list[Triple] = []
    with within(counting, shown(path)):
        found = parse_triples(text, path.suffix.lower(), shown(path), unread, day)
    if len(found) > MAX_TRIPLES:
        counting.add("triples beyond the limit", shown(path), len(found) - MAX_TRIPLES)
    return with_flags(found[:MAX_TRIPLES], shown(path), unread, day), unread


def read_triples(path: Path, troubles: Troubles, day: date | None = None) -> list[Triple]:
    """The triples of a file that hold on a day, for who denies nothing."""
    return read_graph(path, troubles, day)[0]


def parse_triples(text: str, suffix: str, ref: str, unread: Unread, day: date | None = None) -> list[Triple]:
    """The triples of a text in the format of a file that ends so. `ref` names it in what is counted; `day`:
    on which they hold, where they say until when.
    """
    return without_nothing(_parsed(text, suffix, ref, unread, day), ref, unread)


def _parsed(text: str, suffix: str, ref: str, unread: Unread, day: date | None) -> list[Triple]:
    if suffix == ".graphml":
        return graphml.triples(text, ref, unread, day)
    if suffix in (".json", ".jsonl", ".ndjson", ".cyjs"):
        content = parsed(text)
        if (items := graph_json.memory_items(text, content)) is not None:
            return graph_json.memory(items, ref, unread, day)
        if (exported := graph_json.exported_lines(text, content)) is not None:
            return graph_json.node_link(exported, ref, unread, day)
        if graph_json.is_node_link(content):
            return graph_json.node_link(content, ref, unread, day)
        if suffix != ".json" or (content is not None and not _is_linked(content)):
            first = content if content is not None else parsed(text.strip().split("\n", 1)[0])
            keys = ", ".join(map(str, first)) if isinstance(first, dict) else "no object"
            unread.add("triples", "JSON of an unknown form", f"{ref}: {keys}"[:200])
            return []
    if suffix in _STATEMENTS:
        made = _STATEMENTS[suffix](text, ref, unread.counting("triples"))
        found = list(islice(made, MAX_TRIPLES + 1))
        if len(found) > MAX_TRIPLES:
            unread.note("triples", "triples beyond the limit", ref)
        return rdf_triples(found, ref, unread)
    if suffix in _OTHERS:
        unread.add("triples", "a format that is not read", ref)
        return []
    return _csv(text, "\t" if suffix == ".tsv" else None, ref, unread, day)


def _is_linked(content: Any) -> bool:
    """Whether a JSON document has a word of JSON-LD at its top, or may hold nodes."""
    items = content if isinstance(content, list) else [content]
    return any(str(key).startswith("@") for item in items if isinstance(item, dict) for key in item)


def _csv(text: str, delimiter: str | None, ref: str, unread: Unread, day: date | None) -> list[Triple]:
    rows = csv_rows(_uncommented(text, delimiter), ref, unread.counting("triples"), delimiter)
    header, _ = next(rows, ([], 0))
    if neo4j_csv.is_header(header):
        return neo4j_csv.triples(header, rows, ref, unread, day)
    places = columns(header)
    if places is None:
        if header:
            unread.add("triples", "a header that is not understood", f"{ref}: {', '.join(header)}"[:200])
        return []
    return triples_of_rows(header, places, rows, ref, unread, day)


def _uncommented(text: str, delimiter: str | None) -> str:
    """A CSV without its lines of comments, where such stand above its header. A `#` may as well be the name
    of a column, or begin that of a thing.
    """
    lines = text.split("\n")
    begun = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not text.lstrip().startswith("#") or columns(_cells(lines[0], delimiter)) is not None:
        return text
    header = _cells(begun, delimiter)
    if columns(header) is None and not neo4j_csv.is_header(header):
        return text
    return "\n".join("" if line.startswith("#") else line for line in lines)


def _cells(line: str, delimiter: str | None) -> list[str]:
    return next(csv_rows(line, "", Troubles(), delimiter), ([], 0))[0]


def triples_of_rows(
    header: Sequence[str],
    places: list[int],
    rows: Iterable[tuple[Sequence[str], int]],
    ref: str,
    unread: Unread,
    day: date | None,
) -> list[Triple]:
    """The triples of rows, each with its number, that hold on a day by their other cells. `places`: where
    subject, relation and object stand.
    """
    found = []
    for cells, number in rows:
        row = [" ".join(cell.split()) for cell in cells] + [""] * (len(header) - len(cells))
        if not any(row):
            continue
        triple = Triple(*(row[place] for place in places))
        blank = [cell.lower() in NOTHING | UNKNOWN for cell in triple]
        if not any(blank) and "\ufffd" not in "".join(triple):
            found.append((triple, row))
        else:
            scope = "triples" if blank[1] else f"triples/{triple.relation}"
            unread.add(scope, "not a triple", f"{ref}:{number}")
    names = [" ".join(name.replace("_", " ").split()).lower() for name in header]
    if all(triple.relation.lower() in _DIRECTIONS for triple, _ in found):
        found = list(_gephi(names, found, ref, unread))
        places.append(names.index("label") if "label" in names else places[0])
    found = list(_directed(names, found, ref, unread))
    others = [
        place
        for place in range(len(header))
        if place not in places and header[place].strip() and names[place] not in NAMES["direction"]
    ]
    stands = [(triple, standing({header[at]: row[at] for at in others}, day)) for triple, row in found]
    for triple in (triple for triple, said in stands if said.over):
        note_over(triple, ref, unread)
    note_remarks(
        ((triple, said.unread or said.undated) for triple, said in stands if not said.over), ref, unread
    )
    return [triple for triple, said in stands if said.holds]


def _directed(
    names: list[str], found: list[tuple[Triple, list[str]]], ref: str, unread: Unread
) -> Iterator[tuple[Triple, list[str]]]:
    """The triples as the column of their direction has them; where that is not understood, none."""
    place = next((names.index(name) for name in NAMES["direction"] if name in names), None)
    for triple, row in found:
        way = row[place].lower() if place is not None else ""
        if way in NAMES["forward"]:
            yield triple, row
        elif way in NAMES["backward"]:
            yield Triple(triple.object, triple.relation, triple.subject), row
        else:
            text = " ".join(triple).encode("utf-8", "replace")
            unread.add(f"triples/{triple.relation}", "a direction that is not understood", ref, text)


def _gephi(
    names: list[str], found: list[tuple[Triple, list[str]]], ref: str, unread: Unread
) -> Iterator[tuple[Triple, list[str]]]:
    """The triples of a table of edges whose type is their direction: their label is the relation."""
    place = names.index("label") if "label" in names else None
    for triple, row in found:
        relation = (row[place] if place is not None else "") or LINKED
        undirected = triple.relation.lower() == "undirected"
        if undirected and not is_symmetric(relation):
            note_undirected(relation, (triple.subject, triple.object), ref, unread)
            continue
        yield Triple(triple.subject, relation, triple.object), row
        if undirected:
            yield Triple(triple.object, relation, triple.subject), row


def columns(header: Sequence[str]) -> list[int] | None:
    """Where subject, relation and object stand among columns of these names, all of one language; None when
    the names do not show it.
    """
    header = [" ".join(name.replace("_", " ").split()).lower() for name in header]
    for words in zip(*(NAMES[part] for part in ("subject", "relation", "object")), strict=True):
        present = [[header.index(name) for name in names if name in header] for names in words]
        if all(present):
            return [places[0] for places in present]
    return None
