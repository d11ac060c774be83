"""Claude Code: `{"type": "user" | "assistant", "uuid", "parentUuid", "timestamp", "message": {"role",
"content"}}`, one session a file.

A tree by `parentUuid`. Side chains are no turns. What a person typed while an answer was being made is
queued: `queue-operation` and the attachment `queued_command`; it is their turn where it was handed to the
model. A stream (`claude -p --output-format stream-json`) has no tree: `parent_tool_use_id` marks its side
chains, and a record `result` says how it ended.
"""

from datetime import datetime
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.message_to_turn import turn_of
from autodidact.sources.transcripts.outcomes import Outcome, worse
from autodidact.sources.transcripts.reader_base import Reading, ThreadFormat
from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.turn_text import typed
from autodidact.sources.transcripts.turns_to_exchanges import WAITING
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT, moment, name_of, parsed, text_of

_INTERRUPTED = "[Request interrupted by user"
# Records in the role of a person that the program wrote.
_WRITTEN = ("isMeta", "isCompactSummary", "isVisibleInTranscriptOnly", "isSynthetic")
# Qwen Code, whose form this is with Gemini's parts, has results apart.
_TURNS = ("user", "assistant", "tool_result")
# What else a stream is made of.
_OF_STREAM = ("system", "result", "stream_event", "rate_limit_event", "tool_progress", "auth_status")
# Of a queue; people type few while one answer is made.
MAX_QUEUED = 20


class ClaudeCode(ThreadFormat):
    waiting = WAITING

    @staticmethod
    def reads(record: dict) -> bool:
        if not isinstance(record.get("type"), str) or isinstance(record.get("message"), str):
            return False
        if record["type"] in ("user", "assistant") and "content" in dict_of(record.get("message")):
            return True
        if "session_id" in record and record["type"] in _OF_STREAM:
            return True
        return "uuid" in record or "sessionId" in record or record["type"] in ("summary", "attachment")

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.queued: list[str] = []
        # Of the newest queued words, which the file may tell of twice.
        self.handed: str | None = None

    def feed(self, line: int, record: dict) -> list[Exchange]:
        if record.get("isSidechain") or name_of(record.get("parent_tool_use_id")):
            return []
        time, kind = moment(record.get("timestamp")), record["type"]
        if not self.reading.keeps(time):
            return []
        node, parent = name_of(record.get("uuid")), name_of(record.get("parentUuid"))
        message, attachment = dict_of(record.get("message")), dict_of(record.get("attachment"))
        if kind == "queue-operation":
            self._queue(line, record, time)
        elif kind == "attachment" and attachment.get("type") == "queued_command":
            self._steer(line, attachment.get("prompt"), time, node, parent, attachment.get("commandMode"))
        elif kind == "result":
            if self.thread.current is None and "session_id" in record:
                self.trouble("unknown kind of record", line)
            self.thread.ends(_of_stream(record))
        elif kind not in _TURNS or not isinstance(message.get("content", message.get("parts")), (str, list)):
            self.thread.touch(node, parent=parent)
        elif kind != "assistant":
            self._user(line, record, message, time, node, parent)
        else:
            self._assistant(line, record, message, time, node, parent)
        return self.thread.take()

    def _assistant(
        self,
        line: int,
        record: dict,
        message: dict,
        time: datetime | None,
        node: str | None,
        parent: str | None,
    ) -> None:
        if record.get("isApiErrorMessage"):
            self.thread.ends(Outcome.FAILED)
        if record.get("isApiErrorMessage") or any(record.get(key) for key in _WRITTEN):
            self.thread.touch(node, parent=parent)
            return
        turn = turn_of({**message, "role": "assistant"}, line, time, self.trouble)
        if turn:
            turn.node, turn.parent, turn.message = node, parent, name_of(message.get("id"))
            if message.get("model") == "<synthetic>":
                # The program answered, not the model.
                turn.outcome = Outcome.UNKNOWN
            own = {key: value for key, value in record.items() if key != "message"}
            turn.outcome = worse(turn.outcome, self.judged(own, line))
            self.thread.add(turn)

    def _user(
        self,
        line: int,
        record: dict,
        message: dict,
        time: datetime | None,
        node: str | None,
        parent: str | None,
    ) -> None:
        text = text_of(message.get("content")).strip()
        if text.startswith(_INTERRUPTED):
            message = {
                **message,
                "content": [b for b in dicts_of(message["content"]) if b.get("type") != "text"],
            }
        turn = turn_of({**message, "role": "user"}, line, time, self.trouble)
        if text.startswith(_INTERRUPTED):
            if turn:
                turn.node = node
                self.thread.add(turn)
            self.thread.ends(Outcome.CUT)
            self.thread.touch(node, time, parent)
        elif turn is None or _goes_on(record, text):
            self.thread.touch(node, time, parent)
        else:
            turn.node, turn.parent = node, parent
            for result in turn.results:
                # It marks what failed.
                result.marked = True
            if turn.who is Who.PERSON and _written(record):
                turn.who, turn.text = Who.HARNESS, ""
            self.thread.add(turn)
        if dict_of(record.get("toolUseResult")).get("interrupted") is True:
            self.thread.ends(Outcome.CUT)

    def _queue(self, line: int, record: dict, time: datetime | None) -> None:
        """Words wait in a queue: `dequeue` makes them the next record, `popAll` gives them back to the
        person, `remove` hands them to the model at work.
        """
        operation, content = record.get("operation"), record.get("content")
        if operation == "enqueue" and isinstance(content, str):
            self.queued = [*self.queued, content[: 10 * MAX_TEXT]][-MAX_QUEUED:]
        elif operation == "popAll":
            self.queued = []
        elif operation in ("dequeue", "remove") and self.queued:
            text, self.queued = self.queued[0], self.queued[1:]
            if operation == "remove":
                self._steer(line, text, time)

    def _steer(
        self,
        line: int,
        prompt: Any,
        time: datetime | None,
        node: str | None = None,
        parent: str | None = None,
        mode: Any = None,
    ) -> None:
        turn = typed(Turn(Who.PERSON, text_of(prompt), line, time, node, parent, steers=True))
        notice = parsed(turn.text) if turn.text[:1] == "{" else None
        if (mode not in (None, "prompt") or (notice and "task_id" in notice)) and turn.who is Who.PERSON:
            turn.who, turn.text = Who.HARNESS, ""
        if turn.text and turn.text == self.handed:
            self.handed = None
            self.thread.touch(node, time)
            return
        self.handed = turn.text or None
        self.thread.add(turn)

    def plain(self) -> dict:
        return self.thread.plain() | {"queued": self.queued, "handed": self.handed}

    def restore(self, state: dict) -> None:
        self.queued, self.handed = state["queued"], state["handed"]
        self.thread.restore(state)


def _of_stream(record: dict) -> Outcome:
    """How a stream ended; `error_max_turns` and `error_max_budget_usd` are limits."""
    kind = name_of(record.get("subtype")) or "success"
    if kind == "success":
        return Outcome.FAILED if record.get("is_error") is True else Outcome.SUCCEEDED
    return Outcome.CUT if kind.startswith("error_max_") else Outcome.FAILED


def _goes_on(record: dict, text: str) -> bool:
    """Whether the program's words belong to the answer that is being made: the body of a skill that the model
    called, the size of a picture that a tool gave.
    """
    of_tool = "sourceToolUseID" in record or "sourceToolAssistantUUID" in record or text.startswith("[Image")
    return bool(record.get("isMeta")) and of_tool


def _written(record: dict) -> bool:
    """Whether the program wrote a record in a person's place."""
    origin = dict_of(record.get("origin")).get("kind")
    return (
        any(record.get(key) for key in _WRITTEN)
        or origin not in (None, "human")
        or record.get("promptSource") == "system"
    )
