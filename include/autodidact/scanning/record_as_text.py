"""A record as text: its strings, each short one after the name of its field (`"password": "..."`), as a
secret without a format is known by its name.
"""

import re
from typing import Any

from autodidact.scanning.decodings import BETWEEN

HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

# Fields of a record that hold hashes which the system itself computed.
_HASHES = frozenset(("commit", "sha", "was", "probe", "replay_of", "previous", "blob", "sha256", "revision"))

# Fields of one word out of a few, in the records themselves; what else has such a name may hold anything.
_WORDS, _MAX_WORD = frozenset(("role", "type")), 15


def as_text(*values: Any) -> str:
    """The strings of dictionaries, lists and strings, names of fields included; not roles, types and hashes
    that the system itself computed. Nothing is found across two of them.
    """
    found: list[str] = []
    for value in values:
        _collect(value, "", found)
    return BETWEEN.join(found)


def _collect(value: Any, name: str, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value if name in ("", "content") else f'"{name}": "{value}"')
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(item, str):
                found.append(key)
            elif _is_known(key, item):
                continue
            _collect(item, key, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, name, found)


def _is_known(key: str, item: str) -> bool:
    """A role or a type, or a hash that the system itself computed."""
    if key in _WORDS:
        return len(item) <= _MAX_WORD and item.isalpha()
    return (key in _HASHES or key.endswith("sha256")) and bool(HASH.fullmatch(item))
