"""LangChain's and LangGraph's messages as OpenAI's: `{"type": "human" | "ai" | "tool", "content"}`, the same
within `data`, and the form in which objects are serialised (`"lc": 1`, `"id": [..., "AIMessage"], "kwargs"`).
"""

import re
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of

_ROLES = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "developer": "system",
    "tool": "tool",
    "function": "tool",
}
_CLASS = re.compile(r"(Human|AI|System|Tool|Function)Message(?:Chunk)?\Z")


def as_chat(message: dict) -> dict:
    """A message with its role, its words and its calls where OpenAI has them; any other as it is."""
    if "role" in message or "from" in message:
        return message
    kind, held = str(message.get("type")), message
    if message.get("lc") == 1 and isinstance(message.get("kwargs"), dict):
        kind, held = str((list_of(message.get("id")) or [""])[-1]), message["kwargs"]
    elif isinstance(message.get("data"), dict) and "content" in message["data"]:
        held = message["data"]
    named = _CLASS.match(kind)
    role = _ROLES.get(named[1].lower() if named else kind)
    if role is None or "content" not in held:
        return message
    more: dict[str, Any] = dict_of(held.get("additional_kwargs"))
    plain = {"role": role} | {key: more[key] for key in ("function_call", "refusal") if more.get(key)}
    plain |= {key: value for key, value in held.items() if key not in ("type", "id", "additional_kwargs")}
    calls = [
        {"id": call.get("id"), "function": {"name": call.get("name"), "arguments": call.get("args", {})}}
        for call in dicts_of(held.get("tool_calls"))
    ]
    plain["tool_calls"] = calls or list_of(more.get("tool_calls"))
    if plain["tool_calls"]:
        # Anthropic's content repeats them.
        plain["content"] = _without_calls(plain["content"])
    if held.get("invalid_tool_calls"):
        plain["finish_reason"] = "malformed_function_call"
    return plain


def _without_calls(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    return [part for part in content if dict_of(part).get("type") not in ("tool_use", "function_call")]
