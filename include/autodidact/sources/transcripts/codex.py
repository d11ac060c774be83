"""Codex: `{"timestamp", "type": "session_meta" | "response_item" | "event_msg" | ..., "payload": {...}}`, one
session a file.

The items of a response are OpenAI's: `message`, `function_call`, `function_call_output`, `custom_tool_call`,
`local_shell_call`. Files of early versions hold the items bare, after a line with id, timestamp and
instructions.
"""

import re
from datetime import datetime

from autodidact.sources.foreign_json import dict_of
from autodidact.sources.transcripts.exchange import Call, Exchange, failed, moment, name_of, parsed, text_of
from autodidact.sources.transcripts.reading import Format, Reading
from autodidact.sources.transcripts.thread import Thread

_TYPES = {
    "session_meta",
    "response_item",
    "event_msg",
    "turn_context",
    "compacted",
    "world_state",
    "inter_agent_communication",
}
_ITEMS = {
    "message",
    "reasoning",
    "function_call",
    "function_call_output",
    "custom_tool_call",
    "custom_tool_call_output",
    "local_shell_call",
    "local_shell_call_output",
    "web_search_call",
    "ghost_snapshot",
    "compaction",
}
# What the program itself writes in the role of the user.
_NOT_TYPED = re.compile(r"\s*(<\w+[ >]|# AGENTS\.md instructions|## (My request|Memory))")
_EXIT = re.compile(r"^(?:Process exited with code|Exit code:) (-?\d+)$", re.MULTILINE)


def _is_header(record: dict) -> bool:
    return "type" not in record and {"id", "timestamp", "instructions"} <= record.keys()


class Codex(Format):
    @staticmethod
    def reads(record: dict) -> bool:
        kind = name_of(record.get("type"))
        if isinstance(record.get("payload"), dict):
            return kind in _TYPES
        bare_item = kind in _ITEMS and "message" not in record
        return record.get("record_type") == "state" or bare_item or _is_header(record)

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.thread = Thread(reading.file, reading.toolbox, reading.troubles, waiting=2)
        self.started: datetime | None = None

    def feed(self, line: int, record: dict) -> list[Exchange]:
        payload = dict_of(record.get("payload"))
        bare = not isinstance(record.get("payload"), dict)
        if bare and _is_header(record):
            self.started = moment(record["timestamp"])
        time = moment(record.get("timestamp")) or self.started
        if not self.reading.keeps(time):
            return []
        kind = record.get("type")
        if bare:
            self._item(line, record, time)
        elif kind == "response_item":
            self._item(line, payload, time)
        elif kind == "event_msg":
            self._event(payload)
        elif kind == "session_meta":
            declared = self.reading.toolbox.declare(parsed(payload.get("dynamic_tools"), list))
            self.thread.tools = declared or self.thread.tools
        return self.thread.take()

    def _event(self, event: dict) -> None:
        kind = event.get("type")
        if kind == "turn_aborted":
            self.thread.interrupt()
        elif kind == "error":
            self.thread.fail()
        elif kind == "thread_rolled_back" and isinstance(event.get("num_turns"), int):
            self.thread.rolled_back(event["num_turns"])

    def _item(self, line: int, item: dict, time: datetime | None) -> None:
        kind, ident = item.get("type"), name_of(item.get("call_id"))
        if kind == "message":
            text = text_of(item.get("content")).strip()
            if item.get("role") == "assistant" and text:
                self.thread.answer(text, (), line, time)
            elif item.get("role") == "user" and text and not _NOT_TYPED.match(text):
                self.thread.question(text, line, time)
        elif kind in ("function_call", "custom_tool_call", "local_shell_call"):
            name, arguments = _called(kind, item)
            if name is None or arguments is None:
                self.trouble("tool call that cannot be read", line)
            else:
                self.thread.answer("", [(ident, Call.of(name, arguments))], line, time)
        elif kind in ("function_call_output", "custom_tool_call_output", "local_shell_call_output"):
            text, ok = _output(item.get("output"))
            self.thread.result(ident, text, ok, time)

    def close(self) -> list[Exchange]:
        return self.thread.close()

    def plain(self) -> dict:
        return self.thread.plain() | {"started": self.started.isoformat() if self.started else None}

    def restore(self, state: dict) -> None:
        self.started = moment(state["started"])
        self.thread.restore(state)


def _called(kind: str, item: dict) -> tuple[str | None, dict | None]:
    if kind == "local_shell_call":
        return "local_shell", parsed(item.get("action"))
    name = name_of(item.get("name"))
    if kind == "custom_tool_call":
        return name, {"input": item["input"]} if isinstance(item.get("input"), str) else None
    return name, parsed(item.get("arguments"))


def _output(output) -> tuple[str, bool]:
    """The text of a call's output, and whether the call succeeded."""
    wrapped = parsed(output) if not isinstance(output, str) or output.startswith("{") else None
    if wrapped and ("output" in wrapped or "content" in wrapped):
        meta = wrapped.get("metadata")
        code = meta.get("exit_code") if isinstance(meta, dict) else None
        text = text_of(wrapped.get("output", wrapped.get("content")))
        return text, code in (0, None) and wrapped.get("success") is not False and not failed(text)
    text = text_of(output)
    exits = _EXIT.search(text[:400])
    return text, (exits is None or exits[1] == "0") and not failed(text)
