"""Pi, and the Session Trace Simple Format: a line `{"type": "session", ...}`, then `{"type": "message",
"message": {"role", "content"}}`.

Pi's entries form a tree by `id` and `parentId`, its calls are blocks `toolCall` and its results messages of
the role `toolResult`. The simple format has `toolCalls` and the role `tool`. Any entry of either is read, so
a harness may mix them.
"""

from datetime import datetime

from autodidact.sources.foreign_json import dict_of, dicts_of, list_of
from autodidact.sources.transcripts.exchange import Call, Exchange, failed, moment, name_of, parsed, text_of
from autodidact.sources.transcripts.reading import Format, Reading
from autodidact.sources.transcripts.thread import WAITING, Thread

_ENTRIES = {
    "session",
    "model_change",
    "thinking_level_change",
    "compaction",
    "branch_summary",
    "custom",
    "custom_message",
    "label",
    "session_info",
    "context_transform",
    "ephemeral",
}
# Roles of messages that a person did not type and a model did not answer.
_SILENT_ROLES = (
    "user",
    "system",
    "bashExecution",
    "custom",
    "hookMessage",
    "branchSummary",
    "compactionSummary",
)


class Pi(Format):
    @staticmethod
    def reads(record: dict) -> bool:
        kind = name_of(record.get("type"))
        if kind == "message":
            return isinstance(record.get("message"), dict) and "uuid" not in record
        return kind in _ENTRIES and "uuid" not in record and "sessionId" not in record

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.thread = self._thread()

    def _thread(self) -> Thread:
        return Thread(self.reading.file, self.reading.toolbox, self.reading.troubles, waiting=WAITING)

    def feed(self, line: int, record: dict) -> list[Exchange]:
        message = dict_of(record.get("message"))
        time = moment(record.get("timestamp")) or moment(message.get("timestamp"))
        if not self.reading.keeps(time):
            return []
        if record["type"] == "session":
            settled = self.thread.close()
            self.thread = self._thread()
            return settled
        node, parent = name_of(record.get("id")), name_of(record.get("parentId"))
        if record["type"] != "message":
            self.thread.touch(node, parent=parent)
        else:
            self._message(line, message, time, node, parent)
        return self.thread.take()

    def _message(
        self, line: int, message: dict, time: datetime | None, node: str | None, parent: str | None
    ) -> None:
        role, content = message.get("role"), message.get("content")
        text = text_of(content).strip()
        if role == "user" and text:
            self.thread.question(text, line, time, node, parent)
        elif role == "assistant":
            self.thread.answer(text, self._calls(line, message), line, time, node, parent)
            if message.get("stopReason") == "aborted":
                self.thread.interrupt()
            elif message.get("stopReason") == "error":
                self.thread.fail()
        elif role in ("toolResult", "tool"):
            self.thread.result(
                name_of(message.get("toolCallId")),
                text,
                not message.get("isError") and not failed(text),
                time,
                node,
            )
        elif role in _SILENT_ROLES:
            self.thread.touch(node, parent=parent)
        else:
            self.trouble("unknown role", line)

    def _calls(self, line: int, message: dict) -> list[tuple[str | None, Call]]:
        """The calls of an answer, each with its id, in either format."""
        blocks = [b for b in dicts_of(message.get("content")) if b.get("type") == "toolCall"]
        calls = []
        for raw in [*blocks, *map(dict_of, list_of(message.get("toolCalls")))]:
            function = dict_of(raw.get("function", raw))
            arguments = parsed(function.get("arguments"))
            if arguments is None or not name_of(function.get("name")):
                self.trouble("tool call that cannot be read", line)
            else:
                calls.append((name_of(raw.get("id")), Call.of(function["name"], arguments)))
        return calls

    def close(self) -> list[Exchange]:
        return self.thread.close()

    def plain(self) -> dict:
        return self.thread.plain()

    def restore(self, state: dict) -> None:
        self.thread.restore(state)
