"""Settings of the command line, written into the text of an autodidact.toml."""

import json
import re
from collections.abc import Mapping
from typing import Any

from autodidact.errors import UsageError
from autodidact.safe_text import harmless

BARE = re.compile(r"[A-Za-z0-9_-]+")


def with_settings(text: str, given: Mapping[str, Any]) -> str:
    """The file with the settings, by their dotted keys: each in place of its own line, in a comment or not,
    else at the end of its section. Raises UsageError for a value that TOML cannot hold.
    """
    lines = text.split("\n")
    for key, value in given.items():
        section, _, name = key.rpartition(".")
        _put(lines, section, name, f"{_key(name)} = {toml_value(key, value)}")
    return "\n".join(lines)


def _put(lines: list[str], section: str, name: str, line: str) -> None:
    """Writes the line into its section, whose heading is added where it is missing."""
    start, end = _section(lines, section)
    if start is None:
        lines[-1:] = ["", f"[{section}]", line, ""]
        return
    own = re.compile(rf"(?:# )?{re.escape(name)} = ")
    place = next((k for k in range(start, end) if own.match(lines[k])), None)
    if place is not None:
        lines[place] = line
        return
    while end > start and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, line)


def _section(lines: list[str], section: str) -> tuple[int | None, int]:
    """(first line, line after the last one) of a section; "" is what stands above the first. A section that
    is a comment ends one too, and is none.
    """
    heads = [k for k, line in enumerate(lines) if re.match(r"(?:# )?\[[^\]]+\]$", line)]
    start = 0 if not section else next((k + 1 for k in heads if lines[k] == f"[{section}]"), None)
    if start is None:
        return None, 0
    end = next((k for k in heads if k >= start), len(lines))
    # The comments right above the next heading belong to that.
    while end > start and lines[end - 1].startswith("# ") and " = " not in lines[end - 1]:
        end -= 1
    return start, end


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """A TOML string: what steers a terminal, and what is no UTF-8, is written out."""
    plain = text.encode("utf-8", "replace").decode()
    escaped = json.dumps(plain, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if harmless(c) != c else c for c in escaped)


def toml_value(key: str, value: Any) -> str:
    """A value as TOML has it. Raises UsageError for null."""
    if value is None:
        raise UsageError(f"{key} is null, which a file cannot say", "Leave it out: null is what is not set.")
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        pairs = (f"{_key(name)} = {toml_value(key, each)}" for name, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(key, each) for each in value) + "]"
    return json.dumps(value)
