"""JSON by msgspec, four times as fast as the standard library: the gate reads a line twice and writes it
three times.

The values are the same. A float may have other digits (`1e-7` for `1e-07`), so ids are what the standard
library says where the two differ.
"""

import json
from typing import Any

import msgspec

_sorted = msgspec.json.Encoder(order="sorted").encode


def loads(line: str) -> Any:
    """The value of a line of JSON. Raises ValueError or RecursionError, as json.loads does, which
    decides about what msgspec refuses.
    """
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return json.loads(line, parse_constant=_no_number)


def dumps(value: Any) -> str:
    """Compact JSON, keys in the order they have."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> str:
    """Compact JSON with sorted keys: the same for equal values."""
    try:
        return _sorted(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def is_json(text: str) -> bool:
    """Whether the whole text is a JSON object or list, with or without a code fence."""
    text = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    if text[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON
