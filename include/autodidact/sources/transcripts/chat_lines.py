"""Formats with one conversation a line: OpenAI chat and ShareGPT.

OpenAI: `{"messages": [{"role", "content", "tool_calls"}], "tools": [...]}`; a message of the role `tool` is
the result of a call. ShareGPT: `{"conversations": [{"from": "human", "value": ...}]}`, with `function_call`
and `observation` for tools.
"""

from datetime import datetime

from autodidact.sources.foreign_json import dict_of, list_of
from autodidact.sources.transcripts.exchange import (
    MAX_TEXT,
    Call,
    Exchange,
    failed,
    moment,
    name_of,
    parsed,
    text_of,
)
from autodidact.sources.transcripts.reading import Format
from autodidact.sources.transcripts.thread import Thread

_ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "system": "system",
    "function_call": "call",
    "tool_call": "call",
    "observation": "result",
    "tool": "result",
    "function_response": "result",
    "tool_response": "result",
}


class _Lines(Format):
    """Nothing is carried from line to line."""

    def _start(self, record: dict, times: list[datetime | None]) -> Thread | None:
        """A thread for the line's conversation; None when something in it is newer than the window."""
        if not all([self.reading.keeps(time) for time in times]):
            return None
        thread = Thread(self.reading.file, self.reading.toolbox, self.reading.troubles)
        functions = parsed(record.get("functions"), list) or ()
        declared = parsed(record.get("tools"), list) or [{"function": function} for function in functions]
        thread.tools = self.reading.toolbox.declare(declared)
        return thread


class OpenAIChat(_Lines):
    @staticmethod
    def reads(record: dict) -> bool:
        return isinstance(record.get("messages"), list)

    def feed(self, line: int, record: dict) -> list[Exchange]:
        messages = [m for m in record["messages"] if isinstance(m, dict)]
        whole = moment(record.get("created_at") or record.get("created") or record.get("timestamp"))
        times = [moment(m.get("timestamp")) or whole for m in messages]
        thread = self._start(record, [whole, *times])
        if thread is None:
            return []
        for message, time in zip(messages, times, strict=True):
            role, text = message.get("role"), text_of(message.get("content")).strip()
            if role == "user":
                if text:
                    thread.question(text, line, time)
            elif role == "assistant":
                thread.answer(text, self._calls(message, line), line, time)
            elif role in ("tool", "function"):
                thread.result(
                    name_of(message.get("tool_call_id")),
                    text,
                    not message.get("is_error") and not failed(text),
                    time,
                )
            elif role not in ("system", "developer"):
                self.trouble("unknown role", line)
        return thread.close()

    def _calls(self, message: dict, line: int) -> list[tuple[str | None, Call]]:
        listed = list_of(message.get("tool_calls"))
        if isinstance(message.get("function_call"), dict):
            listed = [*listed, {"function": message["function_call"]}]
        calls = []
        for raw in map(dict_of, listed):
            function = dict_of(raw.get("function"))
            arguments = parsed(function.get("arguments"))
            if arguments is None or not name_of(function.get("name")):
                self.trouble("tool call that cannot be read", line)
            else:
                calls.append((name_of(raw.get("id")), Call.of(function["name"], arguments)))
        return calls


class ShareGPT(_Lines):
    @staticmethod
    def reads(record: dict) -> bool:
        return isinstance(record.get("conversations"), list)

    def feed(self, line: int, record: dict) -> list[Exchange]:
        time = moment(record.get("created_at") or record.get("timestamp") or record.get("create_time"))
        thread = self._start(record, [time])
        if thread is None:
            return []
        for part in record["conversations"]:
            role = _ROLES.get(name_of(part.get("from")) or "") if isinstance(part, dict) else None
            if role is None or not isinstance(part.get("value"), str):
                self.trouble("unknown role", line)
                continue
            text = part["value"].strip()
            if role == "call":
                call = parsed(text)
                arguments = parsed(call.get("arguments", {})) if call else None
                if arguments is None or not name_of(call.get("name")):
                    self.trouble("tool call that cannot be read", line)
                else:
                    thread.answer("", [(None, Call.of(call["name"], arguments))], line, time)
            elif role == "result":
                thread.result(None, text, not failed(text), time)
            elif role == "user" and text:
                thread.question(text[:MAX_TEXT], line, time)
            elif role == "assistant":
                thread.answer(text[:MAX_TEXT], (), line, time)
        return thread.close()
