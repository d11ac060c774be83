"""What people export from a page where they chat: ChatGPT's `conversations.json`, Claude.ai's, Open WebUI's
and LibreChat's, a list of conversations or one.

Such a conversation is a tree: a question that was worded anew and an answer that was asked for again hang on
the same message as the first one. Only the branch that was shown last is read; what lies off it is counted.
"""

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.chat_lines import ChatLines
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.exported_messages import (
    Node,
    of_chatgpt,
    of_claude,
    of_librechat,
    of_open_webui,
)
from autodidact.sources.transcripts.times_of_messages import time_of
from autodidact.sources.transcripts.untrusted_fields import name_of, text_of

TAKEN_BACK = "turn that was taken back"
# The fields that hold the messages.
_HELD = ("mapping", "chat_messages", "chat", "messages")


class ChatExports(ChatLines):
    """Nothing is carried from conversation to conversation."""

    @staticmethod
    def reads(record: dict) -> bool:
        return _form(record) is not None

    def feed(self, line: int, record: dict) -> list[Exchange]:
        form = _form(record)
        if form is None:
            return []
        nodes = form(record)
        shown = _branch(nodes, _current(record))
        off = {id(node) for node in nodes} - {id(node) for node in shown}
        for node in nodes:
            if id(node) in off and node.message and text_of(node.message.get("content")).strip():
                self.trouble(TAKEN_BACK, line)
        messages = [node.message for node in shown if node.message]
        around = {key: value for key, value in record.items() if key not in _HELD}
        return super().feed(line, around | {"messages": messages}) if messages else []


def _form(record: dict):
    """The reader of a record's messages; None of a record in another form."""
    mapping = record.get("mapping")
    if isinstance(mapping, dict) and all(isinstance(node, dict) for node in list(mapping.values())[:3]):
        return of_chatgpt
    if isinstance(record.get("chat_messages"), list):
        return of_claude
    chat = dict_of(record.get("chat"))
    if isinstance(chat.get("history"), dict) or isinstance(chat.get("messages"), list):
        return of_open_webui
    messages = dicts_of(record.get("messages"))
    if messages and all(isinstance(one.get("isCreatedByUser"), bool) for one in messages):
        return of_librechat
    return None


def _current(record: dict) -> str | None:
    """The last message that was shown, as the record says."""
    history = dict_of(dict_of(record.get("chat")).get("history"))
    given = (record.get("current_node"), record.get("current_leaf_message_uuid"), history.get("currentId"))
    return next(filter(None, map(name_of, given)), None)


def _branch(nodes: list[Node], current: str | None) -> list[Node]:
    """The messages up from the one that was shown last; without one, from the newest on which none hangs."""
    known = {node.ident: node for node in nodes}
    if current not in known:
        above = {node.parent for node in nodes}
        leaves = [node for node in nodes if node.ident not in above]
        dated = [(time_of(node.message or {}), node) for node in leaves]
        times = [time for time, _ in dated if time]
        newest = max(times) if len(times) == len(dated) and times else None
        current = next(
            (node.ident for time, node in reversed(dated) if time == newest or newest is None), None
        )
    found: list[Node] = []
    while current in known:
        found.append(known.pop(current))
        current = found[-1].parent
    return found[::-1]
