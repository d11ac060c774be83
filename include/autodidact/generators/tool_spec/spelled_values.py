"""How names and values of arguments are spelled in sentences."""

import json
import re
from typing import Any


def human(key: str) -> str:
    """A parameter's name as one says it: `maxItems` is "max items"."""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").strip().lower() or key
    )


def in_words(value: Any) -> str:
    """A value as it stands in a sentence; each leaf of it occurs word for word."""
    if (
        isinstance(value, list)
        and value
        and all(isinstance(item, (str, int, float)) and not isinstance(item, bool) for item in value)
    ):
        return (
            " and ".join((", ".join(map(bare, value[:-1])), bare(value[-1])))
            if len(value) > 1
            else bare(value[0])
        )
    return bare(value)


def in_code(value: Any) -> str:
    """A value as a schema has it: `true` and 1 as JSON spells them, and a text that looks like one of these
    in quotes.
    """
    plain = isinstance(value, str) and not _looks(value)
    return bare(value) if plain else json.dumps(value, ensure_ascii=False)


def _looks(text: str) -> bool:
    """Whether a text reads as a value of JSON that is no text."""
    try:
        return not isinstance(json.loads(text), str)
    except (ValueError, RecursionError):
        return False


def bare(value: Any) -> str:
    """A value that is no list, in quotes where it would not stand out."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return (
        value
        if re.fullmatch(r"[\w./:@+-]+", value)
        else json.dumps(value, ensure_ascii=False)
        if '"' in value
        else f'"{value}"'
    )
