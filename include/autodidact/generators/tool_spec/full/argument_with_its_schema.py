"""An argument with its schema and its value, and the words for several of it."""

import re
from dataclasses import dataclass
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.plain_schema import plain
from autodidact.sources.json_of_expected_type import dict_of


@dataclass(frozen=True)
class Leaf:
    """An argument, or a field of one, with its schema and its value. `path` leads to it."""

    path: tuple[str, ...]
    part: dict
    value: Any

    @property
    def key(self) -> str:
        return self.path[-1]


def leaves(known: KnownTool, given: dict[str, Any]) -> list[Leaf] | None:
    """The arguments, those of nested objects included; None where one cannot be said in a few words."""
    found: list[Leaf] = []

    def walk(path: tuple[str, ...], part: dict, value: Any) -> bool:
        part = plain(part)
        if isinstance(value, dict):
            fields = dict_of(part.get("properties"))
            return len(path) < 3 and all(
                walk((*path, key), dict_of(fields.get(key)), one) for key, one in value.items()
            )
        if isinstance(value, list) and not all(isinstance(one, (str, int)) for one in value):
            found.append(Leaf(path, part, value))
            return counted(value) != ""
        # What can have one value alone need not be said.
        if len(values_of(part)) != 1:
            found.append(Leaf(path, part, value))
        return not (isinstance(value, str) and "\n" in value)

    ok = all(walk((key,), known.properties.get(key, {}), value) for key, value in given.items())
    return found if ok else None


def counted(value: list) -> str:
    """ "2 adults and 1 child" of a list of objects with a kind and a count; "" where it is no such list."""
    said: list[str] = []
    for one in value:
        if not isinstance(one, dict) or len(one) != 2:
            return ""
        words = [field for field in one.values() if isinstance(field, str)]
        numbers = [field for field in one.values() if isinstance(field, int) and not isinstance(field, bool)]
        if len(words) != 1 or len(numbers) != 1 or any(f" {words[0]}" in earlier for earlier in said):
            return ""
        if not re.fullmatch(r"[a-z]{3,}", words[0]):
            return ""  # nobody says "4 towel-ls"
        said.append(f"{numbers[0]} {plural(words[0]) if numbers[0] != 1 else words[0]}")
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def plural(noun: str) -> str:
    """A noun in the plural; the irregular ones are those that arguments often are called by."""
    irregular = {"child": "children", "person": "people", "man": "men", "woman": "women"}
    if noun in irregular:
        return irregular[noun]
    if re.search(r"(?:s|x|ch|sh)$", noun):
        return f"{noun}es"
    return re.sub(r"(?<![aeiou])y$", "ie", noun) + "s"


def singular(noun: str) -> str:
    """A plural noun as one of them: `branches` is `branch`; a singular stays."""
    irregular = {"children": "child", "people": "person", "indices": "index", "status": "status"}
    if noun in irregular or noun.endswith(("ss", "us", "is")) or not noun.endswith("s"):
        return irregular.get(noun, noun)
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun[:-2] if re.search(r"(?:ss|x|ch|sh)es$", noun) else noun[:-1]
