"""A tool with what examples need of it: its schema, what it is for, and arguments that it accepts."""

import json
import random
import re
from typing import Any

from autodidact import json_schema
from autodidact.generators.tool_spec.arguments_in_schema import OTHERS_ALLOWED, UNKNOWN, arguments_of
from autodidact.generators.tool_spec.description_phrases import Phrase, phrase, shortened
from autodidact.generators.tool_spec.mended_parts import another_form, refuses_default, without
from autodidact.generators.tool_spec.needs_in_words import needs_in_words
from autodidact.generators.tool_spec.schema_values import NO_VALUE, arguments
from autodidact.generators.tool_spec.shortest_schema import shortest
from autodidact.records import canonical, sha256
from autodidact.shipped_tables import read_table
from autodidact.sources.mcp.list_tools import Tool

# Samples until one is valid; where descriptions want more of one than the schema.
TRIES, TRIES_BY_WORDS = 6, 40
# Characters of a call's arguments.
MOST_ARGUMENTS = 600
# Characters of a description that is shown.
MOST_PURPOSE = 300

_EMPTY = frozenset(read_table(__file__)["empty"])


def stems(text: str) -> set[str]:
    """The words of a text that mean something, without their endings: `sailings` and `sailing` are one."""
    words = (word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text))
    return {
        re.sub(r"(?:ies|ing|ed|es|(?<!s)s|e|y)$" if len(word) > 4 else r"(?<!s)s$", "", word)
        for word in words
        if word not in _EMPTY
    }


class KnownTool:
    """A tool with what the examples need of it. Raises OverBudget for a schema of too many parts."""

    def __init__(self, tool: Tool):
        self.tool, self.name = tool, tool.name
        self.schema, self._text = shortest(tool.schema), json.dumps(tool.schema, sort_keys=True)
        self.ref = f"{tool.server}/{tool.name}"
        self.purpose = shortened(tool.description, MOST_PURPOSE)
        self.shown: dict[str, Any] = {
            "type": "function",
            "function": {"name": tool.name, "description": self.purpose, "parameters": self.schema},
        }
        self.size = len(json.dumps(self.shown))
        self.arguments = arguments_of(self.schema)
        # With the examples, which the shortest form leaves out.
        self.declared = arguments_of(tool.schema).parts
        self.properties, self.required = self.arguments.parts, self.arguments.required
        self.refused_defaults = [
            key for key, part in self.properties.items() if refuses_default(part, self.schema)
        ]
        self.other_forms = [key for key, part in self.properties.items() if another_form(part)]
        for key in self.refused_defaults:
            self.properties[key] = without(self.properties[key], "default")
        for key in self.other_forms:
            self.properties[key] = without(self.properties[key], "format")
        # When such an argument may be left out, no few words say.
        self.needs = needs_in_words(self.properties, self.arguments.optional, tool.description)
        self.arguments.when |= {key: UNKNOWN for key in self.properties if key in self.needs.keys}
        self.optional, self.unread = self.arguments.optional, self.arguments.unread
        # Arguments that its schema does not name.
        self.takes_any = any(gap.reason == OTHERS_ALLOWED for gap in self.unread.gaps)
        self.stems = stems(f"{tool.name} {self.purpose}")
        self.source = {
            "kind": "mcp",
            "ref": self.ref,
            "server": tool.server,
            "name": tool.name,
            "schema_sha256": sha256(canonical(tool.schema)),
        }
        self.phrase: Phrase = phrase(tool.name, tool.description)
        self.task = self.phrase.task

    def optional_in(self, given: dict[str, Any]) -> bool:
        """Whether arguments have one that may be left out, if there is such a one at all."""
        return not self.optional or any(key in given for key in self.optional)

    def valid(self) -> bool:
        return json_schema.valid(self._text)

    def accepts(self, given: dict[str, Any]) -> bool:
        """Whether the tool's own schema, formats included, accepts these arguments."""
        return json_schema.refused(self._text, given, formats=True) is None

    def draw(self, rng: random.Random, by_words: bool = True) -> dict[str, Any] | None:
        """Arguments that the tool's own schema accepts, and (`by_words`) that have what descriptions say is
        needed; None where the sampler finds none.
        """
        for _ in range(TRIES_BY_WORDS if self.needs.keys else TRIES):
            try:
                drawn = arguments(self.tool.schema, rng)
            except NO_VALUE:
                continue
            if by_words and not self.needs.met(drawn):
                continue
            if self.accepts(drawn) and len(json.dumps(drawn)) <= MOST_ARGUMENTS and not _has_null(drawn):
                return drawn
        return None


def _has_null(value: Any) -> bool:
    """Whether a null is somewhere in it: nobody asks for one, and a chat template may drop it."""
    if isinstance(value, (dict, list)):
        return any(_has_null(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is None
