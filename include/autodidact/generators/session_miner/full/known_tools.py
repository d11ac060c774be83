"""Tools that no conversation declares: what is known of them, or that nothing is."""

import re
from typing import Any

from autodidact.shipped_tables import read_table

_KNOWN: dict[str, dict[str, str]] = read_table(__file__, "known_tools.yaml")


def told_apart(tool: dict[str, Any]) -> dict[str, Any] | None:
    """A tool as it is; described, where only its name is known and that is one of every coding agent. None of
    any other whose name is all that is known: its description and what it requires would be guessed.
    """
    if not is_stub(tool):
        return tool
    function = tool["function"]
    known, parameters = _KNOWN.get(function["name"].lower()), function.get("parameters") or {}
    if known is None:
        return None
    required = [known["needs"]] if known["needs"] in parameters.get("properties", {}) else []
    given = {key: value for key, value in parameters.items() if key != "required"}
    given |= {"required": required} if required else {}
    return {**tool, "function": {**function, "description": known["does"], "parameters": given}}


def is_stub(tool: dict[str, Any]) -> bool:
    """Whether a tool is described by nothing but the words of its own name."""
    name, described = tool["function"]["name"], tool["function"].get("description") or ""
    return _letters(described) in ("", _letters(name), _letters(name.rpartition("__")[2]))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
