"""A tool with what examples need of it: its schema, what it is for, and arguments that it accepts."""

import json
import random
import re
from functools import cached_property
from typing import Any

from autodidact import json_schema
from autodidact.generators.tool_spec.schema_values import arguments, inlined
from autodidact.generators.writing.tables import read_table
from autodidact.records import canonical, sha256
from autodidact.sources.budget import OverBudget
from autodidact.sources.mcp.servers import Tool

# Samples until one is valid.
TRIES = 6
# Characters of a call's arguments.
MOST_ARGUMENTS = 600

_TABLE = read_table(__file__)
_EMPTY, _VERBS = frozenset(_TABLE["empty"]), frozenset(_TABLE["verbs"])


def stems(text: str) -> set[str]:
    """The words of a text that mean something, without their endings: `sailings` and `sailing` are one."""
    words = (word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text))
    return {
        re.sub(r"(?:ies|ing|ed|es|s|e|y)$", "", word) if len(word) > 4 else word.rstrip("s")
        for word in words
        if word not in _EMPTY
    }


class KnownTool:
    """A tool with what the examples need of it. Raises OverBudget for a schema that unfolds into too much."""

    def __init__(self, tool: Tool):
        self.tool, self.name = tool, tool.name
        self.schema, self._text = inlined(tool.schema), json.dumps(tool.schema, sort_keys=True)
        self.ref = f"{tool.server}/{tool.name}"
        self.purpose = " ".join(tool.description.strip().split())[:300]
        self.shown = {
            "type": "function",
            "function": {"name": tool.name, "description": self.purpose, "parameters": self.schema},
        }
        self.size = len(json.dumps(self.shown))
        required = dict.fromkeys(
            k for k in _as_list(self.schema.get("required")) if isinstance(k, str) and k in self.properties
        )
        self.required = list(required)
        self.optional = [k for k in self.properties if k not in required]
        self.stems = stems(f"{tool.name} {self.purpose}")
        self.source = {
            "kind": "mcp",
            "ref": self.ref,
            "server": tool.server,
            "name": tool.name,
            "schema_sha256": sha256(canonical(tool.schema)),
        }
        self.task, self.thing = _task(tool.name, self.purpose)

    @cached_property
    def properties(self) -> dict[str, dict]:
        found = self.schema.get("properties")
        return {k: v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}

    def valid(self) -> bool:
        return json_schema.valid(self._text)

    def accepts(self, given: dict[str, Any]) -> bool:
        """Whether the tool's own schema, formats included, accepts these arguments."""
        return json_schema.refused(self._text, given, formats=True) is None

    def draw(self, rng: random.Random) -> dict[str, Any] | None:
        """Arguments that the tool's own schema accepts; None where the sampler finds none."""
        for _ in range(TRIES):
            try:
                drawn = arguments(self.schema, rng)
            except (
                ValueError,
                TypeError,
                LookupError,
                AttributeError,
                ArithmeticError,
                RecursionError,
                OverBudget,
            ):
                continue
            if self.accepts(drawn) and len(json.dumps(drawn)) <= MOST_ARGUMENTS and not _has_null(drawn):
                return drawn
        return None


def _as_list(value: Any) -> list:
    return value if isinstance(value, list) else []


def _has_null(value: Any) -> bool:
    """Whether a null is somewhere in it: nobody asks for one, and a chat template may drop it."""
    if isinstance(value, (dict, list)):
        return any(_has_null(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is None


def _task(name: str, purpose: str) -> tuple[str, str]:
    """(what to do, "") when the description or else the name begins with a verb, ("", what is given) when it
    does not.
    """
    head = re.split(r"(?<=\w)[.!?](?:\s|$)|;\s|\s[-–—]\s|\n", purpose, maxsplit=1)[0].strip(" .")
    head = re.sub(r"\s*\([^)]*\)", "", head)
    if ": " in head and len(head.partition(": ")[0].split()) >= 3:
        head = head.partition(": ")[0]
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]
    if not head or len(head) > 140:
        head = " ".join(words) or name
    first, _, rest = head.partition(" ")
    verb, known = first.lower(), _VERBS | set(words[:1])
    bases = [verb, verb.removesuffix("s"), verb.removesuffix("es"), verb.removesuffix("ies") + "y"]
    base = next((base for base in bases if base in known and (first[:1].isupper() or base == verb)), None)
    if base and rest:
        return f"{base} {rest}", ""
    return "", (head if first[1:].lower() != first[1:] or first == "I" else head[:1].lower() + head[1:])
