"""The messages of what people export from ChatGPT, Claude.ai, Open WebUI and LibreChat, as chat interfaces
write them (message_to_turn.py), each with its own name and that of the one it hangs on.
"""

from dataclasses import dataclass
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.transcripts.untrusted_fields import name_of

# Messages of one conversation.
MAX_NODES = 20_000


@dataclass
class Node:
    """A message in its tree; `message` is None of one that nobody spoke."""

    ident: str
    parent: str | None
    message: dict[str, Any] | None


# Of ChatGPT: what thinks, or says that it thought, and what the program tells of the person.
_THOUGHTS = ("thoughts", "reasoning_recap")
_CONTEXT = ("user_editable_context", "model_editable_context")
# What is read of a message's own record, or says nothing of its words.
_READ = ("attachments", "citations", "content_references", "search_result_groups", "aggregate_result")
_OF_THINKING = ("reasoning_status", "reasoning_title")
# Parts that stand for what the record does not hold.
_FILE, _TOOL = {"type": "file"}, {"type": "tool_call"}
# Of Open WebUI: thoughts, calls and what a program printed, within the words.
_OPENS, _CLOSES = '<details type="', "</details>"
_THOUGHT = f'{_OPENS}reasoning"'


def of_chatgpt(record: dict) -> list[Node]:
    """`{"mapping": {id: {"message": {"author", "content", "recipient"}, "parent"}}}`."""
    nodes = []
    for ident, node in list(record["mapping"].items())[:MAX_NODES]:
        message = dict_of(node).get("message")
        read = _chatgpt(message) if isinstance(message, dict) else None
        nodes.append(Node(str(ident), name_of(dict_of(node).get("parent")), read))
    return nodes


def _chatgpt(message: dict) -> dict[str, Any] | None:
    role = name_of(dict_of(message.get("author")).get("role"))
    content, own = dict_of(message.get("content")), dict_of(message.get("metadata"))
    kind = content.get("content_type")
    hidden = own.get("is_visually_hidden_from_conversation") is True or kind in _CONTEXT
    if hidden or kind in _THOUGHTS or role == "tool":
        return None
    plain: dict[str, Any] = {"role": role or "of nobody"}
    plain |= {key: message[key] for key in ("status", "weight", "create_time") if key in message}
    plain["metadata"] = {k: v for k, v in own.items() if k not in (*_READ, *_OF_THINKING)}
    parts = [_part(part) for part in list_of(content.get("parts"))]
    if kind not in ("text", "multimodal_text"):
        parts.append({"type": str(kind)})
    if own.get("attachments"):
        parts.append(_FILE)
    if role == "assistant" and message.get("recipient", "all") not in ("all", None):
        parts = [_TOOL]
    if any(own.get(key) for key in _READ[1:]):
        plain["citations"] = True
    return plain | {"content": parts}


def _part(part: Any) -> dict:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    return _FILE if "asset_pointer" in str(dict_of(part).get("content_type")) else {"type": "unknown"}


def of_claude(record: dict) -> list[Node]:
    """`{"chat_messages": [{"uuid", "sender", "text", "content", "parent_message_uuid"}]}`."""
    nodes: list[Node] = []
    for message in dicts_of(record["chat_messages"])[:MAX_NODES]:
        last = nodes[-1] if nodes else Node("", None, {})
        # Early exports name no parents: of two answers in a row the second was asked for again.
        again = dict_of(last.message).get("role") == message.get("sender")
        before = last.parent if again else last.ident
        ident = name_of(message.get("uuid")) or f"#{len(nodes)}"
        plain = {key: value for key, value in message.items() if key not in ("text", "content", "sender")}
        content = list_of(message.get("content")) or [{"type": "text", "text": message.get("text")}]
        if message.get("attachments") or message.get("files"):
            content = [*content, _FILE]
        if any(part.get("citations") for part in dicts_of(content)):
            plain["citations"] = True
        plain |= {"role": message.get("sender") or "of nobody", "content": content}
        nodes.append(Node(ident, name_of(message.get("parent_message_uuid", before)), plain))
    return nodes


def of_open_webui(record: dict) -> list[Node]:
    """`{"chat": {"history": {"messages": {id: {"role", "content", "parentId"}}, "currentId"}}}`."""
    chat = dict_of(record["chat"])
    tree = dict_of(dict_of(chat.get("history")).get("messages"))
    listed = [{"id": ident} | dict_of(message) for ident, message in tree.items()]
    nodes = []
    for message in (listed or dicts_of(chat.get("messages")))[:MAX_NODES]:
        plain, content = dict(message), message.get("content")
        if isinstance(content, str) and message.get("role") == "assistant":
            plain["content"] = _without_details(content)
        elif isinstance(content, str) and message.get("files"):
            plain["content"] = [{"type": "text", "text": content}, _FILE]
        nodes.append(Node(str(message.get("id")), name_of(message.get("parentId")), plain))
    return nodes


def _without_details(text: str) -> list[dict]:
    """An answer without the blocks of its thoughts; with a part for a call, or for a block without an end."""
    *blocks, rest = text.split(_CLOSES)
    kept = []
    for block in blocks:
        before, opens, _ = block.partition(_OPENS)
        kept.append(before if opens else block + _CLOSES)
    words, torn, _ = rest.partition(_OPENS)
    called = text.count(_OPENS) > text.count(_THOUGHT)
    lost = [_TOOL] if called else [{"type": "details"}] if torn else []
    return [{"type": "text", "text": "".join([*kept, words]).strip()}, *lost]


def of_librechat(record: dict) -> list[Node]:
    """`{"messages": [{"messageId", "parentMessageId", "text", "isCreatedByUser"}]}`, or each with its
    `children`.
    """
    nodes: list[Node] = []
    waiting = dicts_of(record["messages"])[::-1]
    while waiting and len(nodes) < MAX_NODES:
        message = waiting.pop()
        waiting += dicts_of(message.get("children"))[::-1]
        plain = {key: value for key, value in message.items() if key not in ("children", "sender", "text")}
        plain["role"] = "user" if message["isCreatedByUser"] is True else "assistant"
        content = list_of(message.get("content")) or [{"type": "text", "text": message.get("text")}]
        content = [part for part in content if dict_of(part).get("type") != "think"]
        plain["content"] = [*content, _FILE] if message.get("files") else content
        nodes.append(Node(str(message.get("messageId")), name_of(message.get("parentMessageId")), plain))
    return nodes
