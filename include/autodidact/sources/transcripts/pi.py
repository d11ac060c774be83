"""Pi, and the Session Trace Simple Format: a line `{"type": "session", ...}`, then `{"type": "message",
"message": {"role", "content"}}`.

Pi's entries form a tree by `id` and `parentId`, its calls are blocks `toolCall` and its results messages of
the role `toolResult`. The simple format has `toolCalls` and the role `tool`. Any entry of either is read, so
a harness may mix them; so are Anthropic's blocks in them (Droid).
"""

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.message_to_turn import call_of, results_of, tool_calls, tool_uses
from autodidact.sources.transcripts.outcomes import of_error, of_result
from autodidact.sources.transcripts.reader_base import ThreadFormat
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import only_beside, typed
from autodidact.sources.transcripts.turns_to_exchanges import WAITING
from autodidact.sources.transcripts.unread_parts import of_answer
from autodidact.sources.transcripts.untrusted_fields import has_attachment, moment, name_of, text_of

_ENTRIES = set(
    (
        "session model_change thinking_level_change compaction branch_summary custom custom_message label"
        " session_info context_transform ephemeral"
    ).split()
)
# Entries that stand in the place of a turn.
_NOTICES = ("compaction", "branch_summary", "custom_message")
# Roles of messages that a person did not type and a model did not answer.
_SILENT_ROLES = ("bashExecution", "custom", "hookMessage", "branchSummary", "compactionSummary")


class Pi(ThreadFormat):
    waiting = WAITING

    @staticmethod
    def reads(record: dict) -> bool:
        kind = name_of(record.get("type"))
        if kind == "message":
            return isinstance(record.get("message"), dict) and "uuid" not in record
        return kind in _ENTRIES and "uuid" not in record and "sessionId" not in record

    def feed(self, line: int, record: dict) -> list[Exchange]:
        message = dict_of(record.get("message"))
        time = moment(record.get("timestamp")) or moment(message.get("timestamp"))
        if not self.reading.keeps(time):
            return []
        if record["type"] == "session":
            settled = self.thread.close()
            self.thread = self.new_thread()
            return settled
        node, parent = name_of(record.get("id")), name_of(record.get("parentId"))
        if record["type"] == "message":
            self._message(message, Turn(Who.PERSON, "", line, time, node, parent))
        elif record["type"] in _NOTICES:
            self.thread.add(Turn(Who.HARNESS, "", line, time, node, parent))
        else:
            self.thread.touch(node, parent=parent)
        return self.thread.take()

    def _message(self, message: dict, turn: Turn) -> None:
        role, content = message.get("role"), message.get("content")
        turn.text = text_of(content).strip()
        if role == "user":
            attached, turn.results = has_attachment(content), results_of(content)
            if turn.results and only_beside(turn.text):
                turn.who = Who.TOOL
                self.thread.add(turn)
            elif turn.text or attached:
                self.thread.add(typed(turn, attached))
            else:
                self.thread.touch(turn.node, parent=turn.parent)
        elif role == "assistant":
            turn.who, turn.outcome = Who.MODEL, self.judged(message, turn.line)
            turn.calls = self._calls(turn.line, message)
            turn.lost = of_answer(message, [ident for ident, _ in turn.calls], ["toolCall"])
            self.thread.add(turn)
        elif role in ("toolResult", "tool"):
            went = of_error(turn.text) if message.get("isError") else of_result(turn.text)
            turn.who = Who.TOOL
            turn.results = [
                Result(name_of(message.get("toolCallId")), turn.text, went, marked="isError" in message)
            ]
            self.thread.add(turn)
        elif role in _SILENT_ROLES:
            turn.who = Who.HARNESS
            self.thread.add(turn)
        elif role == "system":
            self.thread.touch(turn.node, parent=turn.parent)
        else:
            self.trouble("unknown role", turn.line)

    def _calls(self, line: int, message: dict) -> list[tuple[str | None, Call]]:
        """The calls of an answer, each with its id, in either format."""
        blocks = [b for b in dicts_of(message.get("content")) if b.get("type") == "toolCall"]
        made = ((name_of(block.get("id")), call_of(block, line, self.trouble)) for block in blocks)
        uses = tool_uses(message.get("content"), line, self.trouble)
        own = [(ident, call) for ident, call in made if call]
        return [*own, *uses, *tool_calls(message, line, self.trouble)]
