"""Triples from a file in any of the usual formats."""

import csv
import io
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from autodidact.sources.budget import within
from autodidact.sources.graphs.graph import Triple
from autodidact.sources.graphs.graphml import triples as graphml_triples
from autodidact.sources.graphs.jsonld import statements as jsonld_statements
from autodidact.sources.graphs.rdf import triples as rdf_triples
from autodidact.sources.graphs.turtle import n_triples
from autodidact.sources.graphs.turtle import statements as turtle_statements
from autodidact.sources.table_files import read_text, shown
from autodidact.stage import Troubles

# Of one file or table.
MAX_TRIPLES = 200_000

# How the three columns of a CSV are called in the wild. Without such a header the first three columns count.
_COLUMNS = (
    ("subject", "source", "head", "from"),
    ("relation", "predicate", "type", "label"),
    ("object", "target", "tail", "to"),
)


# Ending of a file of RDF -> its reader.
_STATEMENTS = {
    ".nt": n_triples,
    ".ttl": turtle_statements,
    ".jsonld": jsonld_statements,
    ".json": jsonld_statements,
}


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
    if suffix == ".graphml":
        return graphml_triples(text, ref, troubles)
    if suffix in _STATEMENTS:
        found = islice(_STATEMENTS[suffix](text, ref, troubles), MAX_TRIPLES + 1)
        return rdf_triples(found, ref, troubles)
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
    show it."""
    header = [name.lower() for name in header]
    present = [[header.index(name) for name in names if name in header] for names in _COLUMNS]
    return [places[0] for places in present] if all(present) else None
