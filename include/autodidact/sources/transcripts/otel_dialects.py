"""Spans that keep a conversation in another way than `gen_ai.input.messages`: Traceloop's and OpenLLMetry's
numbered attributes, the Vercel AI SDK, Pydantic AI under Logfire, and the events of earlier conventions.

Each becomes messages as chat interfaces write them (message_to_turn.py). One that none of these takes is
counted with its keys, unless another span of its trace was read: a span around it often repeats a part.
"""

import re
from collections.abc import Callable
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.transcripts.untrusted_fields import name_of, parsed, short_json

# Messages of one span, and keys of one that are looked at and named.
MAX_MESSAGES, MAX_LOOKED, MAX_NAMED = 400, 2_000, 6
# Spans that are unread, and traces of those that were read, remembered until the end of the file.
MAX_UNREAD, MAX_READ = 1_000, 50_000
UNKNOWN_KEYS = "span with a conversation of an unknown form (keys: {})"
NO_WORDS = "span of a model call without its words"

_NUMBERED = re.compile(r"(?:gen_ai|llm)\.(prompt|completion)s?\.(\d{1,4})\.(.+)$")
_CALL = re.compile(r"tool_calls\.(\d{1,3})\.(id|name|arguments)$")
_FUNCTION = re.compile(r"llm\.request\.functions\.(\d{1,4})\.(name|description|parameters)$")
_EVENT_ROLES = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
_CONTENT_EVENTS = {"gen_ai.content.prompt": "gen_ai.prompt", "gen_ai.content.completion": "gen_ai.completion"}
# Words in the name of an attribute that may hold what was said, and what its name begins with if it does not.
_SAYS = re.compile(
    r"(?:^|[._])(?:prompts?|completions?|messages|message|inputs?|outputs?|span_?(?:in|out)puts?|final_result"
    r"|answer|question|conversation|response\.(?:text|content|body)|entity\.(?:in|out)put)(?:[._]|$)",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"(?:https?|rpc|messaging|db|exception|error|log|faas|net|url|code|process|host|k8s|container|otel"
    r"|logfire)\."
)
_IS_TOOL = ("gen_ai.tool.name", "gen_ai.tool.call.id", "tool.name", "ai.toolCall.name")
_CALLS = frozenset("chat completion text_completion generate_content".split())


def messages_of(given: dict[str, Any], events: list[tuple[str, dict[str, Any]]]) -> tuple[list[dict], Any]:
    """(The messages of a span, the tools that it declares), of its attributes and the names and attributes of
    its events; no messages where it has none in a known form.
    """
    for reads in (_numbered, _vercel):
        messages, tools = reads(given)
        if messages:
            return messages[:MAX_MESSAGES], tools
    given_events = parsed(given.get("all_messages_events", given.get("events")), list)
    named = [(str(each.get("event.name")), each) for each in dicts_of(given_events)]
    return _of_events(named)[:MAX_MESSAGES] or _of_events(events)[:MAX_MESSAGES], None


def _numbered(given: dict[str, Any]) -> tuple[list[dict], Any]:
    """Traceloop: `gen_ai.prompt.0.role`, `gen_ai.completion.0.content`; further completions are other answers
    to the same.
    """
    fields: dict[tuple[bool, int], dict[str, Any]] = {}
    tools: dict[int, dict[str, Any]] = {}
    for key, value in given.items():
        if match := _NUMBERED.match(key):
            answer, number = match[1] == "completion", int(match[2])
            if not (answer and number):
                fields.setdefault((answer, number), {})[match[3]] = value
        elif match := _FUNCTION.match(key):
            tools.setdefault(int(match[1]), {})[match[2]] = value
    messages = []
    for (answer, _), parts in sorted(fields.items()):
        calls: dict[int, dict[str, Any]] = {}
        for key, value in parts.items():
            if match := _CALL.match(key):
                calls.setdefault(int(match[1]), {})[match[2]] = value
        message = {key: value for key, value in parts.items() if "." not in key}
        listed = [
            _call(one.get("id"), one.get("name"), one.get("arguments")) for _, one in sorted(calls.items())
        ]
        message |= {"tool_calls": listed} if listed else {}
        messages.append({"role": "assistant"} | message if answer else message)
        messages[-1]["content"] = _unpacked(message.get("content"))
    declared = [one | {"parameters": parsed(one.get("parameters")) or {}} for _, one in sorted(tools.items())]
    return messages, [{"function": one} for one in declared]


def _vercel(given: dict[str, Any]) -> tuple[list[dict], Any]:
    """Vercel: `ai.prompt.messages`, `ai.response.text`, `ai.response.toolCalls`."""
    asked = [_of_vercel(one) for one in dicts_of(parsed(given.get("ai.prompt.messages"), list))]
    if not asked:
        return [], None
    called = dicts_of(parsed(given.get("ai.response.toolCalls"), list))
    text = given.get("ai.response.text", given.get("ai.result.text"))
    answer: dict[str, Any] = {"role": "assistant", "content": text if isinstance(text, str) else None}
    answer["tool_calls"] = [
        _call(one.get("toolCallId"), one.get("toolName"), one.get("args", one.get("input"))) for one in called
    ]
    answer["finish_reason"] = given.get("ai.response.finishReason", given.get("ai.finishReason"))
    declared = [parsed(one) or {} for one in list_of(given.get("ai.prompt.tools"))]
    tools = [
        {"function": one | {"parameters": one.get("inputSchema", one.get("parameters", {}))}}
        for one in declared
    ]
    return [*asked, answer] if text or called else asked, tools


def _of_vercel(message: dict) -> dict:
    """A message with the parts `tool-call` and `tool-result` as the blocks that others write."""
    blocks = []
    for part in dicts_of(message.get("content")):
        given = part.get("args", part.get("input", {}))
        if part.get("type") == "tool-call":
            part = {"type": "tool_use", "id": part.get("toolCallId"), "name": part.get("toolName")}
            part["input"] = parsed(given) or {}
        elif part.get("type") == "tool-result":
            output = part.get("output", part.get("result"))
            kind = str(dict_of(output).get("type"))
            failed = part.get("isError") is True or kind.startswith(("error", "execution-denied"))
            text = short_json(dict_of(output).get("value", output))
            part = {"type": "tool_result", "tool_use_id": part.get("toolCallId"), "content": text}
            part |= {"is_error": True} if failed else {}
        blocks.append(part)
    return message | {"content": blocks} if blocks else message


def _of_events(events: list[tuple[str, dict[str, Any]]]) -> list[dict]:
    """`gen_ai.user.message` and `gen_ai.choice`, or, earlier, `gen_ai.content.prompt` and its completion."""
    messages: list[dict] = []
    for name, given in events:
        if key := _CONTENT_EVENTS.get(name):
            listed = dicts_of(parsed(given.get(key), list))
            messages += listed[:1] if name.endswith("completion") else listed
        if name not in _EVENT_ROLES:
            continue
        given = given | (parsed(given.get("gen_ai.event.content")) or {})
        if name == "gen_ai.choice" and given.get("index", 0) not in (0, "0"):
            # Another answer to the same.
            continue
        own = parsed(given.get("message")) or {}
        if name == "gen_ai.choice" and isinstance(given.get("message"), str) and not own:
            own = {"content": given["message"]}
        message = {
            key: (own | given)[key]
            for key in ("content", "finish_reason", "tool_calls")
            if key in own | given
        }
        message["content"] = _unpacked(own.get("content", given.get("content")))
        message["tool_calls"] = parsed(message.get("tool_calls"), list) or []
        messages.append(message | {"role": _EVENT_ROLES[name], "tool_call_id": given.get("id")})
    return messages


def _call(ident: Any, name: Any, arguments: Any) -> dict:
    return {"id": ident, "function": {"name": name, "arguments": arguments or {}}}


def _unpacked(content: Any) -> Any:
    """A content; the parts of one that was packed into a text."""
    listed = parsed(content, list) if isinstance(content, str) and content[:2] == "[{" else None
    return listed if listed and all(isinstance(one, dict) and "type" in one for one in listed) else content


def unread(given: dict[str, Any]) -> str:
    """What a span holds that no reader takes, as it is counted; "" of one that holds no conversation."""
    if any(key in given for key in _IS_TOOL):
        return ""
    found: dict[str, None] = {}
    for key, value in list(given.items())[:MAX_LOOKED]:
        says = isinstance(key, str) and _SAYS.search(key) and not _NOT_SAID.match(key)
        if says and (isinstance(value, (dict, list)) or re.search(r"\S\s+\S", str(value)[:1_000])):
            found[re.sub(r"\d+", "N", key[:40])] = None
    if found:
        return UNKNOWN_KEYS.format(", ".join(list(found)[:MAX_NAMED]))
    calls = name_of(given.get("gen_ai.operation.name", given.get("llm.request.type"))) in _CALLS
    return NO_WORDS if calls or given.get("openinference.span.kind") == "LLM" else ""


class Unread:
    """The spans that no reader took, by their conversations, until it is known whether others were read."""

    def __init__(self, trouble: Callable[[str, int], None]):
        self._trouble = trouble
        self._read: dict[str, None] = {}
        self._waiting: list[tuple[str, str, int]] = []

    def took(self, trace: str) -> None:
        """A span of this trace was read."""
        if len(self._read) < MAX_READ:
            self._read[trace] = None

    def add(self, trace: str, given: dict[str, Any], line: int) -> None:
        """A span was not."""
        if (reason := unread(given)) and trace not in self._read:
            if len(self._waiting) < MAX_UNREAD:
                self._waiting.append((trace, reason, line))
            else:
                self._trouble(reason, line)

    def close(self) -> None:
        """Counts those of which nothing else was read."""
        for trace, reason, line in self._waiting:
            if trace not in self._read:
                self._trouble(reason, line)
        self._waiting.clear()
