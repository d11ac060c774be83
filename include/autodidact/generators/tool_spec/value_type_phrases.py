"""What a schema says of one value, in a few words: "an integer from 1 to 9", "a string or null"."""

from typing import Any

from autodidact.generators.writing.facts_into_words import listing
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dicts_of, list_of

_TYPES = read_table(__file__)["types"]
# Words of JSON Schema that restrict a value in ways that take more than a few words.
_MORE = {"$ref", "allOf", "not", "if", "contains", "propertyNames", "patternProperties", "dependentSchemas"}


def kind_of(part: dict) -> str:
    """ "" where that takes more than a few words."""
    if _MORE & part.keys():
        return ""
    options = dicts_of(part.get("anyOf")) or dicts_of(part.get("oneOf"))
    if options:
        words = [kind_of(option) for option in options]
        return listing(dict.fromkeys(words), "or") if all(words) and "type" not in part else ""
    kinds: list = part["type"] if isinstance(part.get("type"), list) else [part.get("type")]
    if part.get("nullable") is True and "null" not in kinds:
        kinds = [*kinds, "null"]
    if (
        not all(isinstance(kind, str) and kind in _TYPES for kind in kinds)
        or "enum" in part
        or "const" in part
    ):
        return ""
    real = [kind for kind in kinds if kind != "null"]
    if len(real) > 1 and _limits(part):
        return ""
    words = [_TYPES[kind] + _limits(part) for kind in real] + [
        _TYPES[kind] for kind in kinds if kind == "null"
    ]
    return listing(words, "or")


def _limits(part: dict) -> str:
    """The bounds of a value, as they follow its type."""
    low, high = _bound(part, "minimum", "exclusiveMinimum"), _bound(part, "maximum", "exclusiveMaximum")
    if low and high and low[1] and high[1]:
        found = [f" from {low[0]} to {high[0]}"]
    else:
        found = [f"{', at least' if low[1] else ' above'} {low[0]}"] if low else []
        found += [f"{', at most' if high[1] else ' below'} {high[0]}"] if high else []
    if isinstance(part.get("multipleOf"), (int, float)):
        found.append(f", a multiple of {part['multipleOf']}")
    if isinstance(part.get("format"), str):
        found.append(f" in the format {part['format']}")
    if isinstance(part.get("pattern"), str) and "`" not in part["pattern"]:
        found.append(f" that matches `{part['pattern']}`")
    if size := _size(part, "minLength", "maxLength"):
        found.append(f" of {size} characters")
    return "".join([_entries(part), *found])


# Types that the entries of a list are called by.
_COUNTED = ("string", "integer", "number", "object")


def _entries(part: dict) -> str:
    """How many entries a list has, and of which type: "of 2 to 4 objects", "with at least 1 entry"."""
    size, items, noun = _size(part, "minItems", "maxItems"), part.get("items"), ""
    if part.get("type") == "array" and isinstance(items, dict) and not part.get("prefixItems"):
        kind = str(items.get("type"))
        noun = kind if kind in _COUNTED and not list_of(items.get("enum")) else ""
    one = size.endswith(" 1")
    if noun:
        return f" of {size}{' ' if size else ''}{noun}{'' if one else 's'}"
    return f" with {size} {'entry' if one else 'entries'}" if size else ""


def _bound(part: dict, closed: str, open_: str) -> tuple[Any, bool] | None:
    """(the bound, whether it is allowed itself); before draft 6 the second word only said that it is not."""
    if isinstance(limit := part.get(open_), (int, float)) and not isinstance(limit, bool):
        return limit, False
    limit = part.get(closed)
    return (limit, part.get(open_) is not True) if isinstance(limit, (int, float)) else None


def _size(part: dict, least: str, most: str) -> str:
    low, high = part.get(least), part.get(most)
    low = low if isinstance(low, int) and low > 0 else None
    if isinstance(high, int):
        if low == high:
            return f"exactly {high}"
        return f"{low} to {high}" if low is not None else f"at most {high}"
    return f"at least {low}" if low is not None else ""
