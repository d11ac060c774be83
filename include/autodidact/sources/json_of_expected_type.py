"""Parts of JSON that somebody else wrote: a value of the wanted kind, or an empty one."""

import json
from typing import Any


def parsed(text: str | bytes) -> Any:
    """What the JSON says; None where it is none, or is nested too deeply."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def list_of(value: Any) -> list:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def dict_of(value: Any) -> dict:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def dicts_of(value: Any) -> list[dict]:
    """The objects of a list."""
    return [item for item in list_of(value) if isinstance(item, dict)]
