"""Claude Code: `{"type": "user" | "assistant", "uuid", "parentUuid", "timestamp", "message": {"role",
"content"}}`, one session a file.

A tree by `parentUuid`. Side chains, meta records, summaries of compaction and API errors are no turns; their
thread continues.
"""

import re
from typing import Any

from autodidact.sources.foreign_json import dict_of, dicts_of
from autodidact.sources.transcripts.exchange import MAX_TEXT, Call, Exchange, failed, moment, name_of, text_of
from autodidact.sources.transcripts.reading import Format, Reading
from autodidact.sources.transcripts.thread import WAITING, Thread

_REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>", re.DOTALL)
_NOT_TYPED = re.compile(
    r"<(command-\w+|local-command-\w+|bash-\w+|user-memory-\w+|task-notification)>|^(This session is being"
    r" continued from a previous|Caveat: The messages)"
)
_INTERRUPTED = "[Request interrupted by user"
_HIDDEN = ("isMeta", "isCompactSummary", "isApiErrorMessage", "isVisibleInTranscriptOnly")


class ClaudeCode(Format):
    @staticmethod
    def reads(record: dict) -> bool:
        return isinstance(record.get("type"), str) and (
            "uuid" in record or "sessionId" in record or record["type"] == "summary"
        )

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.thread = Thread(reading.file, reading.toolbox, reading.troubles, waiting=WAITING)

    def feed(self, line: int, record: dict) -> list[Exchange]:
        node, parent = name_of(record.get("uuid")), name_of(record.get("parentUuid"))
        if node is None or record.get("isSidechain"):
            return []
        time = moment(record.get("timestamp"))
        if not self.reading.keeps(time):
            return []
        message = dict_of(record.get("message"))
        content = message.get("content")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        if (
            record["type"] not in ("user", "assistant")
            or not isinstance(content, list)
            or any(record.get(key) for key in _HIDDEN)
        ):
            self.thread.touch(node, parent=parent)
        elif record["type"] == "user":
            self._user(line, content, time, node, parent)
        else:
            used = [b for b in dicts_of(content) if b.get("type") == "tool_use" and name_of(b.get("name"))]
            calls = [
                (name_of(b.get("id")), Call.of(b["name"], b["input"]))
                for b in used
                if isinstance(b.get("input"), dict)
            ]
            self.thread.answer(_words(content), calls, line, time, node, parent, name_of(message.get("id")))
        return self.thread.take()

    def _user(self, line: int, content: list, time: Any, node: str, parent: str | None) -> None:
        for block in dicts_of(content):
            if block.get("type") == "tool_result":
                text = text_of(block.get("content"))
                self.thread.result(
                    name_of(block.get("tool_use_id")),
                    text,
                    not block.get("is_error") and not failed(text),
                    time,
                    node,
                )
        text = _REMINDER.sub("", _words(content)).strip()
        if text.startswith(_INTERRUPTED):
            self.thread.interrupt()
            self.thread.touch(node, time, parent)
        elif text and not _NOT_TYPED.search(text):
            self.thread.question(text, line, time, node, parent)
        else:
            self.thread.touch(node, time if not text else None, parent)

    def close(self) -> list[Exchange]:
        return self.thread.close()

    def plain(self) -> dict:
        return self.thread.plain()

    def restore(self, state: dict) -> None:
        self.thread.restore(state)


def _words(content: list) -> str:
    texts = [block.get("text") for block in dicts_of(content) if block.get("type") == "text"]
    words = [text for text in texts if isinstance(text, str)]
    return "\n".join(word[:MAX_TEXT] for word in words).strip()[:MAX_TEXT]
