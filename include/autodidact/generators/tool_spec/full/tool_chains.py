"""Which tool takes what another one gives: by the noun that one lists and the other wants, or because the
description of an argument names the tool that returns it.
"""

from autodidact.generators.tool_spec.full.argument_values import plain, singular
from autodidact.generators.tool_spec.full.value_phrases import names_of
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.schema_arguments import values_of

# A tool, and its required argument that takes the thing.
Link = tuple[KnownTool, str]


def takers(known: KnownTool, noun: str, usable: list[KnownTool]) -> list[Link]:
    """The tools of the same server that require such a thing."""
    last = singular(noun.split()[-1]).lower() if noun else ""
    return [
        (other, key)
        for other in usable
        if other is not known and other.tool.server == known.tool.server and last
        for key in other.required
        if last in names_of(key)
        and plain(other.properties.get(key)).get("type") in ("string", "integer")
        and not values_of(plain(other.properties.get(key)))
    ]


def named_takers(known: KnownTool, usable: list[KnownTool]) -> list[Link]:
    """The tools with a required argument that is described as what this one returned."""
    return [
        (other, key)
        for other in usable
        if other is not known and other.tool.server == known.tool.server
        for key in other.required
        if known.name in str(other.properties.get(key, {}).get("description", ""))
    ]
