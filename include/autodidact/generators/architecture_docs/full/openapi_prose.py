"""API descriptions in prose: what an operation takes and gives back."""

import re
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.architecture_docs.full.docker_compose_prose import MOST
from autodidact.generators.writing.facts_into_words import code
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.documents.openapi import Api, Operation, Parameter
from autodidact.sources.documents.reader import Document

# How a name begins that is spoken with a vowel: an `Order`, an `Update`, but a `User` and a `Unit`.
_VOWEL = re.compile(r"[aeio]|u(?!ni[^mn]|s[aeu]|ti|u|rl|ri)", re.IGNORECASE)
_PLAIN = ("string", "integer", "number", "boolean", "object", "array")


class ApiRows:
    """The rows of one API description."""

    def __init__(self, api: Api, document: Document, ask: Shapes):
        self.api, self.document, self.ask = api, document, ask
        self.ids = Counter(operation.id for operation in api.operations)

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) of every operation and tag."""
        # Of a deprecated one its description says why, which is not read.
        for operation in (each for each in self.api.operations if not each.deprecated):
            yield "api answers", self._row("errors", operation, self._answers(operation))
            yield "api", self._row("parameter", operation, self._parameters(operation))
        for tag in sorted({tag for operation in self.api.operations for tag in operation.tags}):
            yield "api", self._about("tag", tag, self._tag(tag), tag=tag)

    def _row(self, kind: str, operation: Operation, answer: str) -> Row:
        name = operation.id if self.ids[operation.id] == 1 else ""
        return self._about(kind, operation.name, answer, op=operation.name, id=name)

    def _about(self, kind: str, about: str, answer: str, **fields: str) -> Row:
        ask = self.ask.draw(kind, path=self.document.path, **fields)
        source = self.document.source | {"asks": [f"api {kind}", about]}
        return Row(ask, answer, source, self.document.fresh, self.document.path)

    def _answers(self, operation: Operation) -> str:
        found = [(s, schema) for s, schema in operation.responses.items() if s.isdecimal()]
        # Statuses alone tell nobody when they come.
        told = all(len(operation.meanings.get(s, "").split()) > 1 or schema for s, schema in found)
        if not told or len(found) != len(operation.responses) or not 2 <= len(found) <= MOST:
            return ""
        lines = []
        for status, schema in sorted(found):
            meaning = operation.meanings.get(status, "")
            body = f"({_a(schema)})" if meaning and schema else schema and _a(schema)
            lines.append(f"- {status}: {' '.join(filter(None, [meaning, body]))}")
        answer = f"For `{operation.name}`, `{self.document.path}` describes:\n\n" + "\n".join(lines)
        return self.api.unread.closed(answer, f"responses/{operation.name}")

    def _parameters(self, operation: Operation) -> str:
        found = operation.parameters
        if not 2 <= len(found) <= MOST or not self.api.unread.whole(f"parameters/{operation.name}"):
            return ""
        if any(_is_long(p) for p in found):
            return ""
        lines = []
        for p in found:
            more = ["required" if p.required else "optional", _place(p.place)]
            more += [f"type `{p.type}`"] if p.type else []
            more += [f"`{key}` `{value}`" for key, value in p.limits]
            more += [f"default `{p.default}`"] if p.default else []
            more += [f"one of {code(p.enum)}"] if p.enum else []
            lines.append(f"- `{p.name}`: {', '.join(more)}")
        return f"`{operation.name}` takes these parameters, by `{self.document.path}`:\n\n" + "\n".join(lines)

    def _tag(self, tag: str) -> str:
        tagged = [one for one in self.api.operations if tag in one.tags]
        if not 2 <= len(tagged) <= MOST or not all(one.summary for one in tagged):
            return ""
        old = " (deprecated)"
        lines = [f"- `{one.name}`: {one.summary}{old if one.deprecated else ''}" for one in tagged]
        answer = f"Tagged `{tag}` in `{self.document.path}`:\n\n" + "\n".join(lines)
        return self.api.unread.closed(answer, "operations")


def _is_long(parameter: Parameter) -> bool:
    """Whether what it takes does not fit into a line: many values, or a schema within its schema."""
    values = [value for _, value in parameter.limits]
    return len(parameter.enum) > MOST or any(v == "{}" or len(v) > 60 or set(v) & set("`\n") for v in values)


def _place(place: str) -> str:
    return {"path": "in the path", "query": "in the query", "header": "as a header"}.get(
        place, f"in the {place}"
    )


def _a(name: str) -> str:
    if name.startswith("array of "):
        return f"an array of `{name.removeprefix('array of ')}`"
    article = "an" if _VOWEL.match(name) else "a"
    return f"{article} {name}" if name in _PLAIN else f"{article} `{name}`"
