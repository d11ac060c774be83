"""What Turtle, N-Triples and JSON-LD share: terms, and how statements about IRIs become triples with the
names that people use.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote, urljoin

from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.unread import Unread

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = f"{RDF}type"
SAME = "http://www.w3.org/2002/07/owl#sameAs"
# Characters; a longer text is no name and no value to ask about.
MAX_LITERAL = 120

# Q42, n101, a UUID: no name that people use.
OPAQUE = re.compile(r"[A-Za-z]{0,3}\d+|[\d.]+|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f-]{4,23}", re.IGNORECASE)
# What names a thing, the better ones first.
LABELS = ("http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label")
# The last part of what names one whose IRI says nothing.
_LABELS = ("prefLabel", "label", "name", "title")


class Term(NamedTuple):
    """`kind`: "iri", "blank" (a node that its file alone knows) or "literal", perhaps in a `language`."""

    kind: str
    value: str
    language: str = ""


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


def triples(statements: Iterable[Statement], ref: str, unread: Unread) -> list[Triple]:
    """Triples by the names of things: their labels, in one language, or else the last parts of their IRIs;
    where two share a name, with what tells them apart.

    Counted and left out, each a gap of its relation: statements on nodes without a name, texts beyond
    MAX_LITERAL, and values that are called like a node. Texts in other languages are left out.
    """
    statements = _merged(list(statements))
    language = _language(statements)
    names, labels = _names(statements, language)
    relations = _relations(statements, names)
    called = {name for name in names.values() if name}
    _note_blank(statements, names, ref, unread)
    found = []
    for statement in statements:
        if statement in labels:
            continue
        relation, value = relations[statement.predicate], statement.object.kind == "literal"
        subject = names.get(statement.subject, "")
        text = " ".join(statement.object.value.split())
        obj = text if value else names.get(statement.object, "")
        scope, known = f"triples/{relation}", f"{subject} {obj}".encode("utf-8", "replace")
        if value and statement.object.language and _primary(statement.object.language) != language:
            unread.note(scope, "a text in another language", ref, known)
        elif not subject or not (obj or value):
            unread.add(scope, "a node without a name", ref, known)
        elif len(obj) > MAX_LITERAL:
            unread.add(scope, "text too long to ask for", ref, known)
        elif value and obj in called:
            unread.add(scope, "a value that is called like a node", ref, known)
        elif obj:
            found.append(Triple(subject, relation, obj))
    return found


def _note_blank(statements: list[Statement], names: dict[Term, str], ref: str, unread: Unread) -> None:
    """Notes one gap for all things that nameless blank nodes lead to or from: what these say of them may
    be of any relation, as a statement on a statement is.
    """
    ends = {
        names.get(other, "")
        for s in statements
        for one, other in ((s.subject, s.object), (s.object, s.subject))
        if one.kind == "blank" and not names.get(one)
    }
    if ends - {""}:
        text = "\n".join(sorted(ends)).encode("utf-8", "replace")
        unread.note("triples", "a node without a name", ref, text)


def _merged(statements: list[Statement]) -> list[Statement]:
    """The statements with one node for those that are said to be the same."""
    same: dict[Term, Term] = {}

    def first(term: Term) -> Term:
        while term in same:
            # Shorter for the next time.
            same[term] = same.get(same[term], same[term])
            term = same[term]
        return term

    for s in statements:
        if s.predicate == SAME and s.object.kind != "literal" and first(s.subject) != first(s.object):
            same[first(s.object)] = first(s.subject)
    if not same:
        return statements
    return [
        Statement(first(s.subject), s.predicate, first(s.object)) for s in statements if s.predicate != SAME
    ]


def local(iri: str) -> str:
    """The last part of an IRI: what people call the thing."""
    return unquote(re.split(r"[#/:]", iri.rstrip("#/"))[-1])


def _short(iris: set[str]) -> dict[str, str]:
    shared = Counter(local(iri) for iri in iris)
    return {iri: local(iri) if shared[local(iri)] == 1 and local(iri) else iri for iri in iris}


def _relations(statements: list[Statement], names: dict[Term, str]) -> dict[str, str]:
    """Predicate -> its last part, or its label where that says nothing: `P17`."""
    short = _short({statement.predicate for statement in statements if statement.predicate != TYPE})
    labelled = {
        predicate: names[Term("iri", predicate)]
        for predicate, name in short.items()
        if OPAQUE.fullmatch(local(predicate)) and names.get(Term("iri", predicate), name) != name
    }
    return short | labelled | {TYPE: "is_a"}


def _primary(language: str) -> str:
    return language.lower().split("-")[0]


def _language(statements: list[Statement]) -> str:
    """The language of the names: English where there are names in it, else that of most; "" for none."""
    counts = Counter(
        _primary(s.object.language)
        for s in statements
        if s.object.language and (s.predicate in LABELS or local(s.predicate) in _LABELS)
    ) or Counter(_primary(s.object.language) for s in statements if s.object.language)
    return "en" if "en" in counts else min(counts, key=lambda name: (-counts[name], name), default="")


def _names(statements: list[Statement], language: str) -> tuple[dict[Term, str], set[Statement]]:
    """(names of nodes, the statements that only name them)."""
    nodes = {term for s in statements for term in (s.subject, s.object) if term.kind != "literal"}
    short = _short({node.value for node in nodes if node.kind == "iri"})
    names = {node: short[node.value] for node in nodes if node.kind == "iri"}
    labels: set[Statement] = set()
    best: dict[Term, tuple[tuple, str]] = {}
    for place, s in enumerate(statements):
        text = " ".join(s.object.value.split()) if s.object.kind == "literal" else ""
        nameless = s.subject.kind == "blank" or bool(OPAQUE.fullmatch(names.get(s.subject, "")))
        names_it = s.predicate in LABELS or (nameless and local(s.predicate) in _LABELS)
        if not text or not names_it:
            continue
        labels.add(s)
        spoken = _primary(s.object.language)
        # A name in another language is better than none, and no better than a word of the IRI.
        foreign = spoken not in (language, "")
        if len(text) > MAX_LITERAL or (foreign and not nameless):
            continue
        kind = (
            LABELS.index(s.predicate)
            if s.predicate in LABELS
            else len(LABELS) + _LABELS.index(local(s.predicate))
        )
        rank = (foreign, spoken != language, kind, place)
        if s.subject not in best or rank < best[s.subject][0]:
            best[s.subject] = rank, text
    names |= {node: text for node, (_, text) in best.items()}
    shared = Counter(names.values())
    for node, name in list(names.items()):
        if shared[name] > 1 and node in best:
            # A blank node has nothing that tells it from another of its name.
            names[node] = f"{name} ({short[node.value]})" if node.kind == "iri" else ""
    return names, labels
