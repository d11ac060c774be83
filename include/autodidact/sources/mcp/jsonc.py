"""JSON with comments and trailing commas, as editors keep their configuration."""

import json
import re
from typing import Any

# Each alternative matches wherever it begins, to the end of the text if need be: time grows with the length.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)


def loads(text: str) -> Any:
    """The value. Raises ValueError or RecursionError for what is neither JSON nor JSON with comments."""
    try:
        return json.loads(text)
    except ValueError:
        return json.loads(_COMMA.sub(_kept, _COMMENT.sub(_kept, text)))


def _kept(match: re.Match) -> str:
    return match[1] or " "
