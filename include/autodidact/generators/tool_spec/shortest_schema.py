"""A JSON Schema in its shortest equal form, and where its references lead."""

import json
from typing import Any

from autodidact.sources.reading_limits import Budget, OverBudget

# Of a schema with its references written out; one of 100 kB has 5,000.
MOST_PARTS = 20_000

_LEFT_OUT = {"title", "$schema", "$id", "$comment", "examples"}
_DEFINITIONS = ("$defs", "definitions")
# Their keys are names of properties or of definitions, not words of JSON Schema.
_NAMED = {"properties", "patternProperties", "dependentSchemas", "dependentRequired", "dependencies"}
_VALUES = ("enum", "const", "default")


def pointed(root: Any, reference: Any) -> dict | None:
    """What a reference inside the schema leads to; None for one that leads nowhere, or elsewhere."""
    if reference == "#":
        return root
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    at = root
    for part in reference[2:].split("/"):
        at = at.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else None


def shortest(schema: dict) -> dict:
    """The schema without titles, with its references written out where that is shorter and possible: what
    refers to itself keeps its definitions.
    """
    kept = _with_definitions(schema)
    try:
        budget = Budget(MOST_PARTS, "tool schema whose references unfold into too much")
        written = _Writer(schema, budget, True).write(schema)
    except (_Recursive, OverBudget):
        return kept
    return min(written, kept, key=lambda form: len(json.dumps(form)))


class _Recursive(Exception):
    """A schema that refers to itself, or elsewhere."""


class _Writer:
    """Writes a schema without what says nothing about values. `inline`: with its references written out."""

    def __init__(self, root: dict, budget: Budget, inline: bool):
        self.root, self.budget, self.inline = root, budget, inline
        self.references: list[str] = []

    def write(self, schema: Any, trail: tuple[str, ...] = (), named: bool = False) -> Any:
        """Raises _Recursive, OverBudget."""
        self.budget.spend()
        if isinstance(schema, list):
            return [self.write(item, trail) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if not named and isinstance(reference := schema.get("$ref"), str):
            self.references.append(reference)
            if self.inline:
                target = None if reference in trail else pointed(self.root, reference)
                if target is None:
                    raise _Recursive
                whole = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
                return self.write(whole, (*trail, reference))
        return {
            key: value
            if key in _VALUES and not named
            else self.write(value, trail, key in _NAMED and not named)
            for key, value in schema.items()
            if named or key not in _LEFT_OUT and key not in _DEFINITIONS
        }


def _with_definitions(schema: dict) -> dict:
    """Only the definitions that something refers to are kept."""
    writer = _Writer(schema, Budget(MOST_PARTS, "tool schema of too many parts"), False)
    form = writer.write(schema)
    done: set[str] = set()
    while missing := [name for name in writer.references if name not in done]:
        done.update(missing)
        for reference in missing:
            for section in _DEFINITIONS:
                name = reference.removeprefix(f"#/{section}/").partition("/")[0]
                plain = name.replace("~1", "/").replace("~0", "~")
                there = schema.get(section)
                if reference.startswith(f"#/{section}/") and isinstance(there, dict) and plain in there:
                    kept = form.setdefault(section, {})
                    if plain not in kept:
                        kept[plain] = writer.write(there[plain])
    return form
