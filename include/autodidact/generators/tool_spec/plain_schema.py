"""A schema with its alternatives as one: what it says of an argument itself, and of its type."""

from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.sources.json_of_expected_type import dict_of, dicts_of


def alternatives(part: Any) -> list[dict]:
    """The alternatives of a schema that are not null; [] where it has none."""
    part = dict_of(part)
    return [one for one in dicts_of(part.get("anyOf") or part.get("oneOf")) if one.get("type") != "null"]


def plain(part: Any) -> dict:
    """A schema's first alternative that is not null, with what stands next to it. What the schema says of the
    argument itself comes before what it says of the type.
    """
    part, options = dict_of(part), alternatives(part)
    if options and "type" not in part and (len(options) == 1 or not all(values_of(one) for one in options)):
        own, of_type = (str(one.get("description") or "") for one in (part, options[0]))
        part = {**part, **options[0]}
        if own:
            both = of_type and of_type not in own and "properties" not in options[0]
            part["description"] = f"{ended(own)} {of_type}" if both else own
    return part


def ended(text: str) -> str:
    """A text with a full stop."""
    return text if text[-1] in ".!?" else f"{text}."
