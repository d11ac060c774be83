"""What Turtle, N-Triples and JSON-LD share: terms, and how statements about IRIs become triples with the
names that people use.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote, urljoin

from autodidact.sources.graphs.graph import Triple
from autodidact.stage import Troubles

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = f"{RDF}type"
# Characters; a longer text is no name and no value to ask about.
MAX_LITERAL = 120

# Q42, a UUID: no name that people use.
_OPAQUE = re.compile(r"[A-Za-z]{0,3}\d+|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f-]{4,23}", re.IGNORECASE)
_LABELS = ("label", "prefLabel", "name", "title")


class Term(NamedTuple):
    """`kind`: "iri", "blank" (a node with a name in its file only), "nameless" or "literal"."""

    kind: str
    value: str


class Statement(NamedTuple):
    subject: Term
    # An IRI, or a bare word.
    predicate: str
    object: Term


def resolved(base: str, iri: str) -> str:
    """An IRI that may be relative to `base`; as it stands when that makes no sense."""
    try:
        return urljoin(base, iri) if base else iri
    except ValueError:
        return iri


def triples(statements: Iterable[Statement], ref: str, troubles: Troubles) -> list[Triple]:
    """Triples by the last parts of their IRIs; where two IRIs share it, by the whole ones. Opaque ones go by
    their only label.

    Statements on nodes without a name and texts beyond MAX_LITERAL are counted and left out.
    """
    statements = list(statements)
    names = _names(statements)
    relations = _short({s.predicate for s in statements if s.predicate != TYPE}) | {TYPE: "is_a"}
    found = []
    for statement in statements:
        if "nameless" in (statement.subject.kind, statement.object.kind):
            troubles.add("a node without a name", ref)
            continue
        subject, obj = (
            names.get(term, " ".join(term.value.split())) for term in (statement.subject, statement.object)
        )
        if len(obj) > MAX_LITERAL:
            troubles.add("text too long to ask for", ref)
        elif subject and obj:
            found.append(Triple(subject, relations[statement.predicate], obj))
    return found


def local(iri: str) -> str:
    """The last part of an IRI: what people call the thing."""
    return unquote(re.split(r"[#/:]", iri.rstrip("#/"))[-1])


def _short(iris: set[str]) -> dict[str, str]:
    shared = Counter(local(iri) for iri in iris)
    return {iri: local(iri) if shared[local(iri)] == 1 and local(iri) else iri for iri in iris}


def _names(statements: list[Statement]) -> dict[Term, str]:
    nodes = {term for s in statements for term in (s.subject, s.object) if term.kind == "iri"}
    short = _short({node.value for node in nodes})
    names = {node: short[node.value] for node in nodes}
    labels: dict[Term, set[str]] = defaultdict(set)
    for s in statements:
        if (
            s.subject in names
            and s.object.kind == "literal"
            and local(s.predicate) in _LABELS
            and _OPAQUE.fullmatch(names[s.subject])
        ):
            labels[s.subject].add(" ".join(s.object.value.split()))
    used = Counter(names.values())
    used.update(label for found in labels.values() for label in found)
    for node, found in labels.items():
        (label, *others) = sorted(found)
        if not others and label and used[label] == 1:
            names[node] = label
    return names
