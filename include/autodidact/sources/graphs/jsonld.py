"""JSON-LD: documents whose context is written in them, or that need none. No context is ever fetched.

Read: `@id`, `@type`, `@graph`, `@value`, `@list`, `@set`, `@reverse`, `@included`, nested nodes, inline
contexts with prefixes, `@vocab`, `@base`, term definitions and aliases of keywords. A context that is an
address is counted; a term that no context explains stands for itself. Beyond it, counted: `@json` values,
`@nest`, containers but `@list` and `@set`, contexts inside terms.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from autodidact.sources.graphs.rdf_statements import TYPE, Statement, Term, resolved
from autodidact.sources.reading_limits import Budget
from autodidact.stage import Troubles

MAX_DEPTH = 60
# Terms of contexts, copied from node to node.
MAX_STEPS = 5_000_000

_BEYOND = ("@nest", "@context", "@import", "@propagate", "@protected", "@index")


def statements(text: str, ref: str, troubles: Troubles) -> Iterator[Statement]:
    """The statements of a JSON-LD document."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        troubles.add("not JSON", ref)
        return
    reader = _LinkedDataReader(ref, troubles)
    for item in content if isinstance(content, list) else [content]:
        if isinstance(item, dict):
            reader.node(item, {}, 0)
        else:
            troubles.add("not a node", ref)
    yield from reader.made


class _LinkedDataReader:
    def __init__(self, ref: str, troubles: Troubles):
        self.ref, self.troubles = ref, troubles
        self.made: list[Statement] = []
        self._steps = Budget(MAX_STEPS, "contexts that unfold into too much")
        self.nameless = 0

    def node(self, item: dict, context: dict, depth: int) -> Term | None:
        """Adds the statements of the node object and returns the node; None when it is nested too deep."""
        if depth > MAX_DEPTH:
            self.troubles.add("nested too deep", self.ref)
            return None
        context = self._context(item.get("@context"), context)
        words = {_keyword(key, context): (key, value) for key, value in item.items()}
        name = words.get("@id", ("", None))[1]
        if isinstance(name, str) and name:
            node = _node(name, context, vocabulary=False)
        else:
            self.nameless += 1
            node = Term("blank", f"[{self.nameless}")
        for key, value in item.items():
            word = _keyword(key, context)
            if word in ("@id", "@context", "@index"):
                continue
            if word == "@type":
                for kind in _listed(value):
                    if isinstance(kind, str):
                        self.made.append(Statement(node, TYPE, Term("iri", _iri(kind, context))))
            elif word in ("@graph", "@included"):
                for inner in _listed(value):
                    if isinstance(inner, dict):
                        self.node(inner, context, depth + 1)
            elif word == "@reverse" and isinstance(value, dict):
                for inner_key, inner in value.items():
                    self._property(node, inner_key, inner, context, depth, turned=True)
            elif word.startswith("@"):
                self.troubles.add(f"{word} of JSON-LD is not read", self.ref)
            else:
                self._property(node, key, value, context, depth)
        return node

    def _property(
        self, node: Term, key: str, value: Any, context: dict, depth: int, turned: bool = False
    ) -> None:
        definition = context.get(key)
        definition = definition if isinstance(definition, dict) else {}
        container = definition.get("@container")
        if (
            any(word in definition for word in _BEYOND)
            or container not in (None, "@list", "@set", ["@list"], ["@set"])
            or definition.get("@type") == "@json"
        ):
            self.troubles.add("a term of JSON-LD that is not read", f"{self.ref}: {key}")
            return
        # A term that the context takes out.
        if key in context and context[key] is None:
            return
        turned = turned != ("@reverse" in definition)
        predicate = _iri(str(definition.get("@reverse") or definition.get("@id") or key), context)
        for item in _listed(value):
            for found in self._values(item, definition, context, depth):
                if not turned:
                    self.made.append(Statement(node, predicate, found))
                elif found.kind != "literal":
                    self.made.append(Statement(found, predicate, node))

    def _values(self, value: Any, definition: dict, context: dict, depth: int) -> Iterator[Term]:
        if isinstance(value, dict):
            words = {_keyword(key, context): inner for key, inner in value.items()}
            if "@value" in words:
                if isinstance(words["@value"], (str, int, float, bool)):
                    yield Term("literal", _text(words["@value"]), _word(words.get("@language")))
            elif "@list" in words or "@set" in words:
                for inner in _listed(words.get("@list", words.get("@set"))):
                    if not isinstance(inner, list):
                        yield from (
                            self._values(inner, definition, context, depth + 1) if depth < MAX_DEPTH else ()
                        )
            elif node := self.node(value, context, depth + 1):
                yield node
        elif isinstance(value, str) and definition.get("@type") in ("@id", "@vocab"):
            yield _node(value, context, vocabulary=definition["@type"] == "@vocab")
        elif isinstance(value, str):
            yield Term("literal", value, _word(definition.get("@language", context.get("@language"))))
        elif isinstance(value, (int, float, bool)):
            yield Term("literal", _text(value))

    def _context(self, given: Any, outer: dict) -> dict:
        if given is None:
            return outer
        self._steps.spend(len(outer))
        context = dict(outer)
        for part in given if isinstance(given, list) else [given]:
            if isinstance(part, str):
                self.troubles.add("a remote context is not fetched", f"{self.ref}: {part[:80]}")
            elif isinstance(part, dict):
                self._steps.spend(len(part))
                context |= part
        return context


def _node(name: str, context: dict, *, vocabulary: bool) -> Term:
    """The node that an identifier names: of the document alone (`_:a`), or an IRI."""
    if name.startswith("_:"):
        return Term("blank", name[2:])
    return Term("iri", _iri(name, context, vocabulary=vocabulary))


def _keyword(key: str, context: dict) -> str:
    """`@id` for `id` where the context makes it one; another key as it is."""
    meant = context.get(key)
    meant = meant.get("@id") if isinstance(meant, dict) else meant
    return meant if isinstance(meant, str) and meant.startswith("@") else key


def _iri(text: str, context: dict, *, vocabulary: bool = True, hops: int = 5) -> str:
    """A compact IRI, a term or a relative one as the context means it."""
    if vocabulary and text in context and hops:
        meant = context[text]
        meant = meant.get("@id") if isinstance(meant, dict) else meant
        if isinstance(meant, str) and meant != text:
            return _iri(meant, context, hops=hops - 1)
    prefix, colon, rest = text.partition(":")
    if colon and not rest.startswith("//") and prefix in context and hops:
        return _iri(prefix, context, hops=hops - 1) + rest
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return text
    if vocabulary:
        vocab = context.get("@vocab")
        return (vocab if isinstance(vocab, str) else "") + text
    base = context.get("@base")
    return resolved(base if isinstance(base, str) else "", text)


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
